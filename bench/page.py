"""The demo's page in Chromium: how soon it is there, how soon a message shows, how it scrolls."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession
from playwright.async_api import Browser, Page, async_playwright

from bench import report
from bot.demo.lab import Lab
from tests import servers
from tests.demo.browser.test_enduring import long_chat

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ROUNDS = 5
TICKS = 20
"""More at once would be too fast for one chat."""
MESSAGES = 2000
SEEN = """() => { window.seenAt = {}; new MutationObserver(() => {
  for (const text of document.querySelectorAll(".row:last-child .text")) {
    const m = /tick (\\d+) (\\d+\\.\\d+)/.exec(text.textContent);
    if (m && !(m[1] in seenAt)) seenAt[m[1]] = Date.now() - Number(m[2]) * 1000; } })
  .observe(document.querySelector(".rows"), {childList: true, subtree: true}); }"""
FRAMES = """async () => {
  const view = document.querySelector(".scroller"), times = [];
  let last = performance.now();
  for (let step = 0; step < 400 && (step < 10 || view.scrollTop > 0); step += 1) {
    view.scrollTop -= 420;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last); last = now;
  }
  return times;
}"""


async def page() -> None:
    print("page of the demo", flush=True)
    if not CHROMIUM:
        print("  left out: Chromium is not installed")
        return
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], env=servers.ENVIRONMENT
        )
        starts = [await usable(browser) for _ in range(ROUNDS)]
        report.line("command to usable page (s)", report.spread(starts, ".2f"), "<= 3")
        with tempfile.TemporaryDirectory() as folder:
            lab = Lab(Path(folder), 0, language="en")
            await lab.start()
            try:
                await looked_at(browser, lab)
            finally:
                await lab.stop()
        await browser.close()


async def usable(browser: Browser) -> float:
    """Seconds from the command until its page takes a line."""
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", f"{folder}/demo"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with ClientSession() as session:
                while not await answers(session, url):
                    await asyncio.sleep(0.02)
            async with window(browser, url) as page:
                await page.locator(".chat-line").first.wait_for()
            return time.perf_counter() - began
        finally:
            process.terminate()
            await process.wait()


async def answers(session: ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except ClientError:
        return False


@asynccontextmanager
async def window(browser: Browser, url: str) -> AsyncIterator[Page]:
    page = await browser.new_page(locale="en-GB")
    await page.goto(url)
    yield page
    await page.close()


async def looked_at(browser: Browser, lab: Lab) -> None:
    await long_chat(lab, MESSAGES)
    async with window(browser, lab.chat_url) as page, ClientSession() as session:
        await page.locator(".chat-line", has_text="Pailot").click()
        await page.locator(".bubble", has_text=f"message {MESSAGES - 1} ").wait_for()
        await page.evaluate(SEEN)
        for number in range(TICKS):
            text = f"tick {number} {lab.tg.telegram.clock():.4f}"
            call = {"chat_id": lab.scene.student.id, "text": text}
            url = f"{lab.telegram_url}/bot{lab.bot_token}/sendMessage"
            async with session.post(url, json=call) as answer:
                await answer.read()
            await asyncio.sleep(0.1)
        delays = list((await page.evaluate("seenAt")).values())
        frames = await page.evaluate(FRAMES)
    name = f"sent to seen, {len(delays)} messages: p50 (ms)"
    report.line(name, report.spread(delays, ".1f"), "<= 50")
    name = f"a frame while {MESSAGES} messages scroll: p50 (ms)"
    report.line(name, report.spread(frames, ".1f"), "about 17")
