"""The bytes of one blob on their way: a source that breaks off is asked for the rest, unnoticed by the target."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self
from urllib.parse import quote

import aiohttp

from bot.domain.errors import NotFound, Refused, Unavailable, UserError
from bot.domain.images.manifest import Blob
from bot.domain.images.reference import Reference
from bot.domain.people import Token
from bot.registry.places import Place
from bot.registry.transport import Transport
from bot.registry.wire.answers import SYSTEM, Answer, failure

CHUNK_BYTES = 256 << 10
TRIES = 5
"""In a row, without a byte getting through in between."""

Side = tuple[Place, Reference, Token]


class Feed:
    """`pieces` from a byte of the blob on. Use it in an `async with`, which lets go of the source at the end.

    A registry gives up an upload that was cut in the middle of a request: only the target's own breaks may do that.
    """

    def __init__(
        self,
        transport: Transport,
        source: Side,
        blob: Blob,
        at: int,
        pause_seconds: float,
        passed: Callable[[int], None],
    ) -> None:
        """`passed` is told how many bytes are on their way; what it raises ends the transfer."""
        self._transport = transport
        self._source = source
        self._blob = blob
        self._begun = self._at = at
        self._passed = passed
        self._pause_seconds = pause_seconds
        self._held = AsyncExitStack()
        self._incoming: aiohttp.ClientResponse | None = None
        self.trouble: UserError | None = None
        """Why `pieces` ended too early; whoever sends them hears only of a broken connection."""

    async def __aenter__(self) -> Self:
        """Raises what is wrong with the source before anything is sent."""
        await self._open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        cause: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._held.aclose()

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._unbroken():
                yield piece
        except UserError as error:
            self.trouble = error
            raise

    async def _unbroken(self) -> AsyncIterator[bytes]:
        failed = 0
        while self._at < self._blob.size:
            begun = self._at
            try:
                if self._incoming is None:
                    await self._open()
                async for piece in self._arriving():
                    self._at += len(piece)
                    self._passed(self._at - self._begun)
                    yield piece
            except (aiohttp.ClientError, OSError, Unavailable):
                pass
            if self._at >= self._blob.size:
                return
            failed = 0 if self._at > begun else failed + 1
            if failed >= TRIES:
                raise Unavailable(SYSTEM, "the connection keeps breaking")
            await self._held.aclose()
            self._incoming = None
            await asyncio.sleep(self._pause_seconds * (failed + 1))

    async def _arriving(self) -> AsyncIterator[bytes]:
        """What the open answer brings; a server that knows no ranges begins at the beginning."""
        if self._incoming is None:
            return
        skip = self._at if self._incoming.status == 200 else 0
        left = self._blob.size - self._at
        async for chunk in self._incoming.content.iter_chunked(CHUNK_BYTES):
            piece = chunk[skip:] if skip else chunk
            skip = max(0, skip - len(chunk))
            left -= len(piece)
            if left < 0:
                raise Refused(SYSTEM, "a layer is longer than its manifest says")
            if piece:
                yield piece

    async def _open(self) -> None:
        place, image, as_ = self._source
        opened = self._transport.open(
            place,
            "GET",
            f"/v2/{quote(image.path, safe='/')}/blobs/{self._blob.digest}",
            as_,
            f"repository:{image.path}:pull",
            headers={"Range": f"bytes={self._at}-"} if self._at else {},
        )
        incoming = await self._held.enter_async_context(opened)
        if incoming.status not in {200, 206}:
            await self._held.aclose()
            raise _refused(incoming.status, str(image))
        self._incoming = incoming


def _refused(status: int, name: str) -> UserError:
    if status == 404:
        return NotFound("image", name)
    return failure(Answer(status), name)
