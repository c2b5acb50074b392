"""A full disk, a server that restarts in the middle, a file that changes while it is read: said, and nothing half done."""

import asyncio
import gc
from datetime import UTC, datetime

import pytest

from bot.domain.errors import Unavailable, UserError
from bot.domain.files import FilePath
from bot.domain.files.errors import Full
from bot.domain.people import Person
from bot.services.files import Browsing, Folders, StorageSite, Trash
from bot.storage import connections
from tests import databases, polling
from tests.storage import sshd as real
from tests.web.upload.proxy import Proxy

ANN = Person(7, "Ann Lee", openpai_user="ann")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
MEGABYTE = 1 << 20


def browsing_of(store):
    folders = Folders(None, store, StorageSite(), lambda: NOW)  # asks no database
    return Browsing(folders), folders.places("ann")


@pytest.mark.parametrize("user", [real.PLAIN, real.CAGED])
async def test_a_full_disk_is_said_and_leaves_nothing_under_the_final_name(connect, sshd, user):
    store = connect(user, root="/small" if user == real.CAGED else str(sshd.home / "small"))
    if not await store.has_folder("ann"):
        await store.make_folder("ann")
    browsing, place = browsing_of(store)
    with pytest.raises(Full):
        await browsing.save(place, FilePath(("big.bin",)), b"x" * (4 * MEGABYTE))
    assert await store.look("ann", FilePath(("big.bin",))) is None
    assert await store.entries("ann", FilePath((".pailot", ".parts"))) == (), "no room is wasted"
    await browsing.save(place, FilePath(("big.bin",)), b"x" * MEGABYTE)
    assert (await store.look("ann", FilePath(("big.bin",)))).size_bytes == MEGABYTE

    async def make_way():
        await store.remove("ann", FilePath(("big.bin",)))

    with pytest.raises(Full):
        await browsing.save(place, FilePath(("big.bin",)), b"y" * (4 * MEGABYTE), make_way)
    assert (await store.look("ann", FilePath(("big.bin",)))).size_bytes == MEGABYTE, "the old stays"
    await store.remove("ann", FilePath(("big.bin",)))


async def test_who_deletes_on_a_disk_too_full_for_a_trash_is_told_how(connect, sshd, tmp_path):
    """A new directory needs room, too, on most file systems; here there is none for a name more."""
    root = str(sshd.home / "small")
    store, db = connect(root=root), await databases.sqlite(tmp_path)
    await db.write(lambda uow: uow.people.meet(7, "Ann Lee", "ann", "en", NOW, started=True))
    folders = Folders(db, store, StorageSite(root=root), lambda: NOW)
    trash, place = Trash(db, folders, lambda: NOW), folders.places("eve")
    await store.make_folder("eve")
    await store.write("eve", FilePath(("a b",)), stream(b"x"))

    async def fill():
        for number in range(60):
            await store.write("eve", FilePath((f"{number}",)), stream(b""))

    with pytest.raises(Full):
        await fill()
    with pytest.raises(UserError) as refused:
        await trash.throw(ANN, place, FilePath(("a b",)), "key")
    assert refused.value.text.args == {"command": "rm -r '/mnt/a b'"}
    assert await trash.contents(ANN) == ()
    await store.remove("eve", FilePath())
    await db.close()


async def test_a_server_that_restarts_in_the_middle_leaves_only_a_part(store, data, sshd):
    begun = asyncio.Event()

    async def slowly():
        yield b"x" * (2 * MEGABYTE)
        there = data / "ann" / "part"
        await polling.until(lambda: there.exists() and there.stat().st_size > 0)
        begun.set()
        await polling.until(lambda: sshd.process is None)
        yield b"x" * (2 * MEGABYTE)

    async def cut():
        await begun.wait()
        await asyncio.to_thread(sshd.stop)

    part, whole = FilePath(("part",)), FilePath(("whole",))
    async with asyncio.TaskGroup() as group:
        group.create_task(cut())
        with pytest.raises(UserError) as refused:
            await store.write("ann", part, slowly())
    assert isinstance(refused.value, Unavailable)
    await asyncio.to_thread(sshd.start)
    store._connections._failure = None
    assert await store.look("ann", whole) is None
    there = (await store.look("ann", part)).size_bytes
    await store.write_at("ann", part, there, stream(b"y" * 10))
    await store.move("ann", part, whole)
    assert (data / "ann" / "whole").stat().st_size == there + 10


async def test_a_break_in_a_large_stream_is_no_error_that_nobody_looked_at(connect, sshd, caplog):
    """Over SFTP several blocks are asked for at once."""
    async with Proxy(sshd.port).running() as line:
        store = connect(real.CAGED, port=int(line.url.rpartition(":")[2]))
        await store.make_folder("ann")
        (sshd.cage / "data" / "ann" / "large").write_bytes(bytes(8 * MEGABYTE))

        async def read_on():
            async with store.read("ann", FilePath(("large",))) as (_, chunks):
                await anext(chunks)
                line.loses = lambda: True
                async for _ in chunks:
                    pass

        with pytest.raises(Unavailable):
            await read_on()
    gc.collect()
    assert [line for line in caplog.messages if "never retrieved" in line] == []


async def test_a_file_that_changes_while_it_is_read_is_read_again_or_said(store, data, monkeypatch):
    browsing, place = browsing_of(store)
    path, name = data / "ann" / "log", FilePath(("log",))
    path.write_bytes(b"old")
    reads, changes = [], []
    read = browsing._read

    async def disturbed(*args):
        found = await read(*args)
        reads.append(found)
        if changes:
            path.write_bytes(changes.pop())
        return found

    monkeypatch.setattr(browsing, "_read", disturbed)
    changes[:] = [b"newer and longer"]
    assert await browsing.content(place, name) == b"newer and longer"
    assert len(reads) == 2
    changes[:] = [b"and again", b"another time, longer"]
    with pytest.raises(UserError) as refused:
        await browsing.content(place, name)
    assert refused.value.text.key == "files-changing"


async def test_ten_thousand_entries_are_listed_by_pages(store, data):
    import time

    many = data / "ann" / "many"
    many.mkdir()
    for number in range(10_000):
        (many / f"file-{number:05}.jpg").touch()
    browsing, place = browsing_of(store)
    await browsing.open(place, FilePath())
    begun = time.perf_counter()
    page = await browsing.open(place, FilePath(("many",)))
    took = time.perf_counter() - begun
    assert (page.total, page.pages) == (10_000, 1000)
    assert page.entries[0].name == "file-00000.jpg"
    assert took < 20, "a bound against walking it one by one; the figure itself is the benchmark's"
    print(f"first page of 10 000 entries: {took:.2f} s")


async def stream(data):
    yield data


async def test_sessions_that_the_server_has_no_room_for_yet_wait_for_their_turn(
    connect, sshd, monkeypatch
):
    """It lets ten in at once; a new one may come before it noticed that an earlier one ended."""
    monkeypatch.setattr(connections, "SESSIONS", 40)
    store = connect()
    await store.make_folder("ann")
    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(store.make_directory("ann", FilePath((f"d{number}",))))
    assert len(await store.entries("ann", FilePath())) == 30
