"""The storage server's answers as values, and its refusals as errors; touches no network."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from bot.domain.errors import Refused, Unavailable, UserError
from bot.domain.files.entries import Entry, Kind, Part, Space, Usage
from bot.domain.files.errors import (
    Changed,
    Exists,
    Full,
    HardLinked,
    LeadsOut,
    Missing,
    NoRight,
    WrongKind,
)
from bot.storage import scripts

SYSTEM = "storage"
_KINDS = {"f": Kind.FILE, "d": Kind.DIRECTORY, "l": Kind.LINK}
_PHRASES: tuple[tuple[str, Callable[[str], UserError]], ...] = (
    ("no space left", lambda _: Full()),
    ("disk quota exceeded", lambda _: Full()),
    ("open encrypted archive", lambda _: UserError("unpack-locked")),
    ("permission denied", NoRight),
    ("operation not permitted", NoRight),
    ("read-only file system", NoRight),
    ("file exists", Exists),
    ("cannot overwrite existing file", Exists),
    ("too many levels of symbolic links", LeadsOut),
    ("no such file or directory", Missing),
    ("not a directory", WrongKind),
    ("is a directory", WrongKind),
)
"""What coreutils and shells say in English (LC_ALL=C), most telling first."""


def entries(data: bytes) -> tuple[Entry, ...]:
    """What find printed, one record each; one cut off at the end is left out."""
    found = []
    for record in data.split(b"\0")[:-1]:
        kind, size, changed, uid, mode, links, name = record.split(b" ", 6)
        found.append(
            Entry(
                name.decode("utf-8", "surrogateescape"),
                _KINDS.get(kind.decode(), Kind.OTHER),
                int(size),
                moment(float(changed)),
                int(uid),
                int(mode, 8),
                int(links),
            )
        )
    return tuple(found)


def sizes(data: bytes) -> dict[str, int]:
    """What find printed: size and path of each file; one cut off at the end is left out."""
    found = {}
    for record in data.split(b"\0")[:-1]:
        size, _, path = record.partition(b" ")
        found[path.decode("utf-8", "surrogateescape")] = int(size)
    return found


def usage(data: bytes, *, complete: bool) -> Usage:
    """What du printed: the directories one level down, then the whole."""
    total, parts = 0, []
    for record in data.split(b"\0")[:-1]:
        size, changed, path = record.split(b"\t", 2)
        if path == b".":
            total = int(size)
        else:
            name = path.removeprefix(b"./").decode("utf-8", "surrogateescape")
            parts.append(Part(name, int(size), moment(float(changed))))
    return Usage(total, tuple(parts), complete)


def space(data: bytes) -> Space:
    """What `df -P -B1` printed: the last four fields before the mount point are numbers."""
    found = re.search(rb"\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%", data)
    if found is None:
        raise Unavailable(SYSTEM, "df")
    return Space(int(found[1]), int(found[3]))


def moment(seconds: float) -> datetime:
    """Files may claim any time; what no calendar holds becomes 1970."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def refusal(status: int | None, said: bytes, path: str) -> UserError:
    """Why a script ended with `status`; None when the connection or a signal ended it."""
    match status:
        case None:
            return Unavailable(SYSTEM)
        case scripts.MISSING:
            return Missing(path)
        case scripts.LED_OUT:
            return LeadsOut(path)
        case scripts.EXISTS:
            return Exists(path)
        case scripts.WRONG_KIND:
            return WrongKind(path)
        case scripts.HARD_LINKED:
            return HardLinked(path)
        case scripts.NO_RIGHT:
            return NoRight(path)
        case scripts.CHANGED:
            return Changed(path)
        case scripts.NO_TOOL:
            return UserError("unpack-no-tool")
    words = said.decode("utf-8", "replace").lower()
    for phrase, error in _PHRASES:
        if phrase in words:
            return error(path)
    last = words.strip().rpartition("\n")[2][:200]
    return Refused(SYSTEM, last or f"exit {status}")
