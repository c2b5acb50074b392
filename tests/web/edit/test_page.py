"""The edit page in Chromium: saving, conflicts, both languages and themes, nothing the browser complains about."""

import shutil

import pytest
from playwright.async_api import async_playwright, expect

from tests import servers
from tests.demo.browser.conftest import AXE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(servers.left_out(CHROMIUM), reason="Chromium is not installed"),
]


@pytest.fixture
async def browser():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env=servers.ENVIRONMENT,
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser):
    page = await browser.new_page(viewport={"width": 390, "height": 780})
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    assert complaints == []


async def test_a_file_is_edited_on_a_phone(page, link, folder):
    name = "<b>数据 & co.py"
    (folder / name).write_text("# 训练\nepochs = 1\n")
    await page.goto(await link(name))
    await expect(page.locator("h1")).to_have_text(name)
    await expect(page.locator("#text")).to_have_value("# 训练\nepochs = 1\n")
    await page.fill("#text", "# 训练\nepochs = 20\n")
    await expect(page.locator("#status")).to_have_text("Not saved yet")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#status")).to_contain_text("Saved")
    assert (folder / name).read_text() == "# 训练\nepochs = 20\n"
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def test_a_conflict_shows_both_and_loses_neither(page, link, folder):
    (folder / "a.txt").write_text("one\n")
    await page.goto(await link("a.txt"))
    await page.fill("#text", "mine\n")
    (folder / "a.txt").write_text("theirs\n")
    await page.keyboard.press("Control+s")
    await expect(page.locator("#conflict")).to_be_visible()
    await page.get_by_role("button", name="Show the other").click()
    await expect(page.locator("#other")).to_have_value("theirs\n")
    await expect(page.locator("#text")).to_have_value("mine\n")
    await page.get_by_role("button", name="Save mine").click()
    await expect(page.locator("#conflict")).to_be_hidden()
    assert (folder / "a.txt").read_text() == "mine\n"
    assert [p.read_text() for p in (folder / ".pailot/.trash").iterdir()] == ["theirs\n"]


async def test_a_dropped_connection_loses_nothing(page, link, folder, site):
    (folder / "a.txt").write_text("one\n")
    await page.goto(await link("a.txt"))
    await page.fill("#text", "two\n")
    await site.stop()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#status")).to_contain_text("nothing is lost")
    await site.start()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#status")).to_contain_text("Saved")
    assert (folder / "a.txt").read_text() == "two\n"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_accessible_in_both_themes_and_in_chinese(page, link, folder, eve, scheme):
    (folder / "a.txt").write_bytes("训练\r\n".encode("gb18030"))
    address = await link("a.txt")
    await eve.asks("/lang zh")
    await page.emulate_media(color_scheme=scheme)
    await page.goto(address)
    await expect(page.locator("#notes")).to_contain_text("GBK")
    await expect(page.get_by_role("button", name="保存")).to_be_enabled()
    await page.evaluate("document.getElementById('conflict').hidden = false")
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [one["id"] for one in found["violations"]] == []
