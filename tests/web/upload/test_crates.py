"""Many small files at once: in batches, cut and sent again, over what is there, and by who may not."""

import asyncio
import hashlib
import json
import os

import pytest

from bot.services.files.uploads import batches
from tests import polling
from tests.web.upload.conftest import address


def batch(files, *, said=None):
    """The body of a batch; `said` is a list that lies about it."""
    told = said if said is not None else [[path, -1 if d is None else len(d)] for path, d in files]
    listed = json.dumps(told).encode()
    return len(listed).to_bytes(4, "big") + listed + b"".join(data or b"" for _, data in files)


class Page:
    def __init__(self, site, session, path):
        self.session = session
        self.url = f"http://127.0.0.1:{site.bot.web_port}{path}"

    async def opens(self, size=0):
        answer = await self.session.post(f"{self.url}/crates", json={"bytes": size})
        assert answer.status == 201, await answer.text()
        return f"{self.url}/crates/{(await answer.json())['id']}"

    async def sends(self, crate, files, *, said=None, sha256=""):
        body = batch(files, said=said)
        sha256 = sha256 or hashlib.sha256(body).hexdigest()
        return await self.session.post(crate, data=body, headers={"X-Sha256": sha256})

    async def closes(self, crate, **how):
        answer = await self.session.post(f"{crate}/close", json=how)
        return answer.status, await answer.json()


@pytest.fixture
async def page(site, eve, session):
    page = Page(site, session, await address(eve, "/upload data"))
    assert (await session.post(f"{page.url}/claim")).status == 204
    return page


FILES = [
    ("set/a b.txt", b"1"),
    ("set/深/-rf", b""),
    ("set/empty", None),
    ("😀\n'", os.urandom(70_000)),
]


async def test_it_is_all_there_at_once_after_a_restart_in_between(page, folder, site, eve):
    crate = await page.opens(70_001)
    assert (await page.sends(crate, FILES[:2])).status == 204
    assert not (folder / "data").exists()
    await site.restart()
    there = await (await page.session.get(crate)).json()
    assert there == {"there": {"set/a b.txt": 1, "set/深/-rf": 0}}
    assert (await page.sends(crate, FILES)).status == 204
    for _ in range(2):
        assert await page.closes(crate) == (200, {"left": []})
    for name, data in FILES:
        path = folder / "data" / name
        assert path.is_dir() if data is None else path.read_bytes() == data
    assert list((folder / ".pailot" / ".parts").iterdir()) == []


async def test_what_is_there_stays_until_told_and_then_lies_in_the_trash(page, folder, eve):
    (folder / "data" / "set").mkdir(parents=True)
    (folder / "data" / "set" / "a").write_text("old")
    crate = await page.opens()
    await page.sends(crate, [("set/a", b"new"), ("set/b", b"b")])
    assert await page.closes(crate) == (200, {"left": ["set/a"]})
    assert (folder / "data/set/a").read_text() == "old"
    assert (folder / "data/set/b").read_text() == "b"
    assert await page.closes(crate, replace=True) == (200, {"left": []})
    assert (folder / "data/set/a").read_text() == "new"
    trash = await eve.asks("/trash")
    assert "/mnt/data/replaced-" in trash
    [kept] = (folder / ".pailot" / ".trash").iterdir()
    assert (kept / "set" / "a").read_text() == "old"
    assert await page.closes(crate, replace=True) == (200, {"left": []})
    assert "/mnt/data/replaced-" in await eve.asks("/trash")


async def test_a_damaged_or_cut_batch_is_sent_again(page, folder):
    crate = await page.opens()
    files = [("a", b"12345"), ("b", b"6789")]
    answer = await page.sends(crate, files, sha256="0" * 64)
    assert (answer.status, (await answer.json())["error"]) == (422, "upload-batch-bad")
    short = batch(files)[:-2]
    answer = await page.session.post(crate, data=short, headers={"X-Sha256": "0" * 64})
    assert answer.status == 422
    assert not (folder / "data").exists()
    assert (await page.sends(crate, files)).status == 204
    assert await page.closes(crate) == (200, {"left": []})
    assert (folder / "data" / "b").read_bytes() == b"6789"


