"""Images: requests counted, memory measured, times taken, with a Harbor in memory and two real registries.

`python -m bench images`. Debian's docker-registry is needed for the copy of 2 GiB; without it that line is left out.
"""

import asyncio
import hashlib
import http.client
import json
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import aiohttp
from yarl import URL

from bench import report
from bot.demo.harbor import MAINTAINER, HarborEmulator
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.registry.client import RegistryClient
from bot.registry.places import Place
from tests.lab import Lab, Somebody, opened
from tests.registry import real

REPOSITORIES, ARTIFACTS = 500, 10_000
LAYER_MIB = 2048
ROUNDS = 5
T = TypeVar("T")


async def images() -> None:
    print("images  (requests are those that Harbor counted)", flush=True)
    with tempfile.TemporaryDirectory(prefix="pailot-bench-") as folder:
        await conversations(Path(folder))
    if shutil.which("docker-registry"):
        with tempfile.TemporaryDirectory(prefix="pailot-bench-") as folder:
            await large_copy(Path(folder))


async def conversations(folder: Path) -> None:
    harbor = HarborEmulator()
    for name in ("ann", "root"):
        harbor.user(name, f"{name}-Password1", admin=name == "root")
    harbor.project("lab", public=True, ann=MAINTAINER)
    for n in range(REPOSITORIES):
        harbor.image(f"lab/repo-{n:03}", "v1", history=("RUN true",), days_old=n)
    await harbor.start()
    try:
        async with opened(folder) as lab:
            lab.environ |= {
                "PAILOT_HARBOR__URL": harbor.url,
                "PAILOT_HARBOR__PROJECT": "lab",
                "PAILOT_HARBOR__WEBHOOK_SECRET": "secret",
            }
            await lab.start()
            ann = await lab.member("ann", "Ann Lee", "en")
            await ann.asks("/login harbor ann ann-Password1")
            await lab.restart()
            await first_page(harbor, ann)
            await preflight(harbor, lab, ann)
            await hooks(lab)
            await stale(harbor, ann)
    finally:
        await harbor.stop()


async def first_page(harbor: HarborEmulator, ann: Somebody) -> None:
    counts, took = [], []
    for _ in range(ROUNDS):
        harbor.requests.clear()
        began = time.perf_counter()
        await ann.asks("/images")
        took.append((time.perf_counter() - began) * 1000)
        counts.append(len(harbor.requests))
    report.line(
        f"/images, {REPOSITORIES} repositories: requests (first, later)",
        f"{counts[0]}, {counts[-1]}",
        "<= 3",
    )
    report.line("  chat to chat (ms)", report.spread(took), "<= 500")


async def preflight(harbor: HarborEmulator, lab: Lab, ann: Somebody) -> None:
    checks = lab.bot.services.images.checks
    person = await lab.bot.db.read(lambda uow: uow.people.get(ann.id))
    assert person is not None
    words = f"{harbor.host}/lab/repo-007:v1"
    took = []
    for _ in range(20):
        began = time.perf_counter()
        found = await checks.check(person, words, "mount -t nfs 192.0.2.4:/data /mnt")
        assert [one.code for one in found.findings] == ["image.mount"]
        took.append((time.perf_counter() - began) * 1000)
    pulls = sum(one.pulls for one in harbor.store.projects["lab"].repositories.values())
    report.line("image checks of a job, all answer (ms)", report.spread(took), "<= 300")
    report.line("  pulls they counted for", str(pulls), "0")
    harbor.faults.kind = "silent"
    began = time.perf_counter()
    meant = await checks.meant(person, "repo-007:v1")
    await checks.check(person, meant, "", seconds=3.0 - (time.perf_counter() - began))
    report.line(
        "  nobody answers, name and image (s)", f"{time.perf_counter() - began:.2f}", "<= 3"
    )
    harbor.faults.kind = ""


async def hooks(lab: Lab) -> None:
    url = f"http://127.0.0.1:{lab.bot.web_port}/hooks/harbor"
    took: list[float] = []

    async def send(session: aiohttp.ClientSession, n: int, began: float) -> None:
        await asyncio.sleep(max(0.0, began + n / 100 - time.perf_counter()))
        resource = {"digest": f"sha256:{n:064x}", "tag": "v1", "resource_url": "h/lab/x:v1"}
        body = {
            "type": "PUSH_ARTIFACT", "occur_at": n, "operator": "nobody",
            "event_data": {"resources": [resource], "repository": {"repo_full_name": "lab/x"}},
        }  # fmt: skip
        at = time.perf_counter()
        async with session.post(
            url, data=json.dumps(body), headers={"Authorization": "Bearer secret"}
        ) as answer:
            assert answer.status == 200
        took.append((time.perf_counter() - at) * 1000)

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        began = time.perf_counter()
        for n in range(1000):
            group.create_task(send(session, n, began))
    names = [f"lab/x@sha256:{n:064x}" for n in range(1000)]
    kept = await lab.bot.db.read(lambda uow: len(uow.images.pushers(names)))
    report.line("1000 webhooks in 10 s: on disk", str(kept), "1000")
    figure = f"{report.spread(took, '.1f')}, p99 {report.percentile(took, 99):.0f}"
    report.line("  answered after (ms)", figure, "< 100")


