"""What is still to happen, in order of its time."""

import heapq
from collections.abc import Callable
from itertools import count


class Timeline:
    """Nothing runs by itself: `catch_up` does, in order, all that was due until then.

    While something happens, `now` is its own moment, not that of the caller, and a further
    `catch_up` from there changes nothing.
    """

    def __init__(self, now: float) -> None:
        self.now = now
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._ticket = count()
        self._running = False

    def at(self, when: float, happens: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (when, next(self._ticket), happens))

    def catch_up(self, until: float) -> None:
        if self._running:
            return
        self._running = True
        try:
            while self._heap and self._heap[0][0] <= until:
                when, _, happens = heapq.heappop(self._heap)
                self.now = max(self.now, when)
                happens()
            self.now = max(self.now, until)
        finally:
            self._running = False
