"""The front of the emulated Harbor: nginx's way with paths, cookies and CSRF, faults, a record of it all."""

import asyncio
import json
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from aiohttp import web

from bot.demo.harbor import rest, system  # noqa: F401 - registers the routes
from bot.demo.harbor.accounts import basic
from bot.demo.harbor.rest import Call, World
from bot.demo.harbor.store import Refused
from bot.demo.harbor.v2 import Asked, Given, Registry, caller_of

SEEN_AT_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived, its path as it came over the wire."""

    method: str
    path: str
    query: str
    user: str
    status: int


@dataclass(slots=True)
class Faults:
    """What goes wrong with the next requests whose path has `part` in it."""

    kind: str = ""
    """`silent`, `html`, `cut`, `slow`; `lost`: done, and the answer never arrives; empty is none."""
    method: str = ""
    """Only requests of this one."""
    part: str = ""
    times: int = 1_000_000

    def hit(self, path: str, method: str) -> str:
        if not self.kind or self.part not in path or self.times <= 0:
            return ""
        if self.method not in {"", method}:
            return ""
        self.times -= 1
        return self.kind


@dataclass(slots=True)
class Server:
    world: World
    registry: Registry
    faults: Faults = field(default_factory=Faults)
    seen: list[Seen] = field(default_factory=list)
    port: int = 0
    _runner: web.AppRunner | None = None

    async def open(self, host: str, port: int) -> None:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.05
        )
        await runner.setup()
        site = web.TCPSite(runner, host, port or self.port, reuse_address=True)
        await site.start()
        self._runner, self.port = runner, runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        fault = self.faults.hit(path, request.method)
        if fault == "slow":
            await asyncio.sleep(1.0)
        if fault == "silent":
            await asyncio.Event().wait()
        if fault == "cut" and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if fault == "html":
            return web.Response(
                status=502, text="<html>502 Bad Gateway</html>", content_type="text/html"
            )
        try:
            given = await self._answer(request, path)
        except Refused as refused:
            told = {"errors": [{"code": refused.code, "message": refused.message}]}
            given = Given(
                refused.status, json.dumps(told).encode(), {"Content-Type": "application/json"}
            )
        user = basic(request.headers.get("Authorization", ""))[0]
        self._note(Seen(request.method, path, request.rel_url.raw_query_string, user, given.status))
        if fault == "lost" and request.transport is not None:
            request.transport.abort()
            return web.Response()
        headers = {"X-Request-Id": secrets.token_hex(8), **given.headers}
        if request.method == "HEAD" and given.body:
            headers["Content-Length"] = str(len(given.body))
        body = b"" if request.method == "HEAD" else given.body
        response = web.Response(status=given.status, body=body, headers=headers)
        # Every answer sets it; who brings it back needs a CSRF token (contract 2.4).
        response.set_cookie("sid", secrets.token_hex(16), httponly=True)
        return response

    def _note(self, seen: Seen) -> None:
        if len(self.seen) >= SEEN_AT_MOST:
            del self.seen[: SEEN_AT_MOST // 2]
        self.seen.append(seen)

    async def _answer(self, request: web.Request, path: str) -> Given:
        header = request.headers.get("Authorization", "")
        body = await request.read()
        if "sid" in request.cookies and request.method not in {"GET", "HEAD", "OPTIONS"}:
            raise Refused(403, "FORBIDDEN", "CSRF token invalid")
        query = dict(request.query)
        if path == "/service/token" or path.startswith("/v2/"):
            asked = Asked(
                request.method,
                unquote(path),
                query,
                {name.lower(): value for name, value in request.headers.items()},
                body,
                caller_of(self.world, header, request.method, path),
            )
            if path == "/service/token":
                return self.registry.token(asked, request.query.getall("scope", []))
            return self.registry.respond(asked)
        if path == "/api/version":
            return _json(200, {"version": "v2.0"}, {})
        if not path.startswith("/api/v2.0/"):
            return Given(200, b"<html>Harbor</html>", {"Content-Type": "text/html"})
        return self._rest(request, _through_nginx(path), query, body, header)

    def _rest(
        self, request: web.Request, path: str, query: dict[str, str], body: bytes, header: str
    ) -> Given:
        caller = self.world.accounts.caller(header, request.method, path)
        try:
            made = json.loads(body) if body else None
        except ValueError:
            raise Refused(400, "BAD_REQUEST", "parsing body failed") from None
        told = rest.respond(self.world, Call(request.method, path, query, made, caller))
        return _json(told.status, told.body, told.headers)


def _through_nginx(raw: str) -> str:
    """A location with a URI part decodes the path and encodes it again: `%2F` becomes a slash (contract 3)."""
    return quote(re.sub("/{2,}", "/", unquote(raw)), safe="/:@!$&'()*+,;=~")


def _json(status: int, body: object, headers: dict[str, str]) -> Given:
    if body is None:
        return Given(status, b"", headers)
    return Given(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
