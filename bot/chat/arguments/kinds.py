"""What a single word can mean: each kind of value reads it, says what it expected, and goes to JSON and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any, NewType, Protocol, TypeVar

from bot.domain.text import Argument, Text, text

V = TypeVar("V")

Rest = NewType("Rest", str)
"""The raw text to the end of the message: passwords, job commands."""
Size = NewType("Size", int)
"""Bytes, written `500M`, `32G`, `2T` in steps of 1024."""

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d|w|秒钟?|分钟?|小时|时|天|周)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SECONDS |= {
    "秒": 1,
    "秒钟": 1,
    "分": 60,
    "分钟": 60,
    "小时": 3600,
    "时": 3600,
    "天": 86400,
    "周": 604800,
}
_LONGEST_SECONDS = 100 * 366 * 86400
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([KMGT])(?:i?B)?", re.IGNORECASE)
_STEP = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_ON = frozenset({"on", "yes", "true", "1", "开", "是"})
_OFF = frozenset({"off", "no", "false", "0", "关", "否"})
_WHOLE = re.compile(r"[+-]?\d{1,18}")


class Unfit(Exception):
    """The word can't be this kind of value."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected.key)
        self.expected = expected


class Kind(Protocol):
    """`example` stands in usages; `choices` are all the words there are, where they can be counted."""

    @property
    def example(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    def read(self, word: str) -> Any:
        """Raises Unfit."""
        ...

    def dump(self, value: Any) -> Argument: ...
    def load(self, raw: Any) -> Any:
        """Raises ValueError for what `dump` never wrote."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    example: str = ""
    choices: tuple[str, ...] = ()

    def read(self, word: str) -> str:
        return word

    def dump(self, value: str) -> str:
        return value

    def load(self, raw: Any) -> str:
        return checked(raw, str)


@dataclass(frozen=True, slots=True)
class Whole:
    least: int | None = None
    most: int | None = None
    example: str = "1"
    choices: tuple[str, ...] = ()

    def read(self, word: str) -> int:
        if not _WHOLE.fullmatch(word):
            raise Unfit(self._expected())
        number = int(word)
        if (self.least is not None and number < self.least) or (
            self.most is not None and number > self.most
        ):
            raise Unfit(self._expected())
        return number

    def _expected(self) -> Text:
        match self.least, self.most:
            case None, None:
                return text("usage-kind-number")
            case int(least), None:
                return text("usage-kind-least", least=least)
            case None, int(most):
                return text("usage-kind-most", most=most)
            case least, most:
                return Text("usage-kind-range", {"least": least or 0, "most": most or 0})

    def dump(self, value: int) -> int:
        return value

    def load(self, raw: Any) -> int:
        return checked(raw, int)


@dataclass(frozen=True, slots=True)
class Decimal:
    example: str = "0.5"
    choices: tuple[str, ...] = ()

    def read(self, word: str) -> float:
        if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?(e[+-]?\d{1,2})?", word, re.IGNORECASE):
            raise Unfit(text("usage-kind-decimal"))
        return float(word)

    def dump(self, value: float) -> float:
        return value

    def load(self, raw: Any) -> float:
        return _number(raw)


@dataclass(frozen=True, slots=True)
class Switch:
    example: str = "on|off"
    choices: tuple[str, ...] = ()

    def read(self, word: str) -> bool:
        if word.lower() in _ON:
            return True
        if word.lower() in _OFF:
            return False
        raise Unfit(text("usage-kind-switch"))

    def dump(self, value: bool) -> bool:
        return value

    def load(self, raw: Any) -> bool:
        return checked(raw, bool)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of an enumeration, by its value; `also` gives further words, such as Chinese ones."""

    of: type[Enum]
    also: Mapping[str, Any] = field(default_factory=dict)

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(str(one.value) for one in self.of)

    @property
    def example(self) -> str:
        return "|".join(self.choices)

    def read(self, word: str) -> Enum:
        for one in self.of:
            if str(one.value).lower() == word.lower():
                return one
        if word in self.also:
            return self.of(self.also[word])
        raise Unfit(text("usage-kind-choice", choices=self.example))

    def dump(self, value: Enum) -> str:
        return str(value.value)

    def load(self, raw: Any) -> Enum:
        for one in self.of:
            if str(one.value) == raw:
                return one
        raise ValueError(f"{raw!r} is none of {self.example}")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some fixed words (a `Literal`); the empty one is for defaults and is never written."""

    words: tuple[str, ...]
    also: Mapping[str, Any] = field(default_factory=dict)

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if word)

    @property
    def example(self) -> str:
        return "|".join(self.choices)

    def read(self, word: str) -> str:
        if word.lower() in self.choices:
            return word.lower()
        if word.lower() in self.also:
            return str(self.also[word.lower()])
        raise Unfit(text("usage-kind-choice", choices=self.example))

    def dump(self, value: str) -> str:
        return value

    def load(self, raw: Any) -> str:
        if raw in self.words:
            return str(raw)
        raise ValueError(f"{raw!r} is none of {self.example}")


@dataclass(frozen=True, slots=True)
class Duration:
    example: str = "2d"
    choices: tuple[str, ...] = ()

    def read(self, word: str) -> timedelta:
        parts = _DURATION.findall(word.lower())
        seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
        whole = "".join(number + unit for number, unit in parts) == word.lower()
        if not parts or not whole or seconds > _LONGEST_SECONDS:
            raise Unfit(text("usage-kind-duration"))
        return timedelta(seconds=seconds)

    def dump(self, value: timedelta) -> float:
        return value.total_seconds()

    def load(self, raw: Any) -> timedelta:
        return timedelta(seconds=_number(raw))


@dataclass(frozen=True, slots=True)
class Bytes:
    example: str = "32G"
    choices: tuple[str, ...] = ()

    def read(self, word: str) -> int:
        found = _SIZE.fullmatch(word)
        if found is None or len(found[1]) > 12:
            raise Unfit(text("usage-kind-size"))
        return round(float(found[1]) * _STEP[found[2].upper()])

    def dump(self, value: int) -> int:
        return value

    def load(self, raw: Any) -> int:
        return checked(raw, int)


def checked(raw: Any, of: type[V]) -> V:
    """JSON knows true from 1, Python's isinstance does not."""
    if isinstance(raw, of) and (of is bool or not isinstance(raw, bool)):
        return raw
    raise ValueError(f"{raw!r} is no {of.__name__}")


def _number(raw: Any) -> float:
    return float(raw if isinstance(raw, float) else checked(raw, int))
