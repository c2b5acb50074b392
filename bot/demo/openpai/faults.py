"""What goes wrong on purpose: settable while the emulator runs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Self

Kind = Literal[
    "unauthorized", "too_many", "html", "no_code", "silent", "cut_before", "cut_after", "slow"
]


@dataclass(slots=True)
class Fault:
    """One trouble, for the requests it matches; a context manager that ends it.

    It ends by itself after `times` requests, or after `seconds` of the wall clock.
    """

    kind: Kind
    method: str | None = None
    path: re.Pattern[str] | None = None
    user: str | None = None
    times: int | None = None
    until: float | None = None
    status: int = 502
    delay_seconds: float = 0.0
    hits: int = 0
    over: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        self.over = True

    def matches(self, method: str, path: str, user: str | None) -> bool:
        return (
            self.method in (None, method)
            and (self.path is None or self.path.search(path) is not None)
            and self.user in (None, user)
        )


@dataclass(slots=True)
class Faults:
    """All troubles now in force, and the systems behind the rest-server that are away."""

    wall: Callable[[], float]
    kubernetes_down: bool = False
    hived_down: bool = False
    database_down: bool = False
    merger_down: bool = False
    logs_away: bool = False
    clock_skew_seconds: float = 0.0
    _active: list[Fault] = field(default_factory=list)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._active)

    def unauthorized(self, **where: object) -> Fault:
        """Every token looks invalid, as when Kubernetes does not answer the rest-server."""
        return self._add("unauthorized", where)

    def too_many(self, **where: object) -> Fault:
        """429 as plain text."""
        return self._add("too_many", where)

    def html(self, status: int = 502, **where: object) -> Fault:
        """The proxy's own page instead of an answer."""
        fault = self._add("html", where)
        fault.status = status
        return fault

    def no_code(self, **where: object) -> Fault:
        """500 with a message and no code."""
        return self._add("no_code", where)

    def silent(self, **where: object) -> Fault:
        """The request is never answered."""
        return self._add("silent", where)

    def cut(self, *, after: bool = False, **where: object) -> Fault:
        """The connection breaks; with `after` only once the request has had its effect."""
        return self._add("cut_after" if after else "cut_before", where)

    def slow(self, delay_seconds: float, **where: object) -> Fault:
        fault = self._add("slow", where)
        fault.delay_seconds = delay_seconds
        return fault

    def clear(self) -> None:
        """Everything works again."""
        self._active.clear()
        self.kubernetes_down = self.hived_down = False
        self.database_down = self.merger_down = self.logs_away = False
        self.clock_skew_seconds = 0.0

    def hit(self, method: str, path: str, user: str | None) -> list[Fault]:
        """The troubles this request meets; each is counted."""
        now = self.wall()
        met: list[Fault] = []
        for fault in list(self._active):
            if fault.over or (fault.until is not None and now >= fault.until):
                self._active.remove(fault)
            elif fault.matches(method, path, user):
                fault.hits += 1
                fault.over = fault.times is not None and fault.hits >= fault.times
                met.append(fault)
        return met

    def _add(self, kind: Kind, where: dict[str, object]) -> Fault:
        """`where`: method, path (a regular expression), user, times, seconds."""
        fault = Fault(kind)
        for name, value in where.items():
            match name, value:
                case "method", str():
                    fault.method = value
                case "path", str():
                    fault.path = re.compile(value)
                case "user", str():
                    fault.user = value
                case "times", int():
                    fault.times = value
                case "seconds", int() | float():
                    fault.until = self.wall() + value
                case _:
                    raise TypeError(f"a fault knows no {name}={value!r}")
        self._active.append(fault)
        return fault
