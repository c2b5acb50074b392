"""How the tour's steps are done for a visitor: as the person, with the words a person would use."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.demo.cast import BOT_USERNAME, SECOND, STUDENT
from bot.demo.openpai.lab.job import Job
from bot.demo.scene import FAILED, SUCCEEDED, Scene, Stuck
from bot.demo.telegram import Message

RUN_LINE = "/run gpu=1 note=unet-baseline python /mnt/train.py --epochs 10"
FAILING_LINE = "/run gpu=1 note=bigger-batch python /mnt/train_oom.py --batch-size 512"
VIEW = f"/gpu@{BOT_USERNAME}"
TYPO = f"/jobz@{BOT_USERNAME}"
IMAGE_LINE = "/image pytorch:stable"
TEST = ("Test", "测试")
QUIET_LINE = "/alerts quiet 23:00-07:00"
SUBMIT = ("Submit", "提交", "Submit anyway", "仍要提交")
REFRESH = ("Refresh", "刷新")
FAST = 20.0
RUN_SECONDS = 90.0
CARD_SECONDS = 3.0


async def link(scene: Scene) -> None:
    if scene.linked(STUDENT):
        return
    await scene.ask(scene.student, "/login")
    await scene.ask(scene.student, STUDENT.account)
    await scene.ask(scene.student, STUDENT.password)
    await scene.until(lambda: scene.linked(STUDENT), "/login")


async def files(scene: Scene) -> None:
    """The folder's name is taken as it is proposed the first time; then the folder is looked into."""
    await link(scene)
    answer = await shown(scene, "/ls", f"📁 {STUDENT.account}", *REFRESH)
    if await scene.press(scene.student, answer, f"📁 {STUDENT.account}"):
        await scene.ask(scene.student, "/ls")
    await scene.until(scene.files_shown, "/ls")


async def run(scene: Scene) -> None:
    await link(scene)
    await submit(scene, RUN_LINE)


async def submit(scene: Scene, line: str) -> None:
    """Writes the line, waits for the preview, presses Submit."""
    known = len(scene.jobs())
    await scene.press(scene.student, await shown(scene, line, *SUBMIT), *SUBMIT)
    await scene.until(lambda: len(scene.jobs()) > known, line)


def labelled(message: Message, *labels: str) -> bool:
    return not set(labels).isdisjoint(message.buttons)


async def a_job(scene: Scene) -> Job:
    """The student's newest job that still lives, else the newest; one is made if there is none."""
    if not scene.jobs():
        await run(scene)
    return (scene.unfinished() or scene.jobs())[-1]


async def card(scene: Scene) -> None:
    if not scene.unfinished():
        await run(scene)
    job = await a_job(scene)
    shown = await scene.ask(scene.student, f"/job {job.name}")
    if job.launched is None:
        async with hurry(scene):
            await scene.until(lambda: job.launched is not None, job.name, RUN_SECONDS)
    try:
        await scene.until(scene.card_moves, job.name, CARD_SECONDS)
    except Stuck:
        await scene.press(scene.student, shown, *REFRESH)
        await scene.until(scene.card_moves, job.name)


async def log(scene: Scene) -> None:
    job = await a_job(scene)
    async with hurry(scene):
        await scene.until(lambda: job.launched is not None, job.name, RUN_SECONDS)
    await scene.ask(scene.student, f"/logs {job.name}")


async def success(scene: Scene) -> None:
    if not scene.succeeded():
        if not any(job.outcome is None or not job.outcome.exit for job in scene.unfinished()):
            await run(scene)
        async with hurry(scene):
            await scene.until(scene.succeeded, RUN_LINE, RUN_SECONDS)
    await scene.until(lambda: scene.told_of_end(scene.succeeded(), SUCCEEDED), RUN_LINE)


def will_fail(scene: Scene) -> bool:
    """Whether a job that can only fail was submitted."""
    return any(job.outcome is not None and job.outcome.exit for job in scene.jobs())


async def fail(scene: Scene) -> None:
    await link(scene)
    await submit(scene, FAILING_LINE)


async def alert(scene: Scene) -> None:
    if not scene.failed():
        if not will_fail(scene):
            await fail(scene)
        async with hurry(scene):
            await scene.until(scene.failed, FAILING_LINE, RUN_SECONDS)
    await scene.until(lambda: scene.told_of_end(scene.failed(), FAILED), FAILING_LINE)


async def group(scene: Scene) -> None:
    await in_group(scene, VIEW, lambda _: True)


async def in_group(scene: Scene, command: str, fits: Callable[[Message], bool]) -> Message:
    """The student asks in the group; the first fitting thing the bot says after that."""
    asked = await scene.student.sends(command, chat=scene.group, topic=scene.topic)

    def answer() -> Message | None:
        for one in scene.student.messages(scene.group):
            if one.id > asked.id and fits(one):
                return one
        return None

    return await scene.until(answer, command)


async def refused(scene: Scene) -> None:
    answer = await in_group(scene, TYPO, lambda one: bool(one.keyboard))
    for button in [button for row in answer.keyboard for button in row]:
        if "callback_data" in button:
            await scene.second.presses_data(button["callback_data"], on=answer, within=15.0)
            if scene.refused_presses():
                scene.tg.feed.publish("toast", text=f"{SECOND.name}: {scene.last_toast()}")
                return
    raise Stuck(SECOND.name)


async def image(scene: Scene) -> None:
    """The card of the image is opened, tested by its button, and the test brought to its end."""
    await link(scene)
    if not scene.tests():
        card = await shown(scene, IMAGE_LINE, *TEST)
        preview = await answered(
            scene, lambda: scene.press(scene.student, card, *TEST), IMAGE_LINE, *SUBMIT
        )
        await scene.press(scene.student, preview, *SUBMIT)
        await scene.until(scene.tests, IMAGE_LINE)
    async with hurry(scene):
        await scene.until(
            lambda: any(job.terminal for job in scene.tests()), IMAGE_LINE, RUN_SECONDS
        )
    await scene.until(scene.test_told, IMAGE_LINE, RUN_SECONDS)


async def shown(scene: Scene, line: str, *labels: str) -> Message:
    """Asks, and waits for an answer that has one of these buttons."""
    return await answered(scene, lambda: scene.student.sends(line), line, *labels)


async def answered(
    scene: Scene, act: Callable[[], Awaitable[object]], what: str, *labels: str
) -> Message:
    before = {one.id: one.edits for one in scene.said(scene.student)}
    await act()

    def answer() -> Message | None:
        news = scene.news(scene.student, before)
        return news if news is not None and labelled(news, *labels) else None

    return await scene.until(answer, what)


async def quiet(scene: Scene) -> None:
    await link(scene)
    await scene.ask(scene.student, QUIET_LINE)
    await scene.until(scene.quiet_hours_set, QUIET_LINE)


@asynccontextmanager
async def hurry(scene: Scene) -> AsyncIterator[None]:
    """Time runs fast meanwhile, unless it does so already."""
    before, paused = scene.pai.speed, scene.pai.cluster.clock.paused
    if paused:
        scene.pai.resume()
    scene.pai.speed = max(before, FAST)
    try:
        yield
    finally:
        scene.pai.speed = before
        if paused:
            scene.pai.pause()
