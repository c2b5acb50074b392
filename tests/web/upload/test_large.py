"""The page against OpenSSH: a file of 1 GiB and a folder of 10 000, with the line cut and Pailot killed on the way."""

import asyncio
import contextlib
import hashlib
import os
import random
import shutil

import pytest
from playwright.async_api import async_playwright, expect

from bench.desk import open_desk
from bench.double import Double, listening
from tests import polling, servers
from tests.web.upload.proxy import Proxy

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(servers.left_out(CHROMIUM), reason="Chromium is not installed"),
]
GIB = 1 << 30
MANY = 10_000
LONG = 200_000
"""Milliseconds: the machine may be busy."""


@pytest.fixture
async def desk():
    """A Pailot in a process of its own, which can be killed, with Debian's SSH server behind it."""
    async with listening(Double("/help gpu")) as double, open_desk(double) as desk:
        yield desk


@pytest.fixture
async def proxy(desk):
    async with Proxy(desk.port).running() as proxy:
        yield proxy


@pytest.fixture
async def page(desk, proxy):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env=servers.ENVIRONMENT,
        )
        page = await browser.new_page()
        cookie = {"name": "pailot", "value": desk.cookie, "url": proxy.url + desk.path}
        await page.context.add_cookies([cookie])
        await page.goto(proxy.url + desk.path)
        yield page
        await browser.close()


def arrived(desk):
    parts = desk.folder / ".pailot" / ".parts"
    found = 0
    for path in parts.rglob("*") if parts.exists() else ():
        with contextlib.suppress(OSError):
            found += path.stat().st_size if path.is_file() else 0
    return found


async def test_a_file_of_a_gibibyte_survives_a_cut_and_two_deaths(page, proxy, desk, tmp_path):
    big = tmp_path / "big.bin"
    noise, digest = random.Random(1), hashlib.sha256()
    with big.open("wb") as file:
        for _ in range(GIB >> 20):
            piece = noise.randbytes(1 << 20)
            digest.update(piece)
            file.write(piece)
    await page.set_input_files("#files", str(big))
    await polling.until(lambda: arrived(desk) > GIB // 8, 300)
    proxy.cut()
    for mark in (GIB // 4, GIB // 2):
        await polling.until(lambda mark=mark: arrived(desk) > mark, 300)
        assert not (desk.folder / "big.bin").exists()
        await desk.dies_and_comes_back()
    await expect(page.locator("#finished-words")).to_have_text("Everything is there", timeout=LONG)
    with (desk.folder / "big.bin").open("rb") as file:
        whole = await asyncio.to_thread(hashlib.file_digest, file, "sha256")
    assert whole.digest() == digest.digest()
    assert list((desk.folder / ".pailot" / ".parts").iterdir()) == []
    assert proxy.passed < 1.6 * GIB


async def test_a_folder_of_ten_thousand_files_survives_a_cut_and_a_death(
    page, proxy, desk, tmp_path
):
    many = tmp_path / "many"
    for number in range(MANY):
        path = many / f"d{number % 50}" / f"文件 {number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(number % 8192))
    proxy.bytes_per_second = 8 << 20
    await page.set_input_files("#directory", str(many), timeout=LONG)
    await polling.until(lambda: arrived(desk) > 4 << 20, 300)
    proxy.cut()
    await polling.until(lambda: arrived(desk) > 16 << 20, 300)
    await desk.dies_and_comes_back()
    assert not (desk.folder / "many").exists()
    await expect(page.locator("#finished-words")).to_have_text("Everything is there", timeout=LONG)
    for path in many.rglob("*"):
        there = desk.folder / "many" / path.relative_to(many)
        assert path.is_dir() if there.is_dir() else path.read_bytes() == there.read_bytes()
    assert sum(path.is_file() for path in (desk.folder / "many").rglob("*")) == MANY


async def test_a_storage_server_that_dies_in_mid_write_is_gone_on_with(page, desk, tmp_path):
    big = tmp_path / "big.bin"
    big.write_bytes(os.urandom(200 << 20))
    await page.set_input_files("#files", str(big))
    await polling.until(lambda: arrived(desk) > 30 << 20, 120)
    desk.sshd.stop()
    await asyncio.sleep(1)
    assert not (desk.folder / "big.bin").exists()
    desk.sshd.start()
    await expect(page.locator("#finished-words")).to_have_text("Everything is there", timeout=LONG)
    assert (desk.folder / "big.bin").read_bytes() == big.read_bytes()


async def test_what_the_server_forbids_is_said_and_can_be_tried_again(page, desk, tmp_path):
    closed = desk.folder / "closed"
    closed.mkdir()
    closed.chmod(0o755)  # root's
    source = tmp_path / "closed"
    source.mkdir()
    (source / "big.bin").write_bytes(os.urandom(2 << 20))
    for number in range(10):
        (source / f"n{number}").write_bytes(b"1")
    await page.set_input_files("#directory", str(source))
    failed = page.locator("li[data-state=failed]")
    await expect(failed).to_have_count(2, timeout=LONG)
    await expect(failed.first).to_contain_text("The storage server does not allow that")
    assert list(closed.iterdir()) == []
    closed.chmod(0o777)
    await page.get_by_role("button", name="Try all again").click()
    await expect(page.locator("#finished-words")).to_have_text("Everything is there", timeout=LONG)
    assert len(list(closed.iterdir())) == 11
