"""Rate limits in fixed windows shared by all keys, and the headers that tell about them."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Window:
    most: int
    seconds: int
    resets_at: float = 0.0
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class Limits:
    """Switched off, nothing is counted, and the headers tell of plenty left."""

    on: bool = False
    api_per_minute: int = 600
    lists_per_minute: int = 120
    submits_per_hour: int = 3600
    _windows: dict[str, Window] = field(default_factory=dict)

    def count(self, kind: str, key: str, now: float) -> tuple[bool, Mapping[str, str]]:
        """Whether the call is allowed, and what the answer's headers say."""
        window = self._window(kind)
        if now >= window.resets_at:
            window.resets_at = now + window.seconds
            window.counts.clear()
        if self.on:
            window.counts[key] += 1
        used = window.counts[key] if self.on else 1
        headers = {
            "X-RateLimit-Limit": str(window.most),
            "X-RateLimit-Remaining": str(max(0, window.most - used)),
            "X-RateLimit-Reset": str(math.ceil(window.resets_at)),
        }
        allowed = not self.on or used <= window.most
        return allowed, headers if allowed else {**headers, "Retry-After": str(window.seconds)}

    def _window(self, kind: str) -> Window:
        most, seconds = {
            "api": (self.api_per_minute, 60),
            "list": (self.lists_per_minute, 60),
            "submit": (self.submits_per_hour, 3600),
        }[kind]
        window = self._windows.setdefault(kind, Window(most, seconds))
        window.most = most
        return window
