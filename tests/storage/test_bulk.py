"""Many small files at once: as one tar on a server with a shell, many at a time over SFTP alone."""

import asyncio
import io
import os
import tarfile

import pytest

from bot.domain.errors import UserError
from bot.domain.files.entries import Packed
from bot.domain.files.errors import LeadsOut, NoRight
from bot.domain.files.paths import FilePath
from bot.storage import bulk
from bot.storage.tar import tarred
from tests.storage import sshd as real

PART = FilePath((".pailot", ".parts", "0a1b"))
ODD = ("a b", "'q\"", "line\nbreak", "😀 数据", "-rf", "x" * 255, "é" * 127, "$(id)", "\\", "*")


async def packed(*files):
    for names, data in files:
        yield Packed(tuple(names.split("/")) if isinstance(names, str) else names, data)


def tree(top):
    """Path → content, None for an empty directory."""
    found = {}
    for path, folders, files in os.walk(top):
        below = os.path.relpath(path, top)
        for name in files:
            with open(os.path.join(path, name), "rb") as file:
                found[os.path.normpath(f"{below}/{name}")] = file.read()
        if not folders and not files and below != ".":
            found[below] = None
    return found


async def test_all_names_sizes_and_empty_directories_arrive(store, data):
    files = {f"deep/{name}/{name}": name.encode() * 3 for name in ODD}
    files |= {
        "deep/" + "/".join("d" * 200 for _ in range(9)): b"far",
        "none": b"",
        "empty/dir": None,
    }
    await store.unpack("ann", PART, packed(*files.items()))
    assert tree(data / "ann" / ".pailot/.parts/0a1b") == files
    found = await store.sizes("ann", PART)
    assert found == {name: len(body) for name, body in files.items() if body is not None}
    assert await store.sizes("ann", FilePath(("gone",))) == {}
    assert await store.merge("ann", PART, FilePath()) == ()
    assert tree(data / "ann") == files | {".pailot/.parts": None}
    assert await store.merge("ann", PART, FilePath()) == ()
    at = data / "ann" / "empty" / "dir"
    assert at.stat().st_mode & 0o7777 == at.parent.stat().st_mode & 0o7777
    assert at.stat().st_mode & 0o777 == 0o775
    assert (data / "ann" / "none").stat().st_mode & 0o777 == 0o664


async def test_a_batch_that_comes_again_is_written_anew(store, data):
    await store.unpack("ann", PART, packed(("d/a", b"half"), ("d/b", b"b")))
    await store.unpack("ann", PART, packed(("d/a", b"whole"), ("d/c", b"c")))
    assert tree(data / "ann" / ".pailot/.parts/0a1b") == {"d/a": b"whole", "d/b": b"b", "d/c": b"c"}


