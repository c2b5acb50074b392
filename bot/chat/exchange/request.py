"""The way to Telegram: an aiohttp backend for python-telegram-bot, four times faster than the stock one."""

import json
import re
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

import aiohttp
import msgspec
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from aiohttp_socks import ProxyType as Socks
from telegram import Bot
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot import __version__
from bot.chat.exchange.telegram_errors import (
    NotSent,
    NotSentInTime,
    Unanswered,
    UnansweredInTime,
    redacted,
    refused,
)

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
MEDIA_SECONDS = 300.0
"""aiohttp has no write timeout; 50 MB through a proxy may take this long as a whole."""

_ESCAPES = {byte: quote_plus(bytes([byte])) for byte in range(256)}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_DECODER = msgspec.json.Decoder()


class AiohttpRequest(BaseRequest):
    """One aiohttp session with its own connector; made in `initialize`, closed in `shutdown`.

    The environment's proxies are not looked at: a proxy is what settings name, for Telegram alone.
    """

    __slots__ = ("_answer_seconds", "_connections", "_proxy", "_session", "_ssl")

    def __init__(
        self,
        *,
        proxy: str = "",
        connections: int = 64,
        answer_seconds: float = ANSWER_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._proxy = URL(proxy) if proxy else None
        self._connections = connections
        self._answer_seconds = answer_seconds
        self._ssl: ssl.SSLContext | bool = tls or True
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._answer_seconds

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": f"Pailot/{__version__}"},
                proxy=self._proxy if self._through_http else None,
                trust_env=False,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def rebuild(self) -> None:
        """Drops every connection and begins anew; calls in flight end as unanswered."""
        await self.shutdown()
        await self.initialize()

    @property
    def _through_http(self) -> bool:
        return self._proxy is not None and self._proxy.scheme in {"http", "https"}

    def _connector(self) -> aiohttp.TCPConnector:
        common: dict[str, Any] = {
            "limit": self._connections,
            "keepalive_timeout": 30,
            "ttl_dns_cache": 300,
            "ssl": self._ssl,
        }
        if self._proxy is None or self._through_http:
            return aiohttp.TCPConnector(**common)
        if self._proxy.scheme not in {"socks5", "socks5h"}:
            raise ValueError(f"unknown kind of proxy: {self._proxy.scheme}")
        return ProxyConnector(
            host=self._proxy.host or "",
            port=self._proxy.port or 1080,
            proxy_type=Socks.SOCKS5,
            username=self._proxy.user,
            password=self._proxy.password,
            # Always the proxy resolves: where a proxy is needed, the names told here may be wrong ones.
            rdns=True,
            **common,
        )

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Raises every refusal itself, so that its status stays known: see `refusal_of`."""
        seconds = self._answer_seconds
        if isinstance(read_timeout, int | float):
            seconds = float(read_timeout)
        body: bytes | aiohttp.FormData | None = None
        if request_data is not None and request_data.contains_files:
            seconds = max(seconds, MEDIA_SECONDS)
            body = _multipart(request_data)
        elif request_data is not None:
            body = form(request_data.json_parameters)
        return await self.exchange(method, url, body, seconds=seconds)

    async def exchange(
        self, method: str, url: str, body: bytes | aiohttp.FormData | None, *, seconds: float
    ) -> tuple[int, bytes]:
        """Status and body of a 2xx answer; bytes are sent as a form."""
        if self._session is None:
            raise NotSent("the connection to Telegram is closed")
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=_FORM if isinstance(body, bytes) else None,
                # A redirect would carry the token to somebody else.
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=seconds, connect=min(CONNECT_SECONDS, seconds * 0.9)
                ),
            ) as answer:
                status, payload = answer.status, await answer.read()
        except (aiohttp.ClientError, OSError, ProxyError, ProxyConnectionError) as error:
            # `from None`: aiohttp's own errors may show the URL, and with it the token.
            raise _translated(error) from None
        if 200 <= status <= 299:
            return status, payload
        raise refused(status, payload)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """A 200 that is not Telegram's (a proxy's login page) counts as no answer at all."""
        try:
            answer = _DECODER.decode(payload)
        except msgspec.DecodeError:
            # Half a surrogate pair, which Telegram may quote back, is refused by msgspec alone.
            try:
                answer = json.loads(payload.decode("utf-8", "replace"))
            except ValueError:
                answer = None
        if not isinstance(answer, dict) or "result" not in answer:
            raise Unanswered("what came back is no answer of Telegram's")
        return answer


def form(fields: Mapping[str, str]) -> bytes:
    """As `urllib.parse.urlencode`, in a third of its time for Chinese; names are Telegram's, so plain."""
    return "&".join(
        [
            f"{name}={value.encode('utf-8', 'replace').decode('latin-1').translate(_ESCAPES)}"
            for name, value in fields.items()
        ]
    ).encode()


def _multipart(data: RequestData) -> aiohttp.FormData:
    """Unquoted fields: percent-encoded, a Chinese file name would arrive as gibberish."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        # A name may hold anything; these would end the header they stand in.
        clean = re.sub(r'[\r\n"\\]', "_", filename)
        form.add_field(name, content, filename=clean, content_type=mime)
    return form


def _translated(error: Exception) -> NetworkError:
    words = redacted(f"{type(error).__name__}: {error}".removesuffix(": "))
    match error:
        case aiohttp.ConnectionTimeoutError() | ProxyTimeoutError():
            return NotSentInTime(words)
        case aiohttp.ClientConnectorError() | ProxyError() | ProxyConnectionError():
            return NotSent(words)
        case aiohttp.ClientHttpProxyError() | aiohttp.InvalidURL():
            return NotSent(words)
        case TimeoutError():
            return UnansweredInTime(words)
        case _:
            return Unanswered(words)


def make_bot(
    token: str,
    api_url: str = "https://api.telegram.org",
    *,
    proxy: str = "",
    tls: ssl.SSLContext | None = None,
) -> Bot:
    """A Bot on this backend, with connections of their own for long polls."""
    root = api_url.rstrip("/")
    return Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=AiohttpRequest(proxy=proxy, tls=tls),
        get_updates_request=AiohttpRequest(proxy=proxy, tls=tls, connections=4),
    )
