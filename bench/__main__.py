"""`make bench`, or `python -m bench p1 p4` for some of them."""

import asyncio
import sys

from bench import bots, commands, database, footprint, images, report, uploading, watching


def main() -> None:
    bots.HOME.mkdir(exist_ok=True)
    known = {
        "p1": commands.p1,
        "p2": commands.p2,
        "p3": commands.p3,
        "p4": watching.p4,
        "p6": uploading.p6,
        "p7": uploading.p7,
        "p9": database.p9,
        "p10": footprint.p10,
        "images": images.images,
    }
    print(report.conditions())
    for name in sys.argv[1:] or known:
        asyncio.run(known[name]())


main()
