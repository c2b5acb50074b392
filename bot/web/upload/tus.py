"""tus 1.0 (https://tus.io/protocols/resumable-upload) for the files of one visit."""

import base64
import binascii
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from aiohttp import ClientPayloadError, web

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.errors import Exists, Full
from bot.domain.text import Text
from bot.services.files import Storage
from bot.services.files.uploads import BeingSent, WrongOffset
from bot.services.files.visits import Visit

log = structlog.get_logger(__name__)

VERSION = "1.0.0"
LARGEST_METADATA = 8192
_STATUS: tuple[tuple[type[UserError], int], ...] = (
    (WrongOffset, 409),
    (BeingSent, 423),
    (Exists, 412),
    (Full, 507),
    (Unavailable, 503),
)

Render = Callable[[Text, str], str]
Handler = Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]


class Tus:
    def __init__(self, storage: Storage, label: Render) -> None:
        self._uploads = storage.uploads
        self._visits = storage.visits
        self._label = label

    def routes(self) -> list[web.AbstractRouteDef]:
        files = "/u/{token}/files"
        return [
            web.options(files, self._options),
            web.post(files, self._guarded(self._create)),
            web.head(files + "/{id}", self._guarded(self._offset)),
            web.patch(files + "/{id}", self._guarded(self._receive)),
            web.delete(files + "/{id}", self._guarded(self._drop)),
            web.post(files + "/{id}/finish", self._guarded(self._finish)),
            web.post("/u/{token}/done", self._guarded(self._done)),
        ]

    def _guarded(self, run: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Only for who holds a good link; what is wrong is said in the person's words."""

        async def handle(request: web.Request) -> web.StreamResponse:
            visit = await self._visits.visit(request.match_info["token"])
            if visit is None:
                return _answer(410, {"error": "expired"})
            try:
                return await run(request, visit)
            except UserError as error:
                said = {
                    "error": error.text.key,
                    "message": self._label(error.text, visit.person.language),
                }
                status = next((code for kind, code in _STATUS if isinstance(error, kind)), 422)
                return _answer(status, said)

        return handle

    async def _options(self, request: web.Request) -> web.Response:
        return _answer(
            204, headers={"Tus-Version": VERSION, "Tus-Extension": "creation,termination"}
        )

    async def _create(self, request: web.Request, visit: Visit) -> web.Response:
        length = request.headers.get("Upload-Length", "")
        metadata = _metadata(request.headers.get("Upload-Metadata", ""))
        if not length.isdecimal() or len(length) > 15 or not metadata.get("path"):
            return _answer(400, {"error": "bad request"})
        names = metadata["path"].split("/")
        replace = metadata.get("replace") == "yes"
        id_ = await self._uploads.begin(visit, names, int(length), replace=replace)
        return _answer(
            201, headers={"Location": f"/u/{visit.token}/files/{id_}", "Upload-Offset": "0"}
        )

    async def _offset(self, request: web.Request, visit: Visit) -> web.Response:
        upload = self._uploads.find(visit, request.match_info["id"])
        try:
            offset = await self._uploads.offset(visit, upload)
        except Unavailable:
            raise
        except UserError:
            return _answer(404)
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(upload.size_bytes)}
        return _answer(200, headers=headers)

    async def _receive(self, request: web.Request, visit: Visit) -> web.Response:
        upload = self._uploads.find(visit, request.match_info["id"])
        start = request.headers.get("Upload-Offset", "")
        if request.content_type != "application/offset+octet-stream":
            return _answer(415)
        if not start.isdecimal():
            return _answer(400, {"error": "bad request"})
        offset = await self._uploads.receive(visit, upload, int(start), _body(request))
        return _answer(204, headers={"Upload-Offset": str(offset)})

    async def _drop(self, request: web.Request, visit: Visit) -> web.Response:
        await self._uploads.drop(visit, self._uploads.find(visit, request.match_info["id"]))
        return _answer(204)

    async def _finish(self, request: web.Request, visit: Visit) -> web.Response:
        upload = self._uploads.find(visit, request.match_info["id"])
        said = await _json(request)
        path = await self._uploads.finish(visit, upload, str(said.get("sha256", "")))
        return _answer(200, {"path": visit.place.in_job(path)})

    async def _done(self, request: web.Request, visit: Visit) -> web.Response:
        """The page says that all it was given has arrived: the chat hears of it."""
        said = await _json(request)
        count, size, batch = said.get("count"), said.get("bytes"), said.get("batch")
        if not (isinstance(count, int) and isinstance(size, int) and isinstance(batch, str)):
            return _answer(400, {"error": "bad request"})
        path = visit.place.read(str(said.get("path", "")), visit.path)
        await self._uploads.tell(visit, batch, path, count, size)
        return _answer(204)


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    """What came until the sender broke off counts: tus goes on from there."""
    try:
        async for chunk in request.content.iter_any():
            yield chunk
    except (OSError, ClientPayloadError, web.RequestPayloadError) as error:
        log.info("an upload was broken off", error=type(error).__name__)


async def _json(request: web.Request) -> dict[str, object]:
    try:
        said = json.loads(await request.text() or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _metadata(header: str) -> dict[str, str]:
    """`path d29ybGQ=,replace eWVz`: keys with base64 of UTF-8."""
    found: dict[str, str] = {}
    if len(header) > LARGEST_METADATA:
        return found
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            return {}
    return found


def _answer(
    status: int, body: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> web.Response:
    common = {"Tus-Resumable": VERSION, **(headers or {})}
    if body is None:
        return web.Response(status=status, headers=common)
    return web.json_response(body, status=status, headers=common)
