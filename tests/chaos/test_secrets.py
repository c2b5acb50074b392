"""Passwords pass through while everything goes wrong; the world searches all output and files for them."""

import asyncio

import pytest

from tests.chaos.world import World


@pytest.mark.slow
async def test_passwords_and_tokens_stay_out_of_every_line(world: World) -> None:
    ann, bob = world.person("Ann"), world.person("Bob")
    group = await world.allowed_group("Lab", [ann, bob])
    bot = await world.running()
    world.tg.faults.cut_after("deleteMessage")
    world.tg.faults.bad_gateway("sendMessage")
    await ann.sends(f"/login openpai ann {world.passwords['ann']}x")
    await ann.hears("Wrong login")
    with world.pai.faults.no_code(path="/token$"):
        await ann.sends(f"/login ann {world.passwords['ann']}")
        await ann.hears("OpenPAI")
    await bob.sends(f"/login@pailot_bot bob {world.passwords['bob']}", chat=group)
    await bob.hears("change that password")
    await bob.starts()
    world.tg.faults.away()
    await bob.sends(f"/login {world.pai.token('bob')}")
    await ann.sends(f"/login ann {world.passwords['ann']}")
    await asyncio.sleep(1.5)
    await bot.kill()
    world.tg.faults.back()
    await bot.start()
    await bob.hears("You are bob")
    await ann.hears("You are ann")
    await bot.kill()


async def test_a_token_that_telegram_never_knew_is_not_shown(world: World) -> None:
    bot = world.bot(PAILOT_TELEGRAM__TOKEN="7000002:Wrong-secret-0123456789abcdefghijklmno")
    await bot.start()
    await bot.says("Telegram refuses the bot token")
    await bot.kill()
    assert "Wrong-secret" not in bot.output