async def test_a_crate_is_not_closed_while_another_page_still_fills_it(page, folder, site):
    crate = await page.opens()
    data = batch([("a", b"12345")])
    begun, end = asyncio.Event(), asyncio.Event()

    async def slowly():
        yield data[:-2]
        begun.set()
        await end.wait()
        yield data[-2:]

    headers = {"X-Sha256": hashlib.sha256(data).hexdigest()}
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(page.session.post(crate, data=slowly(), headers=headers))
        await begun.wait()
        # Sent is not yet heard: closed before that, there would be nothing to fill.
        await polling.until(lambda: site.bot.services.storage.crates._taking)
        assert (await page.closes(crate))[0] == 423
        end.set()
    assert sending.result().status == 204
    assert await page.closes(crate) == (200, {"left": []})
    assert (folder / "data" / "a").read_bytes() == b"12345"


@pytest.mark.parametrize(
    "said",
    [
        [["../x", 1]], [["/etc/x", 1]], [["a/../../x", 1]], [["", 1]], [["a\0", 1]], [["x" * 256, 1]],
        [["\ud800", 1]], [["a/" * 1600 + "b", 1]],
        [["big", batches.LARGEST_FILE_BYTES + 1]], [["a", -2]], [["a", 10**18]],
        [["a", 1]] * (batches.MOST_FILES + 1), [["a", batches.LARGEST_FILE_BYTES]] * 33,
        [["a"]], ["a"], {"a": 1}, 7, None, [["a", "x"]],
    ],
)  # fmt: skip
async def test_a_wrong_list_writes_nothing(page, folder, site, said):
    crate = await page.opens()
    answer = await page.sends(crate, [("a", b"1")], said=said or [["a", 9]])
    assert answer.status == 422
    assert await page.closes(crate) == (200, {"left": []})
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    assert not (site.storage.data / "bob").exists()


async def test_nothing_gets_among_pailots_own(site, eve, session, folder):
    page = Page(site, session, await address(eve))
    assert (await session.post(f"{page.url}/claim")).status == 204
    crate = await page.opens()
    answer = await page.sends(crate, [(".pailot/.trash/x", b"1")])
    assert (answer.status, (await answer.json())["error"]) == (422, "files-own")


async def test_somebody_elses_crate_cannot_be_touched_nor_one_dropped_come_back(
    page, site, session, folder
):
    crate = await page.opens()
    await page.sends(crate, [("a", b"1")])
    bob = await site.member("bob", "Bob Wu", "en")
    await bob.presses("bobwu", on=await bob.asks("/ls"))
    theirs = Page(site, session, await address(bob))
    assert (await session.post(f"{theirs.url}/claim")).status == 204
    stolen = f"{theirs.url}/crates/{crate.rpartition('/')[2]}"
    assert (await page.sends(stolen, [("a", b"2")])).status == 422
    assert (await page.closes(stolen))[0] == 422
    for _ in range(2):
        assert (await session.delete(crate)).status == 204
    assert await page.closes(crate) == (200, {"left": []})
    assert not (folder / "data" / "a").exists()


async def test_a_link_is_good_in_the_browser_that_opened_it_first(site, eve):
    import aiohttp

    path = await address(eve)
    url = f"http://127.0.0.1:{site.bot.web_port}{path}"
    mine, other = (
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) for _ in range(2)
    )
    async with mine, other:
        assert (await mine.get(url)).status == 200
        assert (await other.get(url)).status == 200  # looking at it takes nothing away
        assert (await mine.post(f"{url}/crates", json={"bytes": 0})).status == 403
        taken = await mine.post(f"{url}/claim")
        assert taken.status == 204
        cookie = taken.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert f"Path={path}" in cookie
        assert (await mine.post(f"{url}/claim")).status == 204
        assert (await mine.get(url)).status == 200
        assert (await mine.post(f"{url}/crates", json={"bytes": 0})).status == 201
        for call in (other.get(url), other.post(f"{url}/claim"), other.post(f"{url}/crates")):
            assert (await call).status == 403
        await site.restart()
        assert (await mine.get(url)).status == 200
        site.clock.passes(days=3, minutes=1)
        for call in (mine.get(url), mine.post(f"{url}/claim"), mine.post(f"{url}/crates")):
            assert (await call).status == 410
