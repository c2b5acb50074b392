"""Accepted updates are answered: in order within a chat, in parallel across chats, none twice, none lost."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from bot.chat import incoming
from bot.chat.answering import Answering, Outcome
from bot.chat.direct import DONE, Direct
from bot.chat.exchange.sender import Sender
from bot.chat.incoming import Incoming
from bot.domain.text import Text
from bot.lease import is_gone
from db import Database, DatabaseRefused, Due, UnitOfWork

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
RECOVER_SECONDS = 10.0
"""How often what is still in the inbox, but not in memory, is looked for (another replica's leftovers)."""
TRIES = 5
"""An update that killed its handler this often is put aside, not tried for ever."""


@dataclass(slots=True)
class _Lane:
    """One chat's updates, waiting for their turn."""

    waiting: deque[tuple[int, Mapping[str, Any] | bytes]] = field(default_factory=deque)
    known: set[int] = field(default_factory=set)
    busy: bool = False


class Dispatcher:
    """`feed` after the commit that accepted the updates; `run` until `stop` is set."""

    def __init__(
        self,
        db: Database,
        answering: Answering,
        direct: Direct,
        sender: Sender,
        label: Callable[[Text, str], str],
        *,
        bot_id: int,
        owner: str,
        clock: Callable[[], datetime],
        parallel: int = 32,
    ) -> None:
        self._db = db
        self._answering = answering
        self._direct = direct
        self._sender = sender
        self._label = label
        self._bot_id = bot_id
        self._owner = owner
        self._clock = clock
        self._gate = asyncio.Semaphore(parallel)
        self._lanes: dict[int, _Lane] = {}
        self._leases: dict[int, datetime] = {}
        self._group: asyncio.TaskGroup | None = None
        self._stopping = False

    def feed(self, updates: Iterable[tuple[int, int, Mapping[str, Any] | bytes]]) -> None:
        """Take `(update_id, lane, body)` rows that are safely in the inbox. Known ones are ignored."""
        for update_id, number, body in updates:
            lane = self._lanes.setdefault(number, _Lane())
            if update_id in lane.known:
                continue
            lane.known.add(update_id)
            lane.waiting.append((update_id, body))
            self._start(number, lane)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop, then finish what was begun (what was not stays in the inbox)."""
        self._stopping = False
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                while not stop.is_set():
                    await self._recover()
                    try:
                        async with asyncio.timeout(min(RENEW_SECONDS, RECOVER_SECONDS)):
                            await stop.wait()
                    except TimeoutError:
                        await self._renew()
            finally:
                self._stopping = True
                self._group = None
        owner = self._owner
        await self._db.write(lambda uow: uow.lanes.release(owner, None))

    def _start(self, number: int, lane: _Lane) -> None:
        if not lane.busy and self._group is not None:
            lane.busy = True
            self._group.create_task(self._work(number, lane))

    async def _recover(self) -> None:
        """Find updates that are accepted but not in memory: after a restart, or another replica's end."""
        await self._db.write(lambda uow: uow.lanes.free(is_gone))
        rows = await self._db.read(lambda uow: uow.inbox.pending(self._bot_id, None, 2000))
        self.feed((row.update_id, row.lane, row.body) for row in rows)
        for number, lane in list(self._lanes.items()):
            if lane.waiting:
                self._start(number, lane)

    async def _renew(self) -> None:
        until = self._clock() + LEASE
        busy = [n for n, lane in self._lanes.items() if lane.busy]
        if busy:
            owner = self._owner
            await self._db.write(lambda uow: uow.lanes.renew(owner, until))
            for number in busy:
                self._leases[number] = until

    async def _owns(self, number: int) -> bool:
        """Own the lane for a while yet, asking the database only when the lease runs out."""
        now = self._clock()
        lease = self._leases.get(number)
        if lease is not None and lease - now > LEASE / 2:
            return True
        until, owner = now + LEASE, self._owner
        owned = await self._db.write(lambda uow: uow.lanes.claim(owner, [number], now, until))
        if number in owned:
            self._leases[number] = until
            return True
        self._leases.pop(number, None)
        return False

    async def _work(self, number: int, lane: _Lane) -> None:
        """Answer a lane's updates one after another."""
        try:
            while lane.waiting and not self._stopping:
                async with self._gate:
                    if not await self._owns(number):
                        self._forget(
                            lane
                        )  # another replica has this chat; the rows are still there
                        return
                    update_id, body = lane.waiting[0]
                    await self._handle(update_id, body)
                lane.waiting.popleft()
                lane.known.discard(update_id)
        except DatabaseRefused as refusal:
            log.error("the database refuses work; updates wait in the inbox", reason=str(refusal))
            self._forget(lane)  # found again by the next look
        finally:
            lane.busy = False
            if not lane.waiting:
                self._lanes.pop(number, None)

    @staticmethod
    def _forget(lane: _Lane) -> None:
        lane.waiting.clear()
        lane.known.clear()

    async def _handle(self, update_id: int, body: Mapping[str, Any] | bytes) -> None:
        with structlog.contextvars.bound_contextvars(update=update_id):
            question = self._read(update_id, body)
            if isinstance(question, str):
                reason = question
                now = self._clock()
                await self._db.write(
                    lambda uow: uow.inbox.quarantine(self._bot_id, update_id, reason, now)
                )
                return
            outcome = Outcome()
            if question is not None:
                self._direct.expect(question)
                try:
                    outcome = await self._answering.answer(question)
                finally:
                    self._direct.answered(update_id)
            await self._finish(update_id, question, outcome)

    def _read(self, update_id: int, body: Mapping[str, Any] | bytes) -> Incoming | str | None:
        """The update, None if it means nothing to us, or why it can't be read."""
        try:
            raw = msgspec.json.decode(body) if isinstance(body, bytes) else body
            return incoming.read(update_id, raw)
        except (msgspec.DecodeError, LookupError, TypeError, AttributeError, ValueError) as cause:
            log.warning("an update can't be read; put aside", error=type(cause).__name__)
            return f"{type(cause).__name__}: {cause}"[:200]

    async def _finish(self, update_id: int, question: Incoming | None, outcome: Outcome) -> None:
        """Answers, dialog and "done" in one transaction; then the answers leave at once."""
        now = self._clock()

        def finish(uow: UnitOfWork) -> list[Due]:
            for change in outcome.also:
                change(uow)
            if outcome.dialog is not None:
                person, chat, step = outcome.dialog
                if step is None:
                    uow.dialogs.drop(person, chat)
                else:
                    expires = now + timedelta(seconds=step.lives_seconds)
                    uow.dialogs.put(person, chat, step.name, dict(step.data), expires)
            due = [d for owed in outcome.owed if (d := uow.outbox.owe(owed, now, hand_over=True))]
            uow.inbox.done(self._bot_id, update_id, now)
            return due

        due = await self._db.write(finish)
        self._sender.hand_over(due)
        if question is None:
            return
        if question.press:
            words = self._label(outcome.toast, outcome.language) if outcome.toast else ""
            self._direct.spawn(
                "toast",
                self._direct.toast(question.press, words, alert=outcome.alert, url=outcome.url),
            )
        elif outcome.react:
            self._direct.spawn("react", self._direct.react(question, DONE))
