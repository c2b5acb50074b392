"""Pailot's web server: puts the routes together, and guards what every answer carries."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import hdrs, web

from bot.web import health, metrics

# Pages loosen this for themselves; what sets no policy may load nothing.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # One-time links must not leave by the address of the page before.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MAX_BODY_BYTES = 2**20
"""Beyond it `request.read()` answers 413: updates and events are some kilobytes, the rest is room for new things."""
LINGER_SECONDS = 0.5
"""So long the rest of a refused body is read, for the refusal to be heard; all of it would be a waste of the line."""


class CannotListen(Exception):
    """The address can't be had; the message says which and why."""


def build(routes: Iterable[web.AbstractRouteDef], look: health.Look) -> web.Application:
    """The application: the given routes, `/healthz`, `/readyz` and `/metrics`.

    `look` is called for each health request and must be quick. Bodies are limited to 1 MiB
    unless a route streams its own.
    """
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.on_response_prepare.append(_guard)
    app.add_routes([*health.routes(look), *metrics.routes(look), *routes])
    return app


async def _guard(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    # aiohttp has put its name and version there by now.
    response.headers.popall(hdrs.SERVER, None)


@asynccontextmanager
async def serve(
    app: web.Application, host: str, port: int, *, shutdown_seconds: float = 5.0
) -> AsyncIterator[int]:
    """Listens while the context lasts and gives the port; port 0 takes a free one.

    Raises CannotListen. At the end no new requests are taken, and
    running ones get `shutdown_seconds`.
    """
    # Access lines would carry one-time codes; what matters is logged by the routes.
    runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=shutdown_seconds, lingering_time=LINGER_SECONDS
    )
    await runner.setup()
    try:
        try:
            site = web.SockSite(runner, await _listening(host, port))
        except OSError as error:
            why = error.strerror or str(error)
            raise CannotListen(f"can't listen on {host}:{port}: {why}") from error
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _listening(host: str, port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return socket.create_server((str(address[0]), port), family=family, backlog=128)
