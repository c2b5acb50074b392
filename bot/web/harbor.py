"""Harbor's webhooks, Default format and CloudEvents: on disk before Harbor hears 200."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import structlog
from aiohttp import web

from bot.services.images.care.events import HubEvent, HubEvents
from db import DatabaseRefused

log = structlog.get_logger()

KINDS = {
    "PUSH_ARTIFACT": "pushed",
    "DELETE_ARTIFACT": "deleted",
    "SCANNING_COMPLETED": "scanned",
    "QUOTA_EXCEED": "quota",
    "QUOTA_WARNING": "quota",
    "harbor.artifact.pushed": "pushed",
    "harbor.artifact.deleted": "deleted",
    "harbor.scan.completed": "scanned",
    "harbor.quota.exceeded": "quota",
    "harbor.quota.warned": "quota",
}
FULL = {"QUOTA_EXCEED", "harbor.quota.exceeded"}


def webhook(events: HubEvents, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of POST `<public_url>/hooks/harbor`; the secret is all that proves who calls."""
    if not secret:
        raise ValueError("the webhook needs a secret")
    plain, bearer = secret.encode(), f"Bearer {secret}".encode()

    async def receive(request: web.Request) -> web.Response:
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        same = hmac.compare_digest(shown, plain)
        if not (hmac.compare_digest(shown, bearer) or same):
            return web.Response(status=403)
        body = await request.read()
        event = read(body)
        if event is None:  # 2xx all the same: asked again it would be no better
            log.warning("a webhook of Harbor could not be read", size=len(body))
            return web.Response(status=202)
        try:
            await events.take(event)
        except DatabaseRefused as error:
            log.error("the event stays with Harbor: the database refused it", error=str(error))
            return web.Response(status=503)
        return web.Response()

    return receive


def read(body: bytes) -> HubEvent | None:
    """None for what is no event of Harbor's."""
    try:
        made = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(made, dict):
        return None
    cloud = "specversion" in made
    data = _table(made.get("data" if cloud else "event_data"))
    kind = made.get("type")
    if not isinstance(kind, str):
        return None
    repository = _table(data.get("repository"))
    resources = data.get("resources")
    first = _table(resources[0]) if isinstance(resources, list) and resources else {}
    digest, tag = _word(first.get("digest")), _word(first.get("tag"))
    names = (_word(repository.get(key)) for key in ("namespace", "name"))
    path = _word(repository.get("repo_full_name")) or "/".join(name for name in names if name)
    # A delivery of a CloudEvent keeps its id when it is repeated; the older form has none.
    own = [kind, made.get("id")] if cloud else [kind, made.get("occur_at"), path, digest, tag]
    key = hashlib.sha256(msgspec.json.encode(own)).hexdigest()[:32]
    details = _word(_table(data.get("custom_attributes")).get("Details"))
    return HubEvent(
        key,
        KINDS.get(kind, "other"),
        _word(made.get("operator")),
        path,
        digest,
        # Pushed or deleted by digest, Harbor gives the digest as the tag.
        "" if ":" in tag else tag,
        details,
        _found(first.get("scan_overview")),
        kind in FULL,
    )


def _found(value: object) -> Mapping[str, int] | None:
    for report in _table(value).values():
        counts = _table(_table(_table(report).get("summary")).get("summary"))
        return {k: v for k, v in counts.items() if isinstance(v, int)}
    return None


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
