"""Who may use an upload link: the browser that opened it first, as long as the link lives."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from aiohttp import ClientPayloadError, web

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.errors import Exists, Full
from bot.domain.text import Text
from bot.services.files import Visits
from bot.services.files.uploads import BeingSent, WrongOffset
from bot.services.files.visits import LINK_SECONDS, Visit

log = structlog.get_logger(__name__)

COOKIE = "pailot"
IDLE_SECONDS = 40.0
"""A sender of whom nothing was heard for so long is gone: what it held is free for the next try."""
Statuses = tuple[tuple[type[UserError], int], ...]
_STATUS: Statuses = (
    (WrongOffset, 409),
    (BeingSent, 423),
    (Exists, 412),
    (Full, 507),
    (Unavailable, 503),
)

Render = Callable[[Text, str], str]
Handler = Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]


class Guard:
    """`secure`: people reach the pages by https, so the cookie goes no other way."""

    def __init__(self, visits: Visits, label: Render, prefix: str, *, secure: bool) -> None:
        self._visits = visits
        self._label = label
        self._prefix = prefix
        self._secure = secure

    def guarded(self, run: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Only in the browser that the link is bound to; what is wrong is said in the person's words."""

        async def handle(request: web.Request) -> web.StreamResponse:
            visit = await self._visits.visit(request.match_info["token"])
            if visit is None:
                return answer(410, {"error": "expired"})
            if not visit.is_in(secret_of(request)):
                return answer(403, {"error": "taken"})
            try:
                return await run(request, visit)
            except UserError as error:
                return refusal(run, error, self._label(error.text, visit.person.language), _STATUS)

        return handle

    async def claim(self, request: web.Request) -> web.StreamResponse:
        """The page's first words: the link belongs to this browser from now on."""
        token = request.match_info["token"]
        visit = await self._visits.visit(token)
        if visit is None:
            return answer(410, {"error": "expired"})
        if visit.is_in(secret_of(request)):
            return answer(204)
        browser = await self._visits.claim(token)
        if browser is None:
            return answer(403, {"error": "taken"})
        response = answer(204)
        response.set_cookie(
            COOKIE,
            browser,
            max_age=LINK_SECONDS,
            path=f"{self._prefix}/u/{token}",
            httponly=True,
            secure=self._secure,
            samesite="Lax",
        )
        return response


def cause(error: UserError) -> str:
    """What lies behind an answer, for the log: nothing of it is for people."""
    behind = error.__cause__
    detail = str(error.text.args.get("detail", ""))
    if behind is None:
        return detail or "the connection was cut"
    return f"{type(behind).__name__}: {behind}"[:300]


def refusal(run: Handler, error: UserError, message: str, statuses: Statuses) -> web.Response:
    """What is wrong, in the person's words; 422 unless `statuses` has a code for its kind."""
    status = next((code for kind, code in statuses if isinstance(error, kind)), 422)
    if status == 503:
        log.warning(
            "the storage server failed a page",
            request=run.__qualname__,
            why=error.text.key,
            cause=cause(error),
        )
    return answer(status, {"error": error.text.key, "message": message})


def secret_of(request: web.Request) -> str:
    return request.cookies.get(COOKIE, "")


async def body(request: web.Request) -> AsyncIterator[bytes]:
    """What came until the sender broke off counts."""
    try:
        while True:
            async with asyncio.timeout(IDLE_SECONDS):
                chunk = await request.content.readany()
            if not chunk:
                return
            yield chunk
    except (OSError, ClientPayloadError, web.RequestPayloadError) as error:
        log.info("an upload was broken off", error=type(error).__name__)


async def told(request: web.Request) -> dict[str, object]:
    """What the page says; nothing if it is not understood."""
    try:
        said = json.loads(await request.text() or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def answer(status: int, body: object = None, headers: dict[str, str] | None = None) -> web.Response:
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.json_response(body, status=status, headers=headers)
