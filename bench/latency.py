"""P2: answer times at Telegram's own limit, and the first sign of life while a remote system hangs."""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from aiohttp import web
from cryptography.fernet import Fernet

from bench import bots, report
from bench.double import Double, first_answer, listening
from bot.domain.people import Token
from db import Database, UnitOfWork

MEMBERS = range(42, 47)
HANGS_SECONDS = 10.0


async def latency(name: str, per_second: float = 30.0, seconds: float = 8.0) -> list[float]:
    """Milliseconds from "available" to "answered" at a fixed rate, from 30 people in turn."""
    async with listening(Double(bots.COMMAND)) as double:
        with bots.running(name, double.url, PAILOT_TELEGRAM__PACE="on") as process:
            await first_answer(double, process)
            for turn in range(int(per_second * 1.0)):  # everybody is known before it counts
                double.ask(200 + turn % 30)
                await asyncio.sleep(1 / per_second)
            await asyncio.sleep(0.5)
            double.seconds.clear()
            begin = time.perf_counter()
            for turn in range(int(per_second * seconds)):
                await asyncio.sleep(max(0, begin + turn / per_second - time.perf_counter()))
                double.ask(200 + turn % 30)
            await asyncio.sleep(1)
            return [1000 * s for s in double.seconds]


async def members(url: str, key: str) -> None:
    """People with accounts on the cluster, who may ask what only the cluster knows."""
    database, now = Database(url, [key]), datetime.now(UTC)

    def link(uow: UnitOfWork) -> None:
        for one in MEMBERS:
            uow.people.meet(one, f"P{one}", "", "en", now, started=True)
            uow.people.link(one, f"p{one}", now)
            uow.credentials.put(one, Token("openpai", f"p{one}", "a.b.c"), now)

    await database.migrate()
    await database.open()
    await database.write(link)
    await database.close()


async def signs() -> list[float]:
    """Milliseconds until the chat shows that somebody is at work, while OpenPAI takes ten seconds."""

    async def hang(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(HANGS_SECONDS)
        return web.json_response({})

    pai = web.ServerRunner(web.Server(hang, access_log=None), shutdown_timeout=0.1)
    await pai.setup()
    await web.TCPSite(pai, "127.0.0.1", 0).start()
    found: list[float] = []
    with tempfile.TemporaryDirectory(dir=bots.HOME) as folder:
        url, key = f"sqlite:///{Path(folder).resolve()}/pailot.db", Fernet.generate_key().decode()
        await members(url, key)
        settings = {
            "PAILOT_DATABASE__URL": url,
            "PAILOT_SECRETS__KEYS": key,
            "PAILOT_OPENPAI__URL": f"http://127.0.0.1:{pai.addresses[0][1]}",
            "PAILOT_TELEGRAM__PACE": "on",
        }
        async with listening(Double(bots.COMMAND)) as double:
            with bots.running("pailot", double.url, **settings) as process:
                await first_answer(double, process)
                for one in MEMBERS:
                    began = time.perf_counter()
                    double.ask(one, "/gpu")
                    while one not in double.signs:
                        await asyncio.sleep(0.001)
                    found.append(1000 * (time.perf_counter() - began))
    await pai.cleanup()
    return found


async def p2() -> None:
    print("P2  answer time at 30 commands per second (ms)", flush=True)
    for name in ("pailot", "aiogram"):
        rounds = [await latency(name) for _ in range(3)]
        p50 = [median(r) for r in rounds]
        p99 = [report.percentile(r, 99) for r in rounds]
        goal = "p99 <= 15" if name == "pailot" else ""
        report.line(
            f"{name}: p50 / p99", f"{report.spread(p50, '.1f')} / {report.spread(p99, '.1f')}", goal
        )
    report.line(
        "first sign of life, OpenPAI takes 10 s (ms)", report.spread(await signs()), "<= 300"
    )
