"""The OpenPAI emulator as a lab: colleagues, history, and many jobs."""

from pathlib import Path

import pytest

from bot.demo.openpai import OpenPaiEmulator, Story, Trains
from tests.demo.openpai_driver import portal


async def test_colleagues_come_and_go_and_leave_room() -> None:
    pai = OpenPaiEmulator(clock=lambda: 1_800_000_000.0)
    Story(pai).begin()
    states: set[str] = set()
    queued: list[int] = []
    for _ in range(120):
        await pai.advance(30)
        now = [job.state for job in pai.jobs()]
        states |= set(now)
        queued.append(now.count("WAITING"))
    assert states >= {"WAITING", "RUNNING", "SUCCEEDED", "FAILED"}
    assert max(queued) <= 3
    pai.user("ann", "ann-password")
    pai.submit("ann", name="mine", outcome=Trains(runs_seconds=30))
    job = await pai.until("ann", "mine", "RUNNING", within=1800)
    assert job.nodes == ["worker-gpu-1"]


async def test_the_same_seed_tells_the_same_story() -> None:
    told = []
    for _ in range(2):
        pai = OpenPaiEmulator(clock=lambda: 1_800_000_000.0)
        Story(pai, past_jobs=5).begin()
        await pai.advance(1200)
        told.append([(job.full_name, job.state, job.exit_code) for job in pai.jobs()])
    assert told[0] == told[1]


async def test_colleagues_go_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for start in range(2):
        pai = OpenPaiEmulator(clock=lambda: 1_800_000_000.0, state=path)
        before = len(pai.jobs())
        Story(pai).begin()
        await pai.advance(1200)
        assert len(pai.jobs()) - before > (10 if start else 60)
        pai.keep()


@pytest.mark.slow
async def test_twenty_thousand_jobs_are_listed() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        pai.history(["ann", "root"], 20_000)
        page = await ann.get("/jobs?limit=50&withTotalCount=true")
        assert page["totalCount"] == 20_000
        assert len(page["data"]) == 50
        path = "/jobs?order=completionTime,DESC&limit=250"
        first = await ann.ask("GET", path)
        again = await ann.ask("GET", path, headers={"If-None-Match": first[2]["ETag"]})
        assert again[0] == 304
        assert len(await ann.get("/jobs?limit=20000")) == 20_000


@pytest.mark.parametrize("speed", [1.0, 10.0, 60.0])
async def test_time_passes_faster_when_told_so(speed: float) -> None:
    wall = [1_800_000_000.0]
    pai = OpenPaiEmulator(speed, clock=lambda: wall[0])
    start = pai.now()
    wall[0] += 2
    assert pai.now() - start == pytest.approx(2 * speed)
    pai.speed = 2 * speed
    wall[0] += 1
    assert pai.now() - start == pytest.approx(4 * speed)
    pai.pause()
    wall[0] += 100
    assert pai.now() - start == pytest.approx(4 * speed)
    pai.resume()
    wall[0] += 1
    assert pai.now() - start == pytest.approx(6 * speed)
