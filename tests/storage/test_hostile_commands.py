"""Every command of a member runs while a hostile neighbour swaps what lies in the folder, Pailot's own directory too."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from bot.domain.errors import UserError
from bot.domain.files import FilePath
from bot.domain.files.entries import Packed
from bot.domain.people import Person
from bot.services.files import Browsing, Folders, Listing, StorageSite, Trash
from tests import databases
from tests.storage import sshd as real

ANN = Person(7, "Ann Lee", openpai_user="ann")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ROUNDS = 24

SWAPPER = """
import os, sys, time
folder, outside = sys.argv[1:]
os.setgid({group}); os.setuid({uid})
print("swapping", flush=True)
places = [("sub", ""), (".pailot", ""), (".pailot/.trash", ""), (".pailot/.parts", ""), ("file", "/secret")]
while True:
    for name, target in places:
        place, kept = f"{{folder}}/{{name}}", f"{{folder}}/.kept-{{name.replace('/', '_')}}"
        try:
            os.rename(place, kept)
            os.symlink(outside + target, place)
            time.sleep(0.0004)
            os.unlink(place)
        except OSError:
            pass
        try:
            os.rename(kept, place)
        except OSError:
            pass
        time.sleep(0.002)
"""


@contextmanager
def swapping(folder, outside):
    code = SWAPPER.format(group=real.GROUP_ID, uid=real.JOBS_UID)
    line = [sys.executable, "-c", code, str(folder), str(outside)]
    with subprocess.Popen(line, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            yield
        finally:
            process.send_signal(signal.SIGKILL)


@pytest.fixture
async def db(tmp_path):
    db = await databases.sqlite(tmp_path)

    def settle(uow):
        uow.people.meet(7, "Ann Lee", "", "en", NOW)
        uow.folders.take(7, "ann", NOW)

    await db.write(settle)
    yield db
    await db.close()


def furnished(place, uid):
    """What nobody but its owner may touch, though its rights would let anybody."""
    place.mkdir(parents=True)
    (place / "secret").write_text("not ann's")
    (place / "victim").mkdir()
    (place / "victim" / "x").write_text("not ann's")
    for path in (place, place / "victim"):
        os.chown(path, uid, real.GROUP_ID)
        path.chmod(0o777)
    (place / "secret").chmod(0o666)


def untouched(place):
    assert sorted(os.listdir(place)) == ["secret", "victim"]
    assert (place / "secret").read_text() == "not ann's"
    assert os.listdir(place / "victim") == ["x"]


def prepared(data):
    folder = data / "ann"
    for name in ("sub", ".pailot", ".pailot/.trash", ".pailot/.parts"):
        (folder / name).mkdir()
        os.chown(folder / name, folder.stat().st_uid, real.GROUP_ID)
        (folder / name).chmod(0o2777)
    (folder / "file").write_text("ann's own")
    return folder


async def everything(db, store, seen, outcomes):
    """All that the commands do, again and again; what they say is collected."""
    folders = Folders(db, store, StorageSite(), lambda: NOW)
    browsing, trash, place = (
        Browsing(folders),
        Trash(db, folders, lambda: NOW),
        folders.places("ann"),
    )

    async def listing(path):
        found = await browsing.open(place, path)
        if isinstance(found, Listing):
            seen.extend(entry.name.encode() for entry in found.entries)

    async def content(path):
        seen.append(await browsing.content(place, path))

    async def binned(number):
        thing = await trash.throw(ANN, place, FilePath(("sub", f"a{number}")), f"key{number}")
        await trash.restore(ANN, place, thing.id)

    async def packed(number):
        crate = FilePath((".pailot", ".parts", f"crate{number}"))
        await store.unpack("ann", crate, files((f"p{number}", b"packed")))
        await store.merge("ann", crate, FilePath(("sub",)))

    async def once(number):
        sub, new = FilePath(("sub",)), FilePath(("sub", f"a{number}"))
        for call in (
            lambda: browsing.save(place, new, b"ann's"),
            lambda: browsing.make_directory(place, FilePath(("sub", f"d{number}"))),
            lambda: browsing.move(place, new, FilePath((f"out{number}",))),
            lambda: browsing.move(place, FilePath((f"out{number}",)), new),
            lambda: binned(number),
            lambda: trash.throw(ANN, place, FilePath(("sub", "victim")), f"victim{number}"),
            lambda: trash.throw(ANN, place, FilePath(("sub", "secret")), f"secret{number}"),
            lambda: packed(number),
            lambda: listing(sub),
            lambda: content(FilePath(("file",))),
            lambda: content(FilePath(("sub", "secret"))),
            lambda: browsing.count(place, sub),
            lambda: store.unread("ann", 1),
            lambda: store.sha256("ann", FilePath(("sub", "secret"))),
            lambda: store.remove("ann", FilePath(("sub", "victim"))),
            lambda: trash.empty(ANN, place, NOW),
        ):  # fmt: skip
            try:
                await call()
                outcomes["done"] += 1
            except UserError:
                outcomes["refused"] += 1

    for first in range(0, ROUNDS, 4):
        async with asyncio.TaskGroup() as group:
            for number in range(first, first + 4):
                group.create_task(once(number))


@pytest.mark.slow
async def test_no_command_leaves_the_folder_while_a_neighbour_swaps_directories(connect, sshd, db):
    store = connect()
    await store.make_folder("ann")
    bob = sshd.data / "bob"
    furnished(bob, real.PLAIN_UID)
    folder = prepared(sshd.data)
    seen, outcomes = [], {"done": 0, "refused": 0}
    with swapping(folder, bob):
        await everything(db, store, seen, outcomes)
    untouched(bob)
    assert not [found for found in seen if b"not ann's" in found or found == b"victim"]
    assert outcomes["done"] > ROUNDS
    assert outcomes["refused"] > 0


@pytest.mark.slow
async def test_no_command_leaves_the_cage_of_an_account_without_a_shell(connect, sshd, db):
    """SFTP knows no way to open a file without following links: what is promised there is the cage."""
    store = connect(real.CAGED)
    await store.make_folder("ann")
    outside = sshd.home / "outside"
    if not outside.exists():
        furnished(outside, real.CAGED_UID)
    folder = prepared(sshd.cage / "data")
    seen, outcomes = [], {"done": 0, "refused": 0}
    with swapping(folder, outside):
        await everything(db, store, seen, outcomes)
    untouched(outside)
    assert not [found for found in seen if b"not ann's" in found or found == b"victim"]
    assert outcomes["done"] > ROUNDS


async def files(*given):
    for name, data in given:
        yield Packed((name,), data)
