"""Makes the pictures of README and docs: `python -m tests.demo.browser.screenshots docs/pictures`.

Two runs on one machine give the same bytes: the clock of lab, bot and page stands still, and is moved by
the same steps each time, once all have said what they have to say. Other fonts give other pictures.
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from bot import app
from bot.demo import performing
from bot.demo.lab import Lab
from bot.demo.words import Language
from bot.settings import load
from tests.demo.browser.conftest import CHROMIUM, SIZES

REST_MILLISECONDS = 1300  # the page hides its floating day after a while
SILENT_SECONDS = 6.0  # a few times as long as the bot waits before it looks at the cluster again
LIMIT_SECONDS = 120.0
ZONE = "Asia/Shanghai"
# What is drawn in parts differs by a shade at their edges.
SAME = (
    "--disable-partial-raster",
    "--num-raster-threads=1",
    "--run-all-compositor-stages-before-draw",
)
MORNING = datetime(2026, 3, 16, 1, 41, 5, tzinfo=UTC)  # 09:41 there
RUN_LINE = "/run name=unet-baseline gpu=1 python /mnt/train.py --epochs 10"
FAILING_LINE = "/run name=unet-big-batch gpu=1 python /mnt/train_oom.py --batch-size 512"
NEXT_LINE = "/run name=unet-lr3e-4 gpu=2 mem=32G python /mnt/train.py --lr 3e-4"


@dataclass
class Clock:
    """Unix seconds that begin at the morning of the pictures, and pass only when they are told to."""

    seconds: float = MORNING.timestamp()

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@asynccontextmanager
async def living(language: Language, clock: Clock) -> AsyncIterator[Lab]:
    """A lab of its own with the real bot."""
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), 0, language=language, zone=ZONE, clock=clock)
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
        timezone_id=ZONE,
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


async def settled(lab: Lab) -> None:
    """Returns when the bot has nothing more to say at this time."""
    said, since, limit = -1, 0.0, asyncio.get_running_loop().time() + LIMIT_SECONDS
    while (now := asyncio.get_running_loop().time()) < limit:
        calls = sum(call.method != "getUpdates" for call in lab.tg.calls)
        if calls != said:
            said, since = calls, now
        elif now - since > SILENT_SECONDS:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("the bot never stops talking")


async def until(lab: Lab, clock: Clock, happened: Callable[[], object]) -> None:
    """Lets time pass until something happened on the cluster, and everybody was told."""
    while not happened():
        clock.seconds += 0.2
        lab.pai.now()
    await settled(lab)


async def play(lab: Lab, clock: Clock) -> None:
    """The conversation that the pictures show, up to a failure that was told."""
    scene = lab.scene
    await settled(lab)
    await scene.student.starts()
    await performing.link(scene)
    for line in (RUN_LINE, FAILING_LINE):
        clock.seconds += 2
        await performing.submit(scene, line)
        await settled(lab)
        job = scene.jobs()[-1]
        if line == RUN_LINE:
            await scene.ask(scene.student, f"/job {job.name}")
        await until(lab, clock, lambda job=job: job.launched)
        await until(lab, clock, lambda job=job: job.terminal)
    await performing.group(scene)
    await settled(lab)
    lab.look()


async def take(browser: Browser, folder: Path, language: Language) -> None:
    clock = Clock()
    async with living(language, clock) as lab:
        await play(lab, clock)
        chats = {"alert": lab.scene.student.id, "group": lab.scene.group.id}
        await read(browser, lab, language)
        for theme in ("light", "dark"):
            async with window(browser, lab, "phone", theme, language) as page:
                for name, chat in chats.items():
                    await opened(page, lab, chat)
                    await picture(page, folder / f"{name}-phone-{theme}-{language}.png")
            async with window(browser, lab, "desk", theme, language) as page:
                await opened(page, lab, lab.scene.student.id)
                await page.click("#tab-lab")
                await picture(page, folder / f"lab-desk-{theme}-{language}.png")
        clock.seconds += 2
        await lab.scene.ask(lab.scene.student, NEXT_LINE)
        await settled(lab)
        await read(browser, lab, language)
        for theme in ("light", "dark"):
            async with window(browser, lab, "phone", theme, language) as page:
                await opened(page, lab, lab.scene.student.id)
                await picture(page, folder / f"preview-phone-{theme}-{language}.png")


async def read(browser: Browser, lab: Lab, language: Language) -> None:
    """The student has seen everything: no picture shows what happens to be new in it."""
    async with window(browser, lab, "desk", "light", language) as page:
        for chat in (lab.scene.group.id, lab.scene.student.id):
            await opened(page, lab, chat)
            await expect(page.locator(f".chat-line[data-id='{chat}'] .badge")).to_have_count(0)


async def picture(page: Page, file: Path) -> None:
    """A screenshot once the page has come to rest, written as small as PNG can be."""
    await page.wait_for_timeout(REST_MILLISECONDS)
    Image.open(io.BytesIO(await page.screenshot())).convert("RGB").save(file, optimize=True)


async def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *SAME]
        )
        for language in ("en", "zh"):
            await take(browser, folder, language)
        await browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
