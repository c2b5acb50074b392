"""How Pailot is doing: `/healthz` for who restarts it, `/readyz` for who sends it people.

Telegram being away makes Pailot not ready, never unhealthy: restarting it would not help.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.supervise import LoopState


@dataclass(frozen=True, slots=True)
class Health:
    """A moment's view. `last_good_poll` is None in webhook mode and before the first answer."""

    loops: tuple[LoopState, ...] = ()
    telegram_answers: bool = False
    migrated: bool = False
    last_good_poll: datetime | None = None
    waiting: Mapping[str, int] = field(default_factory=dict)
    """Lengths of the queues by name, inbox and outbox, when they were last counted."""

    @property
    def healthy(self) -> bool:
        return all(loop.alive for loop in self.loops)

    @property
    def ready(self) -> bool:
        return self.migrated and self.telegram_answers

    def poll_age_seconds(self, now: datetime) -> float | None:
        return None if self.last_good_poll is None else (now - self.last_good_poll).total_seconds()


Look = Callable[[], Health]


def routes(look: Look) -> list[web.RouteDef]:
    async def healthz(_request: web.Request) -> web.Response:
        health = look()
        return web.json_response(
            _as_json(health, datetime.now(UTC)), status=200 if health.healthy else 503
        )

    async def readyz(_request: web.Request) -> web.Response:
        health = look()
        missing = [] if health.migrated else ["migrations"]
        missing += [] if health.telegram_answers else ["telegram"]
        body = {"ready": health.ready, "waiting_for": missing}
        return web.json_response(body, status=200 if health.ready else 503)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


def _as_json(health: Health, now: datetime) -> dict[str, Any]:
    age = health.poll_age_seconds(now)
    return {
        "healthy": health.healthy,
        "last_good_poll_age_seconds": None if age is None else round(age, 1),
        "loops": [
            {
                "name": loop.name,
                "alive": loop.alive,
                "restarts": loop.restarts,
                "last_error": loop.last_error,
                "since": loop.since.isoformat(timespec="seconds"),
            }
            for loop in health.loops
        ],
        "waiting": dict(health.waiting),
    }


def ask(host: str, port: int, timeout_seconds: float = 5.0) -> str | None:
    """Asks a running Pailot on this machine whether it is healthy; None means yes, else why not."""
    # One that listens everywhere is asked by loopback.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz"
    # Proxies of the environment are for the way out, not for this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=timeout_seconds) as answer:
            return _why(answer.read())
    except urllib.error.HTTPError as answer:
        with answer:
            return _why(answer.read())
    except OSError as error:
        return f"no answer at {address}: {getattr(error, 'reason', error)}"


def _why(body: bytes) -> str | None:
    try:
        dead = [loop for loop in json.loads(body)["loops"] if not loop["alive"]]
        return "; ".join(f"{loop['name']} is dead: {loop['last_error']}" for loop in dead) or None
    except (ValueError, KeyError, TypeError):
        return "something else answers at this address"
