"""Folders that nobody has read for long: their person is asked now and then whether they are still needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.files.paths import name_problem
from bot.domain.messages import Button, Owed, Priority
from bot.domain.people import Person
from bot.domain.text import text
from bot.services.alerts import Alert
from db import FolderSize

UNREAD_DAYS = 90
AGAIN = timedelta(days=30)
KEPT_DAYS = 180
SMALL_BYTES = 100 << 20
"""What is smaller is not worth anybody's time."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Unread:
    """A directory at the top of a folder."""

    name: str
    size_bytes: int


def due(size: FolderSize | None, now: datetime) -> bool:
    """Whether this folder's person may be reminded: once a month, and not while they want to keep it all."""
    if size is None:
        return True
    if size.not_reminded_until is not None and now < size.not_reminded_until:
        return False
    return size.reminded_at is None or now - size.reminded_at >= AGAIN


def reminder(person: Person, unread: Sequence[Unread], now: datetime) -> Alert | None:
    """None: nothing worth a message."""
    large = [one for one in unread if one.size_bytes >= SMALL_BYTES and not name_problem(one.name)]
    if not large:
        return None
    large.sort(key=lambda one: -one.size_bytes)
    total = sum(one.size_bytes for one in large)
    title = text("unread-title", count=len(large), bytes=total, days=UNREAD_DAYS)
    lines = [text("du-part", name=one.name, bytes=one.size_bytes) for one in large[:SHOWN]]
    show = [
        Button(text("button-unread-show", name=one.name), "files.open", {"path": one.name})
        for one in large[:SHOWN]
    ]
    rows = (
        *(tuple(show[i : i + 2]) for i in range(0, len(show), 2)),
        (Button(text("button-unread-keep"), "files.keep"),),
    )
    owed = Owed(
        f"unread:{person.id}:{now:%Y%m%d}", person.id, (title, *lines, text("unread-how")),
        person.language, rows, person.id, priority=Priority.ALERT, silent=True,
    )  # fmt: skip
    return Alert("unread", owed, title, person)
