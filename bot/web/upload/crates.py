"""Many small files of one visit: batches of them into a crate, which is closed in the end."""

from aiohttp import web

from bot.services.files import Storage
from bot.services.files.visits import Visit
from bot.web.upload.guard import Guard, answer, body, told


class CrateRoutes:
    def __init__(self, storage: Storage, guard: Guard) -> None:
        self._crates = storage.crates
        self._guard = guard

    def routes(self) -> list[web.AbstractRouteDef]:
        crates, guarded = "/u/{token}/crates", self._guard.guarded
        return [
            web.post(crates, guarded(self._open)),
            web.get(crates + "/{id}", guarded(self._there), allow_head=False),
            web.post(crates + "/{id}", guarded(self._take)),
            web.post(crates + "/{id}/close", guarded(self._close)),
            web.delete(crates + "/{id}", guarded(self._drop)),
        ]

    async def _open(self, request: web.Request, visit: Visit) -> web.Response:
        size = (await told(request)).get("bytes")
        if not isinstance(size, int) or size < 0:
            return answer(400, {"error": "bad request"})
        return answer(201, {"id": await self._crates.open(visit, size)})

    async def _there(self, request: web.Request, visit: Visit) -> web.Response:
        crate = self._crates.find(visit, request.match_info["id"])
        return answer(200, {"there": await self._crates.there(visit, crate)})

    async def _take(self, request: web.Request, visit: Visit) -> web.Response:
        crate = self._crates.find(visit, request.match_info["id"])
        sha256 = request.headers.get("X-Sha256", "")
        await self._crates.take(visit, crate, body(request), sha256)
        return answer(204)

    async def _close(self, request: web.Request, visit: Visit) -> web.Response:
        crate = self._crates.find(visit, request.match_info["id"])
        replace = (await told(request)).get("replace") is True
        left = await self._crates.close(visit, crate, replace=replace)
        return answer(200, {"left": left})

    async def _drop(self, request: web.Request, visit: Visit) -> web.Response:
        await self._crates.drop(visit, self._crates.find(visit, request.match_info["id"]))
        return answer(204)
