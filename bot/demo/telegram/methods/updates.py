"""getUpdates and the webhook settings."""

import re

from bot.demo.telegram.errors import ApiError, bad_request, flooded
from bot.demo.telegram.methods.registry import method
from bot.demo.telegram.state import Json, Webhook
from bot.demo.telegram.telegram import Telegram
from bot.demo.telegram.traffic.webhook import check_url
from bot.demo.telegram.wire.validation import Params

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("getUpdates")
async def get_updates(tg: Telegram, params: Params) -> list[Json]:
    tg.queue.set_allowed(params.values.get("allowed_updates"))
    limit = params.number("limit")
    return await tg.queue.get(
        params.number("offset") or 0,
        100 if limit is None else limit,
        params.number("timeout") or 0,
    )


@method("setWebhook")
async def set_webhook(tg: Telegram, params: Params) -> bool:
    url = params.text("url")
    now = tg.clock()
    if now - tg.webhook_set < 1.0 and url:
        raise flooded(1)
    if not url:
        return _drop(tg, params)
    check_url(url)
    secret = params.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise ApiError(400, "Bad Request: secret token contains unallowed characters")
    connections = params.number("max_connections") or 40
    if not 1 <= connections <= 100:
        raise bad_request("Max_connections must be from 1 to 100")
    tg.webhook_set = now
    tg.queue.set_allowed(params.values.get("allowed_updates"))
    if params.flag("drop_pending_updates"):
        tg.queue.clear()
    tg.queue.end_poll_for_webhook()
    tg.state.webhook = Webhook(url, secret, connections, params.text("ip_address"))
    tg.on_webhook()
    return True


@method("deleteWebhook")
async def delete_webhook(tg: Telegram, params: Params) -> bool:
    return _drop(tg, params)


def _drop(tg: Telegram, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        tg.queue.clear()
    tg.state.webhook = Webhook()
    tg.on_webhook()
    return True


@method("getWebhookInfo")
async def get_webhook_info(tg: Telegram, params: Params) -> Json:
    tg.queue.expire()
    hook = tg.state.webhook
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(tg.state.pending),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
        info["ip_address"] = hook.ip_address or "127.0.0.1"
    if hook.last_error_date:
        info["last_error_date"] = hook.last_error_date
        info["last_error_message"] = hook.last_error_message
    if tg.state.allowed_updates:
        info["allowed_updates"] = tg.state.allowed_updates
    return info
