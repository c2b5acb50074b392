"""Transactions are plain functions: kept whole or not at all, alone or in company."""

import asyncio
import contextlib
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from db import Database, DatabaseRefused, NestedTransaction
from tests import databases


class Broken(Exception):
    pass


def count(uow):
    return int(uow.meta.get("count") or 0)


def add_one(uow):
    uow.meta.set("count", str(count(uow) + 1))
    return count(uow)


def run_sql(words):
    return lambda uow: uow.transaction.core.exec_driver_sql(words)


async def test_a_failing_transaction_takes_no_other_with_it(db):
    def work(n):
        def set_it(uow):
            uow.meta.set(f"k{n}", "v")
            if n % 3 == 0:
                raise Broken(n)
            return n

        return set_it

    done = await asyncio.gather(*(db.write(work(n)) for n in range(50)), return_exceptions=True)
    for n, result in enumerate(done):
        kept = await db.read(lambda uow, n=n: uow.meta.get(f"k{n}"))
        if n % 3 == 0:
            assert isinstance(result, Broken)
            assert kept is None
        else:
            assert result == n
            assert kept == "v"


async def test_a_failing_statement_takes_no_other_with_it(db):
    def clash(uow):
        uow.meta.set("clash", "v")
        uow.transaction.core.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('clash', 'w')")

    done = await asyncio.gather(
        *(db.write(add_one) for _ in range(5)),
        db.write(clash),
        *(db.write(add_one) for _ in range(5)),
        return_exceptions=True,
    )
    assert [type(d).__name__ for d in done].count("IntegrityError") == 1
    assert await db.read(count) == 10
    assert await db.read(lambda uow: uow.meta.get("clash")) is None


async def test_transactions_that_read_before_they_write_never_collide(db):
    counts = await asyncio.gather(*(db.write(add_one) for _ in range(32)))
    assert sorted(counts) == list(range(1, 33))
    assert await db.read(count) == 32


async def test_a_transaction_inside_a_transaction_is_refused(db):
    def nested(uow):
        return db.write(add_one)

    for run in (db.read, db.write):
        with pytest.raises(NestedTransaction):
            await run(nested)


async def test_a_cancelled_writer_leaves_the_others_alone(db):
    begun, gate = threading.Event(), threading.Event()
    async with asyncio.TaskGroup() as group:
        slow = group.create_task(db.write(lambda uow: (begun.set(), gate.wait(30))))
        tasks = [group.create_task(db.write(add_one)) for _ in range(10)]
        await asyncio.to_thread(begun.wait)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.sleep(0)
        gate.set()
        await slow
    told = [task.result() for task in tasks if not task.cancelled()]
    assert len(told) >= 5
    assert len(set(told)) == len(told)
    assert await db.write(add_one) > max(told)


async def test_a_cancelled_writer_that_waits_its_turn_is_left_out(file):
    begun, gate = threading.Event(), threading.Event()
    async with asyncio.TaskGroup() as group:
        slow = group.create_task(file.write(lambda uow: (begun.set(), gate.wait(30))))
        await asyncio.to_thread(begun.wait)
        task = group.create_task(file.write(add_one))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        gate.set()
        await slow
    assert await file.write(add_one) == 1


async def test_it_shares_a_commit_among_those_who_wait(file, tmp_path):
    """Counted in the write-ahead log: each commit marks one frame as its last."""
    begun, gate = threading.Event(), threading.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(file.write(lambda uow: (begun.set(), gate.wait(30))))
        await asyncio.to_thread(begun.wait)
        for n in range(40):
            group.create_task(file.write(lambda uow, n=n: uow.meta.set(f"k{n}", "v")))
        await asyncio.sleep(0.02)  # one turn to ask, one to hand on
        gate.set()
    frames = (tmp_path / "pailot.db-wal").read_bytes()[32:]
    size = 24 + 4096
    commits = sum(frames[at + 4 : at + 8] != b"\0\0\0\0" for at in range(0, len(frames), size))
    assert commits == 1


def commits(folder):
    """Counted in the write-ahead log: each commit marks one frame as its last."""
    frames = (folder / "pailot.db-wal").read_bytes()[32:]
    size = 24 + 4096
    return sum(frames[at + 4 : at + 8] != b"\0\0\0\0" for at in range(0, len(frames), size))


async def test_what_is_asked_in_one_turn_of_the_loop_shares_a_commit(file, tmp_path):
    """Also when nobody else keeps the thread busy."""
    await file.write(add_one)
    before = commits(tmp_path)
    await asyncio.gather(*(file.write(add_one) for _ in range(20)))
    assert commits(tmp_path) == before + 1


async def test_what_is_in_no_hurry_waits_for_company_but_not_for_ever(file, tmp_path):
    assert await file.write(add_one, hurry=False) == 1
    before = commits(tmp_path)
    async with asyncio.TaskGroup() as group:
        patient = group.create_task(file.write(add_one, hurry=False))
        await asyncio.sleep(0)
        group.create_task(file.write(add_one))
    assert patient.result() == 2
    assert commits(tmp_path) == before + 1


