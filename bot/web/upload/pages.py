"""The upload page and the short address where a code is typed."""

import time
from collections import defaultdict, deque
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from bot.services.files import Storage
from bot.web.upload.crates import CrateRoutes
from bot.web.upload.downloads import Downloads
from bot.web.upload.guard import Guard, Render, secret_of
from bot.web.upload.shown import Facts, Shown
from bot.web.upload.tus import Tus

TRIES, TRIES_SECONDS = 10, 600.0
TRIES_OF_ALL = 200
"""Codes tried by everybody in the same time: guessing from many addresses is no quicker."""


def routes(storage: Storage, label: Render) -> list[web.AbstractRouteDef]:
    """`/u` for codes, `/u/<link>` for the page, what it asks below it; nothing without a storage server."""
    url = storage.folders.site.pages_url
    if not (storage.folders.configured and url):
        return []
    prefix = urlsplit(url).path.rstrip("/")
    guard = Guard(storage.visits, label, prefix, secure=url.startswith("https:"))
    shown = Shown(prefix)
    pages = Pages(storage, shown)
    return [
        web.get("/u", pages.ask_code),
        web.post("/u", pages.take_code),
        web.get("/u/static/{name:.+}", shown.static),
        web.get("/u/{token}", pages.upload),
        web.post("/u/{token}/claim", guard.claim),
        *Tus(storage, guard).routes(),
        *CrateRoutes(storage, guard).routes(),
        web.get("/d/{token}", Downloads(storage, shown, label).send),  # HEAD too
    ]


class Pages:
    """The upload page of a link, and the address where a code is exchanged for one."""

    def __init__(self, storage: Storage, shown: Shown) -> None:
        self._visits = storage.visits
        self._shown = shown
        self._tries: dict[str, deque[float]] = defaultdict(deque)

    async def ask_code(self, _request: web.Request) -> web.Response:
        return self._shown.page("code.html")

    async def take_code(self, request: web.Request) -> web.Response:
        """A good code leads to a link of its own; a wrong one costs a try."""
        address = _address(request)
        if not self._may_try(address):
            return self._shown.page("code.html", 429, {"trouble": "tries"})
        typed = (await request.post()).get("code", "")
        token = await self._visits.enter(typed) if isinstance(typed, str) else None
        if token is None:
            return self._shown.page("code.html", 403, {"trouble": "wrong"})
        for key in (address, ""):  # only wrong ones count
            self._tries[key].pop()
        raise web.HTTPSeeOther(f"{self._shown.prefix}/u/{token}")

    async def upload(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        visit = await self._visits.visit(token)
        if visit is None:
            return self._shown.page("code.html", 410, {"trouble": "expired"})
        if visit.browser is not None and not visit.is_in(secret_of(request)):
            return self._shown.page("code.html", 403, {"trouble": "taken"})
        facts: Facts = {
            "token": token,
            "language": visit.person.language,
            "inside": visit.place.in_job(visit.path),
            "folder": visit.place.on_server(visit.path),
            "seconds": int(visit.left_seconds),
        }
        return self._shown.page("index.html", 200, facts)

    def _may_try(self, address: str) -> bool:
        now = time.monotonic()
        if len(self._tries) > 10_000:  # many addresses: forget them, the sum of all still counts
            for one in [key for key in self._tries if key]:
                del self._tries[one]
        for key, most in ((address, TRIES), ("", TRIES_OF_ALL)):
            tries = self._tries[key]
            while tries and now - tries[0] > TRIES_SECONDS:
                tries.popleft()
            if len(tries) >= most:
                return False
        for key in (address, ""):
            self._tries[key].append(now)
        return True


def _address(request: web.Request) -> str:
    """Whose request it is: behind a proxy of the house, what that says last."""
    try:
        near = ip_address(request.remote or "").is_private
    except ValueError:
        return "?"
    passed = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return passed[:64] if near and passed else request.remote or "?"
