"""A small OpenPAI to talk to over sockets, and a client that does."""

from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from bot.demo.openpai import OpenPaiEmulator
from bot.domain.people import Token
from bot.openpai import Pai
from tests.servers import free_port


@pytest.fixture
async def lab() -> AsyncIterator[OpenPaiEmulator]:
    lab = OpenPaiEmulator()
    lab.user("ann", "ann-password")
    lab.user("bob", "bob-password", vcs=("default", "research"))
    await lab.start(port=free_port(), rest_port=free_port())
    yield lab
    await lab.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(keepalive_timeout=4)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@pytest.fixture
def pai(lab: OpenPaiEmulator, session: aiohttp.ClientSession) -> Pai:
    return Pai(session, lab.url, timeout_seconds=2, second_look_seconds=0.05)


@pytest.fixture
def token(lab: OpenPaiEmulator) -> Callable[[str], Token]:
    return lambda user: Token("openpai", user, lab.token(user))


@pytest.fixture
def ann(token: Callable[[str], Token]) -> Token:
    return token("ann")


@pytest.fixture
def bob(token: Callable[[str], Token]) -> Token:
    return token("bob")