async def stale(harbor: HarborEmulator, ann: Somebody) -> None:
    """Two thirds are old; with the list of a whole project, and without it, one list for each repository."""
    project = harbor.store.projects["lab"]
    for number, repository in enumerate(list(project.repositories.values())[:100]):
        first = next(iter(repository.artifacts.values()))
        for n in range(ARTIFACTS // 100):
            digest = f"sha256:{number:032x}{n:032x}"
            old = harbor.clock() - (400 if n % 3 else 1) * 86400
            repository.artifacts[digest] = replace(
                first, id=10_000 + number * 1000 + n, digest=digest, pushed=old, weight=n << 20
            )
    for lists in (True, False):
        harbor.world.project_lists = lists
        harbor.requests.clear()
        peak, done = await peaked(lambda: ann.asks("/staleimages lab", within=600))
        assert done
        kind = "one list" if lists else "older server, by repository"
        goal = "<= 110" if lists else "one per repository"
        report.line(
            f"/staleimages, {ARTIFACTS} artifacts, {kind}: requests",
            str(len(harbor.requests)),
            goal,
        )
        report.line("  extra memory, Harbor's own included (MiB)", f"{peak:.0f}", "bounded")


async def large_copy(folder: Path) -> None:
    with ExitStack() as stack:
        urls = []
        for name in ("from", "to"):
            (folder / name).mkdir()
            urls.append(stack.enter_context(real.registry(folder / name)))
        digest = await asyncio.to_thread(push_large, urls[0])
        places = [Place(name, URL(url)) for name, url in zip(("a", "b"), urls, strict=True)]
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            registries = RegistryClient(session, places)
            source = Reference(places[0].host, "lab/large", "v1")
            target = Reference(places[1].host, "lab/large", "v1")
            await registries.look(source, ANONYMOUS)
            began = time.perf_counter()
            peak, copied = await peaked(
                lambda: registries.copy(source, target, source_as=ANONYMOUS, target_as=ANONYMOUS)
            )
    assert copied.digest == digest
    took = time.perf_counter() - began
    rate = f"{copied.sent_bytes / took / (1 << 20):.0f} MiB/s"
    report.line(
        f"copy of {copied.sent_bytes >> 20} MiB between registries: extra (MiB)",
        f"{peak:.1f}, {rate}",
        "<= 32",
    )


async def peaked(work: Callable[[], Awaitable[T]]) -> tuple[float, T]:
    """By how many MiB this process grew at most meanwhile."""
    before, most = resident_mib(), [0.0]

    async def watch() -> None:
        while True:
            most[0] = max(most[0], resident_mib())
            await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as group:
        watcher = group.create_task(watch())
        done = await work()
        watcher.cancel()
    return most[0] - before, done


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def push_large(url: str) -> str:
    """An image with one layer of that size, streamed into the registry."""
    filler = real.Filler(url)
    seed, total = os.urandom(1 << 20), hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for n in range(LAYER_MIB):
            piece = n.to_bytes(8, "big") + seed[8:]
            total.update(piece)
            yield piece

    _, headers, _ = filler.ask("POST", "/v2/lab/large/blobs/uploads/")
    where = URL(headers["Location"])
    connection = http.client.HTTPConnection(str(where.host), where.port or 80)
    connection.request(
        "PATCH", where.raw_path_qs, pieces(),
        {"Content-Type": "application/octet-stream", "Content-Length": str(LAYER_MIB << 20)},
    )  # fmt: skip
    answer = connection.getresponse()
    answer.read()
    location = str(answer.headers["Location"])
    connection.close()
    layer = f"sha256:{total.hexdigest()}"
    status, _, said = filler.ask("PUT", f"{location}&digest={layer}")
    assert status == 201, said
    config = filler.blob("lab/large", b'{"os": "linux", "architecture": "amd64"}')
    kind = "application/vnd.oci.image.manifest.v1+json"
    made = {
        "schemaVersion": 2,
        "mediaType": kind,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
        "layers": [
            {
                "mediaType": "application/vnd.oci.image.layer.v1.tar",
                "digest": layer,
                "size": LAYER_MIB << 20,
            }
        ],
    }
    return filler.put("lab/large", "v1", made)
