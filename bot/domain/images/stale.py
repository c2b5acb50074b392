"""Which images nobody uses any more, judged by data that is soft: pulls may be a scanner's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.images.artifact import Artifact

SAME_MINUTE = 5
"""So many images pulled in one minute look like a scan."""


@dataclass(frozen=True, slots=True)
class Stale:
    """`owner` is a user name of Harbor or OpenPAI; empty when nobody is known."""

    artifact: Artifact
    used_at: datetime | None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class StaleImages:
    """The largest first. `scanned` says that their pulls may be a scanner's, and prove nothing."""

    items: tuple[Stale, ...]
    size: int
    seen: int
    scanned: bool = False


class StaleScan:
    """Takes artifacts one by one and keeps only those that count, however many come by."""

    def __init__(self, before: datetime, kept: int) -> None:
        self._before = before
        self._kept = kept
        self._found: list[Artifact] = []
        self._minutes: Counter[int] = Counter()
        self._size = 0
        self._count = 0
        self.seen = 0

    def take(self, one: Artifact, *, spared: bool) -> None:
        """`spared`: in the catalogue, or used by a job since."""
        self.seen += 1
        if one.pulled_at is not None:
            self._minutes[int(one.pulled_at.timestamp()) // 60] += 1
        used = one.last_used_at
        if spared or used is None or used > self._before:
            return
        self._size += one.size
        self._count += 1
        self._found.append(one)
        if len(self._found) > 4 * self._kept:
            self._trim()

    def _trim(self) -> None:
        self._found.sort(key=lambda one: -one.size)
        del self._found[self._kept :]

    def result(self, owners: Mapping[str, str]) -> StaleImages:
        """`owners` by `path@digest` and `path:tag`."""
        self._trim()
        busiest = max(self._minutes.values(), default=0)
        items = tuple(Stale(one, one.last_used_at, _owner(one, owners)) for one in self._found)
        return StaleImages(items, self._size, self._count, busiest >= SAME_MINUTE)

    @property
    def kept(self) -> tuple[Artifact, ...]:
        self._trim()
        return tuple(self._found)


def names_of(one: Artifact) -> tuple[str, ...]:
    """All the ways in which logs call it."""
    return (f"{one.path}@{one.digest}", *(f"{one.path}:{name}" for name in one.names))


def _owner(one: Artifact, owners: Mapping[str, str]) -> str:
    return next((owners[name] for name in names_of(one) if name in owners), "")


def age_limit(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def all_names(found: Iterable[Artifact]) -> list[str]:
    return [name for one in found for name in names_of(one)]
