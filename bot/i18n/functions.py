"""What Fluent messages can do with a value: times, sizes and words in the reader's language.

| function | of | says |
|---|---|---|
| `TIME` `DATE` `WHEN` | seconds since 1970 | `14:05`, `5月3日`, the time if it is today, else both |
| `DURATION` `AGO` | seconds | `2 小时 5 分钟`, `2 小时前` |
| `SIZE` | bytes | `1.5 GB` |
| `STATE` `ICON` | a job's state | `运行中`, `▶️` |
| `SYSTEM` | `openpai`, `storage`, … | its name |
| `GIVEN` | anything | `yes`, or `no` for an empty string, 0 and false: for selections |
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from babel.dates import format_skeleton

Function = Callable[..., str]

_UNITS = (("unit-day", 86400), ("unit-hour", 3600), ("unit-minute", 60), ("unit-second", 1))
_SIZES = ("B", "KB", "MB", "GB", "TB", "PB")
_SAID = 1024
"""Durations and words kept in readiness; the same few come back all day."""

NAMES = frozenset(
    {"TIME", "DATE", "WHEN", "AGO", "DURATION", "SIZE", "GIVEN", "STATE", "ICON", "SYSTEM"}
)
BUILT_IN = frozenset({"NUMBER", "DATETIME"})
"""Fluent's own."""


class Say(Protocol):
    def __call__(self, key: str, /, **args: Any) -> str: ...


def functions(say: Say, language: str, now: Callable[[], datetime]) -> Mapping[str, Function]:
    """The functions of one language. `say` renders a message of the same language; `now` is in the
    zone that times are shown in.
    """

    def moment(epoch: float) -> datetime:
        return datetime.fromtimestamp(epoch, now().tzinfo)

    def clock(epoch: float) -> str:
        return moment(epoch).strftime("%H:%M")

    def date(epoch: float) -> str:
        skeleton = "MMMd" if moment(epoch).year == now().year else "yMMMd"
        return str(format_skeleton(skeleton, moment(epoch), locale=language))

    def when(epoch: float) -> str:
        today = now().date() == moment(epoch).date()
        return clock(epoch) if today else f"{date(epoch)} {clock(epoch)}"

    @lru_cache(_SAID)
    def lasting(seconds: int) -> str:
        parts = []
        for key, length in _UNITS:
            count, seconds = divmod(seconds, length)
            if count:
                parts.append(say(key, count=count))
            if parts and (length == 1 or not count or len(parts) == 2):
                break
        return " ".join(parts) or say("unit-second", count=0)

    def duration(seconds: float) -> str:
        return lasting(max(0, round(seconds)))

    def ago(seconds: float) -> str:
        return (
            say("ago-now") if seconds < 60 else say("ago-then", duration=_first(duration, seconds))
        )

    @lru_cache(_SAID)
    def word(key: str, variable: str, value: str) -> str:
        return say(key, **{variable: value})

    return {
        "TIME": clock,
        "DATE": date,
        "WHEN": when,
        "AGO": ago,
        "DURATION": duration,
        "SIZE": _size,
        "GIVEN": lambda value: "no" if str(value) in {"", "false", "0"} else "yes",
        "STATE": lambda state: word("job-state", "state", str(state)),
        "ICON": lambda state: word("job-icon", "state", str(state)),
        "SYSTEM": lambda system: word("system-name", "system", str(system)),
    }


def _first(duration: Callable[[float], str], seconds: float) -> str:
    """Only the largest unit: nobody needs "3 d 2 h ago"."""
    length = next(length for _, length in _UNITS if seconds >= length)
    return duration(seconds // length * length)


def _size(size: float) -> str:
    """Steps of 1024 with the letters everybody says: a job's 32 GB are 32 × 2³⁰ bytes."""
    step = 0
    while abs(size) >= 1000 and step < len(_SIZES) - 1:
        size, step = size / 1024, step + 1
    shown = f"{size:.1f}" if abs(size) < 100 else f"{size:.0f}"
    return f"{shown.removesuffix('.0')} {_SIZES[step]}"
