"""Webhooks of the emulated Harbor: what happened, posted to whoever asked, three times at most."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

TRIES = 3
PATIENCE_SECONDS = 3.0
NAMES = {
    "PUSH_ARTIFACT": "harbor.artifact.pushed",
    "PULL_ARTIFACT": "harbor.artifact.pulled",
    "DELETE_ARTIFACT": "harbor.artifact.deleted",
    "QUOTA_WARNING": "harbor.quota.warned",
    "QUOTA_EXCEED": "harbor.quota.exceeded",
    "SCANNING_COMPLETED": "harbor.scan.completed",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the events of a project go, and in which form: `Default` or `CloudEvents`."""

    project: str
    address: str
    auth_header: str = ""
    payload: str = "Default"
    events: tuple[str, ...] = (
        "PUSH_ARTIFACT",
        "DELETE_ARTIFACT",
        "QUOTA_WARNING",
        "SCANNING_COMPLETED",
    )


@dataclass(slots=True)
class Hooks:
    targets: list[Target] = field(default_factory=list)
    waiting: asyncio.Queue[tuple[Target, bytes]] = field(default_factory=asyncio.Queue)

    def tell(
        self, event: str, project: str, operator: str, data: dict[str, Any], at: float
    ) -> None:
        for target in self.targets:
            if target.project == project and event in target.events:
                self.waiting.put_nowait((target, _payload(target, event, operator, data, at)))

    async def deliver(self) -> None:
        """Until cancelled. Order is not promised, and what three tries did not bring is lost."""
        async with aiohttp.ClientSession() as session:
            while True:
                target, body = await self.waiting.get()
                await _post(session, target, body)


async def _post(session: aiohttp.ClientSession, target: Target, body: bytes) -> None:
    kind = "application/cloudevents+json" if target.payload == "CloudEvents" else "application/json"
    headers = {"Content-Type": kind, "Authorization": target.auth_header}
    for attempt in range(TRIES):
        try:
            async with session.post(
                target.address,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS),
            ) as answer:
                if 200 <= answer.status < 300:
                    return
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(0.2 * (attempt + 1))


def _payload(target: Target, event: str, operator: str, data: dict[str, Any], at: float) -> bytes:
    if target.payload == "CloudEvents":
        made: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": "/projects/1/webhook/policies/1",
            "type": NAMES[event],
            "time": datetime.fromtimestamp(at, UTC).isoformat(),
            "datacontenttype": "application/json",
            "operator": operator,
            "data": data,
        }
    else:
        made = {"type": event, "occur_at": int(at), "operator": operator, "event_data": data}
    return json.dumps(made).encode()
