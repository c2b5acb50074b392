"""A small client for the tests of the OpenPAI emulator: no part of Pailot takes part in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.demo.openpai import OpenPaiEmulator
from tests.servers import free_port


@dataclass
class Portal:
    """Calls the emulator through its portal as one user."""

    pai: OpenPaiEmulator
    session: aiohttp.ClientSession
    token: str

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any, Any]:
        """Status, body (JSON if it is), headers."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        base = more.pop("base", f"{self.pai.url}/rest-server/api/v2")
        async with self.session.request(method, base + path, headers=headers, **more) as response:
            if response.content_type in {"application/json", "text/yaml"}:
                return response.status, await response.json(content_type=None), response.headers
            return response.status, await response.text(), response.headers

    async def get(self, path: str, **more: Any) -> Any:
        status, body, _ = await self.ask("GET", path, **more)
        assert status == 200, body
        return body

    async def submit(self, text: str) -> tuple[int, Any]:
        status, body, _ = await self.ask(
            "POST", "/jobs", data=text.encode(), headers={"Content-Type": "text/yaml"}
        )
        return status, body

    async def log(self, job: str, name: str = "all", *, tail: bool = False) -> str:
        """The text of a log of the first task of a job's latest attempt."""
        task = (await self.get(f"/jobs/{job}"))["taskRoles"]["taskrole"]["taskStatuses"][0]
        path = task["containerLog"].removeprefix("/api/v2")
        found = await self.get(path + ("?tail-mode=true" if tail else ""))
        uri = next(each["uri"] for each in found["locations"] if each["name"] == name)
        _, text, _ = await self.ask("GET", uri, base=self.pai.url)
        return text


@asynccontextmanager
async def portal(pai: OpenPaiEmulator, user: str = "ann") -> AsyncIterator[Portal]:
    """A started emulator and a user of it; stopped at the end."""
    pai.user("ann", "ann-password")
    pai.user("root", "root-password", admin=True)
    await pai.start(port=free_port(), rest_port=free_port())
    try:
        async with aiohttp.ClientSession() as session:
            yield Portal(pai, session, pai.token(user))
    finally:
        await pai.stop()


def protocol(name: str, *commands: str, gpu: int = 1, memory: int = 8192, more: str = "") -> str:
    lines = "\n".join(f"      - {command!r}" for command in commands or ("python train.py",))
    return f"""protocolVersion: 2
name: {name}
type: job
prerequisites:
  - {{type: dockerimage, uri: "registry.example.edu/lab/torch:1.13", name: image}}
taskRoles:
  taskrole:
    instances: 1
    dockerImage: image
    resourcePerInstance: {{gpu: {gpu}, cpu: 4, memoryMB: {memory}}}
    commands:
{lines}
{more}"""
