"""The upload page and the short address where a code is typed."""

import json
import time
from collections import defaultdict, deque
from importlib.resources import files

from aiohttp import web

from bot.services.files import Storage
from bot.web.upload.tus import Render, Tus

TRIES, TRIES_SECONDS = 10, 600.0
TRIES_OF_ALL = 200
"""Codes tried by everybody in the same time: guessing from many addresses is no quicker."""
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
SHOWN = (
    "upload.css", "upload.js", "queue.js", "words.js", "sum.js", "code.js",
    "vendor/tus.min.js", "vendor/sha256.umd.min.js",
)  # fmt: skip


def routes(storage: Storage, label: Render) -> list[web.AbstractRouteDef]:
    """`/u` for codes, `/u/<link>` for the page, tus below it; nothing without a storage server."""
    if not (storage.folders.configured and storage.folders.site.pages_url):
        return []
    pages = _Pages(storage)
    return [
        web.get("/u", pages.ask_code),
        web.post("/u", pages.take_code),
        web.get("/u/static/{name:.+}", pages.static),
        web.get("/u/{token}", pages.upload),
        *Tus(storage, label).routes(),
    ]


class _Pages:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._tries: dict[str, deque[float]] = defaultdict(deque)
        self._files: dict[str, bytes] = {}

    async def ask_code(self, _request: web.Request) -> web.Response:
        return self._page("code.html")

    async def take_code(self, request: web.Request) -> web.Response:
        """A good code leads to a link of its own; a wrong one costs a try."""
        if not self._may_try(request.remote or ""):
            return self._page("code.html", 429, {"trouble": "many"})
        typed = (await request.post()).get("code", "")
        token = await self._storage.visits.enter(typed) if isinstance(typed, str) else None
        if token is None:
            return self._page("code.html", 403, {"trouble": "wrong"})
        raise web.HTTPSeeOther(f"/u/{token}")

    async def upload(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        visit = await self._storage.visits.visit(token)
        if visit is None:
            return self._page("code.html", 410, {"trouble": "expired"})
        facts = {
            "token": token,
            "language": visit.person.language,
            "inside": visit.place.in_job(visit.path),
            "folder": visit.place.on_server(visit.path),
        }
        return self._page("index.html", 200, facts)

    async def static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in SHOWN:
            raise web.HTTPNotFound
        kind = KINDS[name[name.rindex(".") :]]
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.Response(
            body=self._read(name), content_type=kind, charset="utf-8", headers=headers
        )

    def _page(
        self, name: str, status: int = 200, facts: dict[str, str] | None = None
    ) -> web.Response:
        # In an attribute, so that no script stands in the page.
        told = (
            json.dumps(facts or {})
            .replace("&", "&amp;")
            .replace('"', "&quot;")
            .replace("<", "&lt;")
        )
        page = self._read(name).decode().replace("{{facts}}", told)
        headers = {"Content-Security-Policy": POLICY}
        return web.Response(text=page, status=status, content_type="text/html", headers=headers)

    def _read(self, name: str) -> bytes:
        if name not in self._files:
            self._files[name] = (files("bot.web") / "static" / "upload" / name).read_bytes()
        return self._files[name]

    def _may_try(self, address: str) -> bool:
        now = time.monotonic()
        if len(self._tries) > 10_000:  # many addresses: forget them, the sum of all still counts
            for one in [key for key in self._tries if key]:
                del self._tries[one]
        for key, most in ((address or "?", TRIES), ("", TRIES_OF_ALL)):
            tries = self._tries[key]
            while tries and now - tries[0] > TRIES_SECONDS:
                tries.popleft()
            if len(tries) >= most:
                return False
        for key in (address or "?", ""):
            self._tries[key].append(now)
        return True
