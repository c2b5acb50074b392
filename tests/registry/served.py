"""A small web server for one test, on a free port of the loopback, and a wire that breaks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Wire:
    """A TCP proxy that cuts each connection after so many bytes in one direction, as often as told."""

    def __init__(self, port: int, *, cuts: int, after: int, uploads: bool) -> None:
        self._port = port
        self.cuts = cuts
        self._after = after
        self._uploads = uploads
        self.url = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Wire"]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            await asyncio.sleep(0)

    async def _connected(self, near: asyncio.StreamReader, nearby: asyncio.StreamWriter) -> None:
        far, faraway = await asyncio.open_connection("127.0.0.1", self._port)

        async def pump(reader, writer, counted):
            passed = 0
            while data := await reader.read(1 << 16):
                passed += len(data)
                if counted and passed > self._after and self.cuts > 0:
                    self.cuts -= 1
                    break
                writer.write(data)
                await writer.drain()

        try:
            async with asyncio.TaskGroup() as group:
                ways = [
                    group.create_task(pump(near, faraway, self._uploads)),
                    group.create_task(pump(far, nearby, not self._uploads)),
                ]
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ways:
                    way.cancel()
        except* (OSError, asyncio.CancelledError):
            pass
        finally:
            nearby.transport.abort()
            faraway.transport.abort()
