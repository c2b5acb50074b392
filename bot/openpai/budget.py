"""One budget of calls for everybody, kept from the rate-limit headers of the answers.

OpenPAI counts all calls of one address together (600 a minute), job lists per user name (120 a minute) and
submissions per user name (3600 an hour), in fixed windows (contracts/openpai.md 10). A refused call also
counts, so it is better not to make it.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bot.domain.errors import Busy
from bot.openpai.wire.answers import Answer, counted_by
from bot.openpai.wire.requests import SYSTEM, Counter, Request

WAIT_SECONDS = 3.0
"""A window that ends sooner than this is waited for; otherwise the person is told when."""
WINDOW_SECONDS = {Counter.NONE: 60.0, Counter.LIST: 60.0, Counter.SUBMIT: 3600.0}
USERS_KEPT = 1000


class Urgency(Enum):
    """The share of a window that must be left for others."""

    WATCH = 0.0
    """The watcher's one list per tick always has room."""
    PERSON = 0.05
    SPARE = 0.5
    """Work that can wait."""


@dataclass(slots=True)
class Window:
    """One fixed window. Until the server has told a limit, nothing is held back."""

    seconds: float
    limit: int | None = None
    remaining: int = 0
    ends_at: float = 0.0
    flying: int = 0

    def wait_seconds(self, now: float, urgency: Urgency) -> float:
        """0 when a call may be made now."""
        if self.limit is None:
            return 0.0
        if now >= self.ends_at:
            self.remaining = self.limit - self.flying
            self.ends_at = now + self.seconds
        kept = math.ceil(self.limit * urgency.value)
        return 0.0 if self.remaining > kept else self.ends_at - now

    def take(self) -> None:
        self.remaining -= 1
        self.flying += 1

    def learn(self, answer: Answer, now: float) -> None:
        """Believe the server; what is still under way may not be counted yet."""
        if answer.limit is None or answer.remaining is None:
            if answer.ok:
                self.limit = None
            return
        ends_at = now + min(
            answer.reset_seconds if answer.reset_seconds is not None else self.seconds,
            self.seconds,
        )
        self.remaining = 0 if answer.status == 429 else answer.remaining - self.flying
        self.limit, self.ends_at = answer.limit, ends_at


class Budget:
    """Asked before each call, told after it. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._windows: dict[tuple[Counter, str], Window] = {}

    async def take(self, request: Request, user: str, urgency: Urgency) -> list[Window]:
        """Wait a little for room, or raise Busy. The windows go back with `give_back`."""
        windows = self._of(request, user)
        waited = 0.0
        while (wait := self._wait(windows, urgency)) > 0:
            if urgency is Urgency.SPARE or waited + wait > WAIT_SECONDS:
                raise Busy(SYSTEM, wait)
            await asyncio.sleep(wait)
            waited += wait
        for window in windows:
            window.take()
        return windows

    def give_back(
        self, windows: list[Window], request: Request, user: str, answer: Answer | None
    ) -> None:
        """`answer` is None when nobody answered; such a call may have been counted all the same."""
        for window in windows:
            window.flying -= 1
        if answer is None:
            return
        address = self._window(Counter.NONE, "")
        counter = counted_by(answer, request, address.limit)
        self._window(counter, user).learn(answer, self._clock())

    def _wait(self, windows: list[Window], urgency: Urgency) -> float:
        now = self._clock()
        return max(window.wait_seconds(now, urgency) for window in windows)

    def _of(self, request: Request, user: str) -> list[Window]:
        windows = [self._window(Counter.NONE, "")]
        if request.counter is not Counter.NONE:
            windows.append(self._window(request.counter, user))
        return windows

    def _window(self, counter: Counter, user: str) -> Window:
        key = (counter, "" if counter is Counter.NONE else user)
        if key not in self._windows:
            self._forget()
            self._windows[key] = Window(WINDOW_SECONDS[counter])
        return self._windows[key]

    def _forget(self) -> None:
        """Windows that ended say nothing any more; names come from people, so there may be many."""
        if len(self._windows) > USERS_KEPT:
            now = self._clock()
            self._windows = {
                key: window
                for key, window in self._windows.items()
                if window.flying or now < window.ends_at or key[0] is Counter.NONE
            }
