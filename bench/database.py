"""P9: 32 transactions at once that read first and then write, on SQLite on disk."""

import asyncio
import contextlib
import sqlite3
import tempfile
import threading
import time
from pathlib import Path

from cryptography.fernet import Fernet

from bench import report
from db import Database, UnitOfWork

AT_ONCE = 32
EACH = 30


async def ours(folder: str) -> tuple[float, list[float], int]:
    """(transactions per second, milliseconds of each, failures)"""
    database = Database(f"sqlite:///{folder}/ours.db", [Fernet.generate_key().decode()])
    await database.migrate()
    await database.open()
    times: list[float] = []
    failures = 0

    def work(uow: UnitOfWork) -> None:
        count = int(uow.meta.get("count") or 0)
        uow.meta.set("count", str(count + 1))

    async def person() -> None:
        nonlocal failures
        for _ in range(EACH):
            began = time.perf_counter()
            try:
                await database.write(work)
            except Exception:
                failures += 1
            times.append(1000 * (time.perf_counter() - began))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(person())
    took = time.perf_counter() - began
    counted = await database.read(lambda uow: int(uow.meta.get("count") or 0))
    await database.close()
    return AT_ONCE * EACH / took, times, failures + AT_ONCE * EACH - counted


def plain(folder: str) -> tuple[float, int]:
    """Plain BEGIN on a connection per thread: (transactions per second that worked, failures)."""
    path = Path(folder, "plain.db")
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.executescript(
            "PRAGMA journal_mode=WAL; CREATE TABLE meta (key PRIMARY KEY, value); INSERT INTO meta VALUES ('c', 0)"
        )
    failed = []

    def person() -> None:
        base = sqlite3.connect(path, isolation_level=None, timeout=1)
        base.execute("PRAGMA synchronous=FULL")
        for _ in range(EACH):
            try:
                base.execute("BEGIN")
                (count,) = base.execute("SELECT value FROM meta").fetchone()
                base.execute("UPDATE meta SET value = ?", (count + 1,))
                base.execute("COMMIT")
            except sqlite3.OperationalError:
                failed.append(1)
                if base.in_transaction:
                    base.execute("ROLLBACK")
        base.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=person) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worked = AT_ONCE * EACH - len(failed)
    return worked / (time.perf_counter() - began), len(failed)


async def p9() -> None:
    print(f"P9  {AT_ONCE} read-then-write transactions at once, {EACH} times, SQLite", flush=True)
    rates, p99s, failures, theirs, their_failures = [], [], [], [], []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            rate, times, failed = await ours(folder)
            rates.append(rate)
            p99s.append(report.percentile(times, 99))
            failures.append(failed)
            rate, failed = await asyncio.to_thread(plain, folder)
            theirs.append(rate)
            their_failures.append(failed)
    report.line("Pailot: transactions per second", report.spread(rates))
    report.line("Pailot: p99 (ms)", report.spread(p99s, ".1f"), "<= 50")
    report.line("Pailot: failed or lost", report.spread(failures), "0")
    report.line("plain BEGIN: per second that worked", report.spread(theirs))
    report.line(f"plain BEGIN: failed of {AT_ONCE * EACH}", report.spread(their_failures))
