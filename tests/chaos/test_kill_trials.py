"""The result of an image's test is told once, wherever between submission and telling the process dies."""

import random
from contextlib import suppress

import pytest

from tests.chaos.process import until
from tests.chaos.world import World

TITLE = "Test of the image registry.example.edu/lab/torch:1.13: works here"
LINE = "/start"


async def first_job(world: World, who) -> None:
    """Asked for by the two taps that make it, however often they are needed."""
    await who.sends(LINE)
    hello = await who.hears("what most people do", within=20)
    await who.presses("Try a first job", on=hello, within=20)
    preview = await who.hears("Your first job", within=20)
    await who.presses("Submit", on=preview, within=20)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_results_are_told_once_through_twelve_deaths(world: World) -> None:
    chance = random.Random(20261127)
    people = await world.members("Ann", "Bob", "Cai", "Dan", "Eve", "Fan")
    await world.looked_before()
    bot = await world.running(PAILOT_TELEGRAM__PACE="off")
    for who in people:
        await first_job(world, who)
    for _ in range(12):
        await until(lambda: bot.running)
        with suppress(AssertionError):
            await until(lambda: not bot.running, chance.uniform(0.2, 2.5))
        await bot.kill()
        await bot.start()
    await bot.is_ready()

    def told(who) -> int:
        return sum(TITLE in words for words in world.heard(who.id))

    with suppress(AssertionError):
        await until(lambda: all(told(who) for who in people), 60, pause=0.2)
    await world.everything_is_noted()
    assert all(told(who) for who in people)
    owed = "SELECT count(*) FROM outbox WHERE once LIKE 'trial:%'"
    rows = await world.in_database(
        lambda db: db.read(lambda uow: uow.transaction.core.exec_driver_sql(owed).scalar_one())
    )
    # Only a death between Telegram's taking it and our knowing says the one message again.
    assert rows == len(people)
    assert sum(told(who) for who in people) <= len(people) + 2
    jobs = [job for job in world.pai.jobs() if job.name.startswith("test-torch-")]
    assert sorted(job.user for job in jobs) == sorted(who.user.username for who in people)
    left = await world.in_database(lambda db: db.read(lambda uow: uow.trials.untold()))
    assert left == frozenset()
    assert await bot.stop() == 0
