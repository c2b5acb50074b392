"""Files too large for Telegram, by a link that lives for a day: in pieces if asked, and whole or not at all."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import structlog
from aiohttp import web

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.entries import Entry, Kind
from bot.services.files import Storage
from bot.services.files.visits import DOWNLOAD, Visit
from bot.web.upload.guard import Render, cause
from bot.web.upload.shown import Facts, Shown

log = structlog.get_logger(__name__)


class Downloads:
    def __init__(self, storage: Storage, shown: Shown, label: Render) -> None:
        self._storage = storage
        self._shown = shown
        self._label = label

    async def send(self, request: web.Request) -> web.StreamResponse:
        """The whole file, or the part asked for if it is still the same file (`If-Range`)."""
        visit = await self._storage.visits.visit(request.match_info["token"], DOWNLOAD)
        if visit is None:
            return self._shown.page("gone.html", 410, {"trouble": "gone"})
        facts: Facts = {"language": visit.person.language}
        try:
            entry = await self._storage.browsing.look(visit.place, visit.path)
            if entry is None or entry.kind is not Kind.FILE:
                return self._shown.page("gone.html", 404, facts | {"trouble": "missing"})
            return await self._stream(request, visit, entry)
        except Unavailable as error:
            log.warning("a download failed", why=error.text.key, cause=cause(error))
            return self._shown.page("gone.html", 503, facts | {"trouble": "trouble"})
        except UserError as error:
            facts |= {"trouble": "refused", "why": self._label(error.text, visit.person.language)}
            return self._shown.page("gone.html", 403, facts)

    async def _stream(self, request: web.Request, visit: Visit, entry: Entry) -> web.StreamResponse:
        size, tag = entry.size_bytes, _tag(entry)
        headers = {
            "Accept-Ranges": "bytes",
            "ETag": tag,
            "Content-Type": "application/octet-stream",
            "Content-Disposition": _disposition(visit.path.name),
        }
        found = _asked(request, size, tag)
        if found is None:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        start, end = found
        if (start, end) != (0, size):
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        status = 206 if "Content-Range" in headers else 200
        response = web.StreamResponse(status=status, headers=headers)
        response.content_length = end - start
        if request.method == "HEAD" or end == start:
            await response.prepare(request)
            return response
        store, folder = self._storage.folders.store, visit.place.folder
        try:
            async with store.read(folder, visit.path, start=start, count=end - start) as (
                _,
                chunks,
            ):
                await response.prepare(request)
                async for chunk, last in _with_last(chunks):
                    # The last piece is kept until it is clear that all before it is of one file.
                    if last and not await self._is_same(visit, tag):
                        request.protocol.force_close()
                        return response
                    await response.write(chunk)
        except UserError as error:
            if not response.prepared:
                raise
            # A page of ours would be taken for a part of the file: whoever reads sees that it is cut, and goes on.
            if request.transport is not None and not request.transport.is_closing():
                log.warning("a download was cut", why=error.text.key, cause=cause(error))
            request.protocol.force_close()
        return response

    async def _is_same(self, visit: Visit, tag: str) -> bool:
        try:
            now = await self._storage.browsing.look(visit.place, visit.path)
        except UserError:
            return False
        return now is not None and _tag(now) == tag


def _tag(entry: Entry) -> str:
    changed = entry.modified.timestamp() if entry.modified else 0
    return f'"{entry.size_bytes:x}-{int(changed * 1e6):x}"'


def _asked(request: web.Request, size: int, tag: str) -> tuple[int, int] | None:
    """First byte and end; None for what the file does not have. Several ranges at once are answered whole."""
    wanted = request.headers.get("Range", "")
    if not wanted or "," in wanted or request.headers.get("If-Range", tag) != tag:
        return 0, size
    try:
        start, end, _ = request.http_range.indices(size)
    except ValueError:
        return None
    return (start, end) if start < end else None


def _disposition(name: str) -> str:
    """For old clients a name of plain letters, for all others the real one (RFC 6266)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _with_last(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[bytes, bool]]:
    held = b""
    async for chunk in chunks:
        if held:
            yield held, False
        held = chunk
    if held:
        yield held, True
