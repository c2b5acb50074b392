"""The whole tour with the real Pailot, played by clicks and typing as a visitor would."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot import app
from bot.demo import performing
from bot.demo.cast import GROUP_TITLE, STUDENT
from bot.demo.lab import Lab
from bot.demo.tour import STEPS
from bot.settings import load
from tests.demo.browser.conftest import Visit, visit

WORDS = {
    "en": {
        "start": "START",
        "files": "Files",
        "submit": "Submit",
        "card": "Job card",
        "log": "Log",
        "test": "Test",
        "lab": "Lab",
        "quiet": "Quiet hours",
        "refresh": "Refresh",
    },
    "zh": {
        "start": "开始",
        "files": "文件",
        "submit": "提交",
        "card": "任务卡片",
        "log": "日志",
        "test": "测试",
        "lab": "实验室",
        "quiet": "免打扰",
        "refresh": "刷新",
    },
}


@pytest_asyncio.fixture(loop_scope="module")
async def demo(lab: Lab, tmp_path: Path) -> AsyncIterator[Lab]:
    """The lab with the real bot in it."""
    settings = load(environ=lab.settings_environ(), cwd=tmp_path)
    async with app.running(settings) as pailot:
        async with asyncio.timeout(10):
            await pailot.ready.wait()
        yield lab


class Tourist:
    """Does what the steps say, with the page's own means."""

    def __init__(self, seen: Visit, language: str) -> None:
        self.seen, self.page, self.words = seen, seen.page, WORDS[language]

    async def ticked(self, step: str, seconds: float = 20) -> None:
        line = self.page.locator(f"[data-step={step}]")
        await expect(line).to_have_class(re.compile("step-done"), timeout=seconds * 1000)

    def key(self, label: str) -> Locator:
        return self.page.locator(".keys button", has_text=re.compile(label)).last

    async def play(self) -> None:
        await self.seen.chat("Pailot")
        await self.page.get_by_role("button", name=self.words["start"]).click()
        await self.link()
        await self.files()
        await self.run()
        await self.fail()
        await self.image()
        await self.group()
        await self.quiet()
        assert {step.id for step in STEPS} == set(
            await self.page.locator(".step-done").evaluate_all(
                "all => all.map(one => one.dataset.step)"
            )
        )

    async def answered(self, text: str) -> None:
        """Sends and waits until the bot has said something new."""
        bubbles = self.page.locator(".row:not(.mine) .bubble")
        before = await bubbles.count()
        await self.seen.sends(text)
        await expect(bubbles).not_to_have_count(before)

    async def link(self) -> None:
        await self.answered("/login")
        await self.answered(STUDENT.account)
        await self.answered(STUDENT.password)
        await self.ticked("link")
        await expect(self.page.locator(".mine", has_text=STUDENT.password)).to_have_count(0)

    async def files(self) -> None:
        await self.answered("/ls")
        await self.key(STUDENT.account).click()
        await self.key(f"^{self.words['files']}$").click()
        await self.ticked("files")

    async def run(self) -> None:
        await self.seen.sends(performing.RUN_LINE)
        await self.key(f"^{self.words['submit']}$").click()
        await self.ticked("run")
        await self.key(self.words["card"]).click()
        for _ in range(20):
            await asyncio.sleep(0.5)
            if "step-done" in (
                await self.page.locator("[data-step=card]").get_attribute("class") or ""
            ):
                break
            await self.key(self.words["refresh"]).click()
        await self.ticked("card")
        await self.key(f"^{self.words['log']}$").click()
        await self.ticked("log")
        await self.ticked("success", 30)

    async def fail(self) -> None:
        await self.seen.sends(performing.FAILING_LINE)
        await self.key(f"^{self.words['submit']}$").click()
        await self.ticked("fail")
        await self.ticked("alert", 30)

    async def image(self) -> None:
        await self.answered(performing.IMAGE_LINE)
        await self.key(f"^{self.words['test']}$").click()
        await self.key(f"^{self.words['submit']}$").click()
        await self.ticked("image", 40)

    async def group(self) -> None:
        await self.seen.chat(GROUP_TITLE)
        await self.seen.sends(performing.VIEW)
        await self.ticked("group")
        await self.answered(performing.TYPO)
        if await self.page.locator(".back-key").is_visible():
            await self.page.click(".back-key")
        await self.page.get_by_role("radio", name=re.compile("Amara")).click()
        await self.seen.chat(GROUP_TITLE)
        await self.key("^/jobs$").click()
        refusal = self.page.get_by_role("dialog")
        await expect(refusal).to_contain_text(STUDENT.name)
        await refusal.get_by_role("button").click()
        await self.ticked("refused")

    async def quiet(self) -> None:
        if await self.page.locator(".back-key").is_visible():
            await self.page.click(".back-key")
        await self.page.get_by_role("radio", name=re.compile(STUDENT.name)).click()
        await self.seen.chat("Pailot")
        await self.answered("/alerts")
        await self.key(self.words["quiet"]).click()
        await self.key(r"2[23]:00").click()
        await self.ticked("quiet")


@pytest.mark.slow
@pytest.mark.timeout(150)
@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        ("desk", "light", "en"),
        ("phone", "dark", "zh"),
        ("phone", "light", "en"),
        ("desk", "dark", "zh"),
    ],
)
async def test_a_visitor_plays_the_whole_tour(
    demo: Lab, browser: Browser, size: str, theme: str, language: str
) -> None:
    async with visit(browser, demo.chat_url, size=size, theme=theme, language=language) as seen:
        await Tourist(seen, language).play()


async def test_a_newcomer_on_a_phone_is_shown_the_way_to_the_tour(
    demo: Lab, browser: Browser
) -> None:
    async with visit(browser, demo.chat_url, size="phone") as seen:
        await seen.page.get_by_role("button", name="Take the tour").click()
        lead = seen.page.get_by_text(f"{len(STEPS)} steps, about three minutes.")
        await expect(lead).to_be_visible()
        await expect(seen.page.get_by_role("button", name="Take the tour")).to_be_hidden()
        assert await seen.faults() == []


@pytest.mark.timeout(150)
async def test_the_tour_does_itself(demo: Lab, browser: Browser) -> None:
    async with visit(browser, demo.chat_url) as seen:
        page = seen.page
        for step in STEPS:
            line = page.locator(f"[data-step={step.id}]")
            if "step-done" in (await line.get_attribute("class") or ""):
                continue
            await line.get_by_role("button", name="Do it for me").click()
            await expect(line).to_have_class(re.compile("step-done"), timeout=60_000)
        await expect(page.get_by_text("That was all.")).to_be_visible()
    assert demo.tg.oddities == []
