"""Makes the pictures of README and docs: `python -m tests.demo.browser.screenshots docs/pictures`.

Times, names and faces are the same in every run: all clocks begin at one fixed minute.
"""

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from bot import app
from bot.demo import performing
from bot.demo.lab import Lab
from bot.demo.words import Language
from bot.settings import load
from tests.demo.browser.conftest import CHROMIUM, SIZES

REST_MILLISECONDS = 1300  # the page hides its floating day after a while
MORNING = datetime(2026, 3, 16, 1, 41, 5, tzinfo=UTC)  # 09:41 in Shanghai
RUN_LINE = "/run name=unet-baseline gpu=1 python /mnt/train.py --epochs 10"
FAILING_LINE = "/run name=unet-big-batch gpu=1 python /mnt/train_oom.py --batch-size 512"
NEXT_LINE = "/run name=unet-lr3e-4 gpu=2 mem=32G python /mnt/train.py --lr 3e-4"


class Clock:
    """Unix seconds that begin at the morning of the pictures."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self) -> float:
        return MORNING.timestamp() + time.monotonic() - self._began

    def now(self) -> datetime:
        return datetime.fromtimestamp(self(), UTC)


@asynccontextmanager
async def living(language: Language) -> AsyncIterator[Lab]:
    """A lab of its own with the real bot, whose first conversation is played."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        lab = Lab(Path(folder), 0, language=language, clock=clock)
        await lab.start()
        try:
            settings = load(environ=lab.settings_environ(), cwd=Path(folder))
            async with app.running(settings, clock=clock.now) as pailot:
                await pailot.ready.wait()
                lab.speak(language)
                yield lab
        finally:
            await lab.stop()


@asynccontextmanager
async def window(
    browser: Browser, lab: Lab, size: str, theme: str, language: str
) -> AsyncIterator[Page]:
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == "phone" else 1,
        color_scheme="dark" if theme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.clock.set_fixed_time(MORNING)
    await page.goto(lab.chat_url)
    await page.locator(".chat-line").first.wait_for()
    yield page
    await context.close()


async def opened(page: Page, lab: Lab, chat: int) -> None:
    """Shows the chat at its end, as the student."""
    student = lab.scene.student.id
    await page.evaluate("place => { location.hash = place; }", f"#/as/{student}/chat/{chat}")
    await page.locator(f".chat-line.open[data-id='{chat}']").wait_for(state="attached")
    await page.locator(".scroller").evaluate("view => { view.scrollTop = view.scrollHeight; }")


async def play(lab: Lab) -> None:
    """The conversation that the pictures show, up to a preview that waits for its tap."""
    scene = lab.scene
    await scene.student.starts()
    await performing.link(scene)
    await performing.submit(scene, RUN_LINE)
    await performing.card(scene)
    await performing.success(scene)
    await performing.submit(scene, FAILING_LINE)
    await performing.alert(scene)
    await performing.group(scene)
    lab.look()


async def take(browser: Browser, folder: Path, language: Language) -> None:
    async with living(language) as lab:
        await play(lab)
        student, group = lab.scene.student.id, lab.scene.group.id
        for size in SIZES:
            for theme in ("light", "dark"):
                async with window(browser, lab, size, theme, language) as page:
                    await opened(page, lab, student)
                    await picture(page, folder / f"alert-{size}-{theme}-{language}.png")
                    if (size, theme) == ("phone", "dark"):
                        await opened(page, lab, group)
                        await picture(page, folder / f"group-{size}-{theme}-{language}.png")
                    if (size, theme) == ("desk", "light"):
                        await page.click("#tab-lab")
                        await picture(page, folder / f"lab-{size}-{theme}-{language}.png")
        await lab.scene.ask(lab.scene.student, NEXT_LINE)
        async with window(browser, lab, "phone", "light", language) as page:
            await opened(page, lab, student)
            await picture(page, folder / f"preview-phone-light-{language}.png")


async def picture(page: Page, file: Path) -> None:
    """A screenshot once the page has come to rest, written as small as PNG can be."""
    await page.wait_for_timeout(REST_MILLISECONDS)
    Image.open(io.BytesIO(await page.screenshot())).convert("RGB").save(file, optimize=True)


async def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language in ("en", "zh"):
            await take(browser, folder, language)
        await browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
