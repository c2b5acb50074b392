"""The part of the OpenPAI client that touches the network: where to send, how long to wait, when to repeat."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from bot.domain.errors import TokenRefused, Unavailable, UserError
from bot.domain.people import Token
from bot.openpai.budget import Budget, Urgency
from bot.openpai.wire import requests, values
from bot.openpai.wire.answers import Answer, PortalAnswered
from bot.openpai.wire.requests import SYSTEM, Request
from bot.trust import trusting

TRIES = 3
PAUSE_SECONDS = 0.2
NOTICED_SECONDS = 2.0
"""A clock that differs by less is right."""
_PREFIXES = ("rest-server/api/v2", "api/v2")
"""Below the portal's address, and on a bare rest-server (product 10)."""


@dataclass(frozen=True, slots=True)
class Base:
    api: URL
    portal: str
    """Empty for a bare rest-server, which serves neither pages nor log files."""


class Transport:
    """Sends requests to one OpenPAI. The session is lent and never closed here.

    Whether the address is the portal's or a bare rest-server's is found out by asking for `info`: the
    portal answers any unknown path with a page and status 200, so only JSON decides. What was found is
    remembered until pages start to come.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        ca_file: str | None = None,
        timeout_seconds: float = 20.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._session = session
        self._root = _root(url)
        self._tls = trusting(ca_file)
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._budget = Budget(time.monotonic)
        self._ahead_seconds = 0.0
        self._base: Base | None = None
        self._finding = asyncio.Lock()

    @property
    def portal(self) -> str:
        return self._base.portal if self._base else ""

    def now(self) -> datetime:
        """OpenPAI's clock: ours, corrected by what the last answer's date told when it differs."""
        return datetime.fromtimestamp(self._clock() + self._ahead_seconds, UTC)

    def _learn_time(self, answer: Answer) -> None:
        """Dates have a resolution of 1 s, and answers take their time: small differences mean nothing."""
        with suppress(ValueError, TypeError):
            told = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
            ahead = told + 0.5 - self._clock()
            self._ahead_seconds = ahead if abs(ahead) > NOTICED_SECONDS else 0.0

    async def base(self) -> Base:
        async with self._finding:
            if self._base is None:
                self._base = await self._find()
            return self._base

    async def call(
        self,
        request: Request,
        as_: Token | None = None,
        *,
        urgency: Urgency = Urgency.PERSON,
        timeout_seconds: float | None = None,
    ) -> Answer:
        """The answer, whatever its status. Raises Unavailable when nobody answered, Busy before asking."""
        answer = await self._ask(request, as_, urgency, timeout_seconds)
        if answer.html and answer.ok:
            self._base = None
            if request.method != "GET":
                raise PortalAnswered
            answer = await self._ask(request, as_, urgency, timeout_seconds)
        return answer

    async def fetch(
        self, url: URL, headers: dict[str, str], *, timeout_seconds: float, max_bytes: int
    ) -> Answer:
        """A file of the log server: outside the rest-server's limits, and without our token."""
        return await self._get_answer(
            "GET", url, headers, b"", timeout_seconds=timeout_seconds, max_bytes=max_bytes
        )

    async def _ask(
        self, request: Request, as_: Token | None, urgency: Urgency, timeout_seconds: float | None
    ) -> Answer:
        base = await self.base()
        user = as_.user if as_ else ""
        windows = await self._budget.take(request, user, urgency)
        answer = None
        try:
            answer = await self._get_answer(
                request.method,
                URL(f"{base.api}{request.target}", encoded=True),
                _headers(request, as_),
                request.body,
                timeout_seconds=timeout_seconds or self._timeout_seconds,
            )
        finally:
            self._budget.give_back(windows, request, user, answer)
        self._learn_time(answer)
        return answer

    async def _get_answer(
        self,
        method: str,
        url: URL,
        headers: dict[str, str],
        body: bytes,
        *,
        timeout_seconds: float,
        max_bytes: int | None = None,
        follow: bool = False,
    ) -> Answer:
        """Only GET is repeated, and only when nobody answered: the server closes idle connections after 5 s."""
        for attempt in range(1, TRIES + 1):
            try:
                async with self._session.request(
                    method,
                    url,
                    headers=headers,
                    data=body or None,
                    ssl=self._tls,
                    allow_redirects=follow,
                    timeout=aiohttp.ClientTimeout(total=timeout_seconds, connect=10),
                ) as response:
                    return Answer(
                        response.status,
                        {name.lower(): value for name, value in response.headers.items()},
                        await _read(response, max_bytes),
                        self._clock(),
                        str(response.url),
                    )
            except TimeoutError:
                raise Unavailable(SYSTEM, f"no answer within {timeout_seconds:g} s") from None
            except aiohttp.ClientConnectorCertificateError:
                raise Unavailable(SYSTEM, "its certificate is not trusted") from None
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as cause:
                if method != "GET" or attempt == TRIES:
                    raise Unavailable(SYSTEM, _reason(cause)) from None
            except (aiohttp.ClientError, ValueError, OSError) as cause:
                raise Unavailable(SYSTEM, _reason(cause)) from None
            await asyncio.sleep(PAUSE_SECONDS * attempt)
        raise Unavailable(SYSTEM, "no answer")

    async def _find(self) -> Base:
        """The first prefix below which `info` answers JSON; else the most telling refusal."""
        refused: UserError | None = None
        for prefix in _PREFIXES:
            api = self._root / prefix
            request = requests.info()
            answer = await self._get_answer(
                "GET", URL(f"{api}{request.target}"), {}, b"", timeout_seconds=10, follow=True
            )
            try:
                values.info(answer, request)
            except UserError as cause:
                told = answer.status == 429 or answer.status >= 500
                refused = cause if told or refused is None else refused
            else:
                root = self._redirected(URL(answer.url), f"{prefix}/info")
                portal = str(root).rstrip("/") if prefix.startswith("rest-server") else ""
                return Base(root / prefix, portal)
        raise refused if isinstance(refused, Unavailable) else _nothing_there(refused)

    def _redirected(self, came_from: URL, below: str) -> URL:
        """A portal may send http to https. Another host is another system: settings must name it."""
        if came_from.host != self._root.host:
            raise Unavailable(SYSTEM, f"its address redirects to {came_from.host}")
        path = came_from.path.removesuffix(below).rstrip("/")
        return came_from.with_path(path).with_query(None)


