"""What became of sent messages, noted in batches, so that the next message need not wait for the disk."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from db import Database, DatabaseRefused, Sent, UnitOfWork

log = structlog.get_logger()

AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Change:
    """What has to be noted of rows that Telegram will not get."""

    rows: tuple[int, ...]
    apply: Callable[[UnitOfWork], object]


class Ledger:
    """`keep` must run; what is not noted when the process dies is sent once more after that.

    Noting the same twice is harmless. While the database refuses, all is kept and tried again.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._sent: list[Sent] = []
        self._changes: list[_Change] = []
        self._news = asyncio.Event()
        self.settled: set[int] = set()
        """Rows that no later read of the outbox shows; whoever reads it empties this first."""

    def sent(self, sent: Sent) -> None:
        self._sent.append(sent)
        self._news.set()

    def change(self, rows: tuple[int, ...], apply: Callable[[UnitOfWork], object]) -> None:
        """These rows are settled once `apply` is committed."""
        self._changes.append(_Change(rows, apply))
        self._news.set()

    def open_rows(self) -> set[int]:
        """Rows that are settled, but not in the database yet."""
        rows = {sent.due.id for sent in self._sent}
        return rows.union(*(change.rows for change in self._changes))

    async def keep(self) -> None:
        """Until cancelled; call `note` after that."""
        while True:
            await self._news.wait()
            self._news.clear()
            if not await self.note(hurry=False):
                await asyncio.sleep(AGAIN_SECONDS)
                self._news.set()

    async def note(self, *, hurry: bool = True) -> bool:
        """All since the last time, in one transaction; False if the database refused."""
        sent, self._sent = self._sent, []
        changes, self._changes = self._changes, []
        if not sent and not changes:
            return True
        now = self._clock()

        def note(uow: UnitOfWork) -> None:
            uow.outbox.sent_many(sent, now)
            for change in changes:
                change.apply(uow)

        noted = False
        try:
            await self._database.write(note, hurry=hurry)
            noted = True
        except DatabaseRefused as error:
            log.error("what was sent cannot be noted yet", rows=len(sent), error=str(error))
        finally:
            # Also when cancelled: noting twice is harmless, sending twice is not.
            if not noted:
                self._sent = sent + self._sent
                self._changes = changes + self._changes
        if noted:
            self.settled.update(item.due.id for item in sent)
            self.settled.update(row for change in changes for row in change.rows)
        return noted
