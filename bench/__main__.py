"""`make bench`, or `make bench ARGS="p1 p4"` for some of them."""

import asyncio
import sys

from bench import (
    alerts,
    backlog,
    bots,
    commands,
    database,
    footprint,
    history,
    images,
    latency,
    page,
    preflight,
    report,
    uploading,
    watching,
)


def main() -> None:
    bots.HOME.mkdir(exist_ok=True)
    known = {
        "p1": commands.p1,
        "p2": latency.p2,
        "p3": backlog.p3,
        "p4": watching.p4,
        "p5": alerts.p5,
        "p6": uploading.p6,
        "p7": uploading.p7,
        "p8": history.p8,
        "p9": database.p9,
        "p10": footprint.p10,
        "p11": preflight.p11,
        "images": images.images,
        "page": page.page,
    }
    print(report.conditions())
    for name in sys.argv[1:] or known:
        asyncio.run(known[name]())
        print(f"    load {report.load()} after", flush=True)


main()
