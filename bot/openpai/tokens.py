"""The tokens this client has made itself: how young they are, and that no two are the same string."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.domain.errors import Denied, Refused, WrongLogin

SECOND = 1.05
"""OpenPAI's tokens carry their birth in whole seconds: two of one user in one second are one string."""
FRESH_SECONDS = 10.0
KEPT_SECONDS = 3600.0


class Births:
    """Remembers what was born when, by digest: no secret is kept here. `clock` is monotonic.

    Tokens of one user are made one after the other, each kind at most once a second. So no two of ours are
    the same string, and none is lost when the server rewrites the user's list (contracts/openpai.md 9).
    """

    def __init__(
        self, *, second: float = SECOND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._second = second
        self._clock = clock
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._last: dict[tuple[str, str], float] = {}
        self._born: dict[bytes, float] = {}

    @asynccontextmanager
    async def turn(self, user: str, kind: str) -> AsyncIterator[None]:
        """Alone for this user, and at least a second after the last token of that kind."""
        lock = self._turns.setdefault(user, asyncio.Lock())
        self._waiting[user] = self._waiting.get(user, 0) + 1
        try:
            async with lock:
                last = self._last.get((user, kind))
                if last is not None:
                    await asyncio.sleep(max(0.0, last + self._second - self._clock()))
                try:
                    yield
                except (WrongLogin, Refused, Denied):
                    raise
                except BaseException:  # nobody knows whether a token was made
                    self._made(user, kind)
                    raise
                self._made(user, kind)
        finally:
            self._waiting[user] -= 1
            if not self._waiting[user]:
                del self._waiting[user], self._turns[user]

    def born(self, secret: str) -> None:
        self._born[_digest(secret)] = self._clock()

    def ours(self, secret: str) -> bool:
        return _digest(secret) in self._born

    def fresh(self, secret: str) -> bool:
        """So young that the server may not have stored it yet: it answers a login before it does."""
        born = self._born.get(_digest(secret))
        return born is not None and self._clock() - born < FRESH_SECONDS

    async def outlive_its_second(self, secret: str) -> None:
        """Wait until nobody else can be given the same string any more."""
        born = self._born.get(_digest(secret), 0.0)
        await asyncio.sleep(max(0.0, born + self._second - self._clock()))

    def _made(self, user: str, kind: str) -> None:
        now = self._last[user, kind] = self._clock()
        self._born = {key: at for key, at in self._born.items() if now - at < KEPT_SECONDS}
        self._last = {key: at for key, at in self._last.items() if now - at < KEPT_SECONDS}


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
