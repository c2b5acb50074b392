"""P8: a million jobs of history: one's own ten newest, and ten thousand rows brought up to date."""

import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet

from bench import report
from bot.domain.jobs import Job, JobRef, JobState
from db import Database

JOBS = 1_000_000
PEOPLE = 200
UPSERTED = 10_000
LOOKS = 400
PAIRS = 5
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
NEWEST = "SELECT * FROM jobs WHERE user = ? ORDER BY submitted_at DESC, name DESC LIMIT 10"


def fill(path: Path) -> None:
    """As the watcher would have left it after some years."""
    micro = int(BEGAN.timestamp()) * 1_000_000
    rows = (
        (f"user{n % PEOPLE}", f"train_{n:07}", ("succeeded", "failed", "stopped")[n % 3], micro + n * 60_000_000)
        for n in range(JOBS)
    )  # fmt: skip
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        base.executemany(
            "INSERT INTO jobs (user, name, state, submitted_at, launched_at, completed_at, vc, gpus, first_seen_at,"
            " changed_at) VALUES (?, ?, ?, ?4, ?4, ?4, 'default', 1, ?4, ?4)",
            rows,
        )


def seen(turn: int) -> list[Job]:
    """The newest ten thousand, as the cluster tells of them now."""
    return [
        Job(
            JobRef(f"user{n % PEOPLE}", f"train_{n:07}"),
            JobState.SUCCEEDED,
            submitted_at=BEGAN + timedelta(minutes=n),
            completed_at=BEGAN + timedelta(minutes=n, hours=turn),
            retries=turn,
            vc="default",
            gpus=1,
        )
        for n in range(JOBS - UPSERTED, JOBS)
    ]


def columns(base: sqlite3.Connection) -> list[str]:
    return [row[1] for row in base.execute("PRAGMA table_info(jobs)")]


def rows(base: sqlite3.Connection, turn: int) -> Iterator[tuple[object, ...]]:
    """The same rows, made before the clock runs: what is compared is the writing."""
    micro = int(BEGAN.timestamp()) * 1_000_000
    names = columns(base)
    for n in range(JOBS - UPSERTED, JOBS):
        at = micro + n * 60_000_000
        values = {
            "user": f"user{n % PEOPLE}", "name": f"train_{n:07}", "state": "succeeded", "submitted_at": at,
            "completed_at": at + turn, "retries": turn, "told_attempt": turn, "vc": "default", "gpus": 1,
            "tasks": 1, "tags": "[]", "stop_requested": 0, "priority": "", "note": "", "image": "", "sku": "",
            "first_seen_at": at, "changed_at": at + turn,
        }  # fmt: skip
        yield tuple(values.get(name) for name in names)


def raw_upsert(base: sqlite3.Connection, given: list[tuple[object, ...]]) -> float:
    names = columns(base)
    change = ", ".join(f"{n} = excluded.{n}" for n in names if n not in {"user", "name"})
    marks = ", ".join("?" * len(names))
    began = time.perf_counter()
    with base:
        base.executemany(
            f"INSERT INTO jobs VALUES ({marks}) ON CONFLICT (user, name) DO UPDATE SET {change}",
            given,
        )
    return time.perf_counter() - began


def raw_newest(base: sqlite3.Connection) -> list[float]:
    times = []
    for n in range(LOOKS):
        began = time.perf_counter()
        base.execute(NEWEST, (f"user{n % PEOPLE}",)).fetchall()
        times.append(1000 * (time.perf_counter() - began))
    return times


async def our_newest(database: Database) -> list[float]:
    times = []
    for n in range(LOOKS):
        began = time.perf_counter()
        found = await database.read(
            lambda uow, user=f"user{n % PEOPLE}": uow.jobs.newest(user, 10)  # type: ignore[misc] # default
        )
        times.append(1000 * (time.perf_counter() - began))
        assert len(found) == 10
    return times


async def p8() -> None:
    print(f"P8  {JOBS} jobs of history of {PEOPLE} people, SQLite on disk", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "history.db")
        database = Database(f"sqlite:///{path}", [Fernet.generate_key().decode()])
        await database.migrate()
        fill(path)
        await database.open()
        base = sqlite3.connect(path, timeout=30)
        base.execute("PRAGMA synchronous = FULL")
        ours, theirs, ups, raws = [], [], [], []
        for turn in range(1, PAIRS + 1):
            ours.append(await our_newest(database))
            theirs.append(raw_newest(base))
            jobs, now = seen(turn), datetime.now(UTC)
            began = time.perf_counter()
            await database.write(lambda uow, jobs=jobs, now=now: uow.jobs.upsert_many(jobs, now))  # type: ignore[misc] # mypy infers no lambda with defaults
            ups.append(time.perf_counter() - began)
            raws.append(raw_upsert(base, list(rows(base, turn + PAIRS))))
        base.close()
        await database.close()
    p50, p99 = (
        [[report.percentile(r, share) for r in each] for each in (ours, theirs)]
        for share in (50, 99)
    )
    report.line("my 10 newest: p50 (ms)", report.spread(p50[0], ".2f"))
    report.line("my 10 newest: p99 (ms)", report.spread(p99[0], ".2f"), "<= 5")
    report.line("raw sqlite3, same query: p99 (ms)", report.spread(p99[1], ".2f"))
    report.line(f"{UPSERTED} rows upserted (ms)", report.spread([1000 * u for u in ups]))
    report.line("raw sqlite3 (ms)", report.spread([1000 * u for u in raws]))
    report.line("Pailot / raw sqlite3", report.ratios(ups, raws), "<= 3")
