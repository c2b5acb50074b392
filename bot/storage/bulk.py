"""Files over SFTP alone: one as a stream, many small ones at once, and merged into a directory."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from bot.domain.files.entries import Entry, Kind, Packed
from bot.storage.trees import MOST_ENTRIES, entry_of, lstat, remove_tree, scan

if TYPE_CHECKING:
    import asyncssh

Result = TypeVar("Result")
AT_ONCE = 64
OURS_ALONE = 0o700
CHUNK_BYTES = 1 << 20
WHOLE = 0
"""asyncssh shall send each request as it is; it would make tasks, and forget them when the line breaks."""


async def write_all(
    sftp: "asyncssh.SFTPClient", top: str, files: AsyncIterable[Packed], *, modes: tuple[int, int]
) -> None:
    """Below `top`, which is there. `modes`: of a new directory, of a new file."""
    free, made = asyncio.Semaphore(AT_ONCE), {top}

    async def write(place: str, data: bytes) -> None:
        try:
            async with sftp.open(place, "wb", block_size=WHOLE) as file:
                if data:
                    await put(sftp, file, 0, data)
            await sftp.chmod(place, modes[1])
        finally:
            free.release()

    try:
        async with asyncio.TaskGroup() as group:
            async for file in files:
                place = "/".join((top, *file.names))
                names = file.names if file.data is None else file.names[:-1]
                await _directories(sftp, top, names, modes[0], made)
                if file.data is not None:
                    await free.acquire()
                    group.create_task(write(place, file.data))
    except ExceptionGroup as several:
        raise several.exceptions[0] from None


async def _directories(
    sftp: "asyncssh.SFTPClient", top: str, names: tuple[str, ...], mode: int, made: set[str]
) -> None:
    import asyncssh

    place = top
    for name in names:
        place = f"{place}/{name}"
        if place in made:
            continue
        if await lstat(sftp, place) is None:
            with suppress(asyncssh.SFTPError):  # another batch made it at the same moment
                await sftp.mkdir(place)
            await sftp.chmod(place, mode)
        made.add(place)


async def sizes_below(sftp: "asyncssh.SFTPClient", top: str) -> dict[str, int]:
    found: dict[str, int] = {}
    waiting = [""]
    while waiting and len(found) < MOST_ENTRIES:
        below = waiting.pop()
        async for entry in scan(sftp, f"{top}/{below}".rstrip("/")):
            name = f"{below}/{entry.name}".lstrip("/")
            if entry.kind is Kind.DIRECTORY:
                waiting.append(name)
            elif entry.kind is Kind.FILE:
                found[name] = entry.size_bytes
    return found


async def merge_into(
    sftp: "asyncssh.SFTPClient", source: str, target: str, aside: str, below: str = ""
) -> list[str]:
    """What could not go, as something is there; with `aside`, that is moved there first."""
    there = {entry.name: entry async for entry in scan(sftp, target)}
    left: list[str] = []
    for entry in [entry async for entry in scan(sftp, source)]:
        old, name = f"{source}/{entry.name}", f"{below}{entry.name}"
        new = f"{target}/{entry.name}"
        met = there.get(entry.name) or await _taken(sftp, old, new)
        if met is None:
            continue
        if _both_directories(entry, met):
            left += await merge_into(sftp, old, new, aside, f"{name}/")
        elif aside:
            await _directories(sftp, aside, tuple(name.split("/")[:-1]), OURS_ALONE, set())
            await sftp.rename(new, f"{aside}/{name}")
            await sftp.rename(old, new)
        elif entry.kind is Kind.DIRECTORY:
            left += [f"{name}/{path}" for path in await sizes_below(sftp, old)]
        else:
            left.append(name)
    if not left:
        await remove_tree(sftp, source, await sftp.lstat(source))
    return left


async def _taken(sftp: "asyncssh.SFTPClient", old: str, new: str) -> Entry | None:
    """Renamed (None), or what came there at the same moment: a file of the same directory, sent beside."""
    import asyncssh

    try:
        await sftp.rename(old, new)
    except asyncssh.SFTPError:
        attrs = await lstat(sftp, new)
        if attrs is None:
            raise
        return entry_of(new.rpartition("/")[2], attrs)
    return None


def _both_directories(one: Entry, other: Entry) -> bool:
    return one.kind is Kind.DIRECTORY and other.kind is Kind.DIRECTORY


async def pieces(
    sftp: "asyncssh.SFTPClient", file: Any, start: int, left: int
) -> AsyncIterator[bytes]:
    block = sftp.limits.max_read_len
    while left > 0:
        end = start + min(CHUNK_BYTES, left)
        places = range(start, end, block)
        read = await together([_read(file, at, min(block, end - at)) for at in places])
        chunk = b"".join(read)
        if not chunk:
            return
        yield chunk
        start, left = start + len(chunk), left - len(chunk)


async def _read(file: Any, at: int, size: int) -> bytes:
    """Less at the end of the file only; a server may give it in several parts."""
    found = bytearray()
    while len(found) < size and (data := await file.read(size - len(found), at + len(found))):
        found += data
    return bytes(found)


async def pour(
    sftp: "asyncssh.SFTPClient", file: Any, start: int, chunks: AsyncIterable[bytes]
) -> int:
    written, gathered = 0, bytearray()
    async for chunk in chunks:
        gathered += chunk
        if len(gathered) >= CHUNK_BYTES:
            await put(sftp, file, start + written, bytes(gathered))
            written += len(gathered)
            gathered = bytearray()
    if gathered:
        await put(sftp, file, start + written, bytes(gathered))
    return written + len(gathered)


async def put(sftp: "asyncssh.SFTPClient", file: Any, at: int, data: bytes) -> None:
    block = sftp.limits.max_write_len
    places = range(0, len(data), block)
    await together([file.write(data[place : place + block], at + place) for place in places])


async def together(works: Sequence[Awaitable[Result]]) -> list[Result]:
    """All at once, begun in order; the first failure, when all have ended."""
    done = await asyncio.gather(*works, return_exceptions=True)
    found: list[Result] = []
    for one in done:
        if isinstance(one, BaseException):
            raise one
        found.append(one)
    return found
