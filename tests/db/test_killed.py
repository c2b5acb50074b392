"""What was told to be kept is there after a kill -9."""

import signal
import subprocess
import sys
from pathlib import Path

from tests import databases

WRITING = """
import asyncio, sys
from db import Database

async def main():
    db = Database(sys.argv[1], [sys.argv[2]])
    await db.open()

    async def one(name):
        for n in range(100_000):
            await db.write(lambda uow: uow.meta.set(name, str(n)))
            print(name, n, flush=True)

    await asyncio.gather(*(one(f"writer{k}") for k in range(8)))

asyncio.run(main())
"""


async def test_a_kill_loses_nothing_that_was_committed(tmp_path):
    url = databases.sqlite_url(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITING, url, databases.KEY],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(300)]
    process.send_signal(signal.SIGKILL)
    told += process.communicate()[0].splitlines(keepends=True)
    last = {}
    for line in told:
        name, _, number = line.partition(" ")
        if number.endswith("\n"):
            last[name] = int(number)
    db = await databases.sqlite(tmp_path)
    try:
        for name, number in last.items():
            kept = await db.read(lambda uow, name=name: uow.meta.get(name))
            assert number <= int(kept) <= number + 1
    finally:
        await db.close()
