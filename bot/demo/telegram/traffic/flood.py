"""How many messages Telegram takes before it answers 429."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.telegram.errors import flooded


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """The published numbers: 30 a second in all, 20 a minute to a group, 1 a second to a person.

    Short bursts to one person are tolerated; how short is not published, so it is a setting.
    """

    overall_per_second: int = 30
    group_per_minute: int = 20
    private_per_second: float = 1.0
    private_burst: int = 10


class Flood:
    """Counts sends and edits per chat and overall; 429 names the seconds until the next fits."""

    def __init__(self, limits: FloodLimits | None, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._overall: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._private: dict[int, tuple[float, float]] = {}

    def spend(self, chat_id: int, *, private: bool, messages: int = 1) -> None:
        """Counts messages to a chat, or refuses them all without counting."""
        if self.limits is None:
            return
        now = self._clock()
        waits = [self._window_wait(self._overall, 1.0, self.limits.overall_per_second, messages)]
        if private:
            waits.append(self._private_wait(chat_id, now, messages))
        else:
            sent = self._groups.setdefault(chat_id, deque())
            waits.append(self._window_wait(sent, 60.0, self.limits.group_per_minute, messages))
        if (wait := max(waits)) > 0:
            raise flooded(max(1, math.ceil(wait)))
        self._overall.extend([now] * messages)
        if private:
            tokens, _ = self._tokens(chat_id, now)
            self._private[chat_id] = (tokens - messages, now)
        else:
            self._groups[chat_id].extend([now] * messages)

    def _window_wait(self, sent: deque[float], span: float, limit: int, messages: int) -> float:
        now = self._clock()
        while sent and sent[0] <= now - span:
            sent.popleft()
        over = len(sent) + messages - limit
        if over <= 0:
            return 0.0
        return sent[min(over, len(sent)) - 1] + span - now if sent else span

    def _tokens(self, chat_id: int, now: float) -> tuple[float, float]:
        limits = self.limits or FloodLimits()
        tokens, at = self._private.get(chat_id, (float(limits.private_burst), now))
        return min(limits.private_burst, tokens + (now - at) * limits.private_per_second), now

    def _private_wait(self, chat_id: int, now: float, messages: int) -> float:
        limits = self.limits or FloodLimits()
        tokens, _ = self._tokens(chat_id, now)
        return (messages - tokens) / limits.private_per_second if tokens < messages else 0.0
