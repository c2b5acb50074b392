"""Two bots started by mistake: nothing is doubled, nothing crashes, and one line says what is wrong."""

import asyncio

import pytest

from bot.demo.openpai import Outcome
from tests import databases
from tests.chaos.process import until
from tests.chaos.world import World


@pytest.mark.slow
async def test_two_on_one_database_share_the_work_and_double_nothing(world: World) -> None:
    people = await world.members("Ann", "Bob", "Cai", "Dan", "Eve", "Fan")
    await world.looked_before()
    first = await world.running("first", PAILOT_TELEGRAM__PACE="off")
    second = await world.running("second", PAILOT_TELEGRAM__PACE="off")
    for number in range(24):
        person = people[number % 6]
        await person.sends(f"/zz{number}")
        if number % 2:
            user = person.user.username
            world.pai.submit(user, name=f"job{number}", outcome=Outcome(runs_seconds=0.5))
        else:
            await person.sends(f"/run now gpu=0 python train.py --run {number}")
        await asyncio.sleep(0.1)
    for number in range(24):
        await people[number % 6].hears(f"zz{number}.")
        words = f"Succeeded: job{number}\n" if number % 2 else "Submitted"  # 1 is not 13
        await people[number % 6].hears(words)
    await asyncio.sleep(2)
    said = [text for person in people for text in world.heard(person.id)]
    for number in range(24):
        assert sum(f"zz{number}." in text for text in said) == 1
        assert sum(f"Succeeded: job{number}\n" in text for text in said) == number % 2
    commands = [job.text for job in world.pai.jobs() if job.text]
    assert len(commands) == len(set(commands)) == 12
    told = second.said.splitlines()
    assert [sum(f'"lease": "{lease}"' in line for line in told) for lease in LEASES] == [1, 1, 1]
    assert "409" not in first.said + second.said
    assert "another instance is polling" not in first.said + second.said


LEASES = ("poller", "sender", "watcher")


@pytest.mark.slow
async def test_the_second_takes_over_when_the_first_is_killed(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    first = await world.running("first")
    await world.running("second")
    await ann.sends("/zz1")
    await ann.hears("zz1")
    await first.kill()
    await ann.sends("/zz2")
    world.pai.submit("ann", name="job", outcome=Outcome(runs_seconds=0.5))
    await ann.hears("zz2")
    await ann.hears("Succeeded: job")
    assert sum("zz2" in text for text in world.heard(ann.id)) == 1


async def test_two_with_different_databases_say_so_and_live_on(world: World) -> None:
    (ann,) = await world.members("Ann")
    first = await world.running("first")
    other = world.folder / "other"
    other.mkdir()
    second = await world.running("second", PAILOT_DATABASE__URL=databases.sqlite_url(other))
    both = (first, second)
    await until(
        lambda: any("another instance is polling with this bot's token" in b.said for b in both),
        30,
        "the line about two instances",
    )
    await ann.sends("/zz1")
    await ann.hears("zz1")
    assert first.running
    assert second.running
    await second.stop()
    await ann.sends("/zz2")
    await ann.hears("zz2")
