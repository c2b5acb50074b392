"""The upload page in Chromium: files, folders, breaks, restarts, questions, both languages."""

import hashlib
import os
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests import polling, servers
from tests.demo.browser.conftest import AXE
from tests.web.upload.conftest import address
from tests.web.upload.proxy import Proxy

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(servers.left_out(CHROMIUM), reason="Chromium is not installed"),
]


def slow(test):
    return pytest.mark.slow(pytest.mark.timeout(180)(test))


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


@asynccontextmanager
async def visited(browser, url, **how):
    """A page; whatever the browser complains about fails the test."""
    context = await browser.new_context(**how)
    page = await context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    await page.goto(url)
    yield page
    await context.close()
    assert complaints == []


@pytest.fixture
async def url(site, eve):
    return f"http://127.0.0.1:{site.bot.web_port}{await address(eve)}"


@pytest.fixture
async def opened_page(browser, url):
    async with visited(browser, url) as page:
        yield page


@pytest.fixture
async def proxy(site):
    async with Proxy(site.bot.web_port).running() as proxy:
        yield proxy


@pytest.fixture
async def far_page(browser, proxy, eve):
    """Behind a proxy."""
    async with visited(browser, proxy.url + await address(eve)) as page:
        yield page


ODD = ("a b.bin", "'q\".txt", "line\nbreak", "😀 数据", "-rf", "é" * 127, "$(id)", "~", "*")
DROP = """([folder, names]) => {
  /* What a drag from the desktop gives, an empty directory in it. */
  const file = (name, path) => ({
    isFile: true, name, fullPath: path,
    file: (done) => done(new File([name], name)),
  });
  const directory = (name, path, below) => {
    let given = false;
    return {
      isFile: false, isDirectory: true, name, fullPath: path,
      createReader: () => ({ readEntries: (done) => { done(given ? [] : below); given = true; } }),
    };
  };
  const top = `/${folder}`;
  const below = [...names.map((name) => file(name, `${top}/${name}`)), directory("empty", `${top}/empty`, [])];
  const event = new Event("drop", { bubbles: true, cancelable: true });
  const entry = directory(folder, top, below);
  Object.defineProperty(event, "dataTransfer", { value: { items: [{ webkitGetAsEntry: () => entry }], files: [] } });
  document.getElementById("drop").dispatchEvent(event);
}"""


async def test_files_and_folders_arrive_and_the_chat_says_so(opened_page, folder, eve, tmp_path):
    source = tmp_path / "数据 集"
    sizes = {"big 1.bin": 3_000_000, "sub/c.txt": 10, "empty": 0, **{f"n{n}": n for n in range(50)}}
    for name, size in sizes.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size))
    await opened_page.set_input_files("#directory", str(source))
    await expect(opened_page.locator("#finished-words")).to_have_text("Everything is there")
    await expect(opened_page.locator("#where")).to_have_text("/mnt/数据 集")
    await expect(opened_page.locator("#finished-close")).to_contain_text("told you in the chat")
    assert "/mnt/数据 集" in await eve.hears("Your upload of 53 files")
    for name in sizes:
        assert (folder / "数据 集" / name).read_bytes() == (source / name).read_bytes()
    await opened_page.set_input_files("#files", str(script(tmp_path)))
    told = await eve.hears("Your upload (")
    assert "/mnt/train.py" in told
    await eve.presses("Run it", on=told)
    assert len([words for words in eve.said() if "Your upload" in words]) == 2
    (tmp_path / "train.py").write_text("print(2), changed since")
    await opened_page.set_input_files("#files", str(tmp_path / "train.py"))
    await opened_page.get_by_role("button", name="Replace: train.py").click()
    # The old version leaves a moment before the new one is there.
    await polling.until(
        lambda: "changed since" in "".join(map(Path.read_text, folder.glob("train.py")))
    )


def script(folder):
    (folder / "train.py").write_text("print(1)")
    return folder / "train.py"


async def test_names_of_all_kinds_and_empty_directories_come_by_drag(opened_page, folder):
    bad = ["x" * 256, "broken \ufffd", "nul\0"]
    await opened_page.evaluate(DROP, ["a 'b'", [*ODD, *bad]])
    await expect(opened_page.locator("#finished-words")).to_have_text(
        "3 things did not arrive, the rest did"
    )
    for words in ("too long", "not valid text", "can't have this name"):
        await expect(opened_page.locator("li[data-state=failed]", has_text=words)).to_have_count(1)
    assert {path.name for path in (folder / "a 'b'").iterdir()} == {*ODD, "empty"}
    assert (folder / "a 'b'" / "line\nbreak").read_text() == "line\nbreak"


