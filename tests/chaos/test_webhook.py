"""The main conversation with updates posted by Telegram instead of asked for."""

import asyncio

import pytest

from bot.demo.openpai import Outcome
from tests.chaos.process import BotProcess
from tests.chaos.world import WEBHOOK_SECRET, World
from tests.servers import free_port


def webhook_bot(world: World) -> BotProcess:
    port = str(free_port())
    return world.bot(
        PAILOT_TELEGRAM__MODE="webhook",
        PAILOT_TELEGRAM__WEBHOOK_SECRET=WEBHOOK_SECRET,
        PAILOT_WEB__PORT=port,
        PAILOT_WEB__PUBLIC_URL=f"http://127.0.0.1:{port}",
    )


async def test_a_job_from_link_to_alert_through_the_webhook(world: World) -> None:
    ann = world.person("Ann")
    await world.looked_before()
    world.pai.plan("ann~", Outcome(runs_seconds=2))
    bot = webhook_bot(world)
    await bot.start()
    await bot.is_ready()
    await ann.starts()
    hello = await ann.hears("Pailot")
    await ann.presses(hello.buttons[0], on=hello)
    await ann.hears("user name")
    await ann.sends("ann")
    await ann.hears("password")
    await ann.sends(world.passwords["ann"])
    await ann.hears("You are ann")
    await ann.sends("/run name=one gpu=1 python train.py")
    preview = await ann.hears("Preview")
    await ann.presses("Submit", on=preview)
    await ann.hears("Submitted")
    await ann.hears("Succeeded: one")
    assert not world.tg.calls_of("getUpdates")


@pytest.mark.slow
async def test_what_could_not_be_posted_while_the_bot_was_dead_comes_once(world: World) -> None:
    (ann,) = await world.members("Ann")
    world.tg.webhook_retry_seconds = 0.2
    bot = webhook_bot(world)
    await bot.start()
    await bot.is_ready()
    await ann.sends("/zz1")
    await ann.hears("zz1")
    await world.everything_is_noted()
    await bot.kill()
    for number in range(2, 6):
        await ann.sends(f"/zz{number}")
    await asyncio.sleep(0.5)
    await bot.start()
    for number in range(2, 6):
        await ann.hears(f"zz{number}")
    said = world.heard(ann.id)
    assert [text.split(".")[0][-3:] for text in said] == ["zz1", "zz2", "zz3", "zz4", "zz5"]
