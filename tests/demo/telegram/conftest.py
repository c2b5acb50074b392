"""A running emulator with two people and a group, and a bare HTTP caller of its Bot API."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.demo.telegram import Group, Person, TelegramEmulator


@dataclass
class Clock:
    """Unix seconds that a test moves."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def result(self) -> Any:
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def refusal(self) -> str:
        assert self.status != 200, self.body
        assert self.body["ok"] is False
        assert self.body["error_code"] == self.status
        return str(self.body["description"])


class Api:
    """Calls methods with JSON bodies, as curl would."""

    def __init__(self, session: ClientSession, token: str) -> None:
        self.session = session
        self.token = token

    async def __call__(self, method: str, **params: Any) -> Answer:
        path = f"/bot{self.token}/{method}"
        async with self.session.post(path, json=params) as answer:
            return Answer(answer.status, await answer.json(), dict(answer.headers))

    async def send(self, chat_id: int, text: str, **params: Any) -> Any:
        return (await self("sendMessage", chat_id=chat_id, text=text, **params)).result

    async def updates(self, **params: Any) -> list[Any]:
        return (await self("getUpdates", **params)).result

    async def confirm(self) -> None:
        """Takes everything that is pending out of the queue."""
        if pending := await self.updates(offset=-1, limit=1):
            await self.updates(offset=pending[-1]["update_id"] + 1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tg(clock: Clock) -> AsyncIterator[TelegramEmulator]:
    emulator = TelegramEmulator(clock=clock)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
def ann(tg: TelegramEmulator) -> Person:
    return tg.person("Ann Lee", username="ann", language="zh-hans", role="student")


@pytest.fixture
def bob(tg: TelegramEmulator) -> Person:
    return tg.person("Bob Wu", username="bob", language="en")


@pytest.fixture
def lab(tg: TelegramEmulator, ann: Person, bob: Person) -> Group:
    return tg.group("GPU lab", members=[ann, bob], admins=[ann], topics=["jobs"], announce=False)


@pytest.fixture
async def api(tg: TelegramEmulator) -> AsyncIterator[Api]:
    async with ClientSession(tg.url) as session:
        yield Api(session, tg.token)
