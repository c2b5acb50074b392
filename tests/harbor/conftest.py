"""An emulated Harbor with a lab in it, and the client that is tried."""

import aiohttp
import pytest

from bot.demo.harbor import DEVELOPER, GUEST, MAINTAINER, HarborEmulator
from bot.domain.people import Token
from bot.harbor.client import Harbor


class Hand:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 1_795_500_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def hand():
    return Hand()


def settle(harbor):
    harbor.user("root", "Root-password1", admin=True)
    for name in ("ann", "bob", "eve", "mia"):
        harbor.user(name, f"{name}-Password1")
    harbor.project("lab", ann=DEVELOPER, bob=GUEST, mia=MAINTAINER)
    harbor.project("public", public=True, mia=MAINTAINER)
    harbor.image(
        "lab/ml/torch",
        "1.13",
        "stable",
        env=("CUDA_VERSION=11.7",),
        history=("RUN apt install nfs-common",),
        by="ann",
    )
    harbor.image(
        "lab/ml/torch",
        "1.12",
        env=("CUDA_VERSION=11.3",),
        critical=4,
        days_old=400,
        pulled_days_ago=300,
    )
    harbor.image("public/base", "v1")


@pytest.fixture
async def emulator(hand):
    harbor = HarborEmulator(clock=hand)
    settle(harbor)
    await harbor.start()
    yield harbor
    await harbor.stop()


@pytest.fixture
async def session():
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def harbor(emulator, session):
    return Harbor(session, emulator.url, call_seconds=3)


def login(name, password=None):
    return Token("harbor", name, password or f"{name}-Password1")


@pytest.fixture
def ann():
    return login("ann")


@pytest.fixture
def mia():
    return login("mia")


@pytest.fixture
def root():
    return login("root", "Root-password1")
