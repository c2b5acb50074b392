"""A polite stop finishes what was begun, and the next start repeats nothing."""

import asyncio

import pytest

from bot.demo.openpai import Outcome
from tests.chaos.process import until
from tests.chaos.world import World


@pytest.mark.slow
async def test_an_idle_bot_stops_at_once_and_starts_again(world: World) -> None:
    (ann,) = await world.members("Ann")
    bot = await world.running()
    await ann.sends("/zz1")
    await ann.hears("zz1")
    assert await bot.stop() == 0
    assert "cut short" not in bot.said
    await ann.sends("/zz2")
    await bot.start()
    await ann.hears("zz2")
    assert len(world.heard(ann.id)) == 2


async def test_answers_under_way_are_sent_and_noted_before_the_end(world: World) -> None:
    people = await world.members("Ann", "Bob", "Cai", "Dan")
    await world.looked_before()
    bot = await world.running()
    slow = world.pai.faults.slow(1.0, path="/jobs/")
    for number, person in enumerate(people):
        await person.sends(f"/job gone-{number}")
    await until(lambda: slow.hits >= len(people), what="the questions to OpenPAI")
    world.tg.faults.slow("sendMessage", 0.3, times=2)
    assert await bot.stop() == 0
    answered = [len(world.heard(person.id)) for person in people]
    assert answered == [1, 1, 1, 1], "what was begun was not finished"
    slow.end()
    await bot.start()
    await bot.is_ready()
    await people[0].sends("/zz9")
    await people[0].hears("zz9")
    assert [len(world.heard(person.id)) for person in people] == [2, 1, 1, 1]


@pytest.mark.slow
async def test_a_submission_under_way_is_finished_before_the_end(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    bot = await world.running()
    slow = world.pai.faults.slow(1.0, method="POST", path="/jobs$")
    await ann.sends("/run now name=one gpu=1 python train.py")
    await until(lambda: slow.hits, what="the submission")
    assert await bot.stop() == 0
    await ann.hears("Submitted", within=0.1)
    slow.end()
    await bot.start()
    await bot.is_ready()
    await asyncio.sleep(1)
    assert [job.name for job in world.pai.jobs()] == ["one"]
    assert sum("Submitted" in text for text in world.heard(ann.id)) == 1


@pytest.mark.slow
async def test_stopped_and_started_again_and_again_nothing_is_lost_or_repeated(
    world: World,
) -> None:
    people = await world.members("Ann", "Bob", "Cai")
    await world.looked_before()
    bot = world.bot(PAILOT_TELEGRAM__PACE="off")
    for number in range(60):
        if number % 10 == 0:
            await bot.start()
        person = people[number % 3]
        await person.sends(f"/zz{number}")
        world.pai.submit(
            person.user.username, name=f"job{number}", outcome=Outcome(runs_seconds=0.5)
        )
        await asyncio.sleep(0.25)
        if number % 10 == 9:
            assert await bot.stop() == 0
    await bot.start()
    for number in range(60):
        await people[number % 3].hears(f"zz{number}.")
        await people[number % 3].hears(f"Succeeded: job{number}", new_only=False)
    said = "\n".join(text for person in people for text in world.heard(person.id))
    for number in range(60):
        assert said.count(f"zz{number}.") == 1
        assert said.count(f"Succeeded: job{number}\n") + said.endswith(f"job{number}") == 1
