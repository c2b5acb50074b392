"""P5: from OpenPAI's own news to the words on a phone, and a thousand alerts at once at Telegram's pace."""

import asyncio
import random
import re
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet

from bench import bots, report
from bench.double import Double, listening
from bot.demo.openpai import Trains
from bot.domain.messages import Owed, Priority
from bot.domain.text import text
from db import Database
from tests.lab import SPEED, opened

EVENTS = 30
POLL = "5s"
RUNS_SECONDS = 12
LONGEST_SECONDS = 60.0
AT_ONCE = 1000
TELEGRAM_PER_SECOND = 30


async def delays() -> list[float]:
    """Seconds from the moment OpenPAI shows a job as running until its owner's phone has the alert."""
    found: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as lab:
            lab.environ["PAILOT_OPENPAI__POLL_SECONDS"] = POLL
            await lab.start()
            ann = await lab.member("ann", "Ann Lee", "en")
            chance = random.Random(5)

            async def event(number: int, after: float) -> None:
                await asyncio.sleep(after)
                name = f"event{number}"
                lab.pai.submit("ann", name=name, outcome=Trains(RUNS_SECONDS * SPEED))
                while lab.pai.job("ann", name).state == "WAITING":
                    await asyncio.sleep(0.01)
                began = time.perf_counter()
                mine = re.compile(rf"\bevent{number}\b")
                async with asyncio.timeout(LONGEST_SECONDS):
                    while not any(mine.search(said) for said in ann.said()):
                        await asyncio.sleep(0.01)
                found.append(time.perf_counter() - began)

            async with asyncio.TaskGroup() as group:
                for number in range(EVENTS):
                    group.create_task(event(number, chance.uniform(0, 30)))
    return found


async def drained() -> tuple[float, int]:
    """(alerts per second, alerts that came) of a thousand owed at once to as many people."""
    with tempfile.TemporaryDirectory(dir=bots.HOME) as folder:
        url = f"sqlite:///{Path(folder).resolve()}/pailot.db"
        key, now = Fernet.generate_key().decode(), datetime.now(UTC)
        database = Database(url, [key])
        await database.migrate()
        await database.open()

        def owe(uow: object) -> None:
            for n in range(AT_ONCE):
                line = text("lang-set", language="en")
                owed = Owed(f"alert:{n}", 1000 + n, (line,), "en", priority=Priority.ALERT)
                uow.outbox.owe(owed, now)  # type: ignore[attr-defined] # a UnitOfWork

        await database.write(owe)
        await database.close()
        settings = {
            "PAILOT_TELEGRAM__PACE": "on",
            "PAILOT_DATABASE__URL": url,
            "PAILOT_SECRETS__KEYS": key,
        }
        async with listening(Double(bots.COMMAND)) as double:
            with bots.running("pailot", double.url, **settings):
                while not double.texts:
                    await asyncio.sleep(0.005)
                began = time.perf_counter()
                while len(double.texts) < AT_ONCE and time.perf_counter() - began < 120:
                    await asyncio.sleep(0.02)
                took = time.perf_counter() - began
        came = sum(map(len, double.texts.values()))
    return came / took, came


async def p5() -> None:
    print(f"P5  from OpenPAI's news to the alert, poll every {POLL}, {EVENTS} events", flush=True)
    found = await delays()
    report.line("p50 (s)", f"{report.percentile(found, 50):.1f}")
    report.line("p95 (s)", f"{report.percentile(found, 95):.1f}", "<= 6")
    rate, came = await drained()
    report.line(f"{AT_ONCE} alerts at once, each to another person", str(came), str(AT_ONCE))
    report.line("alerts per second", f"{rate:.1f}")
    report.line("of Telegram's 30 per second", f"{rate / TELEGRAM_PER_SECOND:.2f}", ">= 0.9")
