"""Many small files in one body: a list of paths and sizes, then all contents, one after the other.

Four bytes say how long the list is; the list is JSON, `[["a/b.txt", 12], ["a/empty", -1]]`, where -1 is a directory.
"""

import json
from collections.abc import AsyncIterable, AsyncIterator

from bot.domain.errors import UserError
from bot.domain.files.entries import Packed
from bot.domain.files.paths import FilePath, name_problem, shown

LARGEST_FILE_BYTES = 1 << 20
LARGEST_BATCH_BYTES = 32 << 20
LARGEST_LIST_BYTES = 4 << 20
MOST_FILES = 4000
DIRECTORY = -1


async def unpacked(body: AsyncIterable[bytes], into: FilePath) -> AsyncIterator[Packed]:
    """The files, each whole; `into` is where they will lie. No more than one file is in memory.

    Raises UserError before the first file for a list that is wrong in any way, and at the end for a body that
    is shorter or longer than its list says.
    """
    reader = _Reader(body)
    length = int.from_bytes(await reader.take(4), "big")
    if length > LARGEST_LIST_BYTES:
        raise UserError("upload-batch-bad")
    for names, size in _listed(await reader.take(length), into):
        if size == DIRECTORY:
            yield Packed(names, None)
        else:
            yield Packed(names, await reader.take(size))
    if not await reader.at_end():
        raise UserError("upload-batch-bad")


def _listed(data: bytes, into: FilePath) -> list[tuple[tuple[str, ...], int]]:
    try:
        found = json.loads(data)
        pairs = [(str(path), int(size)) for path, size in found]
    except (ValueError, TypeError, RecursionError):
        raise UserError("upload-batch-bad") from None
    sizes = [size for _, size in pairs]
    if len(pairs) > MOST_FILES or sum(max(0, size) for size in sizes) > LARGEST_BATCH_BYTES:
        raise UserError("upload-batch-bad")
    if any(size < DIRECTORY or size > LARGEST_FILE_BYTES for size in sizes):
        raise UserError("upload-batch-bad")
    return [(checked(path, into), size) for path, size in pairs]


def checked(path: str, into: FilePath) -> tuple[str, ...]:
    """The names of a path below `into`. Raises UserError for what can't be one, and for what is Pailot's own."""
    names = tuple(path.split("/"))
    for name in names:
        if problem := name_problem(name):
            raise UserError("files-bad-name", name=shown(name), problem=problem)
    try:
        target = FilePath((*into.parts, *names))
    except ValueError:
        raise UserError("files-bad-name", name=shown(path), problem="long") from None
    if target.is_own:
        raise UserError("files-own", path=shown(str(target)))
    return names


class _Reader:
    """Exactly so many bytes of a stream at a time."""

    def __init__(self, body: AsyncIterable[bytes]) -> None:
        self._body = aiter(body)
        self._rest = bytearray()

    async def take(self, count: int) -> bytes:
        while len(self._rest) < count:
            try:
                self._rest += await anext(self._body)
            except StopAsyncIteration:
                raise UserError("upload-batch-bad") from None
        taken = bytes(self._rest[:count])
        del self._rest[:count]
        return taken

    async def at_end(self) -> bool:
        async for chunk in self._body:
            self._rest += chunk
            if self._rest:
                break
        return not self._rest
