"""Whole trees over SFTP: looking, measuring, removing."""

import asyncio
import stat
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.domain.files.entries import Entry, Kind
from bot.storage import wire

if TYPE_CHECKING:
    import asyncssh

MOST_ENTRIES = 200_000


async def lstat(sftp: "asyncssh.SFTPClient", place: str) -> "asyncssh.SFTPAttrs | None":
    import asyncssh

    try:
        return await sftp.lstat(place)
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        return None


async def scan(sftp: "asyncssh.SFTPClient", place: str) -> AsyncIterator[Entry]:
    async for found in sftp.scandir(place):
        name = found.filename
        if isinstance(name, bytes):
            name = name.decode("utf-8", "surrogateescape")
        if name not in {".", ".."}:
            yield entry_of(name, found.attrs)


async def remove_tree(
    sftp: "asyncssh.SFTPClient", place: str, attrs: "asyncssh.SFTPAttrs | Entry"
) -> None:
    kind = attrs.kind if isinstance(attrs, Entry) else kind_of(attrs)
    if kind is not Kind.DIRECTORY:
        await sftp.remove(place)
        return
    for entry in [entry async for entry in scan(sftp, place)]:
        await remove_tree(sftp, f"{place}/{entry.name}", entry)
    await sftp.rmdir(place)


async def measure(sftp: "asyncssh.SFTPClient", top: str, end: float) -> tuple[int, float, bool]:
    """Bytes below `top`, the latest change, and whether all of it was counted in time."""
    total, latest, seen, waiting = 0, 0.0, 0, [top]
    while waiting:
        place = waiting.pop()
        if asyncio.get_running_loop().time() > end or seen > MOST_ENTRIES:
            return total, latest, False
        async for entry in scan(sftp, place):
            seen += 1
            total += entry.size_bytes
            latest = max(latest, entry.modified.timestamp() if entry.modified else 0)
            if entry.kind is Kind.DIRECTORY:
                waiting.append(f"{place}/{entry.name}")
    return total, latest, True


def kind_of(attrs: "asyncssh.SFTPAttrs") -> Kind:
    mode = attrs.permissions or 0
    if stat.S_ISDIR(mode):
        return Kind.DIRECTORY
    if stat.S_ISLNK(mode):
        return Kind.LINK
    return Kind.FILE if stat.S_ISREG(mode) else Kind.OTHER


def entry_of(name: str, attrs: "asyncssh.SFTPAttrs") -> Entry:
    return Entry(
        name,
        kind_of(attrs),
        attrs.size or 0,
        wire.moment(float(attrs.mtime or 0)),
        attrs.uid or 0,
        stat.S_IMODE(attrs.permissions or 0),
        attrs.nlink or 1,
    )


async def touched(sftp: "asyncssh.SFTPClient", top: str, before: float, end: float) -> bool:
    """Whether a file below `top` was read or changed since; also when there was no time to find out."""
    seen, waiting = 0, [top]
    while waiting:
        place = waiting.pop()
        if asyncio.get_running_loop().time() > end or seen > MOST_ENTRIES:
            return True
        async for found in sftp.scandir(place):
            seen += 1
            name, attrs = str(found.filename), found.attrs
            kind = kind_of(attrs)
            if kind is Kind.DIRECTORY and name not in {".", ".."}:
                waiting.append(f"{place}/{name}")
            if kind is Kind.FILE and max(attrs.atime or 0, attrs.mtime or 0) > before:
                return True
    return False
