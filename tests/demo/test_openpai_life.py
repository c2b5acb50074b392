"""Jobs in the OpenPAI emulator: queue, run, retry, stop, and what is said of it meanwhile."""

from pathlib import Path

import pytest

from bot.demo.openpai import CudaEcc, GangTimeout, OpenPaiEmulator, Outcome, Trains
from tests.demo.openpai_driver import portal, protocol


@pytest.fixture
def pai() -> OpenPaiEmulator:
    pai = OpenPaiEmulator()
    pai.pause()
    pai.user("ann", "ann-password")
    pai.user("bob", "bob-password", ("default", "research"))
    return pai


async def test_a_job_waits_runs_and_succeeds(pai: OpenPaiEmulator) -> None:
    job = pai.submit("ann", name="a", outcome=Outcome(runs_seconds=40))
    seen = [(job.state, job.phase)]
    while not job.terminal:
        await pai.advance(0.1)
        if (job.state, job.phase) != seen[-1]:
            seen.append((job.state, job.phase))
    assert seen == [
        ("WAITING", "AttemptCreationPending"),
        ("WAITING", "AttemptCreationRequested"),
        ("WAITING", "AttemptPreparing"),
        ("RUNNING", "AttemptRunning"),
        ("RUNNING", "AttemptDeletionPending"),
        ("RUNNING", "AttemptDeletionRequested"),
        ("RUNNING", "AttemptDeleting"),
        ("RUNNING", "AttemptCompleted"),
        ("SUCCEEDED", "Completed"),
    ]
    assert job.launched is not None
    assert job.completed is not None
    assert 40 < job.completed - job.launched < 44


async def test_a_failing_job_is_running_with_its_exit_code_until_completed(
    pai: OpenPaiEmulator,
) -> None:
    job = pai.submit("ann", name="a", outcome=Outcome(runs_seconds=5, exit=3))
    await pai.until("ann", "a", "RUNNING")
    while job.exit_code is None:
        await pai.advance(0.1)
    assert (job.state, job.exit_code) == ("RUNNING", 255)
    await pai.until("ann", "a", "FAILED")


async def test_an_unknown_failure_is_retried_as_often_as_asked(pai: OpenPaiEmulator) -> None:
    pai.submit("ann", name="a", retries=2, outcome=Outcome(runs_seconds=1, exit=139))
    job = await pai.until("ann", "a")
    assert (job.state, job.user_retries, job.platform_retries) == ("FAILED", 2, 0)
    assert [attempt.index for attempt in job.attempts] == [0, 1, 2]


async def test_a_transient_failure_is_retried_without_being_asked(pai: OpenPaiEmulator) -> None:
    pai.submit("ann", name="a", outcome=CudaEcc(fails_first=2))
    job = await pai.until("ann", "a")
    assert (job.state, job.user_retries, job.platform_retries) == ("SUCCEEDED", 0, 2)
    assert job.attempts[0].exit is not None
    assert job.attempts[0].exit.code == 223


async def test_between_two_attempts_it_waits_again(pai: OpenPaiEmulator) -> None:
    pai.submit("ann", name="a", outcome=CudaEcc())
    await pai.until("ann", "a", "RUNNING")
    job = await pai.until("ann", "a", "WAITING")
    assert (job.retries, job.exit_code) == (1, None)


async def test_a_gang_timeout_backs_off(pai: OpenPaiEmulator) -> None:
    job = pai.submit("ann", name="a", outcome=GangTimeout())
    while job.retry_delay is None:
        await pai.advance(0.1)
    assert (job.state, job.retry_delay) == ("RUNNING", 30)
    assert (await pai.until("ann", "a")).state == "SUCCEEDED"


async def test_a_stop_shows_at_once_and_works_later(pai: OpenPaiEmulator) -> None:
    job = pai.submit("ann", name="a", outcome=Trains(runs_seconds=600))
    await pai.until("ann", "a", "RUNNING")
    pai.stop_job("ann", "a")
    assert (job.state, job.execution) == ("RUNNING", "STOP")
    await pai.until("ann", "a", "STOPPING")
    await pai.until("ann", "a", "STOPPED")
    assert job.exit_code == -210


async def test_a_waiting_job_can_be_stopped(pai: OpenPaiEmulator) -> None:
    pai.submit("ann", name="big", gpus=4, outcome=Trains(runs_seconds=600))
    pai.submit("ann", name="a")
    await pai.until("ann", "big", "RUNNING")
    pai.stop_job("ann", "a")
    job = await pai.until("ann", "a", "STOPPED")
    assert job.attempts[-1].tasks[0].pod.node is None


