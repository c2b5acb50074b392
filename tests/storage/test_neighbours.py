"""A hostile neighbour swaps directories for links while commands run: nothing outside is touched or read."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress

import pytest

from bot.domain.errors import UserError
from bot.domain.files import FilePath
from tests.storage import sshd as real

ROUNDS = 60

SWAPPER = """
import os, sys, time
folder, away = sys.argv[1:]
os.setgid({group}); os.setuid({uid})
print("swapping", flush=True)
while True:
    for name, kept in (("sub", ".sub"), ("file", ".file")):
        target = "../bob" if name == "sub" else "../bob/secret"
        try:
            os.rename(f"{{folder}}/{{name}}", f"{{folder}}/{{kept}}")
            os.symlink(target, f"{{folder}}/{{name}}")
            time.sleep(0.0005)
            os.unlink(f"{{folder}}/{{name}}")
            os.rename(f"{{folder}}/{{kept}}", f"{{folder}}/{{name}}")
        except OSError:
            pass
        time.sleep(0.0005)
"""


@contextmanager
def swapping(folder, bob):
    """Another uid that may write in the folder, as a job may, and reaches for Bob's."""
    code = SWAPPER.format(group=real.GROUP_ID, uid=real.JOBS_UID)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(bob)], stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        try:
            yield
        finally:
            process.send_signal(signal.SIGKILL)


@pytest.fixture
def places(sshd):
    bob = sshd.data / "bob"
    bob.mkdir()
    (bob / "secret").write_text("bob's own")
    (bob / "victim").mkdir()
    os.chmod(bob, 0o777)
    os.chmod(bob / "secret", 0o666)
    return sshd.data / "ann", bob


async def test_nothing_leaves_the_folder_while_directories_are_swapped_for_links(connect, places):
    store = connect()
    folder, bob = places
    await store.make_folder("ann")
    (folder / "sub").mkdir()
    (folder / "file").write_text("ann's own")
    for path in (folder / "sub", folder / "file"):
        os.chown(path, real.PLAIN_UID, real.GROUP_ID)
    os.chmod(folder / "sub", 0o2777)
    read, outcomes = [], {"done": 0, "refused": 0}

    async def once(number):
        new = FilePath(("sub", f"new{number}"))
        for call in (
            lambda: store.write("ann", new, stream(b"x")),
            lambda: store.make_directory("ann", FilePath(("sub", f"dir{number}"))),
            lambda: store.move("ann", new, FilePath((f"out{number}",))),
            lambda: store.move("ann", FilePath((f"out{number}",)), FilePath(("sub", f"in{number}"))),
            lambda: store.remove("ann", FilePath(("sub", "victim"))),
            lambda: store.write_at("ann", FilePath(("file",)), 0, stream(b"ann's OWN")),
            lambda: gather(store, FilePath(("file",)), read),
            lambda: gather(store, FilePath(("sub", "secret")), read),
            lambda: listing(store, read),
        ):  # fmt: skip
            try:
                await call()
                outcomes["done"] += 1
            except UserError:
                outcomes["refused"] += 1

    with swapping(folder, bob):
        for first in range(0, ROUNDS, 6):
            async with asyncio.TaskGroup() as group:
                for number in range(first, first + 6):
                    group.create_task(once(number))
    assert sorted(os.listdir(bob)) == ["secret", "victim"]
    assert (bob / "secret").read_text() == "bob's own"
    assert not [found for found in read if b"bob" in found or found == b"victim"]
    assert outcomes["done"] > ROUNDS, "the swapping must leave room for commands that succeed"
    assert outcomes["refused"] > 0


async def gather(store, path, read):
    async with store.read("ann", path) as (_, chunks):
        read.extend([chunk async for chunk in chunks])


async def listing(store, read):
    with suppress(UserError):
        read.extend(entry.name.encode() for entry in await store.entries("ann", FilePath(("sub",))))


async def stream(data):
    yield data