@slow
async def test_what_is_there_is_asked_about_one_by_one_or_all_together(
    opened_page, folder, tmp_path
):
    many = tmp_path / "set"
    many.mkdir()
    (folder / "set").mkdir()
    for n in range(9):
        (many / f"n{n}").write_text("new")
        (folder / "set" / f"n{n}").write_text("old")
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("old")
        (tmp_path / name).write_text("new")
    await opened_page.set_input_files("#files", [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    asked = opened_page.locator("li[data-state=exists]")
    await expect(asked).to_have_count(2)
    await asked.filter(has_text="b.txt").get_by_text("Keep the old one").click()
    await opened_page.set_input_files("#directory", str(many))
    await expect(asked.filter(has_text="9 of these files are there already")).to_be_visible()
    await opened_page.get_by_role("button", name="Replace all").click()
    await expect(opened_page.locator("#finished-words")).to_have_text("Everything is there")
    assert (folder / "a.txt").read_text() == "new"
    assert (folder / "b.txt").read_text() == "old"
    assert {path.read_text() for path in (folder / "set").iterdir()} == {"new"}


@slow
async def test_a_pause_a_reload_and_a_new_link_lose_nothing(far_page, proxy, folder, eve, tmp_path):
    big, many = tmp_path / "big.bin", tmp_path / "many"
    big.write_bytes(os.urandom(24 << 20))
    many.mkdir()
    for n in range(400):
        (many / f"n{n}").write_bytes(os.urandom(50_000))
    proxy.bytes_per_second = 2 << 20
    await far_page.set_input_files("#directory", str(many))
    parts = folder / ".pailot" / ".parts"
    await polling.until(lambda: arrived(parts) > 7 << 20, 40)
    proxy.bytes_per_second = 1 << 20
    await far_page.set_input_files("#files", str(big))
    await polling.until(lambda: files_of(parts, 1 << 20), 40)
    await far_page.get_by_role("button", name="Pause").click()
    await expect(far_page.locator("#whole-speed")).to_contain_text("Paused")
    assert not (folder / "big.bin").exists()
    assert not (folder / "many").exists()
    far_page.on("dialog", lambda dialog: dialog.accept())
    await far_page.goto(proxy.url + await address(eve))
    before, proxy.passed, proxy.bytes_per_second = arrived(parts), 0, None
    await far_page.set_input_files("#directory", str(many))
    await far_page.set_input_files("#files", str(big))
    # The directory may be there before the browser has the file.
    await polling.until((folder / "big.bin").exists, 60)
    await expect(far_page.locator("#finished-words")).to_have_text(
        "Everything is there", timeout=60_000
    )
    assert sha256(folder / "big.bin") == sha256(big)
    assert {path.name for path in (folder / "many").iterdir()} == {f"n{n}" for n in range(400)}
    assert proxy.passed < (24 << 20) + 400 * 50_000 - before + (1 << 20)
    assert list(parts.iterdir()) == []


def files_of(parts, least):
    return [path for path in parts.glob("*") if path.is_file() and path.stat().st_size > least]


@slow
async def test_a_proxy_that_cuts_the_line_costs_little(far_page, proxy, folder, tmp_path):
    big = tmp_path / "big.bin"
    big.write_bytes(os.urandom(24 << 20))
    proxy.bytes_per_second = 12 << 20
    await far_page.set_input_files("#files", str(big))
    parts = folder / ".pailot" / ".parts"
    for mark in (4 << 20, 12 << 20):
        await polling.until(lambda mark=mark: parts.exists() and arrived(parts) > mark, 30)
        proxy.cut()
    await expect(far_page.locator("li[data-state=done]")).to_be_visible(timeout=40_000)
    assert sha256(folder / "big.bin") == sha256(big)
    assert proxy.passed < 40 << 20


def arrived(parts):
    return sum(path.stat().st_size for path in parts.rglob("*") if path.is_file())


@slow
async def test_two_pages_with_the_same_file_make_one_of_it(browser, site, eve, folder, tmp_path):
    big = tmp_path / "big.bin"
    big.write_bytes(os.urandom(20 << 20))
    async with AsyncExitStack() as stack:
        pages = []
        for _ in range(2):
            url = f"http://127.0.0.1:{site.bot.web_port}{await address(eve)}"
            pages.append(await stack.enter_async_context(visited(browser, url)))
        for page in pages:
            await page.set_input_files("#files", str(big))
        asked = [page.locator("li[data-state=exists], li[data-state=done]") for page in pages]
        for one in asked:
            await expect(one).to_be_visible(timeout=40_000)
        states = sorted([await one.get_attribute("data-state") for one in asked])
        assert states == ["done", "exists"]
        assert sha256(folder / "big.bin") == sha256(big)
        last = asked[0] if await asked[0].get_attribute("data-state") == "exists" else asked[1]
        await last.get_by_text("Replace", exact=True).click()
        for one in pages:
            await expect(one.locator("li[data-state=done]")).to_be_visible(timeout=40_000)
    assert sha256(folder / "big.bin") == sha256(big)


@slow
async def test_a_link_that_is_over_says_so_and_keeps_what_was_sent(opened_page, site, tmp_path):
    site.clock.passes(days=3, minutes=1)
    await opened_page.set_input_files("#files", str(script(tmp_path)))
    await expect(opened_page.locator("#trouble")).to_contain_text("This link has expired")
    await opened_page.reload()
    await expect(opened_page.locator("#trouble")).to_contain_text("This link has expired")


@slow
async def test_another_browser_is_shown_where_to_type_a_code(browser, opened_page, url):
    await expect(opened_page.locator("#inside")).to_have_text("/mnt")
    await opened_page.reload()
    await expect(opened_page.locator("#pick-files")).to_be_visible()
    async with visited(browser, url) as other:
        await expect(other.locator("#trouble")).to_contain_text("opened in another browser")
        await expect(other.locator("#code")).to_be_visible()


@slow
async def test_it_goes_on_by_itself_when_pailot_restarts_in_the_middle(
    opened_page, folder, site, tmp_path
):
    big = tmp_path / "big.bin"
    big.write_bytes(os.urandom(48 << 20))
    await opened_page.set_input_files("#files", str(big))
    parts = folder / ".pailot" / ".parts"
    await polling.until(lambda: any(path.stat().st_size > 1 << 20 for path in parts.glob("*")))
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
            (one["id"], node["html"][:200], node["failureSummary"][:200])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
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
