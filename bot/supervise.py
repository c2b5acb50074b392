"""Runs what runs in the background: loops that are restarted when they die, and one-off work.

The only module that makes tasks, so that none is forgotten: each is seen in `/healthz`, each error
is logged, and a stop waits for what was begun.
"""

import asyncio
import inspect
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, cast

import structlog

Work = Coroutine[Any, Any, None]
# A loop that takes the stop event ends by itself when it is set, after finishing what it began.
Loop = Callable[[], Work] | Callable[[asyncio.Event], Work]

FIRST_BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 60.0
GOOD_RUN_SECONDS = 60.0
GRACE_SECONDS = 10.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoopState:
    """How a loop is doing; `since` is when it began to be so, `last_error` is without secrets."""

    name: str
    alive: bool
    restarts: int
    last_error: str | None
    since: datetime


class Supervisor:
    """An async context manager: leaving it stops everything, and no task outlives it."""

    def __init__(
        self,
        redact: Callable[[str], str] = str,
        *,
        first_backoff_seconds: float = FIRST_BACKOFF_SECONDS,
        longest_backoff_seconds: float = LONGEST_BACKOFF_SECONDS,
        good_run_seconds: float = GOOD_RUN_SECONDS,
    ) -> None:
        self.stopping = asyncio.Event()
        self._redact = redact
        self._first_backoff = first_backoff_seconds
        self._longest_backoff = longest_backoff_seconds
        self._good_run = good_run_seconds
        self._group = asyncio.TaskGroup()
        self._states: dict[str, LoopState] = {}
        self._deaf: set[asyncio.Task[None]] = set()
        self._heeding: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            await self.stop()
        self._closed = True
        await self._group.__aexit__(kind, error, trace)

    def states(self) -> tuple[LoopState, ...]:
        return tuple(self._states.values())

    def loop(self, name: str, run: Loop) -> None:
        """Starts a loop that should run until the stop; ending sooner counts as dying."""
        if name in self._states:
            raise ValueError(f"a loop called {name} is running already")
        heeds = _takes_stop(run)
        self._start(self._keep_alive(name, run, heeds=heeds), name, heeds=heeds)
        self._states[name] = LoopState(name, True, 0, None, datetime.now(UTC))

    def spawn(self, name: str, work: Work) -> asyncio.Task[None]:
        """Starts work that ends by itself; its error is logged, and the stop waits for it."""
        if self._closed:
            work.close()
        task = self._start(self._see_through(name, work), name, heeds=True)
        # Cancelled before its first step, the work would be reported as never awaited.
        task.add_done_callback(lambda _: work.close())
        return task

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Ends everything. What heeds the stop event, and spawned work, gets the grace first."""
        self.stopping.set()
        me = asyncio.current_task()
        for task in self._deaf - {me}:
            task.cancel()
        deadline = time.monotonic() + grace_seconds
        # Work that is finishing may spawn more work, hence the loop.
        while (waiting := self._heeding - {me}) and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(waiting, timeout=left)
        self._closed = True
        for task in [task for task in self._heeding - {me} if not task.done()]:
            _log.warning("cut short by the stop", task=task.get_name())
            task.cancel()
        if rest := (self._heeding | self._deaf) - {me}:
            await asyncio.wait(rest)

    def _start(self, work: Work, name: str, *, heeds: bool) -> asyncio.Task[None]:
        if self._closed:
            work.close()
            raise RuntimeError(f"{name} comes too late: everything has been stopped")
        task = self._group.create_task(work, name=name)
        tasks = self._heeding if heeds else self._deaf
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task

    async def _keep_alive(self, name: str, run: Loop, *, heeds: bool) -> None:
        backoff = self._first_backoff
        while True:
            began = time.monotonic()
            error = await self._run_once(name, run, heeds=heeds)
            if self.stopping.is_set():
                self._change(name, alive=False)
                return
            if time.monotonic() - began >= self._good_run:
                backoff = self._first_backoff
            self._change(name, alive=False, error=error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), backoff)
                return
            backoff = min(backoff * 2, self._longest_backoff)
            self._change(name, alive=True, restarted=True)

    async def _run_once(self, name: str, run: Loop, *, heeds: bool) -> str:
        """Runs a loop until it ends or dies, and says in one line why."""
        try:
            if heeds:
                await cast("Callable[[asyncio.Event], Work]", run)(self.stopping)
            else:
                await cast("Callable[[], Work]", run)()
        except asyncio.CancelledError as error:
            if _is_cancelled():
                self._change(name, alive=False)
                raise
            # A cancellation that leaked out of the loop's own work is an error like any other.
            _log.error("a loop died", loop=name, exc_info=error)
            return "CancelledError"
        except Exception as error:
            _log.error("a loop died", loop=name, exc_info=error)
            return self._in_one_line(error)
        if not self.stopping.is_set():
            _log.error("a loop ended by itself", loop=name)
        return "ended by itself"

    async def _see_through(self, name: str, work: Work) -> None:
        try:
            await work
        except asyncio.CancelledError:
            if _is_cancelled():
                raise
            _log.warning("work was cancelled from within", task=name)
        except Exception as error:
            _log.error("work failed", task=name, exc_info=error)

    def _change(
        self, name: str, *, alive: bool, error: str | None = None, restarted: bool = False
    ) -> None:
        before = self._states[name]
        self._states[name] = LoopState(
            name,
            alive,
            before.restarts + restarted,
            error or before.last_error,
            datetime.now(UTC),
        )

    def _in_one_line(self, error: BaseException) -> str:
        text = self._redact(" ".join(f"{type(error).__name__}: {error}".split()))
        return text if len(text) <= 300 else text[:299] + "…"


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _takes_stop(run: Loop) -> bool:
    return any(
        parameter.default is parameter.empty
        and parameter.kind in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD}
        for parameter in inspect.signature(run).parameters.values()
    )
