"""Accepted updates are answered: in order within a chat, in parallel across chats, none twice, none lost."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
import structlog

from bot.chat import incoming
from bot.chat.answering import Answering, Outcome
from bot.chat.direct import DONE, Direct
from bot.chat.exchange.sender import Sender
from bot.chat.incoming import Incoming
from bot.chat.lanes import Ahead, Body, Lane, Leases
from bot.domain.messages import Owed
from bot.domain.text import Text, text
from db import Database, DatabaseRefused, Due, UnitOfWork, Waiting

log = structlog.get_logger(__name__)

RENEW_SECONDS = 10.0
RECOVER_SECONDS = 10.0
"""How often what is still in the inbox, but not in memory, is looked for (another replica's leftovers)."""
REFUSED_SECONDS = 1.0
"""The pause of a chat after the database refused, or an update failed."""
TRIES = 3
"""An update that failed this often is put aside, not tried for ever."""


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
        self._clock = clock
        self._gate = asyncio.Semaphore(parallel)
        self._lanes: dict[int, Lane] = {}
        self._leases = Leases(db, owner, clock)
        self._ended: dict[int, float] = {}
        """When the last update of a lane was answered, by the event loop's clock."""
        self._group: asyncio.TaskGroup | None = None
        self._stopping = False

    def ahead(
        self, updates: Sequence[tuple[int, int, Body]]
    ) -> Callable[[UnitOfWork, Sequence[int]], Callable[[], dict[int, Ahead]]]:
        """What the transaction that accepts these may do for those whose turn it is at once.

        It claims their lanes, and looks up and writes down who asks: one transaction instead of three. What
        it returns is called after the commit, and gives what to `feed` instead of these updates.
        """
        questions = self._questions(updates)
        lanes = [lane for n, lane, _ in updates if n in questions and not self._leases.lasts(lane)]
        claim = self._leases.claiming(lanes) if lanes else None
        began, now = asyncio.get_running_loop().time(), self._clock()

        def look(uow: UnitOfWork, new: Sequence[int]) -> Callable[[], dict[int, Ahead]]:
            claimed = claim(uow) if claim and new else {}
            found = {n: question for n in new if (question := questions.get(n)) is not None}
            seen = {
                n: Ahead(question, self._answering.acquaint(uow, question, now), began)
                for n, question in found.items()
            }

            def after() -> dict[int, Ahead]:
                self._leases.note(lanes, claimed)
                return seen

            return after

        return look

    def _questions(self, updates: Iterable[tuple[int, int, Body]]) -> dict[int, Incoming]:
        """Those that can be answered at once, and read without trouble."""
        found: dict[int, Incoming] = {}
        if self._group is None or self._stopping:
            return found
        taken = set(self._lanes)
        for update_id, lane, body in updates:
            if lane not in taken:
                taken.add(lane)
                question = self._read(update_id, body)
                if isinstance(question, Incoming):
                    found[update_id] = question
        return found

    def feed(self, updates: Iterable[tuple[int, int, Body]]) -> None:
        """Take `(update_id, lane, body)` rows that are safely in the inbox. Known ones are ignored."""
        for update_id, number, body in updates:
            lane = self._lanes.setdefault(number, Lane())
            if update_id not in lane.known:
                lane.take(update_id, body, self._ended.get(number, 0.0))
                self._start(number, lane)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop, then finish what was begun (what was not stays in the inbox)."""
        self._stopping = False
        with self._sender.fed():
            async with asyncio.TaskGroup() as group:
                try:
                    await self._look_after_lanes(stop, group)
                finally:
                    self._stopping = True
                    self._group = None
        await self._leases.release()

    async def _look_after_lanes(self, stop: asyncio.Event, group: asyncio.TaskGroup) -> None:
        """Nothing is answered before all that was left over is known: it comes first."""
        while not stop.is_set():
            try:
                await self._recover()
                self._group = group
                self._start_all()
                await self._leases.renew([n for n, lane in self._lanes.items() if lane.busy])
            except DatabaseRefused as refusal:
                log.warning("the inbox can't be looked through just now", reason=str(refusal))
            with suppress(TimeoutError):
                async with asyncio.timeout(min(RENEW_SECONDS, RECOVER_SECONDS)):
                    await stop.wait()

    def _start(self, number: int, lane: Lane) -> None:
        if not lane.busy and self._group is not None:
            lane.busy = True
            self._group.create_task(self._work(number, lane))

    async def _recover(self) -> None:
        """Find updates that are accepted but not in memory: after a restart, or another replica's end."""
        await self._leases.free()
        limit = 2000
        while len(rows := await self._db.read(self._pending(limit))) == limit:
            limit *= 4
        self.feed((row.update_id, row.lane, row.body) for row in rows)

    def _pending(self, limit: int) -> Callable[[UnitOfWork], list[Waiting]]:
        return lambda uow: uow.inbox.pending(self._bot_id, None, limit)

    def _start_all(self) -> None:
        for number, lane in list(self._lanes.items()):
            if lane.waiting:
                self._start(number, lane)

    async def _work(self, number: int, lane: Lane) -> None:
        """Answer a lane's updates one after another; what can't be done now holds those behind it."""
        try:
            while lane.waiting and not self._stopping:
                async with self._gate:
                    done = await self._attend(number, lane)
                if not done and lane.waiting:
                    await asyncio.sleep(REFUSED_SECONDS)
        finally:
            lane.busy = False
            if not lane.waiting:
                self._lanes.pop(number, None)

    async def _attend(self, number: int, lane: Lane) -> bool:
        """Answer the first of a lane's updates; False if it must be tried again."""
        update_id, body = lane.waiting[0]
        try:
            if not await self._leases.own(number):
                lane.forget()  # another replica has this chat; the rows are still there
                return False
            try:
                await self._handle(update_id, body)
            except DatabaseRefused:
                raise
            except Exception:
                reference = secrets.token_hex(4)
                log.exception("an update failed", update=update_id, reference=reference)
                if not await self._gives_up(update_id, number, reference):
                    return False
        except DatabaseRefused as refusal:
            log.error("the database refuses work; updates wait", lane=number, reason=str(refusal))
            return False
        lane.finished()
        self._ended[number] = asyncio.get_running_loop().time()
        return True

    async def _gives_up(self, update_id: int, lane: int, reference: str) -> bool:
        """Whether it failed too often; then it is put aside, and in private its sender is told."""
        now = self._clock()

        def note(uow: UnitOfWork) -> bool:
            why = f"failed: {reference}"
            if uow.inbox.failed(self._bot_id, update_id, why) < TRIES:
                return False
            uow.inbox.quarantine(self._bot_id, update_id, why, now)
            person = uow.people.get(lane) if lane > 0 else None
            if person is not None:
                sorry = (text("error-internal", ref=reference),)
                key = f"{self._bot_id}:{update_id}:failed"
                uow.outbox.owe(Owed(key, person.id, sorry, person.language), now)
            return True

        given_up = await self._db.write(note)
        self._sender.wake()
        return given_up

    async def _handle(self, update_id: int, body: Body) -> None:
        with structlog.contextvars.bound_contextvars(update=update_id):
            question = self._read(update_id, body)
            if isinstance(question, str):
                log.warning("an update can't be read; put aside", error=question.partition(":")[0])
                reason = question
                now = self._clock()
                await self._db.write(
                    lambda uow: uow.inbox.quarantine(self._bot_id, update_id, reason, now)
                )
                return
            outcome = Outcome()
            known = None
            if isinstance(body, Ahead):
                known = body.fresh(asyncio.get_running_loop().time())
            if question is not None:
                self._direct.expect(question)
                try:
                    outcome = await self._answering.answer(question, known)
                finally:
                    self._direct.answered(update_id)
            await self._finish(update_id, question, outcome)

    def _read(self, update_id: int, body: Body) -> Incoming | str | None:
        """The update, None if it means nothing to us, or why it can't be read."""
        if isinstance(body, Ahead):
            return body.question
        try:
            raw = msgspec.json.decode(body) if isinstance(body, bytes) else body
            return incoming.read(update_id, raw)
        except (msgspec.DecodeError, LookupError, TypeError, AttributeError, ValueError) as cause:
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
