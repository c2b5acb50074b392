"""The upload page in Chromium: files, folders, breaks, restarts, questions, both languages."""

import asyncio
import hashlib
import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests.demo.browser.conftest import AXE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]


@pytest.fixture
async def browser():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def opened_page(site, eve, browser):
    """The page behind Eve's link; whatever the browser complains about fails the test."""
    said = await eve.asks("/upload")
    word = next(word for word in said.text.split() if "/u/" in word)
    path = word.removeprefix("http://pailot.example.edu")
    page = await browser.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    page.address = f"http://127.0.0.1:{site.bot.web_port}{path}"
    await page.goto(page.address)
    yield page
    assert complaints == []


async def test_files_and_folders_arrive_and_the_chat_says_so(opened_page, folder, eve, tmp_path):
    source = tmp_path / "source"
    for name, size in (
        ("数据 集/a b.bin", 300_000),
        ("数据 集/sub/c.txt", 10),
        ("数据 集/empty", 0),
    ):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size))
    await opened_page.set_input_files("#directory", str(source / "数据 集"))
    await expect(opened_page.locator("#whole-words")).to_have_text("All 3 files are there")
    told = await eve.hears("Your upload of 3 files")
    assert "/mnt/数据 集" in told
    for name in ("a b.bin", "sub/c.txt", "empty"):
        sent, arrived = source / "数据 集" / name, folder / "数据 集" / name
        assert arrived.read_bytes() == sent.read_bytes()


async def test_a_file_that_is_there_is_asked_about(opened_page, folder, tmp_path):
    (folder / "a.txt").write_text("old")
    (tmp_path / "a.txt").write_text("new")
    await opened_page.set_input_files("#files", str(tmp_path / "a.txt"))
    await opened_page.get_by_role("button", name="Replace").click()
    await expect(opened_page.locator("li[data-state=done]")).to_contain_text("/mnt/a.txt")
    assert (folder / "a.txt").read_text() == "new"


async def test_it_goes_on_by_itself_when_pailot_restarts_in_the_middle(
    opened_page, folder, site, tmp_path
):
    big = tmp_path / "big.bin"
    big.write_bytes(os.urandom(48 << 20))
    await opened_page.set_input_files("#files", str(big))
    parts = folder / ".pailot" / ".parts"
    for _ in range(500):
        if parts.exists() and any(path.stat().st_size > 1 << 20 for path in parts.iterdir()):
            break
        await asyncio.sleep(0.01)
    await site.stop()
    left = sum(path.stat().st_size for path in parts.iterdir())
    await site.start()
    await expect(opened_page.locator("li[data-state=done]")).to_be_visible(timeout=40_000)
    assert left > 0
    assert sha256(folder / "big.bin") == sha256(big)
    site.forgiven |= {"upload"}


async def test_the_page_is_usable_by_everybody_in_both_themes(opened_page, tmp_path):
    (tmp_path / "a.txt").write_text("new")
    await opened_page.set_input_files("#files", str(tmp_path / "a.txt"))
    await expect(opened_page.locator("li[data-state=done]")).to_be_visible()
    await opened_page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        await opened_page.emulate_media(color_scheme=scheme)
        found = await opened_page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [
            one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")
        ] == []
    await opened_page.set_viewport_size({"width": 360, "height": 740})
    wide = await opened_page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360


async def test_a_code_opens_the_page_in_another_browser(site, eve, browser):
    code = (await eve.asks("/upload")).text.partition("type ")[2][:9]
    context = await browser.new_context(locale="zh-CN")
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{site.bot.web_port}/u")
    await page.fill("#code", "AAAA AAAA")
    await page.get_by_role("button", name="打开").click()
    await expect(page.locator("#trouble")).to_contain_text("代码不对")
    await page.fill("#code", code)
    await page.get_by_role("button", name="打开").click()
    await expect(page.locator("#inside")).to_have_text("/mnt")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