async def test_nothing_is_replaced_and_what_is_in_the_way_goes_aside_when_told(store, data):
    folder = data / "ann"
    for name in ("d/old", "d/sub/same", "top"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("before")
    for path in (folder / "d", folder / "d" / "sub"):
        path.chmod(0o2777)
    sent = {"d/new": b"1", "d/sub/same": b"2", "d/sub/other": b"3", "top": b"4", "e/x": b"5"}
    await store.unpack("ann", PART, packed(*sent.items()))
    assert set(await store.merge("ann", PART, FilePath())) == {"d/sub/same", "top"}
    now = tree(folder)
    assert now["d/sub/same"] == now["top"] == now["d/old"] == b"before"
    assert (now["d/new"], now["d/sub/other"], now["e/x"]) == (b"1", b"3", b"5")
    assert now[".pailot/.parts/0a1b/d/sub/same"] == b"2"
    aside = FilePath((".pailot", ".trash", "1"))
    await store.make_directory("ann", aside)
    assert await store.merge("ann", PART, FilePath(), aside) == ()
    now = tree(folder)
    assert (now["d/sub/same"], now["top"]) == (b"2", b"4")
    assert tree(folder / ".pailot/.trash/1") == {"d/sub/same": b"before", "top": b"before"}
    assert not (folder / ".pailot/.parts/0a1b").exists()


async def test_a_directory_stays_where_a_file_has_its_name(store, data):
    (data / "ann" / "d").write_text("a file")
    await store.unpack("ann", PART, packed(("d/x", b"1"), ("y", b"2")))
    assert await store.merge("ann", PART, FilePath()) == ("d/x",)
    assert (data / "ann" / "d").read_text() == "a file"
    assert (data / "ann" / "y").read_bytes() == b"2"


async def test_a_file_or_link_in_the_place_of_a_directory_goes_aside_when_told(store, data):
    folder = data / "ann"
    (folder / "d").write_text("a file")
    (folder / "e").symlink_to("../bob")
    (folder / "-f").mkdir()
    (folder / "-f" / "old").write_text("old")
    (folder / "-f").chmod(0o2777)
    aside = FilePath((".pailot", ".trash", "1"))
    await store.make_directory("ann", aside)
    await store.unpack("ann", PART, packed(("d/x", b"1"), ("e/x", b"2"), ("-f/x", b"3")))
    assert await store.merge("ann", PART, FilePath(), aside) == ()
    assert [(folder / name).read_bytes() for name in ("d/x", "e/x", "-f/x")] == [b"1", b"2", b"3"]
    assert (folder / "-f/old").read_text() == "old"
    assert (folder / ".pailot/.trash/1/d").read_text() == "a file"
    assert os.readlink(folder / ".pailot/.trash/1/e") == "../bob"
    assert not (folder / ".pailot/.parts/0a1b").exists()


async def test_no_link_leads_it_away(store, data):
    (data / "bob").mkdir()
    os.chmod(data / "bob", 0o777)
    (data / "ann" / "door").symlink_to("../bob")
    with pytest.raises(LeadsOut):
        await store.unpack("ann", FilePath(("door", "x")), packed(("a", b"1")))
    await store.unpack("ann", PART, packed(("door/a", b"1"), ("b", b"2")))
    assert await store.merge("ann", PART, FilePath()) == ("door/a",)
    with pytest.raises(LeadsOut):
        await store.merge("ann", PART, FilePath(("door",)))
    assert os.listdir(data / "bob") == []


async def test_a_directory_somebody_else_can_write_to_is_not_unpacked_into(connect, sshd):
    store = connect()
    await store.make_folder("ann")
    parts = sshd.data / "ann" / ".pailot" / ".parts"
    (parts / "0a1b").mkdir(parents=True)
    for path in (parts.parent, parts, parts / "0a1b"):
        os.chown(path, real.JOBS_UID, real.GROUP_ID)
        path.chmod(0o2777)
    with pytest.raises(NoRight):
        await store.unpack("ann", PART, packed(("a", b"1")))


async def test_what_jobs_closed_is_said(store, data):
    job = data / "ann" / "out"
    job.mkdir()
    os.chown(job, real.JOBS_UID, real.JOBS_UID)
    job.chmod(0o755)
    await store.unpack("ann", PART, packed(("out/a", b"1")))
    with pytest.raises(NoRight):
        await store.merge("ann", PART, FilePath())
    assert list(job.iterdir()) == []


async def test_a_break_in_the_middle_is_gone_on_with(store, data):
    async def breaks():
        yield Packed(("d", "a"), b"1")
        raise UserError("upload-gone")

    with pytest.raises(UserError):
        await store.unpack("ann", PART, breaks())
    await store.unpack("ann", PART, packed(("d/a", b"1"), ("d/b", b"2")))
    assert await store.merge("ann", PART, FilePath()) == ()
    assert tree(data / "ann" / "d") == {"a": b"1", "b": b"2"}


async def test_batches_come_together(store, data):
    """Into the same directories, which none of them may take away from another."""
    for turn in range(3):
        part = FilePath((*PART.parent.parts, f"{turn}"))
        async with asyncio.TaskGroup() as group:
            for batch in range(4):
                files = [(f"t{turn}/d{n}/e/{batch}", b"x" * n) for n in range(100)]
                group.create_task(store.unpack("ann", part, packed(*files)))
        assert await store.merge("ann", part, FilePath()) == ()
    assert sum(len(files) for _, _, files in os.walk(data / "ann")) == 1200


async def test_the_tar_is_one_that_others_read():
    files = [
        ("a", b"1" * 600),
        ("n" * 100, b""),
        ("数" * 60 + "/x", b"x"),
        ("d/" + "e" * 255, None),
    ]
    stream = b"".join([chunk async for chunk in tarred(packed(*files))])
    with tarfile.open(fileobj=io.BytesIO(stream), mode="r:") as archive:
        members = archive.getmembers()
        assert [(one.name, one.isdir(), one.size) for one in members] == [
            ("a", False, 600), ("n" * 100, False, 0), ("数" * 60, True, 0), ("数" * 60 + "/x", False, 1),
            ("d", True, 0), ("d/" + "e" * 255, True, 0),
        ]  # fmt: skip
        assert archive.extractfile(members[0]).read() == files[0][1]


async def test_a_directory_that_comes_while_merging_is_merged_too(store, data, monkeypatch):
    """The large file of a folder is sent beside its small ones, and may be there first."""
    await store.unpack("ann", PART, packed(("set/a", b"a"), ("set/deep/b", b"b")))
    looked, top = bulk.scan, data / "ann"

    async def late(sftp, place):
        async for entry in looked(sftp, place):
            yield entry
        if place.endswith("/ann") and not (top / "set").exists():
            (top / "set").mkdir()
            (top / "set" / "big").write_bytes(b"big")
            os.chown(top / "set", top.stat().st_uid, real.GROUP_ID)
            (top / "set").chmod(0o2775)

    monkeypatch.setattr(bulk, "scan", late)
    assert await store.merge("ann", PART, FilePath()) == ()
    assert (top / "set" / "a").read_bytes() == b"a"
    assert (top / "set" / "deep" / "b").read_bytes() == b"b"
