"""Who is written to next: a queue per chat, urgent first, held where Telegram or the network asks for it."""

import asyncio
import time
from collections.abc import Callable
from enum import Enum
from heapq import heapify, heappop, heappush

from bot.chat.exchange.delivery import Parcel
from bot.chat.exchange.pace import Pace
from bot.domain.messages import Kind, Priority

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
CROWD = 200
"""Messages of one chat that are kept in memory; more wait in the database."""


class Stage(Enum):
    IDLE = "idle"
    WAITING = "waiting"
    """For a time: the chat is held, or has had its share."""
    PACED = "paced"
    """For its turn among all chats."""
    READY = "ready"
    BUSY = "busy"


class Queue:
    """What waits for one chat."""

    __slots__ = ("chat", "failures", "heap", "held_until", "stage", "ticket", "timer", "unsent")

    def __init__(self, chat: int) -> None:
        self.chat = chat
        self.heap: list[tuple[int, int, Parcel]] = []
        self.stage = Stage.IDLE
        self.held_until = 0.0
        self.failures = 0
        self.unsent = False
        """Held because Telegram was not reached: no fault of this chat's."""
        self.ticket = 0
        self.timer: asyncio.TimerHandle | None = None

    def put(self, parcel: Parcel) -> list[Parcel]:
        """Adds it; gives back edits of the same card that nobody need see any more."""
        due = parcel.due
        outdated: list[Parcel] = []
        if due.card and due.kind is Kind.EDIT and self.heap:
            outdated = [
                p
                for _, number, p in self.heap
                if p.due.card == due.card and p.due.kind is Kind.EDIT and number < due.id
            ]
            if outdated:
                self.heap = [entry for entry in self.heap if entry[2] not in outdated]
                heapify(self.heap)
        heappush(self.heap, (due.priority, due.id, parcel))
        return outdated