def _nothing_there(refused: UserError | None) -> UserError:
    if refused is not None and refused.text.key == "error-busy":
        return refused
    return Unavailable(SYSTEM, "there is no OpenPAI at the configured address")


def _root(url: str) -> URL:
    """The address people paste may be that of a page or of the API: cut it to what is common to all."""
    bare = URL(url.strip()).with_query(None).with_fragment(None)
    path = bare.path.removesuffix("/")
    for ending in ("/api/v2", "/rest-server", "/index.html", "/home.html"):
        path = path.removesuffix(ending)
    return bare.with_path(path.removesuffix("/"))


def _headers(request: Request, as_: Token | None) -> dict[str, str]:
    """Uncompressed answers: on the lab's own network unpacking costs more than it saves."""
    headers = {"Accept-Encoding": "identity"}
    if as_ is not None:
        if not (as_.secret.isascii() and as_.secret.isprintable()):
            raise TokenRefused(SYSTEM)
        headers["Authorization"] = f"Bearer {as_.secret}"
    if request.content_type:
        headers["Content-Type"] = request.content_type
    if request.if_none_match:
        headers["If-None-Match"] = request.if_none_match
    return headers


async def _read(response: aiohttp.ClientResponse, max_bytes: int | None) -> bytes:
    if max_bytes is None:
        return await response.read()
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) >= max_bytes:
            break
    return bytes(body[:max_bytes])


def _reason(cause: Exception) -> str:
    """The kind of failure; the exception's own text may hold an address with a token in it."""
    match cause:
        case aiohttp.ClientConnectorDNSError():
            return "its name could not be resolved"
        case aiohttp.ClientConnectorError():
            return "it could not be reached"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return "the connection was closed before an answer came"
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case _:
            return "the answer could not be read"
