"""A real registry with passwords for the whole run, and a client for it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from bot.domain.images.reference import Reference
from bot.domain.people import Token
from bot.registry.client import RegistryClient
from bot.registry.places import Place
from tests.registry import real


@pytest.fixture(scope="session")
def password_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("registry")
    path = real.htpasswd(folder)
    with real.registry(folder, f"  htpasswd: {{realm: lab, path: {path}}}\n") as url:
        yield url


@pytest.fixture(scope="session")
def open_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real.registry(tmp_path_factory.mktemp("open")) as url:
        yield url


@pytest.fixture
def login() -> Token:
    return Token("registry:lab", real.USER, real.PASSWORD)


@pytest.fixture
def filler(password_registry: str) -> real.Filler:
    return real.Filler(password_registry, real.USER, real.PASSWORD)


@pytest.fixture
def open_filler(open_registry: str) -> real.Filler:
    return real.Filler(open_registry)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def places(password_registry: str, open_registry: str, login: Token) -> list[Place]:
    return [
        Place("lab", URL(password_registry), login),
        Place("open", URL(open_registry)),
    ]


@pytest.fixture
def registries(session: aiohttp.ClientSession, places: list[Place]) -> RegistryClient:
    return RegistryClient(session, places, call_seconds=5, silence_seconds=5)


@pytest.fixture
def lab(places: list[Place]):
    """Makes references to the registry with passwords."""
    return lambda path, tag="", digest="": Reference(places[0].host, path, tag, digest)


@pytest.fixture
def public(places: list[Place]):
    """Makes references to the registry without passwords."""
    return lambda path, tag="", digest="": Reference(places[1].host, path, tag, digest)
