"""The page on which one small text file is edited: opened by a link from the chat, for its person only."""

import json
from collections.abc import Awaitable, Callable
from importlib.resources import files

from aiohttp import web

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.errors import Changed, Full, Missing
from bot.domain.text import Text
from bot.services.files import Storage
from bot.services.files.visits import EDIT, Visit

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".js": "text/javascript", ".css": "text/css"}
SHOWN = ("edit.css", "edit.js", "words.js")
_STATUS: tuple[tuple[type[UserError], int], ...] = (
    (Changed, 409),
    (Missing, 404),
    (Full, 507),
    (Unavailable, 503),
)

Render = Callable[[Text, str], str]
Handler = Callable[[web.Request, Visit], Awaitable[web.Response]]


def routes(storage: Storage, label: Render) -> list[web.AbstractRouteDef]:
    """`/e/<link>`; nothing without a storage server, or where people reach no pages."""
    if not (storage.folders.configured and storage.folders.site.pages_url):
        return []
    pages = _Pages(storage, label)
    return [
        web.get("/e/static/{name}", pages.static),
        web.get("/e/{token}", pages.page),
        web.get("/e/{token}/text", pages.guarded(pages.text)),
        web.post("/e/{token}/save", pages.guarded(pages.save)),
    ]


class _Pages:
    def __init__(self, storage: Storage, label: Render) -> None:
        self._storage = storage
        self._label = label

    async def static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in SHOWN:
            raise web.HTTPNotFound
        kind = KINDS[name[name.rindex(".") :]]
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.Response(body=_read(name), content_type=kind, charset="utf-8", headers=headers)

    async def page(self, request: web.Request) -> web.Response:
        visit = await self._visit(request)
        if visit is None:
            raise web.HTTPGone(text="This link has expired. 这个链接已过期。")
        facts = {
            "token": visit.token,
            "language": visit.person.language,
            "name": visit.path.name,
            "inside": visit.place.in_job(visit.path),
        }
        # In an attribute, so that no script stands in the page.
        told = json.dumps(facts).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        page = _read("index.html").decode().replace("{{facts}}", told)
        headers = {"Content-Security-Policy": POLICY}
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def text(self, _request: web.Request, visit: Visit) -> web.Response:
        found = await self._storage.editing.open(visit.place, visit.path)
        return web.json_response(
            {
                "text": found.text,
                "sha256": found.sha256,
                "encoding": found.encoding,
                "newline": found.newline,
                "mixed": found.mixed,
            }
        )

    async def save(self, request: web.Request, visit: Visit) -> web.Response:
        # A form of another site can't send this type without being asked first.
        if request.content_type != "application/json":
            return web.json_response({"error": "bad request"}, status=415)
        said = await _json(request)
        words, base, over = said.get("text"), said.get("base"), said.get("over")
        if not (isinstance(words, str) and isinstance(base, str)):
            return web.json_response({"error": "bad request"}, status=400)
        saved = await self._storage.editing.save(visit, words, base, over=over is True)
        return web.json_response({"sha256": saved.sha256, "kept": saved.kept})

    def guarded(self, run: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Only for who holds a good link; what is wrong is said in the person's words."""

        async def handle(request: web.Request) -> web.StreamResponse:
            visit = await self._visit(request)
            if visit is None:
                return web.json_response({"error": "expired"}, status=410)
            try:
                return await run(request, visit)
            except UserError as error:
                status = next((code for kind, code in _STATUS if isinstance(error, kind)), 422)
                message = self._label(error.text, visit.person.language)
                return web.json_response(
                    {"error": error.text.key, "message": message}, status=status
                )

        return handle

    async def _visit(self, request: web.Request) -> Visit | None:
        return await self._storage.visits.visit(request.match_info["token"], EDIT)


async def _json(request: web.Request) -> dict[str, object]:
    try:
        said = json.loads(await request.text())
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _read(name: str) -> bytes:
    return (files("bot.web") / "static" / "edit" / name).read_bytes()
