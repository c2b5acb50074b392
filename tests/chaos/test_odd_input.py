"""Whatever people call themselves and their jobs, and however much they write: answered, and nobody else waits."""

import asyncio

import pytest

from bot.demo.openpai import Outcome
from bot.demo.telegram import Person
from tests.chaos.process import until
from tests.chaos.world import World

NAMES = {
    "markup": "<b>Bob</b> & </pre>_*[`",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 6,
    "chinese": "喆堃犇翀",
    "backwards": "\u202ebob\u2066",
    "zero": "\u200b",
}
COMMAND = "echo '𠮷 喆 & <b> 👩‍👩‍👧‍👦'; "


def renamed(person: Person, name: str) -> Person:
    person.user.first_name = name
    return person


async def all_of_it(world: World, person: Person, ann: Person) -> None:
    """Who is so odd is answered, and others meanwhile too."""
    await person.sends("/zz1 <b>&_*[ 👩‍👩‍👧‍👦 喆")
    await ann.sends("/zz2")
    await ann.hears("zz2")
    await person.hears("zz1")
    world.pai.submit(person.user.username, name="job", outcome=Outcome(runs_seconds=0.3, exit=1))
    await person.hears("Failed: job")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=kind, marks=() if kind == "markup" else pytest.mark.slow)
        for kind, name in NAMES.items()
    ],
)
async def test_people_may_be_called_anything(world: World, name: str) -> None:
    ann, bob = await world.members("Ann", "Bob")
    await world.looked_before()
    renamed(bob, name)
    await world.running()
    await all_of_it(world, bob, ann)
    group = await world.allowed_group("Lab <b>&", [ann, bob])
    await bob.sends("/gpu@pailot_bot", chat=group)
    await bob.hears("GPU", chat=group)


async def test_half_a_character_in_a_message_stops_nobody(world: World) -> None:
    ann, bob = await world.members("Ann", "Bob")
    await world.running()
    await bob.sends("/zz1 \ud83d")
    await bob.sends("/zz2")
    await ann.sends("/zz3")
    await ann.hears("zz3")
    await bob.hears("zz2")
    assert "zz1" in world.heard(bob.id)[0]


async def test_a_job_with_a_command_of_40_kilobytes_is_shown_submitted_and_told(
    world: World,
) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    await world.running()
    world.pai.plan("long", Outcome(runs_seconds=1))
    command = COMMAND * (40_000 // len(COMMAND.encode()))
    protocol = (
        "protocolVersion: 2\nname: long\ntype: job\n"
        'prerequisites:\n  - {type: dockerimage, uri: "registry.example.edu/lab/t:1", name: image}\n'
        "taskRoles:\n  taskrole:\n    instances: 1\n    dockerImage: image\n"
        "    resourcePerInstance: {gpu: 1, cpu: 4, memoryMB: 8192}\n    commands:\n"
        f'      - "{command}"\n'
    )
    await ann.sends_document("长.yaml", protocol.encode())
    preview = await ann.hears("Preview")
    await ann.presses("YAML", on=preview)
    await until(lambda: any(one.document for one in ann.messages()), what="the YAML")
    await ann.presses("Submit", on=preview)
    await ann.hears("Submitted")
    await ann.hears("Succeeded: long")
    (job,) = world.pai.jobs()
    assert command.strip() in (job.text or "")


@pytest.mark.slow
async def test_thousands_of_messages_of_one_person_hold_up_nobody_else(world: World) -> None:
    ann, bob = await world.members("Ann", "Bob")
    for number in range(600):
        await bob.sends(f"/zz{number}")
    await world.running(PAILOT_TELEGRAM__PACE="off")
    await ann.sends("/me")
    await ann.hears("OpenPAI: ann")
    await bob.hears("zz599", within=25)
    await asyncio.sleep(0.2)
    told = [text.split(".")[0].partition("zz")[2] for text in world.heard(bob.id)]
    assert told == [str(number) for number in range(600)]
