"""Files too large for Telegram: by a link, in pieces, changed on the way, and when the link is old."""

import asyncio
import os

import aiohttp
import pytest

from bot.services.files import visits
from tests.web.upload.conftest import address

NAME = '模型 "1".pth'


@pytest.fixture
def large(folder):
    """Larger than Telegram sends; most of it a hole, with marks at both ends."""
    path = folder / NAME
    with path.open("wb") as file:
        file.write(os.urandom(1000))
        file.seek(51 << 20)
        file.write(os.urandom(1000))
    os.utime(path, (1.7e9, 1.7e9))  # SFTP tells whole seconds only
    return path


@pytest.fixture
async def url(site, eve, large):
    path = await address(eve, f"/get '{NAME}'", "d")
    return f"http://127.0.0.1:{site.bot.web_port}{path}"


async def test_it_comes_whole_under_its_name_and_in_pieces(url, session, large):
    body = large.read_bytes()
    answer = await session.get(url)
    assert (answer.status, await answer.read()) == (200, body)
    said = answer.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="__ _1_.pth"')
    assert answer.content_disposition.filename == NAME
    assert answer.headers["Content-Type"] == "application/octet-stream"
    head = await session.head(url)
    assert (head.status, head.content_length) == (200, len(body))
    tag = answer.headers["ETag"]
    for asked, start, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=-500", len(body) - 500, len(body)),
        (f"bytes={len(body) - 1}-", len(body) - 1, len(body)),
        ("bytes=500-99999999999", 500, len(body)),
    ):
        answer = await session.get(url, headers={"Range": asked, "If-Range": tag})
        assert answer.status == 206, asked
        assert await answer.read() == body[start:end]
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(body)}"
    for asked in ("bytes=99999999999-", "bytes=9-3", "lines=1-2"):
        answer = await session.get(url, headers={"Range": asked})
        assert answer.status == 416, asked


async def test_a_file_that_changed_is_begun_anew(url, session, large):
    tag = (await session.head(url)).headers["ETag"]
    large.write_bytes(b"another one")
    answer = await session.get(url, headers={"Range": "bytes=5-", "If-Range": tag})
    assert (answer.status, await answer.read()) == (200, b"another one")


async def test_a_file_that_changes_on_the_way_does_not_look_whole(url, session, large):
    answer = await session.get(url)
    await answer.content.readexactly(1000)
    with large.open("r+b") as file:
        file.seek(30 << 20)
        file.write(b"changed")
    with pytest.raises(aiohttp.ClientPayloadError):
        await answer.read()


async def test_a_storage_server_that_goes_away_on_the_way_puts_nothing_else_into_the_file(
    url, session, site, large
):
    body = large.read_bytes()
    have = bytearray()

    async def downloads():
        async with session.get(url) as answer:
            have.extend(await answer.content.readexactly(1000))
            await site.storage.stop()
            while chunk := await answer.content.readany():
                have.extend(chunk)

    with pytest.raises(aiohttp.ClientPayloadError):
        await asyncio.wait_for(downloads(), 30)
    assert body.startswith(have)
    async with session.get(url) as later:
        assert later.status == 503
        await later.read()
    failed = [line for line in site.lines() if line["event"].startswith("a download")]
    assert [line["event"] for line in failed] == ["a download was cut", "a download failed"]
    assert all(line["cause"] for line in failed)


async def test_an_old_or_wrong_link_says_so_and_a_missing_file_too(url, session, large, site):
    assert (await session.get(url[:-4] + "abcd")).status == 410
    upload = url.replace("/d/", "/u/")
    assert (await session.get(upload)).status == 410
    large.unlink()
    answer = await session.get(url)
    assert answer.status == 404
    assert "missing" in await answer.text()
    site.clock.passes(seconds=visits.DOWNLOAD_SECONDS + 1)
    answer = await session.get(url)
    assert answer.status == 410
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
