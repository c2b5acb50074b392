"""The part of the registry client that touches the network: logins, redirects, limits, when to repeat."""

import asyncio
import base64
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from bot.domain.errors import Denied, Unavailable, WrongLogin
from bot.domain.people import Token
from bot.once import Lost, once
from bot.registry.places import Place
from bot.registry.wire.answers import SYSTEM, Answer, failure
from bot.registry.wire.challenges import Bearer, Challenge, bearer, challenge
from bot.trust import trusting

AT_ONCE = 4
"""Requests to one registry at the same time."""
REDIRECTS = 4
CALL_SECONDS = 15.0
MARGIN_SECONDS = 20.0
"""A token is not used any more when it ends that soon."""
SILENCE_SECONDS = 60.0
"""How long a transfer of bytes may stand still."""
_KEPT_TOKENS = 512


class Transport:
    """Sends requests to the registries of the settings. The session is lent and never closed here.

    It must have no cookie jar: Harbor asks whoever shows its cookie for a CSRF token (contracts/harbor.md 0.5).
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        call_seconds: float = CALL_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._call_seconds = call_seconds
        self._silence_seconds = silence_seconds
        self._clock = clock
        self._tokens: dict[tuple[str, str, str, str], tuple[Bearer, float]] = {}
        self._challenges: dict[str, Challenge] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._tls: dict[str, ssl.SSLContext | bool] = {}

    async def call(
        self,
        place: Place,
        method: str,
        target: str,
        as_: Token,
        scope: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        max_bytes: int = 8 << 20,
    ) -> Answer:
        """The whole answer, whatever its status. `target` is path and query, encoded."""
        async with self.open(
            place, method, target, as_, scope, headers=headers, body=body, brief=True
        ) as response:
            return await _answer(response, max_bytes)

    @asynccontextmanager
    async def open(
        self,
        place: Place,
        method: str,
        target: str,
        as_: Token,
        scope: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | AsyncIterator[bytes] = b"",
        brief: bool = False,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """An answer whose body is still to be read. A body that streams is sent once, with a fresh token."""
        gate = self._gates.setdefault(place.host, asyncio.Semaphore(AT_ONCE))
        streams = not isinstance(body, bytes)
        async with gate:
            for last in (False, True):
                login, kept = await self._authorization(place, as_, scope, fresh=last)
                async with self._send(
                    place,
                    method,
                    _url(place, target),
                    {**(headers or {}), **login},
                    body,
                    brief=brief,
                ) as response:
                    asked = response.status == 401 and challenge(_challenges(response))
                    if (
                        not asked
                        or last
                        or streams
                        or self._hopeless(place, asked, as_, login, kept)
                    ):
                        yield response
                        return

    def _hopeless(
        self, place: Place, asked: Challenge, as_: Token, login: Mapping[str, str], kept: bool
    ) -> bool:
        """Whether asking again would be refused again. A login that was just tried is never repeated.

        Harbor locks whose password was wrong (contracts/harbor.md 2.1), and asks for Basic once it got any
        login, which it takes as well as a token.
        """
        if asked.scheme == "bearer" or not login:
            self._challenges[place.host] = asked
        if not login:
            return asked.scheme == "basic" and not as_.user
        return not kept or asked.error == "insufficient_scope"

    async def check(self, place: Place, as_: Token) -> None:
        """What `docker login` does: the token service without a scope, or `/v2/` itself. Raises WrongLogin."""
        answer = await self._plain(place, "GET", _url(place, "/v2/"), {})
        asked = challenge(answer.challenges)
        if asked is None:
            if answer.ok and not answer.html:
                return  # open to everybody: there is nothing that a login could be checked with
            raise failure(answer, place.host)
        self._challenges[place.host] = asked
        if asked.scheme == "bearer":
            await self._fetch_token(place, asked, as_, "")
            return
        answer = await self._plain(place, "GET", _url(place, "/v2/"), _basic(as_))
        if answer.status == 401:
            raise WrongLogin(SYSTEM)
        if not answer.ok or answer.html:
            raise failure(answer, place.host)

    async def _authorization(
        self, place: Place, as_: Token, scope: str, *, fresh: bool
    ) -> tuple[dict[str, str], bool]:
        """The login header, and whether it was kept from earlier, so that it may have ended meanwhile.

        Empty as long as the registry has not said how it wants to be asked.
        """
        if as_.user and as_.system != place.system:
            raise ValueError(f"a login of {as_.system} does not belong to {place.host}")
        asked = self._challenges.get(place.host)
        if asked is None:
            return {}, False
        if asked.scheme == "basic":
            return (_basic(as_) if as_.user else {}), False
        key = (place.host, as_.user, as_.secret, scope)
        known = self._tokens.get(key)
        kept = known is not None and not fresh and known[1] > self._clock()
        if known is None or not kept:
            try:
                made = await self._fetch_token(place, asked, as_, scope)
            except Unavailable:  # perhaps it has another token service by now
                self._challenges.pop(place.host, None)
                raise
            if len(self._tokens) >= _KEPT_TOKENS:
                self._tokens.clear()
            known = made, self._clock() + made.lives_seconds - MARGIN_SECONDS
            self._tokens[key] = known
        return {"Authorization": f"Bearer {known[0].value}"}, kept

    async def _fetch_token(self, place: Place, asked: Challenge, as_: Token, scope: str) -> Bearer:
        """By GET: Harbor's token service knows no POST. A wrong login shows only where no scope is asked."""
        realm = _realm(place, asked.realm)
        query = [("service", asked.service)] if asked.service else []
        query += [("scope", one) for one in scope.split()]
        if as_.user:
            query.append(("account", as_.user))
        answer = await self._plain(
            place, "GET", realm.extend_query(query), _basic(as_) if as_.user else {}
        )
        if answer.status in {401, 403}:
            if as_.user and not scope:
                raise WrongLogin(SYSTEM)
            raise Denied(SYSTEM)
        if not answer.ok:
            raise failure(answer, place.host)
        return bearer(answer)

    async def _plain(
        self, place: Place, method: str, url: URL, headers: Mapping[str, str]
    ) -> Answer:
        async with self._send(place, method, url, headers, b"", brief=True) as response:
            return await _answer(response, 1 << 20)

    @asynccontextmanager
    async def _send(
        self,
        place: Place,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        body: bytes | AsyncIterator[bytes],
        *,
        brief: bool,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request and its redirects; a login is left behind when the host changes (contracts 2.6)."""
        response = await self._reached(place, method, url, headers, body, brief=brief)
        try:
            for _ in range(REDIRECTS):
                told = response.headers.get("Location")
                if (
                    response.status not in {301, 302, 303, 307, 308}
                    or not told
                    or method not in {"GET", "HEAD"}
                ):
                    break
                onward = url.join(address(told))
                if onward.host != url.host or onward.port != url.port:
                    own = onward.host == place.url.host or place.url.scheme == "http"
                    if onward.scheme != "https" and not own:
                        raise Unavailable(SYSTEM, "it sends us to an unsafe address")
                    headers = {k: v for k, v in headers.items() if k != "Authorization"}
                url = onward
                response.release()
                response = await self._reached(place, method, url, headers, b"", brief=brief)
            yield response
        except (aiohttp.ClientError, TimeoutError, OSError) as cause:
            raise Unavailable(SYSTEM, _reason(cause)) from None
        finally:
            response.release()

    async def _reached(
        self,
        place: Place,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        body: bytes | AsyncIterator[bytes],
        *,
        brief: bool,
    ) -> aiohttp.ClientResponse:
        """Repeated once, if it only reads and nobody answered: the connection was an old one."""
        calm = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=self._silence_seconds)
        timeout = (
            aiohttp.ClientTimeout(total=self._call_seconds, sock_connect=10) if brief else calm
        )
        for again in (method in {"GET", "HEAD"}, False):
            try:
                return await self._session.request(
                    method,
                    url,
                    headers={"Accept-Encoding": "identity", **headers},
                    data=body or None,
                    ssl=self._trust(place),
                    allow_redirects=False,
                    middlewares=(once,),
                    timeout=timeout,
                )
            except Lost as cause:
                if not again:
                    raise Unavailable(SYSTEM, _reason(cause)) from None
            except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as cause:
                raise Unavailable(SYSTEM, _reason(cause)) from None
        raise Unavailable(SYSTEM, "no answer")

    def _trust(self, place: Place) -> ssl.SSLContext | bool:
        if place.host not in self._tls:
            self._tls[place.host] = False if place.insecure else trusting(place.ca_file)
        return self._tls[place.host]


def _url(place: Place, target: str) -> URL:
    """Built as a string: aiohttp must not touch what is encoded already."""
    return URL(f"{str(place.url).rstrip('/')}{target}", encoded=True)


def address(words: str) -> URL:
    """One that a registry gives. Raises Unavailable for what is none; yarl looks at some of it only when asked."""
    try:
        url = URL(words, encoded=True)
        _ = url.port
    except ValueError:
        raise Unavailable(SYSTEM, "it gives an address that is none") from None
    return url


def _realm(place: Place, words: str) -> URL:
    """The token service's address: https, or the registry's own host if that is not encrypted either."""
    realm = address(words)
    own = realm.host == place.url.host and realm.scheme == place.url.scheme
    if not realm.host or not (realm.scheme == "https" or own):
        raise Unavailable(SYSTEM, "its token service is not at a safe address")
    return realm


def _basic(as_: Token) -> dict[str, str]:
    """In UTF-8: some registries have user names in Chinese."""
    words = base64.b64encode(f"{as_.user}:{as_.secret}".encode()).decode()
    return {"Authorization": f"Basic {words}"}


def _challenges(response: aiohttp.ClientResponse) -> tuple[str, ...]:
    return tuple(response.headers.getall("WWW-Authenticate", []))


async def _answer(response: aiohttp.ClientResponse, max_bytes: int) -> Answer:
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > max_bytes:
            break
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, bytes(body[: max_bytes + 1]), _challenges(response))


def _reason(cause: Any) -> str:
    """The kind of failure; the exception's own words may hold an address with a token in it."""
    match cause:
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "its certificate is not trusted"
        case aiohttp.ClientConnectorDNSError():
            return "its name could not be resolved"
        case aiohttp.ClientConnectorError():
            return "it could not be reached"
        case Lost() | aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | OSError():
            return "the connection was closed"
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case _:
            return "the answer could not be read"
