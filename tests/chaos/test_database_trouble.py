"""The database full, locked, killed while it is made, or of yesterday: refused clearly, nothing lost (R5)."""

import asyncio
import contextlib
import random
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.openpai import Outcome
from bot.demo.telegram import Person
from tests.chaos.process import BotProcess, until
from tests.chaos.world import World
from tests.servers import missing

SHORT = Outcome(runs_seconds=0.5)


def room(bot: BotProcess, size_bytes: int) -> None:
    """From now on the bot can make no file longer than that, as on a full disk."""
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A real one, for those who may mount it."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


async def nothing_was_lost(world: World, ann: Person, first: int, last: int) -> None:
    for number in range(first, last):
        await ann.hears(f"zz{number}.", within=40, new_only=False)
    await ann.hears("Succeeded: meanwhile", new_only=False)
    said = [text for text in world.heard(ann.id) if "zz" in text]
    assert [text.split(".")[0].partition("zz")[2] for text in said] == [str(n) for n in range(last)]


@pytest.mark.timeout(90)
async def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    bot = await world.running()
    await ann.sends("/zz0")
    await ann.hears("zz0")
    log = world.database_file.with_name(world.database_file.name + "-wal")
    room(bot, max(log.stat().st_size, len(bot.output.encode())) + 4096)
    for number in range(1, 8):
        await ann.sends(f"/zz{number}")
    world.pai.submit("ann", name="meanwhile", outcome=SHORT)
    await bot.says("the database refused them")
    await asyncio.sleep(2)
    assert bot.running
    room(bot, resource.RLIM_INFINITY)
    await nothing_was_lost(world, ann, 1, 8)


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_a_really_full_disk_too(world: World) -> None:
    if not shutil.which("mount"):
        missing("mount")
    disk = world.folder / "disk"
    with small_disk(disk, "6m"):
        (ann,) = await world.members("Ann")
        await world.looked_before()
        shutil.copy(world.database_file, disk / "pailot.db")
        bot = await world.running(PAILOT_DATABASE__URL=f"sqlite:///{disk / 'pailot.db'}")
        try:
            await ann.sends("/zz0")
            await ann.hears("zz0")
            ballast = disk / "ballast"
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
            for number in range(1, 20):
                await ann.sends(f"/zz{number}")
            world.pai.submit("ann", name="meanwhile", outcome=SHORT)
            await bot.says("the database refused them")
            await asyncio.sleep(3)
            ballast.unlink()
            await nothing_was_lost(world, ann, 1, 20)
        finally:
            await bot.kill()


@pytest.mark.parametrize("seconds", [3, pytest.param(12, marks=pytest.mark.slow)])
@pytest.mark.timeout(90)
async def test_a_database_locked_by_somebody_else_is_waited_for(
    world: World, seconds: float
) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    bot = await world.running()
    await ann.sends("/zz0")
    await ann.hears("zz0")
    locker = sqlite3.connect(world.database_file, isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    for number in range(1, 6):
        await ann.sends(f"/zz{number}")
    world.pai.submit("ann", name="meanwhile", outcome=SHORT)
    await asyncio.sleep(seconds)
    locker.execute("ROLLBACK")
    locker.close()
    await nothing_was_lost(world, ann, 1, 6)
    assert bot.running


@pytest.mark.slow
async def test_a_database_whose_making_was_killed_is_made_at_the_next_start(world: World) -> None:
    """The first start makes the tables; it is killed again and again while it does."""
    ann = world.person("Ann")
    fresh = world.folder / "fresh.db"
    bot = world.bot(PAILOT_DATABASE__URL=f"sqlite:///{fresh}")
    rng = random.Random(5)
    for _ in range(5):
        await bot.start()
        await until(fresh.exists)
        await asyncio.sleep(rng.uniform(0, 0.15))
        await bot.kill()
    await bot.start()
    await bot.is_ready()
    await ann.starts()
    await ann.hears("Pailot")


@pytest.mark.slow
async def test_yesterdays_backup_starts_and_doubles_no_job(world: World) -> None:
    (ann,) = await world.members("Ann")
    await world.looked_before()
    bot = await world.running()
    await ann.sends("/run name=one gpu=1 python train.py --run 1")
    preview = await ann.hears("Preview")
    await world.everything_is_noted()
    assert await bot.stop() == 0
    backup = world.folder / "backup.db"
    shutil.copy(world.database_file, backup)
    await bot.start()
    await ann.presses("Submit", on=preview, within=60)
    await ann.hears("Submitted")
    await ann.hears("one")
    assert await bot.stop() == 0
    for side in ("", "-wal", "-shm"):
        world.database_file.with_name(world.database_file.name + side).unlink(missing_ok=True)
    shutil.copy(backup, world.database_file)
    await bot.start()
    await bot.is_ready()
    await ann.presses_data(preview.keyboard[0][0]["callback_data"], preview, within=None)
    await ann.hears("Submitted")
    await ann.sends("/zz1")
    await ann.hears("zz1")
    assert [job.name for job in world.pai.jobs()] == ["one"]


async def test_a_database_of_a_later_version_is_refused_in_one_line(world: World) -> None:
    bot = world.bot()
    with contextlib.closing(sqlite3.connect(world.database_file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
        connection.commit()
    await bot.start()
    assert await bot.ended() == 2
    (line,) = [line for line in bot.said.splitlines() if line.startswith("pailot:")]
    assert "another version" in line


async def test_a_folder_that_cannot_be_written_is_said_in_one_line(world: World) -> None:
    bot = world.bot(PAILOT_DATABASE__URL=f"sqlite:///{world.folder}/nowhere/pailot.db")
    await bot.start()
    assert await bot.ended() == 2
    assert [line.startswith("pailot: the database") for line in bot.said.splitlines()] == [True]