class Schedule:
    """Answers are ready at once; everything else when the pace allows. Without a pace all is an answer.

    A chat is in one stage at a time, so that its messages never overtake each other within a priority.
    `pacing` must run beside those who `take`.
    """

    def __init__(
        self, pace: Pace, *, paced: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pace = pace
        self._paced = paced
        self._clock = clock
        self._queues: dict[int, Queue] = {}
        self._ready: asyncio.Queue[Queue | None] = asyncio.Queue()
        self._turns: list[tuple[int, int, int, Queue]] = []
        self._news = asyncio.Event()
        self.count = 0
        """Messages that wait, held or not; those being sent are not among them."""

    def add(self, parcel: Parcel) -> list[Parcel]:
        chat = parcel.due.chat
        queue = self._queues.get(chat)
        if queue is None:
            queue = self._queues[chat] = Queue(chat)
        outdated = queue.put(parcel)
        self.count += 1 - len(outdated)
        self._offer(queue)
        return outdated

    async def take(self) -> tuple[Queue, Parcel] | None:
        """The next message, whose chat is busy until `finished` or `again`; None after `close`."""
        while (queue := await self._ready.get()) is not None:
            if queue.heap:
                queue.stage = Stage.BUSY
                self.count -= 1
                return queue, heappop(queue.heap)[2]
            queue.stage = Stage.IDLE
            self._offer(queue)
        return None

    def finished(self, queue: Queue, *, calls: int = 1) -> None:
        """`calls` beyond the first count against the pace as well."""
        queue.failures = 0
        self._pace.succeeded()
        for _ in range(calls - 1):
            self._pace.spend(queue.chat, self._clock())
        queue.stage = Stage.IDLE
        self._offer(queue)

    def again(self, queue: Queue, parcel: Parcel, *, unsent: bool = False) -> float:
        """Back to the head of its chat, which is held for a while: longer each time."""
        pause = min(FIRST_PAUSE_SECONDS * (1 << queue.failures), LONGEST_PAUSE_SECONDS)
        queue.failures = min(queue.failures + 1, 16)
        queue.unsent = unsent
        self._back(queue, parcel, pause)
        return pause

    def flooded(self, queue: Queue, parcel: Parcel, retry_after: float) -> None:
        """Back to the head of its chat, which Telegram wants held for so long."""
        queue.unsent = False
        self._pace.flooded(queue.chat, retry_after, self._clock())
        # A little later than asked for: what comes a moment too early counts as another offence.
        self._back(queue, parcel, retry_after + 0.1)

    def drop(self, queue: Queue) -> list[Parcel]:
        """The chat is gone: what was still waiting for it."""
        left = [parcel for _, _, parcel in sorted(queue.heap, key=lambda entry: entry[:2])]
        queue.heap.clear()
        self.count -= len(left)
        queue.stage = Stage.IDLE
        self._offer(queue)
        return left

    def clear(self) -> list[Parcel]:
        """Forgets all that waits, and says what it was (it is in the database still)."""
        left: list[Parcel] = []
        for queue in list(self._queues.values()):
            left += [parcel for _, _, parcel in queue.heap]
            queue.heap.clear()
            self._offer(queue)
        self.count = 0
        return left

    def reached(self) -> None:
        """Telegram was reached: chats held only because it was not need not wait on."""
        for queue in list(self._queues.values()):
            if queue.unsent and queue.stage is Stage.WAITING:
                queue.unsent = False
                queue.failures = 0
                queue.held_until = 0.0
                self._offer(queue)

    def full(self) -> set[int]:
        """Chats of which nothing more need be read now: held, or with plenty in memory."""
        now = self._clock()
        return {
            chat
            for chat, queue in self._queues.items()
            if queue.held_until > now or len(queue.heap) >= CROWD
        }

    def waiting(self) -> int:
        """Messages that are not held."""
        now = self._clock()
        return sum(len(queue.heap) for queue in self._queues.values() if queue.held_until <= now)

    @property
    def busy(self) -> bool:
        """Something is being sent, or could be this moment."""
        return any(q.stage in {Stage.READY, Stage.BUSY} for q in self._queues.values())

    def close(self, takers: int) -> None:
        """Ends that many takers."""
        for _ in range(takers):
            self._ready.put_nowait(None)

    async def pacing(self) -> None:
        """Lets paced messages go, the most urgent first; runs until cancelled."""
        while True:
            while not self._turns:
                self._news.clear()
                await self._news.wait()
            wait = self._pace.overall_wait(self._clock())
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            _, _, ticket, queue = heappop(self._turns)
            # A chat that was offered anew meanwhile, or dropped, has another ticket.
            if queue.stage is Stage.PACED and queue.ticket == ticket:
                self._go(queue, self._clock())

    def _back(self, queue: Queue, parcel: Parcel, seconds: float) -> None:
        due = parcel.due
        heappush(queue.heap, (due.priority, due.id, parcel))
        self.count += 1
        queue.held_until = self._clock() + seconds
        queue.stage = Stage.IDLE
        self._offer(queue)

    def _offer(self, queue: Queue) -> None:
        """Finds the stage of a chat that nobody is busy with."""
        if queue.stage in {Stage.READY, Stage.BUSY}:
            return
        if queue.timer is not None:
            queue.timer.cancel()
            queue.timer = None
        now = self._clock()
        wait = queue.held_until - now
        if not queue.heap:
            queue.stage = Stage.IDLE
            if wait <= 0:
                self._queues.pop(queue.chat, None)
            return
        priority, number, _ = queue.heap[0]
        answer = not self._paced or priority == Priority.ANSWER
        wait = max(wait, self._pace.held(now) if answer else self._pace.chat_wait(queue.chat, now))
        if wait > 0:
            queue.stage = Stage.WAITING
            queue.timer = asyncio.get_running_loop().call_later(wait + 0.001, self._wake, queue)
        elif answer:
            self._go(queue, now)
        else:
            queue.stage = Stage.PACED
            queue.ticket += 1
            heappush(self._turns, (priority, number, queue.ticket, queue))
            self._news.set()

    def _wake(self, queue: Queue) -> None:
        queue.timer = None
        self._offer(queue)

    def _go(self, queue: Queue, now: float) -> None:
        self._pace.spend(queue.chat, now)
        queue.stage = Stage.READY
        self._ready.put_nowait(queue)
