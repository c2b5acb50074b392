"""P1-P3: commands answered per second, answer times at Telegram's own limit, and a backlog."""

import asyncio
import subprocess
import time
from statistics import median

from bench import bots, report
from bench.double import Double, listening

ROUNDS = 5
IN_FLIGHT = 16
MEASURED_SECONDS = 4.0
BACKLOG = 1500
BACKLOG_CHATS = 100


async def first_answer(double: Double, process: subprocess.Popen[bytes], user: int = 1) -> None:
    """The bot is there once it answers."""
    double.ask(user)
    while not double.seconds:
        if process.poll() is not None:
            raise RuntimeError(f"the bot ended with {process.returncode}")
        await asyncio.sleep(0.02)
    double.seconds.clear()


async def throughput(name: str) -> float:
    """Commands answered per second with 16 people in flight, each asking again on the answer."""
    async with listening(Double(bots.COMMAND)) as double:
        with bots.running(name, double.url) as process:
            await first_answer(double, process)
            double.again = True
            for user in range(100, 100 + IN_FLIGHT):
                double.ask(user)
            await asyncio.sleep(1.5)
            before, began = len(double.seconds), time.perf_counter()
            await asyncio.sleep(MEASURED_SECONDS)
            done, took = len(double.seconds) - before, time.perf_counter() - began
            double.again = False
            return done / took


async def latency(name: str, per_second: float = 30.0, seconds: float = 8.0) -> list[float]:
    """Milliseconds from "available" to "answered" at a fixed rate, from 30 people in turn."""
    async with listening(Double(bots.COMMAND)) as double:
        with bots.running(name, double.url) as process:
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


async def backlog() -> tuple[float, float, int, int]:
    """(seconds until all is confirmed, until all is answered, answers, answers out of order or twice)."""
    double = Double(bots.COMMAND)
    async with listening(double):
        numbers = []
        for turn in range(BACKLOG):
            number = double.ask(1000 + turn % BACKLOG_CHATS, f"/help nothing{turn}")
            numbers.append(number)
        with bots.running("pailot", double.url) as process:
            while not double.confirmed:
                await asyncio.sleep(0.01)
                if process.poll() is not None:
                    raise RuntimeError("the bot ended")
            first = min(double.confirmed.values())
            while len(double.seconds) < BACKLOG or len(double.confirmed) < BACKLOG:
                await asyncio.sleep(0.01)
            answered = time.perf_counter()
            accepted = max(double.confirmed[n] for n in numbers)
            await asyncio.sleep(0.5)
            wrong = 0
            for user, texts in double.texts.items():
                turns = [int(t.partition("nothing")[2].split("<")[0].split(".")[0]) for t in texts]
                expected = [t for t in range(BACKLOG) if 1000 + t % BACKLOG_CHATS == user]
                wrong += turns != expected
            total = sum(len(t) for t in double.texts.values())
            return accepted - first, answered - first, total, wrong


async def p1() -> None:
    print("P1  commands answered per second, 16 in flight, pace off", flush=True)
    names = ("pailot", "aiogram", "ptb")
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            found[name].append(await throughput(name))
    report.line("Pailot (durable inbox and outbox)", report.spread(found["pailot"]))
    report.line("aiogram 3 (nothing durable)", report.spread(found["aiogram"]))
    report.line("python-telegram-bot as it comes", report.spread(found["ptb"]))
    report.line("Pailot / aiogram", report.ratios(found["pailot"], found["aiogram"]), ">= 1.0")
    report.line(
        "Pailot / python-telegram-bot", report.ratios(found["pailot"], found["ptb"]), ">= 2.5"
    )


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


async def p3() -> None:
    print(f"P3  backlog of {BACKLOG} updates in {BACKLOG_CHATS} chats after an outage", flush=True)
    rounds = [await backlog() for _ in range(5)]
    report.line("accepted durably (s)", report.spread([r[0] for r in rounds], ".2f"), "< 2")
    report.line("all answered (s)", report.spread([r[1] for r in rounds], ".2f"))
    report.line("answers", ", ".join(str(r[2]) for r in rounds), str(BACKLOG))
    report.line("chats with a wrong order or count", ", ".join(str(r[3]) for r in rounds), "0")
