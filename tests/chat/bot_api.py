"""The smallest Bot API: a handler on a free port, and a bot that speaks to it."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from telegram import Bot

from bot.chat.exchange.request import make_bot

TOKEN = "123456:AAE-example_token_for_tests_only-0000"
ME = {"id": 123456, "is_bot": True, "first_name": "Pailot", "username": "pailot_bot"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    scheme = "http" if tls is None else "https"
    try:
        yield f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def a_bot(handler: Handler, **options: Any) -> AsyncIterator[Bot]:
    async with serving(handler) as url, make_bot(TOKEN, url, **options) as bot:
        yield bot


async def only_me(request: web.Request) -> web.Response:
    return ok(ME)
