"""P10: memory and start, beside the bare stack: the same libraries imported, SQLite and the backend spoken to."""

import asyncio
import subprocess
import sys
import time

from bench import bots, report
from bench.double import Double, listening

BARE = """
import asyncio, sys
import aiohttp, aiohttp.web, alembic.command, apscheduler.schedulers.asyncio, cryptography.fernet, fluent.runtime
import msgspec, pydantic, rapidfuzz, ruamel.yaml, sqlalchemy, structlog, telegram
import prometheus_client, telegram.ext
from babel.dates import format_datetime
async def main():
    sqlalchemy.create_engine("sqlite://").connect().close()
    async with aiohttp.ClientSession() as session:
        async with session.post(sys.argv[1] + "/bot/getMe") as answer:
            await answer.read()
        await session.post(sys.argv[1] + "/bot/sendMessage", data={"chat_id": 1, "text": "ready"})
        await asyncio.sleep(60)
asyncio.run(main())
"""


async def ready(double: Double, process: subprocess.Popen[bytes]) -> float:
    """Seconds from the start of the process to its first answer."""
    began = time.perf_counter()
    while not double.texts:
        if process.poll() is not None:
            raise RuntimeError("it ended")
        await asyncio.sleep(0.005)
    return time.perf_counter() - began


async def p10() -> None:
    print("P10  memory and start", flush=True)
    starts, idle, bare, loaded = [], [], [], []
    for _ in range(5):
        async with listening(Double(bots.COMMAND)) as double:
            double.ask(1)
            with bots.running("pailot", double.url) as process:
                starts.append(await ready(double, process))
                await asyncio.sleep(2)
                idle.append(bots.memory_mib(process.pid))
                double.again = True
                for user in range(100, 116):
                    double.ask(user)
                await asyncio.sleep(4)
                loaded.append(bots.memory_mib(process.pid))
        async with listening(Double(bots.COMMAND)) as double:
            process = subprocess.Popen([sys.executable, "-c", BARE, double.url])
            try:
                await ready(double, process)
                await asyncio.sleep(0.5)
                bare.append(bots.memory_mib(process.pid))
            finally:
                process.kill()
                process.wait()
    report.line(
        "start to first answer, migrations included (s)", report.spread(starts, ".2f"), "<= 2"
    )
    report.line("idle (MiB)", report.spread(idle))
    report.line("the bare stack (MiB)", report.spread(bare))
    report.line("Pailot / bare stack", report.ratios(idle, bare), "<= 1.25")
    report.line("after 4 s of 16 in flight (MiB)", report.spread(loaded))
