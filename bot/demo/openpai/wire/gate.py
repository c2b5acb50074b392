"""The listeners: HTTP in and out, entity tags, compression, faults, and a record of it all."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web

from bot.demo.openpai.faults import Fault
from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.wire.answers import Answer
from bot.demo.openpai.wire.logserver import gateway
from bot.demo.openpai.wire.pylon import beside_rest
from bot.demo.openpai.wire.server import Received, RestServer, faulty

# Node closes a connection that was idle for so long.
KEEP_ALIVE_SECONDS = 5.0
COMPRESSED_FROM_BYTES = 1024
SEEN_AT_MOST = 100_000
REST_PREFIX = "/rest-server"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived; `path` without the proxy's prefix, status 0: never answered."""

    at: float
    method: str
    path: str
    query: str
    user: str | None
    status: int


@dataclass(slots=True)
class Gate:
    """Two listeners on one rest-server: the portal's proxy, and the bare port.

    `changed` is called after each request that may have changed something.
    """

    cluster: Cluster
    rest: RestServer
    changed: Callable[[], None] = lambda: None
    seen: list[Seen] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    _runners: list[web.AppRunner] = field(default_factory=list)

    async def open(self, host: str, port: int, rest_port: int) -> None:
        await self._listen("pylon", self._through_pylon, host, port)
        await self._listen("rest", self._bare, host, rest_port)

    async def close(self) -> None:
        """Open connections are dropped; what was never answered, never will be."""
        runners, self._runners = self._runners, []
        for runner in runners:
            await runner.cleanup()

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Answers are dated by the cluster's own clock, which may run faster than ours, or wrong."""
        now = self.cluster.now + self.cluster.faults.clock_skew_seconds
        response.headers["Date"] = formatdate(now, usegmt=True)

    async def _listen(
        self,
        name: str,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
        host: str,
        port: int,
    ) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", handler)
        app.on_response_prepare.append(self._date)
        runner = web.AppRunner(
            app,
            access_log=None,
            handler_cancellation=True,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            shutdown_timeout=0.05,
        )
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, host, port, reuse_address=True)
        await site.start()
        self.ports[name] = runner.addresses[0][1]

    async def _bare(self, request: web.Request) -> web.StreamResponse:
        return await self._handle(request, request.rel_url.raw_path, compress=True)

    async def _through_pylon(self, request: web.Request) -> web.StreamResponse:
        """The proxy asks the rest-server for uncompressed answers."""
        path = request.rel_url.raw_path
        if path.startswith(f"{REST_PREFIX}/"):
            return await self._handle(request, path.removeprefix(REST_PREFIX), compress=False)
        received = await _received(request, path)
        self.cluster.settle()
        stopped = await self._faults(request, received)
        if isinstance(stopped, web.StreamResponse):
            return stopped
        answer = beside_rest(self.cluster, received)
        self._note(received, answer.status)
        return await _send(request, answer, {}, compress=False)

    async def _handle(
        self, request: web.Request, path: str, *, compress: bool
    ) -> web.StreamResponse:
        received = await _received(request, path)
        if received.method == "OPTIONS":
            return _preflight()
        faults = await self._faults(request, received)
        if isinstance(faults, web.StreamResponse):
            return faults
        self.cluster.settle()
        login = received.method == "POST" and path.endswith(("/login", "/token", "/tokens"))
        if login and self.cluster.faults.kubernetes_down:
            return await self._silence(received)
        answer, rates = self.rest.respond(received)
        if received.method not in {"GET", "HEAD"}:
            self.changed()
        for fault in faults:
            if fault.kind == "cut_after":
                return self._cut(request, received)
        self._note(received, answer.status)
        headers = {"Access-Control-Allow-Origin": "*", **rates, **answer.headers}
        if 300 <= answer.status < 400:
            headers["Vary"] = "Accept, Accept-Encoding"
            return await _send(request, answer, headers, compress=False)
        headers["ETag"] = answer.etag
        unchanged = request.headers.get("If-None-Match") == answer.etag
        if unchanged and answer.status == 200 and received.method in {"GET", "HEAD"}:
            return web.Response(status=304, headers=headers)
        headers["Vary"] = "Accept-Encoding"
        return await _send(request, answer, headers, compress=compress)

    async def _faults(
        self, request: web.Request, received: Received
    ) -> list[Fault] | web.StreamResponse:
        """The faults still to be obeyed later, or the answer if one of them is all there is."""
        met = self.cluster.faults.hit(received.method, received.path, received.claimed_user)
        for fault in met:
            match fault.kind:
                case "slow":
                    await asyncio.sleep(fault.delay_seconds)
                case "silent":
                    return await self._silence(received)
                case "cut_before":
                    return self._cut(request, received)
                case "html":
                    self._note(received, fault.status)
                    return await _send(request, gateway(fault.status), {}, compress=False)
                case "unauthorized" | "too_many" | "no_code":
                    answer = faulty(fault.kind)
                    self._note(received, answer.status)
                    return await _send(request, answer, {}, compress=False)
                case "cut_after":
                    pass
        return met

    async def _silence(self, received: Received) -> web.StreamResponse:
        """Until the caller gives up: then this is cancelled."""
        self._note(received, 0)
        await asyncio.Event().wait()
        raise asyncio.CancelledError

    def _cut(self, request: web.Request, received: Received) -> web.StreamResponse:
        self._note(received, 0)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _note(self, received: Received, status: int) -> None:
        """The oldest are forgotten, or a demo left alone would grow for ever."""
        if len(self.seen) >= SEEN_AT_MOST:
            del self.seen[: SEEN_AT_MOST // 2]
        self.seen.append(
            Seen(
                at=self.cluster.clock.wall(),
                method=received.method,
                path=received.path,
                query=received.query,
                user=received.claimed_user,
                status=status,
            )
        )


async def _received(request: web.Request, path: str) -> Received:
    return Received(
        method=request.method,
        path=path,
        query=request.rel_url.raw_query_string,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.read(),
        address=request.remote or "",
    )


def _preflight() -> web.StreamResponse:
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
            "Vary": "Access-Control-Request-Headers",
            "Content-Length": "0",
        },
    )


async def _send(
    request: web.Request, answer: Answer, headers: dict[str, str], *, compress: bool
) -> web.StreamResponse:
    """A compressed answer is chunked and has no length, as in the real server."""
    told = {**headers, **answer.headers}
    if answer.content_type is not None:
        told["Content-Type"] = answer.content_type
    asked = "gzip" in request.headers.get("Accept-Encoding", "")
    if not (compress and asked and len(answer.body) >= COMPRESSED_FROM_BYTES):
        return web.Response(status=answer.status, body=answer.body, headers=told)
    stream = web.StreamResponse(status=answer.status, headers={**told, "Content-Encoding": "gzip"})
    stream.enable_chunked_encoding()
    await stream.prepare(request)
    await stream.write(gzip.compress(answer.body, 6))
    await stream.write_eof()
    return stream
