"""People who upload, in a process of their own: `python -m bench.senders PORT PATH COOKIE SOURCE PREFIX COUNT RATE`."""

import hashlib
import sys
import threading
from pathlib import Path

from bench.desk import Page


def main(
    port: str, path: str, cookie: str, source: str, prefix: str, count: str, rate: str
) -> None:
    page, file = Page(int(port), path, cookie), Path(source)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    threads = [
        threading.Thread(target=page.upload, args=(file, f"{prefix}-{n}", sha256, float(rate)))
        for n in range(int(count))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main(*sys.argv[1:])
