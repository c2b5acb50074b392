"""Uploads by tus: whole, in pieces, cut, resumed after a restart, damaged, and by who may not."""

import base64
import hashlib
import os

import aiohttp
import pytest

from tests import polling
from tests.databases import KEY
from tests.web.upload.conftest import address

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


class Page:
    """What the page in the browser does, by hand."""

    def __init__(self, site, session, path):
        self.site, self.session, self.path = site, session, path

    @property
    def root(self):
        return f"http://127.0.0.1:{self.site.bot.web_port}"

    def url(self, rest=""):
        return f"{self.root}{self.path}{rest}"

    async def create(self, name, size, **more):
        pairs = {"path": name, **more}
        metadata = ",".join(
            f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items()
        )
        headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}
        return await self.session.post(self.url("/files"), headers=headers)

    async def begins(self, name, size, **more):
        answer = await self.create(name, size, **more)
        assert answer.status == 201, await answer.text()
        return f"{self.path}/{answer.headers['Location']}"

    async def sends(self, at, offset, data):
        headers = {**PIECE, "Upload-Offset": str(offset)}
        return await self.session.patch(self.root + at, data=data, headers=headers)

    async def offset(self, at):
        answer = await self.session.head(self.root + at, headers=TUS)
        return answer.status, int(answer.headers.get("Upload-Offset", -1))

    async def finishes(self, at, sha256="", **more):
        return await self.session.post(f"{self.root}{at}/finish", json={"sha256": sha256, **more})


@pytest.fixture
async def page(site, eve, session):
    page = Page(site, session, await address(eve))
    assert (await session.post(page.url("/claim"))).status == 204
    return page


def sha256(data):
    return hashlib.sha256(data).hexdigest()


async def test_a_file_arrives_whole_under_its_name(page, folder, eve):
    data = os.urandom(900_000)
    at = await page.begins("data/数据 1.bin", len(data))
    assert not (folder / "data").exists()
    answer = await page.sends(at, 0, data)
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, "900000")
    assert not (folder / "data").exists()
    done = await page.finishes(at, sha256(data))
    assert await done.json() == {"path": "/mnt/data/数据 1.bin"}
    assert (folder / "data" / "数据 1.bin").read_bytes() == data
    assert (await page.finishes(at, sha256(data))).status == 200
    body = {"batch": "1", "count": 1, "bytes": len(data), "path": "data/数据 1.bin"}
    for _ in range(2):
        assert (await page.session.post(page.url("/done"), json=body)).status == 204
    told = await eve.hears("Your upload")
    assert "/mnt/data/数据 1.bin" in told
    assert len([words for words in eve.said() if "Your upload" in words]) == 1


async def test_it_goes_on_where_it_stopped_after_a_restart_of_pailot(page, folder, site):
    data = os.urandom(500_000)
    at = await page.begins("big.bin", len(data))
    await page.sends(at, 0, data[:200_000])
    await site.restart()
    assert await page.offset(at) == (200, 200_000)
    assert (await page.sends(at, 0, data)).status == 409
    assert (await page.sends(at, 200_000, data[200_000:])).status == 204
    assert (await page.finishes(at, sha256(data))).status == 200
    assert (folder / "big.bin").read_bytes() == data


async def test_a_connection_cut_in_the_middle_loses_nothing_that_arrived(page, folder, site):
    data = os.urandom(4 << 20)
    at = await page.begins("cut.bin", len(data))

    async def broken():
        yield data[: 3 << 20]
        raise ConnectionError("the laptop was closed")

    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await page.sends(at, 0, broken())

    async def arrived():
        return (await page.offset(at))[1] > 0

    async def goes_on():
        _, offset = await page.offset(at)
        return (await page.sends(at, offset, data[offset:])).status == 204

    await polling.until(arrived)
    await polling.until(goes_on)
    assert (await page.finishes(at, sha256(data))).status == 200
    assert (folder / "cut.bin").read_bytes() == data


async def test_what_arrived_damaged_gets_no_name(page, folder):
    at = await page.begins("x.bin", 5)
    await page.sends(at, 0, b"12345")
    answer = await page.finishes(at, sha256(b"54321"))
    assert answer.status == 422
    assert "damaged" in (await answer.json())["message"]
    assert not (folder / "x.bin").exists()
    assert (await page.offset(at))[0] == 404


async def test_an_unfinished_upload_gets_no_name_and_none_is_longer_than_announced(page, folder):
    at = await page.begins("x.bin", 5)
    await page.sends(at, 0, b"123")
    assert (await page.finishes(at)).status == 409
    answer = await page.sends(at, 3, b"45678")
    assert answer.headers["Upload-Offset"] == "5"
    assert (await page.finishes(at, sha256(b"12345"))).status == 200
    assert (folder / "x.bin").read_bytes() == b"12345"


async def test_what_is_there_is_replaced_only_when_told_and_goes_to_the_trash(page, folder, eve):
    (folder / "a.txt").write_text("old")
    assert (await page.create("a.txt", 3)).status == 412
    at = await page.begins("a.txt", 3, replace="yes")
    await page.sends(at, 0, b"new")
    assert (await page.finishes(at, sha256(b"new"))).status == 200
    assert (folder / "a.txt").read_text() == "new"
    assert "/mnt/a.txt" in await eve.asks("/trash")


async def test_two_pages_with_the_same_new_file_do_not_mix(page, folder):
    first, second = await page.begins("a", 3), await page.begins("a", 3)
    await page.sends(first, 0, b"one")
    await page.sends(second, 0, b"two")
    assert (await page.finishes(first, sha256(b"one"))).status == 200
    assert (await page.finishes(second, sha256(b"two"))).status == 412
    assert (folder / "a").read_text() == "one"
    assert (await page.finishes(second, sha256(b"two"), replace=True)).status == 200
    assert (folder / "a").read_text() == "two"


