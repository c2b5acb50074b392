"""A polite stop finishes what was begun."""

from tests.chaos.world import World


async def test_a_bot_answers_and_stops(world: World) -> None:
    (ann,) = await world.members("Ann")
    bot = await world.running()
    await ann.sends("/zz1")
    await ann.hears("zz1")
    assert await bot.stop() == 0
