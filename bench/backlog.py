"""P3: a backlog after an outage: taken in at once, answered in order, none twice, none lost."""

import asyncio
import time

from bench import bots, report
from bench.double import Double, listening

BACKLOG = 1500
BACKLOG_CHATS = 100


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


async def p3() -> None:
    print(f"P3  backlog of {BACKLOG} updates in {BACKLOG_CHATS} chats after an outage", flush=True)
    rounds = [await backlog() for _ in range(5)]
    report.line("accepted durably (s)", report.spread([r[0] for r in rounds], ".2f"), "< 2")
    report.line("all answered (s)", report.spread([r[1] for r in rounds], ".2f"))
    report.line("answers", ", ".join(str(r[2]) for r in rounds), str(BACKLOG))
    report.line("chats with a wrong order or count", ", ".join(str(r[3]) for r in rounds), "0")
