"""The line to the storage server breaks after it did what was asked, and before it could say so."""

import itertools
import os
import re

import aiohttp
import pytest

from bot.services.files.errands import running
from tests import polling
from tests.storage import archives_made as made
from tests.web.upload.proxy import Proxy

PUBLIC = "http://pailot.example.edu"


@pytest.fixture
async def line(storage):
    async with Proxy(storage.port).running() as line:
        yield line


@pytest.fixture
async def shelved(closed_lab, admin, storage, line):
    """Its storage server is reached by a line that breaks when told."""
    closed_lab.environ |= storage.settings_environ()
    closed_lab.environ["PAILOT_STORAGE__PORT"] = line.url.rpartition(":")[2]
    closed_lab.environ["PAILOT_WEB__PUBLIC_URL"] = PUBLIC
    await closed_lab.start()
    return closed_lab


async def test_what_went_into_the_trash_is_found_there(eve, folder, line):
    (folder / "a.txt").write_text("a")
    line.loses = lambda: not (folder / "a.txt").exists()
    thrown = await eve.asks("/rm a.txt")
    assert line.loses is None
    assert "is in the trash" in thrown
    await eve.presses("Restore", on=thrown)
    assert (folder / "a.txt").read_text() == "a"


async def test_what_nobody_could_ask_about_stays_in_the_book(eve, folder, line):
    (folder / "a.txt").write_text("a")

    def gone():
        line.down = not (folder / "a.txt").exists()
        return line.down

    line.loses = gone
    assert "try again" in await eve.asks("/rm a.txt")
    line.down = False
    listed = await eve.asks("/trash")
    assert "/mnt/a.txt" in listed
    line.loses = (folder / "a.txt").exists
    await until_it_answers(eve)
    assert "try again" in await eve.presses("a.txt", on=listed)
    await until_it_answers(eve)
    assert "most likely it is back" in await eve.presses("a.txt", on=listed)
    assert "empty" in await eve.asks("/trash")


async def until_it_answers(person):
    """For two seconds after a failure nobody asks the server again."""
    await polling.until(lambda: reached(person))


async def reached(person):
    return "/mnt" in await person.asks("/ls")


async def test_a_version_that_was_replaced_is_found_in_the_trash(eve, folder, line, shelved):
    (folder / "a.txt").write_text("old")
    said = await eve.asks("/edit a.txt")
    page = re.search(rf"{PUBLIC}(/e/[\w-]+)", said.text)[1]
    url = f"http://127.0.0.1:{shelved.bot.web_port}{page}"
    async with aiohttp.ClientSession() as session:
        change = {
            "text": "new",
            "base": (await (await session.get(f"{url}/text")).json())["sha256"],
        }
        line.loses = lambda: (folder / "a.txt").read_text() == "new"
        async with session.post(f"{url}/save", json=change) as lost:
            assert lost.status == 503
        assert (await (await session.post(f"{url}/save", json=change)).json())["kept"]
    listed = await eve.asks("/trash")
    await eve.presses("a.txt", on=listed)
    [older] = [path for path in folder.iterdir() if path.name.startswith("a.txt-")]
    assert older.read_text() == "old"


async def test_an_archive_that_cannot_be_read_to_the_end_is_not_called_damaged(eve, folder, line):
    (folder / "a.tgz").write_bytes(made.tarred({"a": os.urandom(8 << 20)}, "w:gz"))
    answers = itertools.count()
    line.loses = lambda: next(answers) > 40  # of a hundred and more
    assert "try again" in await eve.asks("/unpack a.tgz")
    assert line.loses is None


async def test_a_button_whose_work_failed_can_be_pressed_again(eve, folder, line):
    offered = await eve.sends_file("train.py", b"print(1)")
    line.down = True
    line.cut()
    assert "try again" in await eve.presses("Save", on=offered)
    line.down = False
    await until_it_answers(eve)
    assert "Saved" in await eve.presses("Save", on=offered)
    assert (folder / "train.py").read_bytes() == b"print(1)"


async def test_what_was_unpacked_and_named_is_not_unpacked_again(eve, folder, line, monkeypatch):
    """Its last step was done, and nobody heard so."""
    monkeypatch.setattr(running, "AGAIN_SECONDS", 0.1)
    (folder / "x.zip").write_bytes(made.zipped({"x/new": b"new"}))
    plan = await eve.asks("/unpack x.zip")
    line.loses = (folder / "x" / "new").exists
    await eve.presses("Start", on=plan)
    assert "/mnt/x" in await eve.hears("Unpacked", within=30)
    assert line.loses is None
    assert {path.name for path in folder.iterdir()} == {"x.zip", "x", ".pailot"}
