"""tus 1.0 (https://tus.io/protocols/resumable-upload) for the files of one visit."""

import base64
import binascii
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.domain.errors import Unavailable, UserError
from bot.services.files import Storage
from bot.services.files.visits import Visit
from bot.web.upload.guard import Guard, Handler, answer, body, told

VERSION = "1.0.0"
SPOKEN = {"Tus-Resumable": VERSION}
LARGEST_METADATA = 8192


class Tus:
    def __init__(self, storage: Storage, guard: Guard) -> None:
        self._uploads = storage.uploads
        self._guard = guard

    def routes(self) -> list[web.AbstractRouteDef]:
        files = "/u/{token}/files"
        return [
            web.options(files, self._options),
            web.post(files, self._spoken(self._create)),
            web.head(files + "/{id}", self._spoken(self._offset)),
            web.patch(files + "/{id}", self._spoken(self._receive)),
            web.delete(files + "/{id}", self._spoken(self._drop)),
            web.post(files + "/{id}/finish", self._guard.guarded(self._finish)),
            web.post("/u/{token}/done", self._guard.guarded(self._done)),
        ]

    def _spoken(self, run: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Only for who speaks this version of the protocol, which every answer names."""
        guarded = self._guard.guarded(run)

        async def handle(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Tus-Resumable") != VERSION:
                return answer(412, headers={**SPOKEN, "Tus-Version": VERSION})
            response = await guarded(request)
            response.headers.update(SPOKEN)
            return response

        return handle

    async def _options(self, request: web.Request) -> web.Response:
        return answer(
            204, headers={**SPOKEN, "Tus-Version": VERSION, "Tus-Extension": "creation,termination"}
        )

    async def _create(self, request: web.Request, visit: Visit) -> web.Response:
        length = request.headers.get("Upload-Length", "")
        metadata = _metadata(request.headers.get("Upload-Metadata", ""))
        if not length.isdecimal() or len(length) > 15 or not metadata.get("path"):
            return answer(400, {"error": "bad request"})
        replace = metadata.get("replace") == "yes"
        id_ = await self._uploads.begin(visit, metadata["path"], int(length), replace=replace)
        # As an address relative to this one it is right behind every proxy.
        return answer(201, headers={"Location": f"files/{id_}", "Upload-Offset": "0"})

    async def _offset(self, request: web.Request, visit: Visit) -> web.Response:
        upload = self._uploads.find(visit, request.match_info["id"])
        try:
            offset = await self._uploads.offset(visit, upload)
        except Unavailable:
            raise
        except UserError:
            return answer(404)
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(upload.size_bytes)}
        return answer(200, headers=headers)

    async def _receive(self, request: web.Request, visit: Visit) -> web.Response:
        upload = self._uploads.find(visit, request.match_info["id"])
        start = request.headers.get("Upload-Offset", "")
        if request.content_type != "application/offset+octet-stream":
            return answer(415)
        if not start.isdecimal():
            return answer(400, {"error": "bad request"})
        offset = await self._uploads.receive(visit, upload, int(start), body(request))
        return answer(204, headers={"Upload-Offset": str(offset)})

    async def _drop(self, request: web.Request, visit: Visit) -> web.Response:
        await self._uploads.drop(visit, self._uploads.find(visit, request.match_info["id"]))
        return answer(204)

    async def _finish(self, request: web.Request, visit: Visit) -> web.Response:
        upload = self._uploads.find(visit, request.match_info["id"])
        said = await told(request)
        sha256, replace = str(said.get("sha256", "")), said.get("replace") is True
        path = await self._uploads.finish(visit, upload, sha256, replace=replace)
        if path is None:
            return answer(202)
        return answer(200, {"path": visit.place.in_job(path)})

    async def _done(self, request: web.Request, visit: Visit) -> web.Response:
        """The page says that all it was given has arrived: the chat hears of it."""
        said = await told(request)
        count, size, batch = said.get("count"), said.get("bytes"), said.get("batch")
        if not (isinstance(count, int) and isinstance(size, int) and isinstance(batch, str)):
            return answer(400, {"error": "bad request"})
        await self._uploads.tell(visit, batch, str(said.get("path", "")), count, size)
        return answer(204)


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
