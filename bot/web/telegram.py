"""The webhook: what Telegram posts is on disk before it hears 200."""

import hmac
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.chat.exchange.intake import Intake
from db import DatabaseRefused

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


def webhook(intake: Intake, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of POST `<public_url>/telegram`; an empty secret would let everybody in and is refused."""
    if not secret:
        raise ValueError("the webhook needs a secret")
    expected = secret.encode()

    async def receive(request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, expected):
            return web.Response(status=403)
        body = await request.read()
        try:
            # What is no update is logged and answered 200: asked to, Telegram would send it for a day.
            await intake.accept([body])
        except DatabaseRefused as error:
            log.error("update stays with Telegram: the database refused it", error=str(error))
            return web.Response(status=503, headers={"Retry-After": "5"})
        return web.Response()

    return receive
