"""P6 and P7: one large file and 10 000 small ones to the storage server, beside what others need for it."""

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import bots, report
from bench.commands import first_answer
from bench.desk import Desk, answer, open_desk
from bench.double import Double, listening
from bot.domain.files import FilePath
from bot.domain.files.paths import Places
from bot.services.files import Browsing, Folders, StorageSite
from bot.storage import Login, StorageServer
from tests.storage import sshd as ssh

ROUNDS = 5
LARGE_BYTES = int(os.environ.get("BENCH_MIB", "1024")) << 20
MANY, SMALL_BYTES = 10_000, 4096
BATCH_FILES = 1000
CIPHER = "aes128-gcm@openssh.com"
AT_ONCE = 20
LINE_BYTES = 5 << 20
"""What each of 20 people sends per second: together a gigabit line."""


def quiet(*line: str, said: str = "") -> None:
    subprocess.run(
        line, check=True, input=said.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def options(sshd: ssh.Sshd) -> list[str]:
    told = (f"Ciphers={CIPHER}", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null")
    return ["-i", sshd.key_file, *(word for one in told for word in ("-o", one))]


def peers(desk: Desk, source: Path) -> dict[str, Callable[[str], None]]:
    """Each brings `source` to the folder under a name."""
    sshd, to = desk.sshd, f"{ssh.PLAIN}@127.0.0.1"
    by_ssh = " ".join(["ssh", "-p", str(sshd.port), *options(sshd)])

    def script(python: str, name: str) -> Callable[[str], None]:
        line = [python, str(bots.PEERS / f"{name}.py"), "127.0.0.1", str(sshd.port), ssh.PLAIN]
        return lambda target: quiet(*line, sshd.key_file, str(source), f"{desk.folder}/{target}")

    return {
        "OpenSSH sftp put, aes128-gcm": lambda name: quiet(
            "sftp", "-q", *options(sshd), "-P", str(sshd.port), "-b", "-", to,
            said=f"put {source} {desk.folder}/{name}\n",
        ),
        "rsync": lambda name: quiet(
            "rsync", "--whole-file", "-e", by_ssh, str(source), f"{to}:{desk.folder}/{name}"
        ),
        "asyncssh as it comes": script(sys.executable, "asyncssh_put"),
        "paramiko": script(bots.peers_python(), "paramiko_put"),
    }  # fmt: skip


@contextlib.contextmanager
def watched(desk: Desk) -> Iterator[tuple[list[float], list[float]]]:
    """Milliseconds that a request for health waits for the event loop, and MiB of memory, all the while."""
    waits: list[float] = []
    memory = [bots.memory_mib(desk.process.pid)]
    over = threading.Event()

    def watch() -> None:
        with contextlib.closing(desk.connect()) as line:
            while not over.wait(0.02):
                began = time.perf_counter()
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                answer(line)
                waits.append(1000 * (time.perf_counter() - began))
                memory.append(bots.memory_mib(desk.process.pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield waits, memory
    finally:
        over.set()
        thread.join()


async def timed(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    await asyncio.to_thread(run)
    return time.perf_counter() - began


async def p6() -> None:
    print(f"P6  one file of {LARGE_BYTES >> 20} MiB: HTTP, Pailot, SSH, disk (MiB/s)", flush=True)
    bots.HOME.mkdir(exist_ok=True)
    source = bots.HOME / "large.bin"
    with source.open("wb") as file:
        for _ in range(LARGE_BYTES >> 20):
            file.write(os.urandom(1 << 20))
    with source.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    async with listening(Double(bots.COMMAND)) as double, open_desk(double) as desk:
        small = bots.HOME / "first.bin"
        small.write_bytes(b"the first connection")
        await asyncio.to_thread(
            desk.upload, small, "first", hashlib.sha256(small.read_bytes()).hexdigest()
        )
        others = peers(desk, source.resolve())
        found: dict[str, list[float]] = {name: [] for name in ("Pailot", *others)}
        grown, lag, calm = [], [], []
        for turn in range(ROUNDS):
            for name, speeds in found.items():
                run = others.get(name)
                target = f"{turn}-{len(name)}"
                if run is None:
                    with watched(desk) as (waits, _):
                        await asyncio.sleep(3)
                    calm.append(report.percentile(waits, 99))
                    with watched(desk) as (waits, memory):
                        seconds = await timed(lambda t=target: desk.upload(source, t, sha256))
                    grown.append(max(memory) - memory[0])
                    lag.append(report.percentile(waits, 99))
                else:
                    seconds = await timed(lambda r=run, t=target: r(t))
                arrived = desk.folder / target
                assert arrived.stat().st_size == LARGE_BYTES
                arrived.unlink()
                speeds.append((LARGE_BYTES >> 20) / seconds)
        one, *rest = others
        report.line("Pailot", report.spread(found["Pailot"]))
        for name in others:
            report.line(name, report.spread(found[name]))
        report.line(f"Pailot / {one}", report.ratios(found["Pailot"], found[one]), ">= 0.75")
        for name in rest:
            report.line(f"{name} / {one}", report.ratios(found[name], found[one]))
        report.line("memory it grew by (MiB)", report.spread(grown, ".1f"), "<= 32")
        report.line("wait for the event loop, p99 (ms)", report.spread(lag, ".1f"), "<= 20")
        report.line("the same when nothing is uploaded", report.spread(calm, ".1f"))
    source.unlink()
    await twenty()


async def twenty() -> None:
    """20 uploads at once, at the pace of a gigabit line, while people ask."""
    source = bots.HOME / "twenty.bin"
    source.write_bytes(os.urandom(50 << 20))
    async with listening(Double(bots.COMMAND)) as double, open_desk(double) as desk:
        await first_answer(double, desk.process, 200)
        p99s = {False: [], True: []}
        for turn in range(ROUNDS):
            for busy in (False, True):
                line = [
                    sys.executable, "-m", "bench.senders", str(desk.port), desk.path, desk.cookie,
                    str(source), str(turn), str(AT_ONCE), str(LINE_BYTES),
                ]  # fmt: skip
                senders = subprocess.Popen(line) if busy else None
                await asyncio.sleep(1)  # until all of them are sending
                await asyncio.sleep(1)
                double.seconds.clear()
                begin = time.perf_counter()
                for number in range(210):
                    await asyncio.sleep(max(0, begin + number / 30 - time.perf_counter()))
                    double.ask(200 + number % 30)
                await asyncio.sleep(1)
                p99s[busy].append(report.percentile([1000 * s for s in double.seconds], 99))
                if senders is not None:
                    assert await asyncio.to_thread(senders.wait) == 0
    report.line("answers at 30/s: p99 (ms)", report.spread(p99s[False], ".1f"))
    report.line(f"the same during {AT_ONCE} uploads", report.spread(p99s[True], ".1f"), "<= 15")
    source.unlink()


async def p7() -> None:
    print(f"P7  {MANY} files of {SMALL_BYTES} bytes (seconds)", flush=True)
    bots.HOME.mkdir(exist_ok=True)
    source = (bots.HOME / "many").resolve()
    shutil.rmtree(source, ignore_errors=True)
    names = [f"d{number % 100}/f{number}" for number in range(MANY)]
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(os.urandom(SMALL_BYTES))
    async with listening(Double(bots.COMMAND)) as double, open_desk(double) as desk:
        sshd = desk.sshd
        store = StorageServer(
            Login("127.0.0.1", sshd.port, ssh.PLAIN, sshd.host_key(), sshd.key_file),
            root=str(sshd.data), umask=0o002, folder_mode=0o2777,
        )  # fmt: skip
        found: dict[str, list[float]] = {"Pailot": [], "tar | ssh tar": [], "SFTP, 64 at once": []}
        for turn in range(ROUNDS):
            tar = (
                f"tar -C {source} -cf - . | ssh -q -p {sshd.port} {' '.join(options(sshd))} "
                f"{ssh.PLAIN}@127.0.0.1 'mkdir {desk.folder}/t{turn} && tar -C {desk.folder}/t{turn} -xf -'"
            )
            ours = await timed(lambda t=turn: desk.crate(list(batches(source, names, f"p{t}"))))
            found["Pailot"].append(ours)
            found["tar | ssh tar"].append(await timed(lambda line=tar: quiet("sh", "-c", line)))
            found["SFTP, 64 at once"].append(await sixty_four(sshd, source, names, turn))
            for name in ("p", "t", "s"):
                top = desk.folder / f"{name}{turn}"
                count = sum(path.is_file() for path in top.rglob("*"))
                assert count == MANY, f"{top.name}: {count} files"
                shutil.rmtree(top)
        for name, times in found.items():
            report.line(name, report.spread(times, ".2f"))
        report.line(
            "Pailot / tar", report.ratios(found["Pailot"], found["tar | ssh tar"]), "<= 1.5"
        )
        await listing(store, desk)
        await store.close()
    shutil.rmtree(source)


def batches(source: Path, names: list[str], top: str) -> Iterator[bytes]:
    """Reading the files is part of what is measured, as it is for tar."""
    for start in range(0, len(names), BATCH_FILES):
        some = names[start : start + BATCH_FILES]
        bodies = [(source / name).read_bytes() for name in some]
        listed = json.dumps(
            [[f"{top}/{name}", len(body)] for name, body in zip(some, bodies, strict=True)]
        ).encode()
        yield len(listed).to_bytes(4, "big") + listed + b"".join(bodies)


async def sixty_four(sshd: ssh.Sshd, source: Path, names: list[str], turn: int) -> float:
    import asyncssh

    began = time.perf_counter()
    free = asyncio.Semaphore(64)
    top = f"{sshd.data}/bench/s{turn}"
    async with (
        asyncssh.connect(
            "127.0.0.1", sshd.port, username=ssh.PLAIN, client_keys=[sshd.key_file],
            known_hosts=None, encryption_algs=[CIPHER],
        ) as connection,
        connection.start_sftp_client() as sftp,
    ):  # fmt: skip
        await sftp.mkdir(top)
        for name in sorted({name.partition("/")[0] for name in names}):
            await sftp.mkdir(f"{top}/{name}")

        async def put(name: str) -> None:
            async with free, sftp.open(f"{top}/{name}", "wb") as file:
                await file.write((source / name).read_bytes())

        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(put(name))
    return time.perf_counter() - began


async def listing(store: StorageServer, desk: Desk) -> None:
    """The first page of a directory of 10 000 entries."""
    flat = desk.folder / "flat"
    flat.mkdir()
    for number in range(MANY):
        (flat / f"f{number}").touch()
    site = StorageSite(root=str(desk.sshd.data))
    browsing = Browsing(Folders(None, store, site, None))  # type: ignore[arg-type]  # not asked here
    place, times = Places(site.root, desk.folder.name, "/mnt"), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await browsing.open(place, FilePath(("flat",)))
        times.append(1000 * (time.perf_counter() - began))
    report.line(f"/ls of {MANY} entries, first page (ms)", report.spread(times), "<= 1000")
