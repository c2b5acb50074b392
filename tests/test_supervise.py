"""Supervision: dead loops come back, their state can be seen, and a stop waits for what was begun."""

import asyncio
import time
from itertools import pairwise

import pytest

from bot.redaction import Redactor
from bot.supervise import Supervisor


def quick(**more):
    return Supervisor(**{"first_backoff_seconds": 0.01, "longest_backoff_seconds": 0.04} | more)


async def until(true, within=20.0):
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.002)


async def forever():
    await asyncio.Event().wait()


async def test_a_dead_loop_is_started_again_and_says_why_it_died():
    async with quick() as supervisor:
        runs = []

        async def dies_twice():
            runs.append(1)
            if len(runs) < 3:
                raise ValueError("out\nof tea")
            await forever()

        supervisor.loop("tea", dies_twice)
        await until(lambda: len(runs) == 3)
        (state,) = supervisor.states()
        assert (state.name, state.alive, state.restarts) == ("tea", True, 2)
        assert state.last_error == "ValueError: out of tea"


async def test_a_loop_that_ends_by_itself_is_dead_too():
    async with quick() as supervisor:
        runs = []

        async def ends():
            runs.append(1)

        supervisor.loop("short", ends)
        await until(lambda: len(runs) >= 2)
        assert supervisor.states()[0].last_error == "ended by itself"


async def test_a_cancellation_that_leaks_out_of_a_loop_does_not_end_it():
    async with quick() as supervisor:
        runs = []

        async def leaks():
            runs.append(1)
            raise asyncio.CancelledError

        supervisor.loop("leaky", leaks)
        await until(lambda: len(runs) >= 2)


async def test_backoff_doubles_up_to_its_limit_and_starts_over_after_a_good_run():
    async with quick(good_run_seconds=0.5) as supervisor:
        starts = []

        async def dies():
            starts.append(time.monotonic())
            if len(starts) == 6:
                await asyncio.sleep(0.51)
            raise OSError

        supervisor.loop("x", dies)
        await until(lambda: len(starts) == 7)
    gaps = [after - before for before, after in pairwise(starts)]
    assert gaps[0] >= 0.009
    assert gaps[1] >= 0.019
    assert gaps[4] >= 0.039
    assert gaps[5] >= 0.51 + 0.009


async def test_a_loop_is_not_alive_while_it_waits_to_be_restarted():
    async with quick(first_backoff_seconds=30) as supervisor:

        async def dies():
            raise OSError("gone")

        supervisor.loop("x", dies)
        await until(lambda: not supervisor.states()[0].alive)
        assert supervisor.states()[0].restarts == 0
        began = time.monotonic()
    assert time.monotonic() - began < 20  # the stop does not wait for the backoff


async def test_the_last_error_carries_no_secret_and_is_one_short_line():
    async with quick(redact=Redactor(["hunter22"])) as supervisor:

        async def dies():
            raise OSError("no login for hunter22 " + "x" * 1000)

        supervisor.loop("x", dies)
        await until(lambda: supervisor.states()[0].last_error)
        error = supervisor.states()[0].last_error
        assert "hunter22" not in error
        assert len(error) <= 300


async def test_a_stop_lets_a_loop_that_takes_the_event_finish_what_it_began():
    done = []
    async with quick() as supervisor:
        working = asyncio.Event()

        async def works(stop):
            while not stop.is_set():
                working.set()
                await asyncio.sleep(0.03)
                done.append("a piece")

        supervisor.loop("worker", works)
        await working.wait()
        assert not done
        await supervisor.stop(5)
        assert done == ["a piece"]
        assert not supervisor.states()[0].alive


async def test_a_stop_ends_deaf_loops_at_once():
    began = time.monotonic()
    async with quick() as supervisor:
        supervisor.loop("deaf", forever)
        await asyncio.sleep(0)
        await supervisor.stop(60)
    assert time.monotonic() - began < 20


async def test_what_does_not_finish_in_time_is_cut_short():
    began = time.monotonic()
    cut = []
    async with quick() as supervisor:

        async def ignores(stop):
            try:
                await forever()
            finally:
                cut.append("loop")

        async def endless():
            try:
                await forever()
            finally:
                cut.append("work")

        supervisor.loop("ignores", ignores)
        supervisor.spawn("endless", endless())
        await asyncio.sleep(0)
        await supervisor.stop(0.05)
    assert sorted(cut) == ["loop", "work"]
    assert time.monotonic() - began < 20


async def test_a_stop_waits_for_spawned_work_and_for_what_that_spawns():
    done = []
    async with quick() as supervisor:

        async def second():
            await asyncio.sleep(0.01)
            done.append(2)

        async def first():
            await asyncio.sleep(0.01)
            done.append(1)
            supervisor.spawn("second", second())

        supervisor.spawn("first", first())
    assert done == [1, 2]


async def test_failing_work_harms_nobody_else():
    async with quick() as supervisor:

        async def fails():
            raise ValueError("no")

        supervisor.loop("steady", forever)
        task = supervisor.spawn("fails", fails())
        await until(task.done)
        assert task.exception() is None
        assert supervisor.states()[0].alive


async def test_nothing_can_be_started_after_the_stop():
    async with quick() as supervisor:
        await supervisor.stop()
        with pytest.raises(RuntimeError, match="too late"):
            supervisor.spawn("late", forever())
        with pytest.raises(RuntimeError, match="too late"):
            supervisor.loop("late", forever)
    assert supervisor.states() == ()


async def test_two_loops_of_one_name_are_a_mistake():
    async with quick() as supervisor:
        supervisor.loop("x", forever)
        with pytest.raises(ValueError, match="already"):
            supervisor.loop("x", forever)


async def test_no_task_outlives_an_error_in_the_body():
    began = asyncio.Event()
    ended = []

    async def watched():
        began.set()
        try:
            await forever()
        finally:
            ended.append(1)

    async def fails():
        async with quick() as supervisor:
            supervisor.loop("x", watched)
            supervisor.spawn("begun", forever())
            await began.wait()
            supervisor.spawn("never begun", forever())
            raise KeyError("body")

    with pytest.raises(ExceptionGroup) as caught:
        await fails()
    assert caught.group_contains(KeyError)
    assert ended == [1]
    assert len(asyncio.all_tasks()) == 1


async def test_work_spawned_and_stopped_in_one_breath_leaves_no_warning():
    async with quick() as supervisor:
        supervisor.spawn("unbegun", forever())
        await supervisor.stop(0)
    assert len(asyncio.all_tasks()) == 1


async def test_stopping_twice_is_harmless():
    async with quick() as supervisor:
        supervisor.loop("x", forever)
        await supervisor.stop()
        await supervisor.stop()


async def test_a_loop_may_ask_for_the_stop_itself():
    async with quick() as supervisor:
        stopped = asyncio.Event()

        async def decides(stop):
            await supervisor.stop(1)
            stopped.set()

        supervisor.loop("decides", decides)
        supervisor.loop("other", forever)
        await asyncio.wait_for(stopped.wait(), 20)