async def test_a_result_comes_after_its_commit(url, db):
    other = Database(url, [databases.KEY])
    await other.open()
    try:
        for n in range(1, 6):
            await db.write(add_one)
            assert await other.read(count) == n
    finally:
        await other.close()


async def test_a_reader_can_not_write(db):
    with pytest.raises(Exception, match=r"read-?only"):
        await db.read(add_one)


async def test_closing_finishes_what_was_asked_and_refuses_what_is_asked_later(url):
    database = Database(url, [databases.KEY])
    with pytest.raises(DatabaseRefused, match="not open"):
        await database.read(count)
    await database.open()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(database.write(add_one)) for _ in range(20)]
        await asyncio.sleep(0)
        await database.close()
    assert len({task.result() for task in tasks}) == 20
    with pytest.raises(DatabaseRefused, match="closed"):
        await database.write(add_one)


async def test_a_full_disk_refuses_work_and_loses_nothing(file):
    await file.write(add_one)
    pages = await file.write(lambda uow: run_sql("PRAGMA page_count")(uow).scalar())
    await file.write(lambda uow: run_sql(f"PRAGMA max_page_count = {pages + 2}")(uow).scalar())

    def fill(uow):
        add_one(uow)
        uow.meta.set("much", "x" * 1_000_000)

    done = await asyncio.gather(
        *(file.write(add_one) for _ in range(3)),
        *(file.write(fill) for _ in range(3)),
        return_exceptions=True,
    )
    refused = [d for d in done if isinstance(d, BaseException)]
    assert len(refused) >= 3
    assert all(isinstance(d, DatabaseRefused) and "full" in str(d) for d in refused)
    told = [d for d in done if isinstance(d, int)]
    assert await file.read(count) == 1 + len(told)
    await file.write(lambda uow: run_sql("PRAGMA max_page_count = 1000000")(uow).scalar())
    await file.write(fill)
    assert await file.read(count) == 2 + len(told)


async def test_who_ignores_that_the_disk_is_full_is_not_told_that_all_went_well(file):
    await file.write(add_one)
    pages = await file.write(lambda uow: run_sql("PRAGMA page_count")(uow).scalar())
    await file.write(lambda uow: run_sql(f"PRAGMA max_page_count = {pages + 1}")(uow).scalar())

    def careless(uow):
        add_one(uow)
        with contextlib.suppress(sqlite3.OperationalError):
            uow.meta.set("much", "x" * 1_000_000)

    result = (await asyncio.gather(file.write(careless), return_exceptions=True))[0]
    kept = await file.read(count)
    assert (kept, type(result)) in {(1, DatabaseRefused), (2, type(None))}


async def test_a_locked_file_refuses_work_until_it_is_free(file, tmp_path):
    await file.write(lambda uow: run_sql("PRAGMA busy_timeout = 30")(uow).scalar())
    with sqlite3.connect(tmp_path / "pailot.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseRefused, match="locked"):
            await file.write(add_one)
        other.execute("ROLLBACK")
    other.close()
    assert await file.write(add_one) == 1


async def test_two_processes_may_use_one_file(file, tmp_path):
    other = Database(f"sqlite:///{tmp_path / 'pailot.db'}", [databases.KEY])
    await other.open()
    try:
        await asyncio.gather(*(d.write(add_one) for _ in range(30) for d in (file, other)))
        assert await file.read(count) == 60
    finally:
        await other.close()


async def test_the_file_is_its_owners_only(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new.db'}", [databases.KEY])
    await database.migrate()
    await database.open()
    try:
        await database.write(add_one)
        for path in tmp_path.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    finally:
        await database.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:////nowhere/at/all.db",
        "postgresql+psycopg://x@127.0.0.1:1/x",
    ],
)
async def test_what_can_not_be_opened_says_so(url):
    database = Database(url)
    with pytest.raises(DatabaseRefused):
        await database.open()
    with pytest.raises(DatabaseRefused):
        await database.migrate()


async def test_a_file_that_is_no_database_says_so(tmp_path: Path):
    path = tmp_path / "pailot.db"
    path.write_bytes(b"not a database, but long enough to look at" * 100)
    with pytest.raises(DatabaseRefused):
        await Database(f"sqlite:///{path}").open()


@pytest.mark.postgres
async def test_an_ended_connection_is_made_again(server):
    database = Database(server, [databases.KEY], connections=2, readers=1)
    other = Database(server, [databases.KEY], connections=1, readers=1)
    await database.open()
    await other.open()
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    try:
        await asyncio.gather(*(database.write(add_one) for _ in range(4)))
        before = await database.read(count)
        await other.write(lambda uow: run_sql(end)(uow).fetchall())
        assert await database.write(add_one) == before + 1
        assert await database.read(count) == before + 1
    finally:
        await database.close()
        await other.close()
