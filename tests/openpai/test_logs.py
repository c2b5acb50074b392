"""Reading logs: tails, pieces, rotation, and addresses that never leave the client."""

import pytest
from aiohttp import ClientSession

from bot.demo.openpai import OpenPaiEmulator, Outcome
from bot.domain.errors import NotFound, Unavailable
from bot.domain.jobs import JobRef
from bot.domain.people import Token
from bot.openpai import Pai

TRAIN = JobRef("ann", "train")


async def running(lab: OpenPaiEmulator, lines: int = 10) -> None:
    log = [f"line {number} {'x' * 60}" for number in range(lines)]
    lab.submit("ann", name="train", outcome=Outcome(runs_seconds=1000, log=log))
    await lab.until("ann", "train", "RUNNING")


async def test_a_short_log_is_read_whole_and_then_followed(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    await running(lab)
    await lab.advance(300)
    tail = await pai.log(TRAIN, ann, role="taskrole", name="stdout")
    assert tail.data.startswith(b"line 0 ")
    assert (tail.start, tail.size) == (0, len(tail.data))
    assert tail.size is not None
    await lab.advance(400)
    more = await pai.log(TRAIN, ann, role="taskrole", name="stdout", start=tail.size)
    assert more.start == tail.size
    assert more.data.startswith(b"line ")
    assert not set(more.data.splitlines()) & set(tail.data.splitlines())
    assert more.size == more.start + len(more.data)
    lab.pause()
    nothing = await pai.log(TRAIN, ann, role="taskrole", name="stdout", start=more.size)
    assert (nothing.data, nothing.size) == (b"", more.size)


async def test_the_tail_of_a_long_log_is_its_last_16_kib(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    await running(lab, lines=3000)
    await lab.advance(999)
    lab.pause()
    tail = await pai.log(TRAIN, ann, role="taskrole", name="stdout")
    assert len(tail.data) == 16384
    assert tail.size == tail.start + 16384
    first = await pai.log(TRAIN, ann, role="taskrole", name="stdout", tail=False, max_bytes=100)
    assert (first.start, len(first.data), first.size) == (0, 100, tail.size)
    assert first.data.startswith(b"line 0 ")


async def test_names_of_logs_are_listed(lab: OpenPaiEmulator, pai: Pai, ann: Token) -> None:
    await running(lab)
    await lab.advance(300)
    assert {"all", "stdout", "stderr"} <= set(await pai.log_names(TRAIN, ann, role="taskrole"))
    with pytest.raises(NotFound):
        await pai.log(TRAIN, ann, role="taskrole", name="nothing")


async def test_before_the_container_started_there_is_no_log(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    lab.submit("ann", name="first", gpus=4, outcome=Outcome(runs_seconds=1000))
    lab.submit("ann", name="train", gpus=4)
    await lab.advance(5)
    with pytest.raises(NotFound):
        await pai.log(TRAIN, ann, role="taskrole")


async def test_addresses_are_used_again_and_asked_for_anew_when_they_expired(
    lab: OpenPaiEmulator, pai: Pai, ann: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    await running(lab)
    await lab.advance(300)

    def listed() -> int:
        return sum(1 for seen in lab.requests if seen.path.endswith("/logs"))

    for start in (0, 10, 20):
        await pai.log(TRAIN, ann, role="taskrole", start=start)
    assert listed() == 1
    with lab.faults.html(403, path="/log-manager/", times=1):
        await pai.log(TRAIN, ann, role="taskrole", start=30)
    assert listed() == 2


async def test_a_bare_rest_server_has_no_logs_and_says_what_to_set(
    lab: OpenPaiEmulator, session: ClientSession, ann: Token
) -> None:
    await running(lab)
    await lab.advance(300)
    with pytest.raises(Unavailable) as unavailable:
        await Pai(session, lab.rest_url).log(TRAIN, ann, role="taskrole")
    assert "openpai.url" in unavailable.value.detail


async def test_a_log_server_that_is_away_is_a_passing_failure_without_its_address(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    await running(lab)
    await lab.advance(300)
    await pai.log(TRAIN, ann, role="taskrole")
    with lab.faults.cut(path="/log-manager/"), pytest.raises(Unavailable) as unavailable:
        await pai.log(TRAIN, ann, role="taskrole")
    assert "token" not in str(unavailable.value.text)
    assert unavailable.value.__cause__ is None
