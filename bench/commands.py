"""P1: commands answered per second, everybody at once; the bots take turns of a second, in one run."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bench import bots, report
from bench.double import Double, first_answer, listening

TURNS = 12
TURN_SECONDS = 1.5
SETTLE_SECONDS = 0.3
IN_FLIGHT = (16, 1, 64)
NAMES = ("pailot", "aiogram", "ptb")
OTHERS = ("/start", "/help", "/me", "/lang", "/jobs")
"""What only Pailot is asked: what other cheap commands cost beside the one that is compared."""


@dataclass
class Racer:
    """One bot, with a Bot API and people of its own."""

    name: str
    double: Double
    pid: int
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Microseconds of CPU per command, all threads together: nearly the same whatever else runs."""

    async def turn(self, people: int, *, counts: bool = True) -> None:
        """Each of so many people asks again once they are answered; then all is quiet again."""
        double = self.double
        double.again = True
        for user in range(100, 100 + people):
            double.ask(user)
        await asyncio.sleep(SETTLE_SECONDS)
        done, began, busy = len(double.seconds), time.perf_counter(), bots.cpu_seconds(self.pid)
        await asyncio.sleep(TURN_SECONDS)
        answered = len(double.seconds) - done
        rate = answered / (time.perf_counter() - began)
        busy = bots.cpu_seconds(self.pid) - busy
        double.again = False
        await asyncio.sleep(SETTLE_SECONDS)
        if counts:
            self.rates.append(rate)
            self.cpu.append(1e6 * busy / max(1, answered))


async def race(stack: AsyncExitStack, names: tuple[str, ...], command: str) -> list[Racer]:
    racers = []
    for name in names:
        double = await stack.enter_async_context(listening(Double(command)))
        process = stack.enter_context(bots.running(name, double.url))
        await first_answer(double, process)
        racers.append(Racer(name, double, process.pid))
    return racers


async def compared(people: int) -> None:
    async with AsyncExitStack() as stack:
        racers = await race(stack, NAMES, bots.COMMAND)
        for turn in range(TURNS + 1):
            for racer in racers:
                await racer.turn(people, counts=turn > 0)
    pailot, aiogram, ptb = racers
    goal = {"aiogram": ">= 1.0", "ptb": ">= 2.5"} if people == IN_FLIGHT[0] else {}
    for racer in racers:
        report.line(f"{people} in flight, {racer.name}: per second", report.spread(racer.rates))
        report.line(f"{people} in flight, {racer.name}: CPU (us each)", report.spread(racer.cpu))
    for peer in (aiogram, ptb):
        ratio = report.ratios(pailot.rates, peer.rates)
        report.line(f"{people} in flight, Pailot / {peer.name}", ratio, goal.get(peer.name, ""))
    report.line("  CPU per command, Pailot / aiogram", report.ratios(pailot.cpu, aiogram.cpu))


async def p1() -> None:
    print(
        f"P1  commands answered per second, pace off; {TURNS} turns each.\n"
        "    Pailot keeps every update and every answer on disk first; aiogram 3 and python-telegram-bot\n"
        "    (as it comes, 16 updates at once) keep nothing.",
        flush=True,
    )
    for people in IN_FLIGHT:
        await compared(people)
    for command in OTHERS:
        async with AsyncExitStack() as stack:
            (racer,) = await race(stack, ("pailot",), command)
            for turn in range(4):
                await racer.turn(IN_FLIGHT[0], counts=turn > 0)
        report.line(f"{command}: per second, Pailot", report.spread(racer.rates))
        report.line(f"{command}: CPU (us each)", report.spread(racer.cpu))
