"""The part of the Harbor client that touches the network: one request, its login, its time, its turn."""

import asyncio
import base64
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp
import structlog
from yarl import URL

from bot.domain.errors import Unavailable
from bot.domain.people import Token
from bot.harbor.answers import SYSTEM, Answer
from bot.once import once
from bot.trust import trusting

log = structlog.get_logger()

AT_ONCE = 4
CALL_SECONDS = 20.0
LOCKED_SECONDS = 1.6
"""After a failed password Harbor takes every login of that user for a failed one, for 1.5 s."""
LARGEST_BODY_BYTES = 32 << 20


class Transport:
    """Sends requests to one Harbor. The session is lent, must have no cookie jar, and is never closed here.

    Any answer of Harbor sets a cookie, and who shows it must show a CSRF token too (contracts/harbor.md 2.4).
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        ca_file: str | None = None,
        call_seconds: float = CALL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self.url = URL(url.rstrip("/"))
        self._tls = trusting(ca_file)
        self._call_seconds = call_seconds
        self._clock = clock
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._turns: dict[str, asyncio.Lock] = {}
        self._locked_until: dict[str, float] = {}

    async def call(
        self,
        method: str,
        target: str,
        as_: Token,
        *,
        body: bytes = b"",
        fragile: bool = False,
        named: bool = True,
    ) -> Answer:
        """`target` is path and query, encoded. `fragile`: the login may be wrong, so others of that user wait.

        `named`: a project of digits only is meant by name; else by number.
        """
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        headers["X-Is-Resource-Name"] = "true" if named else "false"
        headers["X-Accept-Vulnerabilities"] = (
            "application/vnd.security.vulnerability.report; version=1.1, "
            "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0"
        )
        if body:
            headers["Content-Type"] = "application/json"
        if as_.user:
            if as_.system != SYSTEM:
                raise ValueError(f"a login of {as_.system} does not belong to Harbor")
            words = base64.b64encode(f"{as_.user}:{as_.secret}".encode()).decode()
            headers["Authorization"] = f"Basic {words}"
        async with AsyncExitStack() as stack:
            if fragile and as_.user:
                await stack.enter_async_context(self._turns.setdefault(as_.user, asyncio.Lock()))
            if as_.user and (wait := self._locked_until.get(as_.user, 0) - self._clock()) > 0:
                await asyncio.sleep(wait)
            await stack.enter_async_context(self._gate)
            return await self._reached(method, target, headers, body)

    def failed(self, user: str) -> None:
        """A password of this user was wrong: nobody asks as this user until the lock is off."""
        self._locked_until[user] = self._clock() + LOCKED_SECONDS

    async def _reached(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        """Only reading is repeated, and only when nobody answered: a write is looked at again by its caller."""
        for again in (method in {"GET", "HEAD"}, False):
            try:
                async with self._session.request(
                    method,
                    URL(f"{self.url}{target}", encoded=True),
                    headers=headers,
                    data=body or None,
                    ssl=self._tls,
                    allow_redirects=False,
                    middlewares=(once,),
                    timeout=aiohttp.ClientTimeout(total=self._call_seconds, sock_connect=10),
                ) as response:
                    told = await _read(response)
                    answer = Answer(
                        response.status, {k.lower(): v for k, v in response.headers.items()}, told
                    )
                    if answer.status >= 500:
                        log.warning(
                            "Harbor failed", status=answer.status, request_id=answer.request_id
                        )
                    return answer
            except TimeoutError:
                raise Unavailable(SYSTEM, "no answer in time") from None
            except aiohttp.ClientConnectorCertificateError:
                raise Unavailable(SYSTEM, "its certificate is not trusted") from None
            except aiohttp.ClientConnectorError:
                raise Unavailable(SYSTEM, "it could not be reached") from None
            except (aiohttp.ClientError, OSError):
                if not again:
                    raise Unavailable(SYSTEM, "the connection was closed") from None
        raise Unavailable(SYSTEM, "no answer")


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise Unavailable(SYSTEM, "an answer of more than 32 MiB")
    return bytes(body)
