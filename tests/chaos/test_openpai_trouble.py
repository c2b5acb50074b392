"""Whatever OpenPAI does: no false alert, no credential thrown away, no job twice, and all is told later (R3)."""

import asyncio
import time

import pytest

from bot.demo.openpai import Fault, Outcome
from bot.demo.telegram import Person
from tests.chaos.process import until
from tests.chaos.world import World

ALERTS = ("Running:", "Succeeded:", "Failed:", "Stopped:", "Trying again")
SHORT = Outcome(runs_seconds=0.5)
LONG = Outcome(runs_seconds=10_000)


def alerts(world: World, person: Person) -> list[str]:
    """First lines of what was told without being asked."""
    return [
        text.splitlines()[0]
        for text in world.heard(person.id)
        if any(sign in text.splitlines()[0] for sign in ALERTS)
    ]


def begin(world: World, trouble: str) -> Fault:
    match trouble:
        case "unauthorized":
            return world.pai.faults.unauthorized()
        case "too many":
            return world.pai.faults.too_many()
        case "page":
            return world.pai.faults.html(502)
        case "page that says 200":
            return world.pai.faults.html(200)
        case "no code":
            return world.pai.faults.no_code()
        case "cut before":
            return world.pai.faults.cut()
        case _:
            return world.pai.faults.silent()


async def looks(world: World, more: int = 3) -> None:
    """The watcher has asked so often from now on, whatever it was answered."""
    before = len(world.pai.requests)
    await until(lambda: len(world.pai.requests) >= before + more, 30, "looks of the watcher")


@pytest.mark.parametrize(
    "trouble",
    [
        "unauthorized",
        *(
            pytest.param(trouble, marks=pytest.mark.slow)
            for trouble in ("too many", "page", "page that says 200", "no code", "cut before")
        ),
    ],
)
async def test_trouble_alarms_nobody_and_passes_by_itself(world: World, trouble: str) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    bot = await world.running()
    world.pai.submit("ann", name="stays", outcome=LONG)
    await ann.hears("Running: stays")
    with begin(world, trouble):
        ended = world.pai.submit("ann", name="ends", outcome=SHORT)
        await looks(world)
        await ann.sends("/jobs")
        answer = await ann.hears("")
        await until(lambda: (world.pai.now(), ended.terminal)[1], 30, "the end of the job")
        await looks(world)
    assert alerts(world, ann) == ["▶️ Running: stays"]
    assert any(words in answer.text for words in ("does not answer", "refused", "again in")), answer
    await ann.hears("Succeeded: ends", within=30)
    await ann.sends("/jobs")
    await ann.hears("stays")
    assert sorted(alerts(world, ann)) == ["▶️ Running: stays", "✅ Succeeded: ends"]
    assert bot.running
    token = await world.in_database(
        lambda db: db.read(lambda uow: uow.credentials.get(ann.id, "openpai"))
    )
    assert token is not None


