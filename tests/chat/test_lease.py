"""A lease is held by one, and found free again when its holder is gone."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.lease import Lease, is_gone, this_process
from tests.chat.office import eventually, refusing
from tests.databases import sqlite

OTHERS = "elsewhere:1/5/99"


async def test_only_one_of_two_holds_it(tmp_path: Path) -> None:
    db = await sqlite(tmp_path)
    one, two = (Lease(db, "x", owner) for owner in (this_process(), OTHERS))
    assert await one.take()
    assert not await two.take()
    assert await one.take(), "its holder may renew it"
    await one.release()
    assert await two.take()
    assert not one.held
    await db.close()


async def test_it_runs_out_when_it_is_not_renewed(tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    db = await sqlite(tmp_path)
    one = Lease(db, "x", OTHERS, clock=lambda: now)
    two = Lease(db, "x", this_process(), clock=lambda: now)
    assert await one.take()
    now += timedelta(seconds=29)
    assert one.held
    assert not await two.take()
    now += timedelta(seconds=2)
    assert not one.held
    assert await two.take()
    await db.close()


async def test_a_process_that_died_here_loses_it_at_once(tmp_path: Path) -> None:
    say_so = "from bot.lease import this_process; print(this_process())"
    died = subprocess.run(
        [sys.executable, "-c", say_so], capture_output=True, text=True, check=True
    )
    owner = died.stdout.strip()
    db = await sqlite(tmp_path)
    assert await Lease(db, "x", owner).take()
    assert await Lease(db, "x", this_process()).take()
    await db.close()


def test_only_a_process_of_this_machine_can_be_said_to_be_gone() -> None:
    machine, pid, started = this_process().split("/")

    assert not is_gone(this_process())
    assert is_gone(f"{machine}/{pid}/{int(started) + 1}"), "the number was given to another process"
    assert is_gone(f"{machine}/999999999/5")
    assert not is_gone(OTHERS)
    assert not is_gone("anything")


async def test_holding_renews_it_and_the_end_lets_go(tmp_path: Path) -> None:
    db = await sqlite(tmp_path)
    one = Lease(db, "x", this_process(), seconds=3)
    two = Lease(db, "x", OTHERS, seconds=3)
    async with asyncio.TaskGroup() as group:
        holding = group.create_task(one.hold())
        await asyncio.wait_for(one.wait(), 20)
        for _ in range(2):
            until = one._until
            await eventually(lambda until=until: one._until > until)
            assert one.held
            assert not await two.take()
        holding.cancel()
    assert await two.take()
    await db.close()


async def test_a_refusing_database_ends_neither_the_holding_nor_the_waiting(tmp_path: Path) -> None:
    db = await sqlite(tmp_path)
    one = Lease(db, "x", this_process(), seconds=0.3)
    honest = db.write
    async with asyncio.TaskGroup() as group:
        db.write = refusing  # type: ignore[method-assign]
        holding = group.create_task(one.hold())
        await asyncio.sleep(0.2)
        assert not one.held
        db.write = honest  # type: ignore[method-assign]
        await asyncio.wait_for(one.wait(), 20)
        db.write = refusing  # type: ignore[method-assign]
        await eventually(lambda: not one.held)
        db.write = honest  # type: ignore[method-assign]
        await asyncio.wait_for(one.wait(), 20)
        holding.cancel()
    await db.close()
