"""A lab with a storage server whose upload page can be reached."""

import re

import aiohttp
import pytest

from bot.demo.storage import StorageEmulator
from tests import servers
from tests.lab import opened

PUBLIC = "http://pailot.example.edu"


@pytest.fixture
async def site(tmp_path):
    """A lab with a storage server, and with pages that people reach."""
    storage = StorageEmulator(tmp_path / "disk", "a password")
    await storage.start(servers.free_port())
    async with opened(tmp_path) as lab:
        lab.storage = storage
        lab.environ |= storage.settings_environ()
        lab.environ["PAILOT_WEB__PUBLIC_URL"] = PUBLIC
        lab.environ["PAILOT_WEB__PORT"] = str(servers.free_port())  # the same after a restart
        await lab.start()
        yield lab
        await lab.stop()
        await storage.stop()


@pytest.fixture
async def eve(site):
    eve = await site.member("eve", "Eve Wong", "en")
    asked = await eve.asks("/ls")
    await eve.presses("evewong", on=asked)
    return eve


@pytest.fixture
def folder(eve, site):
    return site.storage.data / "evewong"


async def address(person, ask="/upload", kind="u"):
    """The path of the link the bot gives."""
    said = await person.asks(ask)
    return re.search(rf"{re.escape(PUBLIC)}(/{kind}/[\w-]+)", said.text)[1]


@pytest.fixture
async def session():
    """A browser's: it keeps cookies. Answers are closed in the end, read or not: one that was dropped
    before all of it came would complain whenever garbage is collected next, and fail another test."""
    answers, keeping = [], aiohttp.TraceConfig()

    async def keep(_session, _context, ended):
        answers.append(ended.response)

    keeping.on_request_end.append(keep)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, trace_configs=[keeping]) as session:
        yield session
        for answer in answers:
            answer.close()
