"""Buttons: what stands behind a press, whose it is, and which update used it."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, or_, select, update

from bot.domain.messages import Button, Owed
from bot.domain.text import Argument
from db.models import buttons
from db.queries.owing import DueButton
from db.statements import Statement, Transaction, put

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Pressed:
    """What stands behind a button. `owner` None with `anyone` False is nobody's: never acts."""

    owner: int | None
    anyone: bool
    action: str
    payload: Mapping[str, Argument]
    once: bool
    used_by: str | None
    expired: bool
    chat: int


_OPEN = Statement(
    select(
        buttons.c.owner,
        buttons.c.anyone,
        buttons.c.action,
        buttons.c.payload,
        buttons.c.once,
        buttons.c.used_by,
        buttons.c.expires_at,
        buttons.c.chat,
    ).where(buttons.c.id == bindparam("button"))
)
_PLACE = put(buttons, change=["used_by", "expires_at", "chat"])
_USE = Statement(
    update(buttons)
    .where(
        buttons.c.id == bindparam("button"),
        or_(buttons.c.used_by.is_(None), buttons.c.used_by == bindparam("key")),
    )
    .values(used_by=bindparam("key"))
)
_SWEEP = Statement(delete(buttons).where(buttons.c.expires_at < bindparam("before")))


class Buttons:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def keep(self, new: Iterable[dict[str, Any]]) -> None:
        """Write the rows that `plan` made."""
        self._tx.many(_PLACE, new)

    def open(self, button: str, now: datetime) -> Pressed | None:
        """None when it was never there, or was swept after it expired."""
        row = self._tx.row(_OPEN, button=button)
        if row is None:
            return None
        owner, anyone, action, payload, once, used_by, expires_at, chat = row
        return Pressed(owner, anyone, action, payload, once, used_by, expires_at <= now, chat)

    def use(self, button: str, update_key: str) -> bool:
        """True for the first update that uses it, and again for the same one."""
        return self._tx.run(_USE, button=button, key=update_key) == 1

    def sweep(self, before: datetime) -> int:
        return self._tx.run(_SWEEP, before=before)


def plan(
    owed: Owed, now: datetime
) -> tuple[tuple[tuple[DueButton, ...], ...], list[dict[str, Any]]]:
    """The buttons as they go out, and a row for each that acts.

    On a card the same button keeps its id from edit to edit, so that an unchanged card is the same
    markup; offering it again makes a used one new. Elsewhere ids are random.
    """
    rows: list[dict[str, Any]] = []

    def place(button: Button) -> DueButton:
        id_ = ""
        if button.action:
            id_ = _card_id(owed.card, owed.owner, button) if owed.card else _random_id()
            rows.append(
                {
                    "id": id_,
                    "owner": owed.owner,
                    "anyone": button.anyone,
                    "action": button.action,
                    "payload": button.payload,
                    "once": button.once,
                    "used_by": None,
                    "created_at": now,
                    "expires_at": now + timedelta(seconds=button.lives_seconds),
                    "chat": owed.chat,
                }
            )
        return DueButton(button.label, id_, button.url, button.copy, button.style)

    return tuple(tuple(place(button) for button in row) for row in owed.buttons), rows


def _base62(raw: bytes) -> str:
    number = int.from_bytes(raw)
    digits = []
    for _ in range(ID_CHARACTERS):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(digits)


def _random_id() -> str:
    return _base62(os.urandom(ID_CHARACTERS))


def _card_id(card: str, owner: int | None, button: Button) -> str:
    what = [card, owner, button.action, button.payload, button.anyone, button.once]
    return _base62(blake2b(msgspec.json.encode(what), digest_size=ID_CHARACTERS).digest())
