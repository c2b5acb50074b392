"""The page on which one small text file is edited: opened by a link from the chat, for its person only."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.errors import Changed, Full, Missing
from bot.services.files import Storage
from bot.services.files.visits import EDIT, Visit
from bot.web.upload.guard import Handler, Render, Statuses, answer, refusal, told
from bot.web.upload.shown import Facts, Shown

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
SHOWN = ("edit.css", "edit.js", "words.js")
_STATUS: Statuses = ((Changed, 409), (Missing, 404), (Full, 507), (Unavailable, 503))


def routes(storage: Storage, label: Render) -> list[web.AbstractRouteDef]:
    """`/e/<link>`; nothing without a storage server, or where people reach no pages."""
    url = storage.folders.site.pages_url
    if not (storage.folders.configured and url):
        return []
    shown = Shown(urlsplit(url).path.rstrip("/"), "edit", SHOWN, POLICY)
    pages = _Pages(storage, label, shown)
    return [
        web.get("/e/static/{name}", shown.static),
        web.get("/e/{token}", pages.page),
        web.get("/e/{token}/text", pages.guarded(pages.text)),
        web.post("/e/{token}/save", pages.guarded(pages.save)),
    ]


class _Pages:
    def __init__(self, storage: Storage, label: Render, shown: Shown) -> None:
        self._storage = storage
        self._label = label
        self._shown = shown

    async def page(self, request: web.Request) -> web.Response:
        visit = await self._visit(request)
        if visit is None:
            raise web.HTTPGone(text="This link has expired. 这个链接已过期。")
        facts: Facts = {
            "token": visit.token,
            "language": visit.person.language,
            "name": visit.path.name,
            "inside": visit.place.in_job(visit.path),
        }
        return self._shown.page("index.html", facts=facts)

    async def text(self, _request: web.Request, visit: Visit) -> web.Response:
        found = await self._storage.editing.open(visit.place, visit.path)
        return answer(
            200,
            {
                "text": found.text,
                "sha256": found.sha256,
                "encoding": found.encoding,
                "newline": found.newline,
                "mixed": found.mixed,
            },
        )

    async def save(self, request: web.Request, visit: Visit) -> web.Response:
        # A form of another site can't send this type without being asked first.
        if request.content_type != "application/json":
            return answer(415, {"error": "bad request"})
        said = await told(request)
        words, base, over = said.get("text"), said.get("base"), said.get("over")
        if not (isinstance(words, str) and isinstance(base, str)):
            return answer(400, {"error": "bad request"})
        saved = await self._storage.editing.save(visit, words, base, over=over is True)
        return answer(200, {"sha256": saved.sha256, "kept": saved.kept})

    def guarded(self, run: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Only for who holds a good link; what is wrong is said in the person's words."""

        async def handle(request: web.Request) -> web.StreamResponse:
            visit = await self._visit(request)
            if visit is None:
                return answer(410, {"error": "expired"})
            try:
                return await run(request, visit)
            except UserError as error:
                return refusal(run, error, self._label(error.text, visit.person.language), _STATUS)

        return handle

    async def _visit(self, request: web.Request) -> Visit | None:
        return await self._storage.visits.visit(request.match_info["token"], EDIT)
