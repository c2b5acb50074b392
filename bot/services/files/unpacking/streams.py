"""A file on the storage server as something that archive readers understand: bytes in order, and a way to seek.

Readers run in a thread of their own; each read asks the event loop, and waits.
"""

import asyncio
import bz2
import lzma
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from bot.domain.errors import Refused, UserError
from bot.domain.files.entries import Piece
from bot.domain.files.errors import Missing

LARGEST_READ = 16 << 20
"""What a reader asks for at once when the archive is honest: directories of zips, long names of tars."""
STEP_BYTES = 1 << 20
BEHIND_BYTES = 4096
XZ_MEMORY = 256 << 20
SKIPPED_BYTES = 4 << 20
"""A gap up to here is read over; for a larger one the file is opened anew."""

Open = Callable[[int], AbstractAsyncContextManager[tuple[Piece, AsyncIterator[bytes]]]]


class Damaged(UserError):
    """It is no whole archive, or none that can be read."""

    def __init__(self) -> None:
        super().__init__("unpack-damaged")


class Ordered(Protocol):
    """Bytes in order: `read` gives at most so many, none at the end."""

    def read(self, size: int) -> bytes: ...


class RemoteFile:
    """Seekable; to be used in a thread, and closed there. `size_bytes` is known once something was read."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        open_: Open,
        size_bytes: int,
        check: Callable[[], None],
    ) -> None:
        """`check` is called before each piece, and raises when nobody wants it any more."""
        self._loop = loop
        self._open = open_
        self._check = check
        self.size_bytes = size_bytes
        self._at = 0
        self._buffer = b""
        self._buffer_at = 0
        self._stream: tuple[Any, AsyncIterator[bytes]] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at, 2: self.size_bytes}[whence]
        if base + offset < 0:
            raise OSError("before the beginning")  # readers try, and take it as an answer
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0:
            size = max(0, self.size_bytes - self._at)
        if size > LARGEST_READ:
            raise Damaged
        found = bytearray()
        while len(found) < size:
            piece = self._some(size - len(found))
            if not piece:
                break
            found += piece
        return bytes(found)

    def close(self) -> None:
        self._end_stream()

    def _some(self, most: int) -> bytes:
        start = self._at - self._buffer_at
        if not 0 <= start < len(self._buffer):
            if not self._fill():
                return b""
            start = self._at - self._buffer_at
        piece = self._buffer[start : start + most]
        self._at += len(piece)
        return piece

    def _fill(self) -> bool:
        """Into the buffer, what lies at the place we are at."""
        end = self._buffer_at + len(self._buffer)
        if self._stream is None or not 0 <= self._at - end <= SKIPPED_BYTES:
            if self._at >= self.size_bytes:
                return False
            self._end_stream()
            self._begin_stream()
            end = self._at
            self._buffer = b""
        while True:
            self._check()
            chunk = self._wait(self._next())
            if not chunk:
                return False
            # A little of what lies behind stays: readers look back by a byte or two.
            kept = self._buffer[-BEHIND_BYTES:]
            self._buffer = kept + chunk
            self._buffer_at = end - len(kept)
            end += len(chunk)
            if end > self._at:
                return True

    def _begin_stream(self) -> None:
        opened = self._open(self._at)
        piece, chunks = self._wait(opened.__aenter__())
        self._stream = (opened, chunks)
        if piece.size_bytes != self.size_bytes:
            raise UserError("unpack-changed")

    def _end_stream(self) -> None:
        if self._stream is not None:
            opened, self._stream = self._stream[0], None
            self._wait(opened.__aexit__(None, None, None))

    async def _next(self) -> bytes:
        assert self._stream is not None  # noqa: S101 - opened by the caller
        return await anext(self._stream[1], b"")

    def _wait(self, work: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_awaited(work), self._loop).result()


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


class RemoteStream:
    """What a program on the server says about the file, in order; opened when first read."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        open_: Callable[[], AbstractAsyncContextManager[AsyncIterator[bytes]]],
        check: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._open = open_
        self._check = check
        self._opened: Any = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._buffer = b""

    def read(self, size: int) -> bytes:
        """At most so many; none at the end. Raises Damaged when the program can make nothing of it."""
        if not self._buffer:
            self._check()
            try:
                self._buffer = self._wait(self._next())
            except (Refused, Missing):  # in the words of the program, which mean this
                raise Damaged from None
        piece, self._buffer = self._buffer[:size], self._buffer[size:]
        return piece

    def close(self) -> None:
        if self._opened is not None:
            opened, self._opened = self._opened, None
            self._wait(opened.__aexit__(None, None, None))

    async def _next(self) -> bytes:
        if self._chunks is None:
            self._opened = self._open()
            self._chunks = await self._opened.__aenter__()
        return await anext(self._chunks, b"")

    def _wait(self, work: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_awaited(work), self._loop).result()


class Unpressed:
    """What a compressed file holds: one stream, or several after each other. Never more in memory than a step."""

    def __init__(self, source: Ordered, kind: str) -> None:
        self._source = source
        makers: dict[str, Callable[[], Any]] = {
            "gz": _Gzip,
            "bz2": bz2.BZ2Decompressor,
            "xz": _xz,
        }
        self._make = makers[kind]
        self._current = self._make()
        self._over = False

    def read(self, size: int) -> bytes:
        try:
            return self._read(min(size, STEP_BYTES))
        except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
            raise Damaged from None

    def _read(self, size: int) -> bytes:
        while not self._over:
            if self._current.eof:
                left = self._current.unused_data or self._source.read(STEP_BYTES)
                if not left.strip(b"\0"):  # padding
                    self._over = True
                    break
                self._current = self._make()
                out = self._current.decompress(left, size)
            elif self._current.needs_input:
                data = self._source.read(STEP_BYTES)
                if not data:
                    raise Damaged  # cut off
                out = self._current.decompress(data, size)
            else:
                out = self._current.decompress(b"", size)
            if out:
                return bytes(out)
        return b""


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=XZ_MEMORY)


class _Gzip:
    """zlib's decompressor with the manners of the others."""

    def __init__(self) -> None:
        self._z = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._z.eof

    @property
    def unused_data(self) -> bytes:
        return self._z.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._z.unconsumed_tail

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._z.decompress(self._z.unconsumed_tail + data, most)


class Forward:
    """Ordered bytes as a file that can be read, skipped in, and gone back in by a little."""

    def __init__(self, source: Ordered) -> None:
        self._source = source
        self._at = 0
        self._end = 0
        self._behind = b""
        """What was read last, up to `_end`."""

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == 1:
            offset += self._at
        elif whence == 2:
            raise Damaged
        if offset < self._end - len(self._behind):
            raise Damaged
        while self._end < offset:
            if not self._more(min(STEP_BYTES, offset - self._end)):
                break
        self._at = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0 or size > LARGEST_READ:
            raise Damaged
        back = self._end - self._at
        found = bytearray(self._behind[len(self._behind) - back :][:size] if back > 0 else b"")
        self._at += len(found)
        while len(found) < size and self._at == self._end:
            piece = self._more(size - len(found))
            if not piece:
                break
            found += piece
            self._at = self._end
        return bytes(found)

    def _more(self, size: int) -> bytes:
        piece = self._source.read(size)
        self._behind = (self._behind + piece)[-BEHIND_BYTES:]
        self._end += len(piece)
        return piece
