"""`make bench`, or `python -m bench p1 p4` for some of them."""

import asyncio
import sys

from bench import bots, commands, report


def main() -> None:
    bots.HOME.mkdir(exist_ok=True)
    known = {"p1": commands.p1, "p2": commands.p2, "p3": commands.p3}
    print(report.conditions())
    for name in sys.argv[1:] or known:
        asyncio.run(known[name]())


main()
