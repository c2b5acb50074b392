"""How fast Telegram may be spoken to: thirty messages a second in all, twenty a minute to a group."""

from collections import deque

OVERALL_PER_SECOND = 28.0
GROUP_MESSAGES = 18
GROUP_SECONDS = 60.0
PRIVATE_SECONDS = 1.0
PRIVATE_BURST = 5
# Messages travel for different times: a window a little wider than Telegram's own keeps its count.
_TRAVEL_SECONDS = 1.0
_FLOOD_CHATS = 3
_FLOOD_SECONDS = 2.0
_GLOBAL_HOLD_SECONDS = 10.0


class _Spacing:
    """One message per interval, after a burst; kept as the time at which all is made good again."""

    __slots__ = ("_free_at", "_interval", "_slack")

    def __init__(self, interval: float, burst: int) -> None:
        self._interval = interval
        self._slack = interval * (burst - 1)
        self._free_at = 0.0

    def wait(self, now: float) -> float:
        return max(0.0, self._free_at - self._slack - now)

    def spend(self, now: float) -> None:
        # Unpaced answers spend too, into debt; capped, so that a flood of them delays news by seconds only.
        self._free_at = min(
            max(self._free_at, now) + self._interval, now + self._slack + 10 * self._interval
        )

    def idle(self, now: float) -> bool:
        return self._free_at <= now


class _Window:
    """So many messages in any span of time; kept as the times of the last ones."""

    __slots__ = ("_seconds", "_times")

    def __init__(self, messages: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=messages)

    def wait(self, now: float) -> float:
        if len(self._times) < (self._times.maxlen or 0):
            return 0.0
        return max(0.0, self._times[0] + self._seconds - now)

    def spend(self, now: float) -> None:
        self._times.append(now)

    def idle(self, now: float) -> bool:
        return not self._times or self._times[-1] + self._seconds <= now


class Pace:
    """Counts what was sent, and says how long something paced must wait. Times are a monotonic clock's.

    Everything sent is counted, answers too, though they never wait for it. A 429 holds its own chat; when
    several chats get one and nothing gets through between, it is the bot that is too fast: all are held, for
    a few seconds at a time, since it may have been chance and the others must keep their pace.
    """

    def __init__(self) -> None:
        self._overall = _Spacing(1 / OVERALL_PER_SECOND, burst=2)
        self._chats: dict[int, _Spacing | _Window] = {}
        self._floods: deque[tuple[float, int]] = deque(maxlen=_FLOOD_CHATS)
        self._held_until = 0.0

    def overall_wait(self, now: float) -> float:
        return max(self._overall.wait(now), self._held_until - now)

    def chat_wait(self, chat: int, now: float) -> float:
        limit = self._chats.get(chat)
        return 0.0 if limit is None else limit.wait(now)

    def spend(self, chat: int, now: float) -> None:
        """Counts a message as it is sent."""
        self._overall.spend(now)
        limit = self._chats.get(chat)
        if limit is None:
            if len(self._chats) > 1000:
                self._forget_idle(now)
            # Telegram numbers people upwards from 1 and groups downwards from -1.
            limit = self._chats[chat] = (
                _Spacing(PRIVATE_SECONDS, PRIVATE_BURST)
                if chat > 0
                else _Window(GROUP_MESSAGES, GROUP_SECONDS + _TRAVEL_SECONDS)
            )
        limit.spend(now)

    def flooded(self, chat: int, retry_after: float, now: float) -> bool:
        """Notes a 429; True when it is everybody's, and `held` says until when."""
        self._floods.append((now, chat))
        recent = {c for t, c in self._floods if t > now - _FLOOD_SECONDS}
        if len(recent) < _FLOOD_CHATS:
            return False
        self._held_until = max(self._held_until, now + min(retry_after, _GLOBAL_HOLD_SECONDS))
        return True

    def succeeded(self) -> None:
        self._floods.clear()

    def held(self, now: float) -> float:
        """Seconds for which nothing at all should be sent."""
        return max(0.0, self._held_until - now)

    def _forget_idle(self, now: float) -> None:
        self._chats = {c: limit for c, limit in self._chats.items() if not limit.idle(now)}
