"""Lanes: what waits in one chat, and the lease that keeps other replicas out of it meanwhile."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from bot.chat.answering.who import Known
from bot.chat.incoming import Incoming
from bot.lease import is_gone
from db import Database, UnitOfWork

LEASE = timedelta(seconds=30)
FRESH_SECONDS = 0.5
"""How long what was looked up when an update was accepted may serve its answer."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """An update that was read before it was accepted, and what the same transaction knew about it."""

    question: Incoming
    known: Known | None = None
    at: float = 0.0
    """When the transaction was asked for, by the event loop's clock."""

    def fresh(self, now: float) -> Known | None:
        return self.known if now - self.at <= FRESH_SECONDS else None


Body = Mapping[str, Any] | bytes | Ahead


@dataclass(slots=True)
class Lane:
    """One chat's updates, waiting for their turn."""

    waiting: deque[tuple[int, Body]] = field(default_factory=deque)
    known: set[int] = field(default_factory=set)
    busy: bool = False
    """The first one is being answered."""

    def take(self, update_id: int, body: Body, ended: float = 0.0) -> None:
        """In Telegram's order, even when an older one is found only after a newer one came in.

        `ended` is when the last one was answered: what was looked up before that is forgotten.
        """
        self.known.add(update_id)
        if not self.waiting:
            outdated = isinstance(body, Ahead) and body.at <= ended
            self.waiting.append((update_id, _stale(body) if outdated else body))
            return
        self.waiting.append((update_id, _stale(body)))
        if update_id < self.waiting[-2][0]:
            first = [self.waiting.popleft()] if self.busy else []
            rest = sorted(((n, _stale(b)) for n, b in self.waiting), key=itemgetter(0))
            self.waiting = deque([*first, *rest])

    def finished(self) -> None:
        """The first one is answered."""
        update_id, _ = self.waiting.popleft()
        self.known.discard(update_id)

    def forget(self) -> None:
        self.waiting.clear()
        self.known.clear()


def _stale(body: Body) -> Body:
    """Whoever has others before them may find another world when their turn comes."""
    return replace(body, known=None) if isinstance(body, Ahead) else body


class Leases:
    """Which lanes are ours, asking the database only when a lease runs out."""

    def __init__(self, db: Database, owner: str, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._owner = owner
        self._clock = clock
        self._until: dict[int, datetime] = {}

    def lasts(self, number: int) -> bool:
        """Ours for a while yet."""
        lease = self._until.get(number)
        return lease is not None and lease - self._clock() > LEASE / 2

    async def own(self, number: int) -> bool:
        if self.lasts(number):
            return True
        claim = self.claiming([number])
        claimed = await self._db.write(claim)
        self.note([number], claimed)
        return bool(claimed)

    def claiming(self, numbers: Collection[int]) -> Callable[[UnitOfWork], dict[int, datetime]]:
        """Claims these in whatever transaction it is run; `note` what it returns after the commit."""
        now, owner = self._clock(), self._owner
        until = now + LEASE

        def claim(uow: UnitOfWork) -> dict[int, datetime]:
            return dict.fromkeys(uow.lanes.claim(owner, numbers, now, until), until)

        return claim

    def note(self, asked: Iterable[int], claimed: Mapping[int, datetime]) -> None:
        for number in asked:
            if number in claimed:
                self._until[number] = claimed[number]
            else:
                self._until.pop(number, None)

    async def renew(self, busy: Collection[int]) -> None:
        until, owner = self._clock() + LEASE, self._owner
        if busy:
            await self._db.write(lambda uow: uow.lanes.renew(owner, until))
            self._until.update(dict.fromkeys(busy, until))

    async def free(self) -> None:
        """Take from owners who are gone for good what they held."""
        await self._db.write(lambda uow: uow.lanes.free(is_gone))

    async def release(self) -> None:
        owner = self._owner
        self._until.clear()
        await self._db.write(lambda uow: uow.lanes.release(owner, None))