@pytest.mark.slow
async def test_requests_that_are_never_answered_end_by_themselves(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    await world.running()
    world.pai.submit("ann", name="stays", outcome=LONG)
    await ann.hears("Running: stays")
    with begin(world, "silent"):
        await ann.sends("/zz1")
        await ann.hears("zz1")
        await ann.sends("/jobs")
        await ann.hears("does not answer", within=30)
    world.pai.submit("ann", name="later", outcome=SHORT)
    await ann.hears("Succeeded: later", within=30)
    told = [line for line in alerts(world, ann) if line != "▶️ Running: later"]
    assert told == ["▶️ Running: stays", "✅ Succeeded: later"]


async def test_what_ended_while_openpai_was_restarted_is_told(world: World) -> None:
    ann, bob = await world.members("Ann", "Bob")
    await world.looked_before()
    await world.running()
    for number in range(7):
        world.pai.submit("ann", name=f"many{number}", outcome=Outcome(runs_seconds=30))
    world.pai.submit("bob", name="one", outcome=Outcome(runs_seconds=30, exit=1))
    await bob.hears("Running: one")
    await world.pai.away()
    await world.pai.advance(600)
    await asyncio.sleep(2)
    await world.pai.back()
    await bob.hears("Failed: one", within=30)
    digest = await ann.hears("7 updates on your jobs", new_only=False)
    digest = digest if "Succeeded" in digest else await ann.hears("Succeeded: many0")
    assert all(f"Succeeded: many{number}" in digest for number in range(7))
    assert len(alerts(world, bob)) == 2


@pytest.mark.slow
async def test_minutes_without_a_list_end_in_one_digest(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    await world.running()
    with world.pai.faults.html(500, method="GET", path="/jobs$"):
        for number in range(6):
            world.pai.submit("ann", name=f"many{number}", outcome=SHORT)
        world.pai.history(["bob", "cai"], 300, days=1)
        await world.pai.advance(300)
        await looks(world, 2)
    digest = await ann.hears("6 updates on your jobs")
    assert all(f"Succeeded: many{number}" in digest for number in range(6))
    assert len(world.heard(ann.id)) == 1


@pytest.mark.parametrize(
    "after",
    [pytest.param(False, id="before", marks=pytest.mark.slow), pytest.param(True, id="after")],
)
async def test_a_lost_answer_to_a_submission_makes_one_job(world: World, after: bool) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    await world.running()
    cut = world.pai.faults.cut(after=after, method="POST", path="/jobs$", times=1)
    await ann.sends("/run now gpu=1 python train.py --run 1")
    await until(lambda: cut.hits, what="the cut")
    if after:
        await ann.hears("Submitted")
        assert len(world.pai.jobs()) == 1
        return
    await ann.hears("OpenPAI")
    assert not world.pai.jobs()


@pytest.mark.slow
@pytest.mark.timeout(150)
async def test_a_submission_without_an_answer_is_found_out_later(world: World) -> None:
    """Accepted, the answer lost, and OpenPAI away right after it: the person is told what came of it."""
    (ann,) = await world.members("Ann")
    await world.looked_before()
    await world.running()
    world.pai.plan("ann~", LONG)
    world.pai.faults.cut(after=True, method="POST", path="/jobs$", times=1)
    with world.pai.faults.html(502, method="GET", path="/config$"):
        await ann.sends("/run now gpu=1 python train.py --run 1")
        await ann.hears("don't know yet")
    await ann.hears("submitted after all", within=75)
    assert len(world.pai.jobs()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "world",
    [{"skew_seconds": -600.0}, {"skew_seconds": 600.0}],
    ids=["slow", "fast"],
    indirect=True,
)
async def test_clocks_may_differ(world: World) -> None:
    """What happens right after the login is news, what happened before it is not."""
    ann = world.person("Ann")
    world.pai.submit("ann", name="before", outcome=SHORT)
    await world.pai.advance(60)
    await world.running()
    await looks(world, 2)
    await ann.sends(f"/login openpai ann {world.passwords['ann']}")
    await ann.hears("You are ann")
    world.pai.submit("ann", name="stays", outcome=LONG)
    await ann.hears("Running: stays")
    world.pai.submit("ann", name="ends", outcome=SHORT)
    await ann.hears("Succeeded: ends")
    await ann.sends("/job ends")
    await ann.hears("ends")
    assert not any("before" in line for line in alerts(world, ann))


async def test_a_failure_is_told_without_its_log_and_completed_later(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    await world.running()
    words = "RuntimeError: CUDA out of memory"
    with world.pai.faults.html(502, method="GET", path="/jobs/ann~fails$"):
        world.pai.submit(
            "ann", name="fails", outcome=Outcome(runs_seconds=0.5, exit=1, last_words=[words])
        )
        told = await ann.hears("Failed: fails")
        assert words not in told
    completed = await ann.hears(words)
    assert completed.id == told.id
    assert len(alerts(world, ann)) == 1


@pytest.mark.slow
async def test_logs_that_cannot_be_had_are_said_to_be(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    await world.running()
    world.pai.submit("ann", name="ends", outcome=Outcome(runs_seconds=0.5, log=["a line"]))
    await ann.hears("Succeeded: ends")
    world.pai.faults.logs_away = True
    await ann.sends("/logs ends")
    answer = await ann.hears("")
    assert "a line" not in answer
    world.pai.faults.logs_away = False
    began = time.monotonic()
    await ann.sends("/logs ends")
    await ann.hears("a line")
    assert time.monotonic() - began < 15
