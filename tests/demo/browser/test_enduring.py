"""What goes wrong around the page: reloads, restarts, several windows, very long chats."""

import asyncio
import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.demo.cast import GROUP_TITLE
from bot.demo.lab import Lab
from bot.demo.telegram.state import Message
from tests.demo.browser.conftest import Visit, visit
from tests.demo.browser.scripted import ScriptedBot

STATIC = Path(__file__).parents[3] / "bot/demo/telegram/static"
HEAVIEST_BYTES = 300_000


def test_the_page_weighs_little() -> None:
    files = [file for file in STATIC.rglob("*") if file.is_file()]
    weight = sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert weight <= HEAVIEST_BYTES


def test_the_page_asks_nobody_but_its_own_server() -> None:
    for file in STATIC.rglob("*"):
        if file.suffix in (".js", ".css", ".html"):
            found = re.findall(r"https?://[\w.]+", file.read_text())
            assert set(found) <= {"http://www.w3.org", "https://t.me"}, file


async def started(seen: Visit) -> None:
    await seen.chat("Pailot")
    await seen.page.get_by_role("button", name="START").click()
    await seen.hears("Welcome aboard.")


async def test_a_reload_in_mid_dialog_loses_nothing(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        await started(seen)
        await seen.page.fill(".input", "half a sent")
        await seen.page.reload()
        await expect(seen.page.locator(".input")).to_have_value("half a sent")
        await seen.hears("Welcome aboard.")
        await expect(seen.page.locator(".head-title")).to_have_text("Pailot")


async def test_two_windows_as_one_person_show_the_same(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as one, visit(browser, lab.chat_url) as other:
        await started(one)
        await other.hears("Welcome aboard.")
        await other.sends("from the other window")
        await one.hears("from the other window")
        await one.hears("echo: from the other window")
        await expect(one.page.locator(".mine", has_text="from the other")).to_have_count(1)


async def test_two_windows_are_two_people_at_once(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as one, visit(browser, lab.chat_url) as other:
        await other.page.get_by_role("radio", name=re.compile("Ruth")).click()
        await other.chat(GROUP_TITLE)
        await one.chat(GROUP_TITLE)
        await other.sends("hello from Ruth")
        theirs = one.page.locator(".row:not(.mine)", has_text="hello from Ruth")
        await expect(theirs.first).to_be_visible()
        await expect(other.page.locator(".mine", has_text="hello from Ruth")).to_have_count(1)
        await one.page.reload()
        await expect(one.page.get_by_role("radio", checked=True)).to_have_accessible_name(
            re.compile("林晓")
        )


async def test_unread_messages_are_counted_and_read(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        await started(seen)
        line = seen.page.locator(".chat-line", has_text=GROUP_TITLE)
        before = int(await line.locator(".badge").inner_text())
        await lab.scene.second.sends("anybody here?", chat=lab.scene.group)
        await expect(line.locator(".badge")).to_have_text(str(before + 1))
        await expect(seen.page).to_have_title(re.compile(rf"^\({before + 1}\) "))
        await lab.scene.second.sends("nobody then", chat=lab.scene.group)
        await seen.page.locator(".toast", has_text="nobody then").wait_for()
        assert await seen.page.locator(".toast").count() == 1, "only the newest of a chat"
        await expect(line.locator(".badge")).to_have_text(str(before + 2))
        await seen.chat(GROUP_TITLE)
        await seen.page.keyboard.press("End")
        await expect(line.locator(".badge")).to_have_count(0)
        await seen.page.reload()
        await expect(line).to_be_visible()
        await expect(line.locator(".badge")).to_have_count(0)


async def test_it_comes_back_by_itself_after_the_server_was_away(
    lab: Lab, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url, tolerant=True) as seen:
        await seen.page.locator(".start-key").click()
        await seen.hears("/start")
        await lab.reset()
        await expect(seen.page.locator(".start-key")).to_be_visible()
        await lab.scene.student.sends("after the restart")
        await seen.hears("after the restart")
        await expect(seen.page.locator(".bubble")).to_have_count(1)


async def test_the_bot_may_restart_under_the_page(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        await started(seen)
        lab.tg.faults.cut_polls()
        await seen.sends("are you back?")
        await seen.hears("echo: are you back?")


async def long_chat(lab: Lab, count: int) -> None:
    tg, student = lab.tg.telegram, lab.scene.student
    now = tg.now()
    for number in range(count):
        sender = student.id if number % 4 == 0 else tg.state.bot.id
        chat = tg.state.chats[student.id]
        chat.started = True
        text = f"message {number} " + "lorem ipsum dolor sit amet " * (number % 9)
        at = now - (count - number) * 90
        message = Message(tg.next_message_id(chat), chat.id, at, sender, text=text)
        tg.state.messages[chat.id][message.id] = message


FRAMES = """async () => {
  const view = document.querySelector(".scroller"), jumps = [];
  const first = () => document.querySelector(".row .text").textContent;
  let rows = 0;
  for (let step = 0; step < 800 && !(view.scrollTop === 0 && first().startsWith("message 0 ")); step += 1) {
    const marker = [...document.querySelectorAll(".row")].find(
      (row) => row.getBoundingClientRect().top > view.getBoundingClientRect().top + 5);
    const before = marker?.getBoundingClientRect().top;
    view.scrollTop -= 420;
    await new Promise(requestAnimationFrame);
    if (marker?.isConnected && view.scrollTop > 0) {
      const moved = marker.getBoundingClientRect().top - before;
      if (moved < -1 || moved > 421) jumps.push(moved);  // a browser rounds to parts of a pixel
    }
    rows = Math.max(rows, document.querySelectorAll(".row").length);
    if (view.scrollTop === 0) await new Promise((r) => setTimeout(r, 30));  // older ones are on their way
  }
  return {first: first(), rows, jumps};
}"""


@pytest.mark.slow
async def test_two_thousand_messages_scroll_smoothly(lab: Lab, browser: Browser) -> None:
    await long_chat(lab, 2000)
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await seen.hears("message 1999")
        assert await page.locator(".row").count() <= 100
        told: Any = await page.evaluate(FRAMES)
        assert told["first"].startswith("message 0 ")
        assert told["rows"] <= 300
        assert told["jumps"] == []
        await page.locator(".newest").click()
        await expect(page.locator(".bubble", has_text="message 1999 ")).to_be_in_viewport()


async def test_new_messages_do_not_move_what_one_reads(lab: Lab, browser: Browser) -> None:
    await long_chat(lab, 300)
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await seen.hears("message 299")
        await page.locator(".scroller").evaluate("view => { view.scrollTop -= 900; }")
        await expect(page.locator(".newest")).to_be_visible()
        before = await page.locator(".scroller").evaluate("view => view.scrollTop")
        await lab.scene.student.sends("never mind")
        # One's own message from another window leads to the end; another's would not.
        await seen.hears("never mind")
        await page.locator(".scroller").evaluate("view => { view.scrollTop -= 900; }")
        before = await page.locator(".scroller").evaluate("view => view.scrollTop")
        message = lab.tg.telegram.state.messages[lab.scene.student.id]
        chat = lab.tg.telegram.state.chats[lab.scene.student.id]
        bot = lab.tg.telegram.state.bot.id
        for number in range(3):
            new = Message(
                lab.tg.telegram.next_message_id(chat),
                chat.id,
                lab.tg.telegram.now(),
                bot,
                text=f"news {number}",
            )
            lab.tg.telegram.post(new)
        assert len(message) == 304
        await expect(page.locator(".newest .badge")).to_have_text("3")
        assert await page.locator(".scroller").evaluate("view => view.scrollTop") == before
        await page.locator(".newest").click()
        await expect(page.locator(".bubble", has_text="news 2")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("theme", "size", "language"),
    [
        ("light", "desk", "en"),
        ("dark", "phone", "zh"),
        pytest.param("dark", "desk", "en", marks=pytest.mark.slow),
        pytest.param("light", "phone", "zh", marks=pytest.mark.slow),
    ],
)
async def test_axe_finds_no_serious_fault(
    lab: Lab, scripted: ScriptedBot, browser: Browser, theme: str, size: str, language: str
) -> None:
    async with visit(browser, lab.chat_url, theme=theme, size=size, language=language) as seen:
        page = seen.page
        faults = await seen.faults()
        await seen.chat("Pailot")
        await page.locator(".start-key").click()
        for command in ("/show", "/file", "/photo"):
            await seen.sends(command)
        await page.locator(".photo img").wait_for()
        await page.locator(".input").press_sequentially("/")
        await page.get_by_role("option").first.wait_for()
        faults += await seen.faults()
        await page.fill(".input", "")
        if not await page.locator(".panel").is_visible():
            await page.click(".panel-key")
        for tab in ("lab", "about", "tour"):
            await page.click(f"#tab-{tab}")
            faults += await seen.faults()
        await page.click(".panel-head .tool")
        await page.get_by_role("button", name="Alert").click()
        await page.get_by_role("dialog").wait_for()
        faults += await seen.faults()
        await page.get_by_role("dialog").get_by_role("button").click()
        await seen.chat(GROUP_TITLE)
        faults += await seen.faults()
        assert faults == []


async def test_the_labs_controls_do_what_they_say(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await page.click("#tab-lab")
        await page.get_by_role("button", name="60×").click()
        await expect(page.get_by_role("button", name="60×")).to_have_attribute(
            "aria-pressed", "true"
        )
        assert lab.pai.speed == 60
        await page.get_by_role("button", name="Pause").click()
        await expect(page.get_by_text("Time stands still")).to_be_visible()
        await page.get_by_role("button", name="A machine goes down").click()
        await expect(page.get_by_role("button", name="A machine goes down")).to_contain_text(
            "s left"
        )
        assert lab.pai.cluster.world.life.occupancy.down == {"worker-gpu-1"}
        await page.get_by_role("button", name="A machine goes down").click()
        assert lab.pai.cluster.world.life.occupancy.down == set()
        await page.get_by_role("button", name="Start over").click()
        await page.get_by_role("dialog").get_by_role("button", name="Start over").click()
        async with asyncio.timeout(20):
            await lab.reset_asked()


async def test_the_theme_and_the_language_can_be_chosen(lab: Lab, browser: Browser) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        ground = "getComputedStyle(document.querySelector('.sidebar')).backgroundColor"
        light = await page.evaluate(ground)
        await page.get_by_role("button", name="Light or dark").click()
        assert await page.evaluate(ground) != light
        await page.get_by_role("button", name="中文").click()
        await expect(page.get_by_role("tab", name="导览")).to_be_visible()
        assert await page.evaluate(ground) != light
        assert await page.evaluate("document.documentElement.lang") == "zh-CN"
