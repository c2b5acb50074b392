"""Faults a test or the demo switches on while the emulator runs."""

import asyncio
import math
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

POLL = "getupdates"


@dataclass(slots=True)
class Fault:
    """What happens to one call instead of, before, or after its ordinary answer."""

    status: int | None = None
    body: str = ""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    description: str = ""
    retry_after: int | None = None
    cut_before: bool = False
    cut_after: bool = False
    delay: float = 0.0


class Faults:
    """Faults are used up call by call, in the order they were asked for.

    `method` is a Bot API name, `file` for downloads, or `*`, which is any method but getUpdates;
    a fault for a named method comes before one for `*`.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._planned: dict[str, deque[Fault]] = {}
        self._away_until = -math.inf
        self._hang = False
        self._returned = asyncio.Event()
        self._cut_polls: Callable[[], None] = lambda: None
        self.used: Counter[str] = Counter()

    def answer(
        self,
        method: str = "*",
        status: int = 500,
        *,
        times: int = 1,
        description: str = "",
        retry_after: int | None = None,
        body: str | None = None,
        content_type: str = "text/html",
    ) -> None:
        """The next calls are refused with this status; `body` replaces Telegram's JSON."""
        self._plan(
            method,
            times,
            Fault(
                status=status,
                description=description,
                retry_after=retry_after,
                body=body or "",
                content_type=content_type,
            ),
        )

    def bad_gateway(self, method: str = "*", *, times: int = 1) -> None:
        """A 502 with the HTML page of a proxy."""
        page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>"
        self.answer(method, 502, times=times, body=page)

    def cut_before(self, method: str = "*", *, times: int = 1) -> None:
        """The connection breaks and nothing was accepted."""
        self._plan(method, times, Fault(cut_before=True))

    def cut_after(self, method: str = "*", *, times: int = 1) -> None:
        """The call takes effect and the connection breaks before the answer."""
        self._plan(method, times, Fault(cut_after=True))

    def slow(self, method: str, seconds: float, *, times: int = 1) -> None:
        """The answer comes late; the effect happens at once."""
        self._plan(method, times, Fault(delay=seconds))

    def away(self, seconds: float = math.inf, *, hang: bool = False) -> None:
        """Every connection of the bot breaks, or (`hang`) is never answered, until `back`."""
        self._away_until = self._clock() + seconds
        self._hang = hang
        self._returned.clear()
        self._cut_polls()

    def back(self) -> None:
        self._away_until = -math.inf
        self._returned.set()

    def cut_polls(self) -> None:
        """A getUpdates that is waiting now loses its connection."""
        self._cut_polls()

    def clear(self) -> None:
        self._planned.clear()
        self.back()

    def is_away(self) -> bool:
        return self._clock() < self._away_until

    def on_cut_polls(self, action: Callable[[], None]) -> None:
        self._cut_polls = action

    async def wait_out(self) -> None:
        """Holds a call that hangs while Telegram is away; a broken one returns at once."""
        while self._hang and self.is_away():
            try:
                async with asyncio.timeout(0.2):
                    await self._returned.wait()
            except TimeoutError:
                continue

    def take(self, method: str) -> Fault | None:
        if not self._planned:
            return None
        names = (method.lower(), "*") if method.lower() != POLL else (POLL,)
        for name in names:
            planned = self._planned.get(name)
            if planned:
                self.used[method] += 1
                fault = planned.popleft()
                if not planned:
                    del self._planned[name]
                return fault
        return None

    def _plan(self, method: str, times: int, fault: Fault) -> None:
        self._planned.setdefault(method.lower(), deque()).extend([fault] * times)
