"""Writing, reading, pressing: the page as a chat application."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.demo.cast import GROUP_TITLE
from bot.demo.lab import Lab
from tests.demo.browser.conftest import visit
from tests.demo.browser.scripted import ScriptedBot, png


async def test_it_starts_talks_and_shows_the_answer(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").click()
        await seen.hears("Welcome aboard.")
        one_line = await page.locator(".input").bounding_box()
        assert one_line is not None
        assert one_line["height"] >= 40
        await seen.sends("hello\nthere")
        await seen.hears("echo: hello")
        await expect(page.locator(".mine .reaction")).to_have_text("👀")


@pytest.mark.slow
async def test_a_visitor_reacts_from_the_menu_and_takes_it_back(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").click()
        await seen.hears("Welcome aboard.")
        bubble = page.locator(".bubble", has_text="Welcome aboard.")
        await bubble.click(button="right")
        await page.get_by_role("menuitem", name="React with 🎉").click()
        mine = bubble.locator(".reaction.own")
        await expect(mine).to_have_text("🎉")
        await mine.click()
        await expect(bubble.locator(".reaction")).to_have_count(0)


async def test_it_shows_all_formatting(lab: Lab, scripted: ScriptedBot, browser: Browser) -> None:
    async with visit(
        browser, f"{lab.chat_url}#/as/{lab.scene.student.id}/chat/{lab.scene.student.id}"
    ) as seen:
        page = seen.page
        await page.get_by_role("button", name="START").click()
        await seen.sends("/show")
        shown = page.locator(".bubble", has_text="unet-4f2 failed")
        await expect(shown.locator("strong").first).to_be_visible()
        for tag in ("em", "u", "s", "code.inline-code", "blockquote", ".code-block pre"):
            assert await shown.locator(tag).count() >= 1, tag
        assert await shown.locator("a").get_attribute("href") == "https://pai.example.edu/job"
        spoiler = shown.locator(".spoiler")
        await spoiler.press("Enter")
        await expect(shown.get_by_text("the secret")).to_be_visible()
        folded = shown.locator("blockquote.long")
        await expect(folded).to_have_class("long folded")
        await folded.locator(".quote-toggle").click()
        await expect(folded).to_have_class("long")
        await shown.locator(".code-copy").click()
        assert (
            await page.evaluate("navigator.clipboard.readText()")
            == "for x in range(3):\n    print(x)"
        )
        await expect(shown.locator(".replied span")).to_have_text("/show")


async def test_it_presses_buttons_of_all_kinds(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").click()
        await page.get_by_role("button", name="Toast").click()
        await expect(page.locator(".toast")).to_contain_text("Just a toast")
        await page.get_by_role("button", name="Alert").click()
        await expect(page.get_by_role("dialog")).to_contain_text("This button is Amara's")
        await page.get_by_role("button", name="OK").click()
        await page.get_by_role("button", name="Copy name").click()
        assert await page.evaluate("navigator.clipboard.readText()") == "unet-4f2"
        await page.get_by_role("link", name="Deep link").click()
        await seen.hears("Welcome aboard. free4")
        await page.get_by_role("button", name="Show me").first.click()
        await seen.hears("Shown.")
        assert (lab.scene.student.id, "alert") in scripted.pressed


@pytest.mark.slow
async def test_it_shows_edits_deletions_silence_and_typing(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").click()
        await seen.sends("/edit")
        await expect(
            page.locator(".bubble", has_text="after the edit").locator(".edited-mark")
        ).to_be_visible()
        await seen.sends("/vanish")
        await seen.hears("soon gone")
        await expect(page.locator(".bubble", has_text="soon gone")).to_have_count(0)
        await seen.sends("/file")
        document = page.locator(".bubble", has_text="the whole log")
        await expect(document.locator(".silent-mark")).to_be_visible()
        await document.locator(".file-main").click()
        await expect(page.locator(".viewer-text")).to_contain_text("Epoch 10/10")
        await page.keyboard.press("Escape")
        await seen.sends("/type")
        await expect(page.locator(".head-subtitle")).to_have_text("typing…")


async def test_it_filters_commands_while_typing(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url, language="zh") as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="开始").click()
        await seen.hears("Welcome aboard.")
        await page.locator(".input").press_sequentially("/j")
        options = page.get_by_role("option")
        await expect(options).to_have_text(["/jobs我的任务", "/job一个任务"])
        await page.keyboard.press("ArrowDown")
        await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("Tab")
        await expect(page.locator(".input")).to_have_value("/job ")
        await page.fill(".input", "/gpu")
        await page.keyboard.press("Enter")
        await seen.hears("echo: /gpu")


async def test_it_sends_dropped_pasted_and_chosen_files(
    lab: Lab, scripted: ScriptedBot, browser: Browser, tmp_path: Path
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").click()
        job = tmp_path / "任务 <b>.yaml"
        job.write_text("protocolVersion: 2\n")
        await page.set_input_files("input[type=file]", job)
        await page.get_by_label("Caption").fill("my job")
        await page.get_by_role("dialog").get_by_role("button", name="Send").click()
        await seen.hears("file of 19 bytes")
        await expect(page.locator(".mine .file-name")).to_have_text("任务 <b>.yaml")
        transfer = await page.evaluate_handle(
            """(bytes) => { const t = new DataTransfer();
            t.items.add(new File([new Uint8Array(bytes)], "shot.png", {type: "image/png"})); return t; }""",
            list(png(40, 30)),
        )
        for kind in ("dragenter", "dragover", "drop"):
            await page.dispatch_event(".conversation", kind, {"dataTransfer": transfer})
        await expect(page.get_by_label("Send as a picture")).to_be_checked()
        await page.get_by_role("dialog").get_by_role("button", name="Send").click()
        await page.locator(".mine .photo img").wait_for()
        await page.locator(".mine .photo").click()
        await expect(page.locator(".viewer img")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [20, 21])
async def test_a_large_document_goes_up(
    lab: Lab, scripted: ScriptedBot, browser: Browser, tmp_path: Path, megabytes: int
) -> None:
    large = tmp_path / "data.bin"
    large.write_bytes(bytes(megabytes * 1024 * 1024))
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").click()
        await page.set_input_files("input[type=file]", large)
        warned = page.get_by_text("Telegram lets a bot read files up to 20 MB")
        await expect(warned).to_have_count(1 if megabytes > 20 else 0)
        await page.get_by_role("dialog").get_by_role("button", name="Send").click()
        await seen.hears(f"file of {megabytes * 1024 * 1024} bytes")


@pytest.mark.slow
async def test_a_file_over_fifty_megabytes_is_refused_at_once(
    lab: Lab, scripted: ScriptedBot, browser: Browser, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.bin"
    with huge.open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    async with visit(browser, lab.chat_url) as seen:
        await seen.chat("Pailot")
        await seen.page.get_by_role("button", name="START").click()
        await seen.page.set_input_files("input[type=file]", huge)
        await expect(seen.page.locator(".toast")).to_contain_text("huge.bin is 51.0 MB")


@pytest.mark.slow
async def test_names_and_texts_full_of_markup_stay_text(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    hostile = "<img src=x onerror=alert(1)> \"'&amp; </script><b>x"
    eve = lab.tg.person(hostile, username="eve_l")
    lab.scene.group.adds(eve)
    await eve.sends(f"{hostile} javascript:alert(1)", chat=lab.scene.group)
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        dialogs: list[str] = []
        page.on("dialog", lambda box: dialogs.append(box.message))
        await seen.chat(GROUP_TITLE)
        await expect(
            page.locator(".bubble", has_text="javascript:alert(1)").locator(".sender")
        ).to_contain_text(hostile)
        assert await page.locator(".rows img[src='x'], .rows script").count() == 0
        assert dialogs == []


@pytest.mark.slow
async def test_a_reply_quotes_and_leads_back(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").click()
        await seen.hears("Welcome aboard.")
        await page.locator(".bubble", has_text="Welcome aboard.").click(
            button="right", position={"x": 20, "y": 12}
        )
        await page.get_by_role("menuitem", name="Reply").click()
        await expect(page.locator(".reply-bar")).to_contain_text("Reply to Pailot")
        await seen.sends("thanks")
        await expect(page.locator(".mine .replied span")).to_have_text("Welcome aboard.")
        await page.locator(".mine .replied").click()
        await expect(page.locator(".row.flash")).to_contain_text("Welcome aboard.")


@pytest.mark.slow
async def test_the_keyboard_alone_is_enough(
    lab: Lab, scripted: ScriptedBot, browser: Browser
) -> None:
    async with visit(browser, lab.chat_url) as seen:
        page = seen.page
        await seen.chat("Pailot")
        await page.get_by_role("button", name="START").press("Enter")
        await seen.hears("Welcome aboard.")
        await page.locator(".input").press_sequentially("hi")
        await page.keyboard.press("Enter")
        await seen.hears("echo: hi")
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("r")
        await expect(page.locator(".reply-bar")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator(".reply-bar")).to_be_hidden()
        await page.keyboard.press("Alt+ArrowRight")
        await expect(page.get_by_role("radio", checked=True)).to_have_accessible_name(
            "Amara Diallo, 2nd student"
        )