@pytest.mark.parametrize(
    "path",
    ["../bob/x", "/etc/x", "a/../../x", "", "a//b", ".pailot/.trash/x", "a\0b", "x" * 300, "."],
)
async def test_no_name_leads_out_of_the_folder(page, path, site):
    assert (await page.create(path, 1)).status in {400, 422}
    assert not (site.storage.data / "bob").exists()


async def test_an_empty_file_and_a_dropped_one(page, folder):
    at = await page.begins("empty", 0)
    assert (await page.finishes(at, sha256(b""))).status == 200
    assert (folder / "empty").read_bytes() == b""
    at = await page.begins("gone", 5)
    assert (await page.session.delete(page.root + at, headers=TUS)).status == 204
    assert (await page.offset(at))[0] == 404
    assert list((folder / ".pailot" / ".parts").iterdir()) == []


async def test_somebody_elses_upload_cannot_be_touched(page, site, session):
    at = await page.begins("x", 3)
    bob = await site.member("bob", "Bob Wu", "en")
    await bob.presses("bobwu", on=await bob.asks("/ls"))
    theirs = Page(site, session, await address(bob))
    assert (await session.post(theirs.url("/claim"))).status == 204
    stolen = theirs.path + "/files/" + at.rpartition("/")[2]
    assert (await theirs.sends(stolen, 0, b"abc")).status == 422
    assert (await theirs.sends(theirs.path + "/files/forged", 0, b"abc")).status == 422


async def test_a_wrong_or_old_link_opens_nothing(page, site):
    assert (await page.session.get(page.root + "/u/wrong")).status == 410
    assert (await page.session.post(page.root + "/u/wrong/files", headers=TUS)).status == 410
    assert (await page.session.get(page.url())).status == 200
    site.clock.passes(days=3, minutes=1)
    assert (await page.session.get(page.url())).status == 410


async def test_a_code_opens_the_page_on_another_computer_once(page, eve, site):
    said = await eve.asks("/upload")
    code = said.text.partition("type ")[2][:9]
    answer = await page.session.post(
        page.root + "/u", data={"code": code.lower()}, allow_redirects=False
    )
    assert answer.status == 303
    assert (await page.session.get(page.root + answer.headers["Location"])).status == 200
    again = await page.session.post(page.root + "/u", data={"code": code}, allow_redirects=False)
    assert again.status == 403


async def test_a_code_is_good_for_ten_minutes(page, eve, site):
    code = (await eve.asks("/upload")).text.partition("type ")[2][:9]
    site.clock.passes(minutes=10, seconds=1)
    answer = await page.session.post(page.root + "/u", data={"code": code}, allow_redirects=False)
    assert answer.status == 403


async def test_codes_cannot_be_guessed_for_long(page):
    tried = [
        (await page.session.post(page.root + "/u", data={"code": f"AAAA{n:04}"})).status
        for n in range(12)
    ]
    assert tried[:10] == [403] * 10
    assert tried[10:] == [429] * 2


async def test_neither_link_nor_code_lies_in_the_database(page, eve, site):
    said = await eve.asks("/upload")
    code = said.text.partition("type ")[2][:9].replace(" ", "")
    token = page.path.removeprefix("/u/")
    stored = b"".join(path.read_bytes() for path in site.folder.glob("pailot.db*"))
    assert token.encode() not in stored
    assert code.encode() not in stored
    assert KEY.encode() not in stored


async def test_parts_nobody_goes_on_with_are_cleared_after_a_week(page, folder, site):
    await page.begins("x", 5)
    uploads = site.bot.services.storage.uploads
    await uploads.expire()
    assert len(list((folder / ".pailot" / ".parts").iterdir())) == 1
    site.clock.passes(days=7, minutes=1)
    await uploads.expire()
    assert list((folder / ".pailot" / ".parts").iterdir()) == []


async def test_a_share_is_not_given_away_twice_and_what_is_given_up_is_free_again(site, eve, page):
    site.environ["PAILOT_STORAGE__QUOTA"] = "1M"
    await site.restart()
    at = await page.begins("a", 700_000)

    async def refused():
        answer = await page.create("b", 700_000)
        return answer.status == 422 and (await answer.json())["error"] == "upload-quota"

    assert await refused(), "though nothing of the first has come"
    site.clock.passes(minutes=11)
    assert await refused(), "looked at anew, too"
    assert (await page.sends(at, 0, b"x" * 300_000)).status == 204
    site.clock.passes(seconds=6)
    assert await refused()
    assert (await page.session.delete(page.root + at, headers=TUS)).status == 204
    site.clock.passes(seconds=6)
    assert (await page.create("b", 700_000)).status == 201


async def test_why_the_storage_server_fails_stands_in_the_log(page, site):
    await site.storage.stop()
    answer = await page.create("a", 1)
    assert (answer.status, (await answer.json())["error"]) == (503, "error-unavailable")
    [line] = [line for line in site.lines() if "failed a page" in line["event"]]
    assert line["level"] == "warning"
    assert "Connect" in line["cause"]


async def test_the_page_may_load_only_its_own_things(page):
    answer = await page.session.get(page.url())
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert (await page.session.get(page.root + "/u/static/upload.js")).status == 200
    assert (await page.session.get(page.root + "/u/static/../../upload/pages.py")).status in {
        404,
        410,
    }
    assert (await page.session.get(page.root + "/u/static/code.html")).status == 404
