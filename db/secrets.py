"""Encrypted columns: what is secret is never written in clear, not even into the write-ahead log."""

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from db.sealing import Broken, Seals

_SEALS: WeakKeyDictionary[Dialect, Seals] = WeakKeyDictionary()


class Unreadable(Exception):
    """No key opens this, or it was written for another place. Says nothing of the content."""


def lend(dialect: Dialect, keys: Sequence[str]) -> None:
    """Let the encrypted columns of this engine use these keys, newest first. Without keys they refuse."""
    if keys:
        _SEALS[dialect] = Seals(keys)


def seals_of(dialect: Dialect) -> Seals:
    seals = _SEALS.get(dialect)
    if seals is None:
        raise Unreadable("the database was opened without keys")
    return seals


class Encrypted(TypeDecorator[Any]):
    """Bytes, or with `json=True` any JSON value, encrypted with the newest key."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, *, json: bool = False) -> None:
        super().__init__()
        self.json = json

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], bytes | None]:
        close = seals_of(dialect).close
        encode = msgspec.json.encode if self.json else bytes

        def seal(value: Any) -> bytes | None:
            return None if value is None else close(encode(value))

        return seal

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        open_ = seals_of(dialect).open
        decode = msgspec.json.decode if self.json else bytes

        def unseal(value: Any) -> Any:
            if value is None:
                return None
            try:
                return decode(open_(bytes(value)))
            except Broken:
                raise Unreadable("no key opens this value") from None

        return unseal
