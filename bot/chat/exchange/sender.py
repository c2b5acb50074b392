"""The one way out: drains the outbox, each chat in order, and remembers what Telegram has."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog

from bot.chat.exchange.delivery import Delivery, Parcel
from bot.chat.exchange.ledger import Ledger
from bot.chat.exchange.pace import Pace
from bot.chat.exchange.schedule import Queue, Schedule
from bot.chat.exchange.telegram_errors import Failure, Fault
from bot.domain.messages import Kind, Priority
from bot.lease import Lease
from db import Database, DatabaseRefused, Due, UnitOfWork

log = structlog.get_logger()

WORKERS = 48
READ_SECONDS = 1.0
"""How often rows are looked for that nobody handed over: those of another instance."""
STOP_SECONDS = 8.0
"""How long a stop waits for the last answers; who asked for it may kill after 10."""
_LOW, _BATCH = 500, 500
_LOADED_BYTES = 8 << 20


def _now() -> datetime:
    return datetime.now(UTC)


class Sender:
    """`hand_over` after the commit that owed the messages, or `wake`; `run` until the stop.

    With a lease only its holder sends, so that two instances never say the same thing twice.
    """

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        *,
        paced: bool = True,
        lease: Lease | None = None,
        workers: int = WORKERS,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._lease = lease
        self._workers = workers
        self._clock = clock
        self._ledger = Ledger(database, clock)
        self._pace = Pace()
        self._paced = paced
        self._schedule = Schedule(self._pace, paced=paced)
        self._known: set[int] = set()
        """Rows in memory, or settled since the last read: not to be taken once more."""
        self._unread_from: int = Priority.ANSWER
        """Rows of this priority and less urgent ones may wait unread, and go before what is handed over."""
        self._unread_chats: set[int] = set()
        self._more = False
        self._wakes = 0
        self._urgent = False
        """An answer is waiting to be read."""
        self._look = asyncio.Event()
        self._refused_token = False
        self._unreachable = False
        self._feeders = 0
        self._reading = False

    def wake(self) -> None:
        """Something new is owed: it is read at once, and goes before what is handed over after it."""
        self._wakes += 1
        self._unread_from = Priority.ANSWER
        self._look.set()

    def hand_over(self, dues: Iterable[Due]) -> None:
        """Sends these at once, without reading them: they were committed just now."""
        if self._lease is not None and not self._lease.held:
            return
        for due in dues:
            if due.priority >= self._unread_from or due.chat in self._unread_chats:
                # Older ones are in the database still, and have their turn first.
                self._urgent |= due.priority == Priority.ANSWER
                self._look.set()
            else:
                self._add(due)

    @contextmanager
    def fed(self) -> Iterator[None]:
        """As long as somebody is in here there may be more to send: a stop waits for them."""
        self._feeders += 1
        try:
            yield
        finally:
            self._feeders -= 1

    async def run(self, stop: asyncio.Event) -> None:
        """Until the stop; then what can be sent this moment still is, and all that was sent is noted."""
        self._begin()
        async with asyncio.TaskGroup() as group:
            held = None if self._lease is None else group.create_task(self._lease.hold())
            try:
                await self._send_until(stop)
            finally:
                self._unread_from = Priority.ANSWER
                # Before the lease is let go: its next holder must not find what was sent.
                await self._ledger.note()
                if held is not None:
                    held.cancel()

    async def _send_until(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            finding = [
                group.create_task(self._schedule.pacing()),
                group.create_task(self._read_for_ever()),
            ]
            noting = group.create_task(self._ledger.keep())
            for _ in range(self._workers):
                group.create_task(self._work())
            await stop.wait()
            deadline = asyncio.get_running_loop().time() + STOP_SECONDS
            await self._until(lambda: self._feeders == 0 and not self._reading, deadline)
            for task in finding:
                task.cancel()
            await self._until(lambda: not self._schedule.busy, deadline)
            self._schedule.clear()
            self._schedule.close(self._workers)
            noting.cancel()

    def _begin(self) -> None:
        """Knows nothing but what was sent and not noted: after a crash the rest is read again."""
        self._schedule = Schedule(self._pace, paced=self._paced)
        self._unread_from = Priority.ANSWER
        self._known = self._ledger.open_rows()

    @staticmethod
    async def _until(settled: Callable[[], bool], deadline: float) -> None:
        """Until it is so for a moment: answers still on their way in or out get a few seconds."""
        quiet = 0
        while quiet < 3 and asyncio.get_running_loop().time() < deadline:
            quiet = quiet + 1 if settled() else 0
            await asyncio.sleep(0.01)

    async def _read_for_ever(self) -> None:
        while True:
            if self._lease is not None and not self._lease.held:
                self._known -= {parcel.due.id for parcel in self._schedule.clear()}
                self._unread_from = Priority.ANSWER
                await self._lease.wait()
            self._look.clear()
            plenty = self._schedule.count >= _LOW and self._schedule.waiting() >= _LOW
            if not plenty or self._urgent or self._unread_from == Priority.ANSWER:
                self._reading = True
                try:
                    await self._read(_BATCH // 10 if plenty else _BATCH)
                except DatabaseRefused as error:
                    log.warning("the outbox cannot be read", error=str(error))
                finally:
                    self._reading = False
            try:
                async with asyncio.timeout(READ_SECONDS):
                    await self._look.wait()
            except TimeoutError:
                continue

    async def _read(self, most: int) -> None:
        # What was settled before this read begins cannot be in it.
        self._known -= self._ledger.settled
        self._ledger.settled = set()
        now, full, wakes = self._clock(), self._schedule.full(), self._wakes
        self._urgent = False
        limit = len(self._known) + most
        found = await self._database.read(lambda uow: uow.outbox.due(now, limit, full))
        bytes_loaded = sum(len(due.attachment.data) for due in found if due.attachment)
        self._more = len(found) >= limit or bytes_loaded > _LOADED_BYTES
        if wakes == self._wakes:
            self._unread_from = found[-1].priority if self._more else max(Priority) + 1
        self._unread_chats = full
        for due in found:
            self._add(due)

    def _add(self, due: Due) -> None:
        if due.id in self._known:
            return
        self._known.add(due.id)
        outdated = self._schedule.add(Parcel(due))
        self._ledger.settled.update(parcel.due.id for parcel in outdated)

    async def _work(self) -> None:
        while (taken := await self._schedule.take()) is not None:
            queue, parcel = taken
            try:
                failure = await self._delivery.deliver(parcel)
            except DatabaseRefused:
                self._schedule.again(queue, parcel)
                continue
            except Exception as error:
                log.exception("a message cannot be written down", outbox=parcel.due.id)
                self._bury(parcel, type(error).__name__)
                self._schedule.finished(queue, calls=parcel.spent)
                continue
            if failure is None:
                self._delivered(queue, parcel)
            else:
                await self._failed(queue, parcel, failure)

    def _delivered(self, queue: Queue, parcel: Parcel) -> None:
        self._ledger.sent(parcel.sent())
        if self._refused_token:
            self._refused_token = False
            log.info("Telegram takes messages again")
        self._schedule.finished(queue, calls=parcel.spent)
        if self._unreachable:
            self._unreachable = False
            self._schedule.reached()
        if self._more and self._schedule.count < _LOW:
            self._look.set()

    async def _failed(self, queue: Queue, parcel: Parcel, failure: Failure) -> None:
        parcel.spent = 0
        match failure.fault:
            case Fault.FLOOD:
                log.info("held by Telegram", chat=queue.chat, seconds=failure.retry_after)
                self._schedule.flooded(queue, parcel, failure.retry_after)
            case Fault.NOT_SENT | Fault.UNANSWERED | Fault.PASSING | Fault.CONFLICT:
                unsent = failure.fault is Fault.NOT_SENT
                self._unreachable |= unsent
                pause = self._schedule.again(queue, parcel, unsent=unsent)
                log.info(
                    "not sent yet",
                    chat=queue.chat,
                    outbox=parcel.due.id,
                    why=failure.fault.value,
                    again_in_seconds=pause,
                    telegram=failure.words,
                )
            case Fault.UNAUTHORISED:
                if not self._refused_token:
                    self._refused_token = True
                    log.error("Telegram refuses the bot token; messages wait", why=failure.words)
                self._schedule.again(queue, parcel)
            case Fault.MIGRATED if failure.new_chat is not None:
                await self._migrate(queue, parcel, failure.new_chat)
            case Fault.GONE:
                self._gone(queue, parcel, failure)
            case _:
                log.error(
                    "Telegram refuses a message for good",
                    chat=queue.chat,
                    outbox=parcel.due.id,
                    telegram=failure.words,
                )
                self._bury(parcel, failure.words)
                self._schedule.finished(queue, calls=0)

    def _bury(self, parcel: Parcel, words: str) -> None:
        row, why = parcel.due.id, words[:300]
        self._ledger.change((row,), lambda uow: uow.outbox.dead(row, why))

    def _gone(self, queue: Queue, parcel: Parcel, failure: Failure) -> None:
        chat, now, words = queue.chat, self._clock(), failure.words
        log.info("a chat is gone", chat=chat, telegram=words)

        def bury(uow: UnitOfWork) -> None:
            uow.outbox.bury_chat(chat, words, now)
            if failure.blocked:
                uow.people.set_blocked(chat, now)

        self._ledger.change((parcel.due.id, *(p.due.id for p in self._schedule.drop(queue))), bury)

    async def _migrate(self, queue: Queue, parcel: Parcel, new: int) -> None:
        """Every stored id follows in one transaction; then what waited goes to the new chat."""
        old = queue.chat
        try:
            await self._database.write(lambda uow: uow.chats.migrate(old, new))
        except DatabaseRefused:
            self._schedule.again(queue, parcel)
            return
        log.info("a group became a supergroup", chat=old, now=new)
        for left in (parcel, *self._schedule.drop(queue)):
            if left.due.kind is Kind.DELETE:
                self._ledger.settled.add(left.due.id)  # its message stayed behind
            else:
                self._schedule.add(left.moved(new))
