"""A lab, a scripted bot and Chromium for the tests of the page."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, async_playwright, expect
from pytest_asyncio import is_async_test

from bot.demo.lab import Lab
from tests import servers
from tests.demo.browser.scripted import ScriptedBot

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = Path(__file__).parent / "vendor/axe.min.js"
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
SECONDS = 20
"""How long the page may take for anything; a pass never waits for it."""
expect.set_options(timeout=SECONDS * 1000)
LONG = {"test_enduring", "test_tour"}
"""Modules for `make check`; that the page can be used at all is part of `make test`."""
# Not the page's fault: the address of a file that a test made unreachable on purpose.
EXPECTED_NOISE = ("net::ERR_CONNECTION_REFUSED", "net::ERR_INCOMPLETE_CHUNKED_ENCODING")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if is_async_test(item) and Path(item.path).stem in LONG:
                item.add_marker(pytest.mark.slow)
            if is_async_test(item):  # in the loop of the module's browser
                item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
            if servers.left_out(CHROMIUM):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@dataclass
class Visit:
    """One browser window, with everything it complained about."""

    page: Page
    complaints: list[str]

    async def chat(self, title: str) -> None:
        """Opens a chat, from wherever the window is."""
        if await self.page.locator(".back-key").is_visible():
            await self.page.click(".back-key")
        name = self.page.locator("strong", has_text=re.compile(f"^{re.escape(title)}$"))
        await self.page.locator(".chat-line").filter(has=name).click()
        await self.page.locator(".head-title", has_text=title).wait_for()

    async def sends(self, text: str) -> None:
        await self.page.fill(".input", text)
        await self.page.click(".send-key")

    async def hears(self, text: str) -> None:
        await expect(self.page.locator(".bubble", has_text=text).last).to_be_visible()

    async def faults(self) -> list[str]:
        """What axe-core finds serious, as lines one can read."""
        await self.page.evaluate(AXE.read_text())
        found: Any = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']} ({one['impact']}): {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]


@pytest_asyncio.fixture(loop_scope="module")
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    lab = Lab(tmp_path / "demo", 0, language="en")
    await lab.start()
    yield lab
    await lab.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def scripted(lab: Lab) -> AsyncIterator[ScriptedBot]:
    async with ClientSession() as session:
        bot = ScriptedBot(session, lab.telegram_url, lab.bot_token)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(bot.run())
            yield bot
            running.cancel()
    assert bot.errors == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests of a module: each has windows of its own, which share nothing."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env=servers.ENVIRONMENT,
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def visit(
    browser: Browser,
    address: str,
    *,
    size: str = "desk",
    theme: str = "light",
    language: str = "en",
    tolerant: bool = False,
) -> AsyncIterator[Visit]:
    """A window as a visitor has it; unless `tolerant`, a complaint in its console fails the test."""
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
        has_touch=size == "phone",
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(SECONDS * 1000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await page.locator(".chat-line").first.wait_for()
    yield Visit(page, complaints)
    await context.close()
    if not tolerant:
        assert complaints == []