async def test_it_queues_when_the_cluster_is_full_and_says_why(pai: OpenPaiEmulator) -> None:
    pai.submit("ann", name="big", gpus=4, outcome=Trains(runs_seconds=60))
    pai.submit("ann", name="small")
    await pai.until("ann", "big", "RUNNING")
    async with portal(pai) as ann:
        assert (await ann.get("/jobs/ann~small"))["jobStatus"]["state"] == "WAITING"
        events = await ann.get("/jobs/ann~small/events?type=Warning")
        assert "insufficient capacity in VC default" in events["data"][0]["message"]
        free = (await ann.get("/virtual-clusters"))["default"]
        assert free["resourcesUsed"]["GPUs"] == free["resourcesGuaranteed"]["GPUs"] == 4
        await pai.until("ann", "small", "RUNNING")
        assert pai.job("ann", "big").exit_code == 0


async def test_higher_priority_goes_first_then_first_come(pai: OpenPaiEmulator) -> None:
    pai.submit("ann", name="big", gpus=4, outcome=Trains(runs_seconds=60))
    await pai.until("ann", "big", "RUNNING")
    for name, priority in (("one", None), ("two", None), ("urgent", "prod")):
        pai.submit("ann", name=name, gpus=4, priority=priority, outcome=Trains(runs_seconds=20))
        await pai.advance(1)
    for name in ("urgent", "one", "two"):
        await pai.until("ann", name, "SUCCEEDED")
    order = sorted(("one", "two", "urgent"), key=lambda name: pai.job("ann", name).launched or 0)
    assert order == ["urgent", "one", "two"]


async def test_an_opportunistic_job_makes_room(pai: OpenPaiEmulator) -> None:
    for name in ("a", "b", "c", "d"):
        pai.submit("bob", name=name, gpus=4, priority="oppo", outcome=Trains(runs_seconds=600))
    for name in ("a", "b", "c", "d"):
        await pai.until("bob", name, "RUNNING")
    pai.submit("ann", name="mine", gpus=4)
    await pai.until("ann", "mine", "RUNNING")
    await pai.advance(3)
    lost = [job for job in pai.jobs() if job.user == "bob" and job.platform_retries]
    assert len(lost) == 1
    assert lost[0].attempts[0].exit is not None
    assert lost[0].attempts[0].exit.code == -101


async def test_jobs_of_a_lost_machine_are_tried_elsewhere_when_it_is_back(
    pai: OpenPaiEmulator,
) -> None:
    pai.submit("ann", name="a", outcome=Trains(runs_seconds=60))
    await pai.until("ann", "a", "RUNNING")
    async with portal(pai) as ann:
        pai.node_down("worker-gpu-1")
        vc = (await ann.get("/virtual-clusters"))["default"]
        assert (vc["resourcesGuaranteed"]["GPUs"], vc["resourcesTotal"]["GPUs"]) == (0, 4)
        nodes = await ann.get("/virtual-clusters?nodes")
        assert nodes["worker-gpu-1"]["gpuAvailable"] == 0
        await pai.advance(10)
        job = await pai.until("ann", "a", "WAITING")
        assert job.attempts[0].exit is not None
        assert (job.attempts[0].exit.code, job.platform_retries) == (-1001, 1)
        pai.node_up("worker-gpu-1")
        assert (await pai.until("ann", "a")).state == "SUCCEEDED"


async def test_a_name_is_used_up_for_ever(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        assert (await ann.submit(protocol("a", "exit 1")))[0] == 202
        await pai.until("ann", "a")
        status, body = await ann.submit(protocol("a"))
        assert (status, body["code"]) == (409, "ConflictJobError")


async def test_a_stop_long_after_the_end_trips_the_server(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        await ann.submit(protocol("a", "sleep 1"))
        await pai.until("ann", "a")
        path = "/jobs/ann~a/executionType"
        assert (await ann.ask("PUT", path, json={"value": "STOP"}))[0] == 202
        await pai.advance(130)
        status, body, _ = await ann.ask("PUT", path, json={"value": "STOP"})
        assert (status, body["message"]) == (500, "Unexpected end of JSON input")


async def test_too_much_memory_takes_more_cells_than_gpus(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        await ann.submit(protocol("fat", "sleep 60", memory=200_000))
        await pai.until("ann", "fat", "RUNNING")
        assert (await ann.get("/virtual-clusters"))["default"]["resourcesUsed"]["GPUs"] == 4


async def test_it_survives_a_restart_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    first = OpenPaiEmulator(state=path)
    first.user("ann", "ann-password")
    token = first.token("ann")
    first.submit("ann", name="done", outcome=Outcome(runs_seconds=2, exit=1))
    await first.until("ann", "done")
    first.submit("ann", name="runs", outcome=Trains(runs_seconds=500))
    first.submit("ann", name="waits", gpus=4)
    await first.until("ann", "runs", "RUNNING")
    first.keep()
    second = OpenPaiEmulator(state=path)
    assert second.tokens("ann") == [token]
    assert second.job("ann", "done").exit_code == 255
    assert second.job("ann", "runs").state == "RUNNING"
    async with portal(second) as ann:
        await second.advance(30)
        assert "Epoch 5/125" in await ann.log("ann~runs")
        await second.until("ann", "waits", "SUCCEEDED")
        assert second.job("ann", "runs").state == "SUCCEEDED"
        assert "Epoch 125/125" in await ann.log("ann~runs")
