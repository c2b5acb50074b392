"""From a thread that reads an archive to the event loop that writes it out, a few megabytes between them."""

import asyncio
import contextvars
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.domain.files.archives import Contents, Member, Tally
from bot.domain.files.entries import Packed
from bot.services.files.unpacking.reading import UNKNOWN, Entries, entries
from bot.services.files.unpacking.streams import Open, RemoteFile, RemoteStream

SMALL_BYTES = 1 << 20
BATCH_BYTES = 2 << 20
BATCH_FILES = 500
CHUNK_BYTES = 1 << 20
WAITING = 4
"""Pieces between reader and writer."""


class _Enough(Exception):
    """Nobody wants more of it."""


@dataclass(frozen=True, slots=True)
class Large:
    """A file that comes in pieces, up to the next `None`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """An archive on the server, and the ways to open it."""

    name: str
    size_bytes: int
    open: Open
    peel: Callable[[str], AbstractAsyncContextManager[AsyncIterator[bytes]]]


class _Reader:
    """What a thread has open; to be closed there."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, source: Source, check: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._source = source
        self._check = check
        self._file = RemoteFile(loop, source.open, source.size_bytes, check)
        self._streams: list[RemoteStream] = []

    def entries(self) -> Entries:
        return entries(self._file, self._source.name, self._peel)

    def close(self) -> None:
        for stream in self._streams:
            stream.close()
        self._file.close()

    def _peel(self, how: str) -> RemoteStream:
        stream = RemoteStream(self._loop, lambda: self._source.peel(how), self._check)
        self._streams.append(stream)
        return stream


Piece = list[Packed] | Large | bytes | None


async def look(source: Source, limit: int, seconds: float) -> Contents:
    """What is in it; the look is ended when it takes too long. Raises UserError."""
    loop, end = asyncio.get_running_loop(), time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > end:
            raise _Enough

    def run() -> Contents:
        tally = Tally(source.size_bytes, limit)
        reader = _Reader(loop, source, check)
        try:
            for member, read in reader.entries():
                if member.size_bytes == UNKNOWN:
                    tally.add(Member(member.names, member.kind))
                    while chunk := read(CHUNK_BYTES):
                        tally.grow(len(chunk))
                else:
                    tally.add(member)
        except _Enough:
            return tally.contents(complete=False)
        finally:
            reader.close()
        return tally.contents()

    return await asyncio.to_thread(run)


class Pump:
    """Reads in a thread what `pieces` gives; leaving `pieces` early ends the thread."""

    def __init__(self, source: Source, tally: Tally) -> None:
        self._source = source
        self._tally = tally
        self._gone = False

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """Batches of small files; a large one as Large, its chunks, None. Raises UserError."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Piece | Exception] = asyncio.Queue(WAITING)

        def put(piece: Piece | Exception) -> None:
            self._check()
            asyncio.run_coroutine_threadsafe(queue.put(piece), loop).result()

        def run() -> None:
            reader = _Reader(loop, self._source, self._check)
            try:
                self._read(reader, put)
            except _Enough:
                return
            except Exception as error:  # told on the other side
                with suppress(_Enough):
                    put(error)
            else:
                with suppress(_Enough):
                    put(_Enough())
            finally:
                reader.close()

        thread = loop.run_in_executor(None, contextvars.copy_context().run, run)
        try:
            while True:
                piece = await queue.get()
                if isinstance(piece, _Enough):
                    break
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self._gone = True
            while not queue.empty():  # whoever waits to put something may go on, and sees it
                queue.get_nowait()
        await thread

    def _check(self) -> None:
        if self._gone:
            raise _Enough

    def _read(self, reader: "_Reader", put: Callable[[Piece], None]) -> None:
        batch: list[Packed] = []
        gathered = 0
        for member, read in reader.entries():
            unknown = member.size_bytes == UNKNOWN
            if not self._tally.add(Member(member.names, member.kind, max(0, member.size_bytes))):
                continue
            if not unknown and member.size_bytes <= SMALL_BYTES:
                data = None if member.kind == "directory" else _whole(read, member.size_bytes)
                batch.append(Packed(member.names, data))
                gathered += len(data or b"")
            if gathered >= BATCH_BYTES or len(batch) >= BATCH_FILES or (batch and unknown):
                put(batch)
                batch, gathered = [], 0
            if unknown or member.size_bytes > SMALL_BYTES:
                if batch:
                    put(batch)
                    batch, gathered = [], 0
                put(Large(member.names))
                self._chunks(member, read, put)
                put(None)
        if batch:
            put(batch)

    def _chunks(
        self, member: Member, read: Callable[[int], bytes], put: Callable[[Piece], None]
    ) -> None:
        left = member.size_bytes
        while chunk := read(CHUNK_BYTES):
            if member.size_bytes == UNKNOWN:
                self._tally.grow(len(chunk))
            else:
                left -= len(chunk)
            put(chunk)
        if member.size_bytes != UNKNOWN and left != 0:
            raise UserError("unpack-damaged")


def _whole(read: Callable[[int], bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) <= size and (chunk := read(size + 1 - len(data))):
        data += chunk
    if len(data) != size:
        raise UserError("unpack-damaged")
    return bytes(data)
