"""Threads that run database work for one event loop, in groups."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol

PATIENCE_SECONDS = 0.005


class DatabaseRefused(Exception):
    """The database can't do it now: full, locked, unreachable, closed. Nothing of this call was kept."""


class NestedTransaction(RuntimeError):
    """A transaction was asked for inside a transaction: a programming error."""


@dataclass(slots=True, eq=False)
class Call:
    """One caller's function and what became of it."""

    work: Callable[[Any], Any]
    future: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None

    @property
    def wanted(self) -> bool:
        """Nobody waits for a cancelled call any more; it is left out if its turn has not come yet."""
        return not self.future.cancelled()


class Worker(Protocol):
    """What one thread does; made, used and closed in that thread."""

    def run(self, calls: list[Call]) -> None:
        """Give every call its value or its error. Raises nothing."""

    def close(self) -> None: ...


_here = threading.local()


def refuse_nesting() -> None:
    if getattr(_here, "working", False):
        raise NestedTransaction("a transaction was asked for inside a transaction")


class Crew:
    """Threads with one queue. A thread takes what waits, up to about `most`, and runs it as one group.

    Asked of one thread, what comes in one turn of the event loop comes as one group, whole: the thread would
    else begin with the first alone, and make the others wait for its commit.
    """

    def __init__(self, name: str, make: Callable[[], Worker], *, threads: int, most: int) -> None:
        self._make = make
        self._most = most
        self._loop = asyncio.get_running_loop()
        self._asked: list[Call] = []
        self._handing_on = False
        self._queue: SimpleQueue[list[Call] | None] = SimpleQueue()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def call(self, work: Callable[[Any], Any], *, hurry: bool = True) -> Any:
        """Without `hurry` it waits a little for others to share their commit."""
        if self._closed:
            raise DatabaseRefused("the database is closed")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._asked.append(Call(work, future))
        if hurry and not self._handing_on:
            self._handing_on = True
            self._loop.call_soon(self._hand_on)
        elif not hurry and len(self._asked) == 1:
            self._loop.call_later(PATIENCE_SECONDS, self._hand_on)
        return await future

    def _hand_on(self) -> None:
        asked, self._asked, self._handing_on = self._asked, [], False
        if asked and len(self._threads) == 1:
            self._queue.put(asked)
        else:
            for call in asked:
                self._queue.put([call])

    async def close(self) -> None:
        """Finish what was asked before, then end the threads."""
        self._closed = True
        self._hand_on()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _serve(self) -> None:
        _here.working = True
        worker: Worker | None = None
        while calls := self._next():
            try:
                if worker is None:
                    worker = self._make()
                worker.run(calls)
            except BaseException as error:
                _fail(calls, error)
            try:
                self._loop.call_soon_threadsafe(_settle, calls)
            except RuntimeError:  # the loop was closed: nobody waits any more
                break
        if worker is not None:
            worker.close()

    def _next(self) -> list[Call]:
        """All that waits, at least one; nothing when this thread must end."""
        asked = self._queue.get()
        calls: list[Call] = []
        while asked is not None:
            calls += asked
            if len(calls) >= self._most:
                return calls
            try:
                asked = self._queue.get_nowait()
            except Empty:
                return calls
        if calls:
            self._queue.put(None)  # end next time
        return calls


def _fail(calls: list[Call], error: BaseException) -> None:
    for call in calls:
        call.error = error if isinstance(error, DatabaseRefused) else DatabaseRefused(str(error))


def _settle(calls: list[Call]) -> None:
    for call in calls:
        if call.future.done():
            continue
        if call.error is None:
            call.future.set_result(call.value)
        elif isinstance(call.error, StopIteration):  # a future refuses to carry it
            call.future.set_exception(RuntimeError("StopIteration inside a transaction"))
        else:
            call.future.set_exception(call.error)
