"""/unpack: what is in an archive is shown, unpacked after a yes, and kept inside."""

import asyncio
import os
import tarfile

import pytest
from sqlalchemy import select

from bot.domain.files import FilePath
from bot.domain.text import text
from bot.services.files.errands import running
from db import DatabaseRefused
from db.models import errands
from db.statements import Statement
from tests import polling
from tests.storage import archives_made as made


@pytest.fixture
async def shelved(closed_lab, storage):
    closed_lab.environ |= storage.settings_environ()
    await closed_lab.start()
    return closed_lab


def below(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".pailot" not in path.parts
    }


class Refused:
    """An errand's kind, whose first try meets a database that refuses."""

    def __init__(self, kind):
        self._kind, self.tries = kind, 0

    def __getattr__(self, name):
        return getattr(self._kind, name)

    async def carry_out(self, *how):
        self.tries += 1
        if self.tries == 1:
            raise DatabaseRefused("full")
        return await self._kind.carry_out(*how)


async def test_a_zip_from_chinese_windows_is_unpacked_beside_itself(
    eve, folder, shelved, monkeypatch
):
    """And a database that refuses for a moment is not the end of it."""
    errands = shelved.bot.services.storage.errands
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.1)
    errands._kinds = {"unpack": Refused(errands._kinds["unpack"])}
    files = {"数据/训练.csv": b"a,b\n", "数据/深/图 1.png": b"x" * 3000, "数据/空": b""}
    (folder / "in").mkdir()
    (folder / "in" / "数据集.zip").write_bytes(made.zipped_in_gbk(files))
    card = await eve.asks("/ls in/数据集.zip")
    plan = await eve.presses("Unpack", on=card)
    assert "3 files" in plan
    assert "· 数据" in plan.text
    assert "/mnt/in/数据" in plan
    assert not (folder / "in" / "数据").exists()
    await eve.presses("Start", on=plan)
    said = await eve.hears("Unpacked")
    assert "/mnt/in/数据" in said
    (folder / "in" / "数据集.zip").unlink()
    assert below(folder / "in") == files
    await polling.until(lambda: not list((folder / ".pailot" / ".unpacking").iterdir()))
    assert errands._kinds["unpack"].tries == 2


@pytest.mark.slow
async def test_tars_of_all_kinds_large_files_and_a_place_of_ones_own(eve, folder):
    files = {"a.txt": b"a", "big.bin": os.urandom(2_500_000), "d/e/f.txt": b"f", "void": None}
    for mode, name in (
        ("w", "x.tar"),
        ("w:gz", "x.tar.gz"),
        ("w:bz2", "x.tbz"),
        ("w:xz", "x.tar.xz"),
    ):
        (folder / name).write_bytes(made.tarred(files, mode))
        plan = await eve.asks(f"/unpack {name} out-{name}")
        assert "3 files, 2.4 MB" in plan.text
        await eve.presses("Start", on=plan)
        await eve.hears(f"/mnt/out-{name}")
        await polling.until(lambda name=name: (folder / f"out-{name}").exists())
        expected = {name: data for name, data in files.items() if data is not None}
        assert below(folder / f"out-{name}") == expected
        assert (folder / f"out-{name}" / "void").is_dir()


async def test_one_compressed_file_is_unpacked_too(eve, folder):
    import gzip

    (folder / "weights.bin.gz").write_bytes(gzip.compress(b"w" * 5000) + gzip.compress(b"v"))
    await eve.presses("Start", on=await eve.asks("/unpack weights.bin.gz"))
    await eve.hears("/mnt/weights.bin")
    await polling.until((folder / "weights.bin").exists)
    assert (folder / "weights.bin").read_bytes() == b"w" * 5000 + b"v"


async def test_what_leads_out_or_is_no_file_never_gets_there(eve, folder, storage):
    evil = {
        "up.tar": made.tarred({"../wanglei/x": b"x"}),
        "up.zip": made.zipped({"a/../../x": b"x"}),
        "windows.zip": made.zipped({"..\\x": b"x"}),
        "twice.tar": made.tarred({"a": b"x", "a/b": b"y"}),
        "deep.tar": made.tarred({"d/" * 70 + "x": b"x"}),
    }
    for name, data in evil.items():
        (folder / name).write_bytes(data)
        assert "refused" in await eve.asks(f"/unpack {name}"), name
    links = {
        "door": (tarfile.SYMTYPE, "../wanglei"),
        "hard": (tarfile.LNKTYPE, "../wanglei/train.py"),
    }
    special = [("device", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE)]
    files = {"/etc/ok": b"ok", "door/train.py": b"evil"}
    (folder / "links.tar").write_bytes(made.tarred(files, links=links, special=special))
    plan = await eve.asks("/unpack links.tar")
    assert "4 of its entries" in plan
    await eve.presses("Start", on=plan)
    await eve.hears("Unpacked")
    assert below(folder / "links") == {"etc/ok": b"ok", "door/train.py": b"evil"}
    assert b"evil" not in (storage.data / "wanglei" / "train.py").read_bytes()
    assert not [path for path in folder.rglob("*") if path.is_symlink()]


async def test_what_is_no_archive_or_not_whole_is_said(eve, folder):
    (folder / "notes.txt").write_text("hello")
    assert "no archive" in await eve.asks("/unpack notes.txt")
    whole = made.zipped({"a": b"x" * 1000})
    (folder / "half.zip").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in await eve.asks("/unpack half.zip")
    whole = made.tarred({"a": os.urandom(9000), "b": b"y"}, "w:gz")
    (folder / "half.tgz").write_bytes(whole[:5000])
    assert "damaged" in await eve.asks("/unpack half.tgz")
    locked = bytearray(made.zipped({"a": b"x"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        locked[locked.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    (folder / "locked.zip").write_bytes(locked)
    assert "password" in await eve.asks("/unpack locked.zip")
    (folder / "empty.zip").write_bytes(made.zipped({}))
    assert "no file" in await eve.asks("/unpack empty.zip")
    (folder / "x.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    assert "account used for your folder" in await eve.asks("/unpack x.7z")
    assert "nothing at" in await eve.asks("/unpack gone.zip")
    assert "right kind" in await eve.asks("/unpack .")
    (folder / "link.zip").symlink_to("empty.zip")
    assert "follows no links" in await eve.asks("/unpack link.zip")
    (folder / "own.zip").write_bytes(made.zipped({".pailot/.trash/x": b"1"}))
    planned = await eve.asks("/unpack own.zip")
    assert planned.text.endswith("/mnt/own"), "never over Pailot's own"


async def test_a_bomb_is_refused_before_anything_is_written(eve, folder):
    data = bytearray(made.zipped({"a": bytes(1 << 20)}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (3 << 30).to_bytes(4, "little")
    (folder / "bomb.zip").write_bytes(data)
    assert "no honest data" in await eve.asks("/unpack bomb.zip")
    many = made.zipped({f"{n}": b"" for n in range(20)})
    count = many.rindex(b"PK\x05\x06") + 10
    (folder / "liar.zip").write_bytes(many[:count] + b"\x01\x00" + many[count + 2 :])
    assert "20 files" in await eve.asks("/unpack liar.zip")
    assert sorted(p.name for p in folder.iterdir()) == ["bomb.zip", "liar.zip"]


async def test_what_is_there_is_replaced_after_a_yes_only(eve, folder):
    (folder / "net.zip").write_bytes(made.zipped({"net/new.py": b"new"}))
    (folder / "net").mkdir()
    (folder / "net" / "old.py").write_text("old")
    plan = await eve.asks("/unpack net.zip")
    assert "already" in plan
    await eve.presses("Replace", on=plan)
    await eve.hears("Unpacked")
    assert below(folder / "net") == {"new.py": b"new"}
    assert "/mnt/net" in await eve.asks("/trash")


@pytest.mark.parametrize("cut", ["half", "whole", "named"])
async def test_what_a_process_that_died_left_is_gone_on_with(eve, folder, shelved, cut):
    """Begun again, only named, or only said."""
    (folder / "x.zip").write_bytes(made.zipped({"x/a": b"a" * 3000, "x/b": b"b"}))
    storage = shelved.bot.services.storage
    person = await shelved.bot.db.read(lambda uow: uow.people.get(eve.id))
    plan = await storage.unpacking.plan(
        storage.folders.places("evewong"), FilePath(("x.zip",)), None
    )
    errand = await storage.errands.plan(person, "unpack", plan.spec, "key")
    ours = folder / ".pailot" / ".unpacking" / errand.id
    (ours / "part" / "x").mkdir(parents=True)
    (ours / "part" / "x" / "a").write_bytes(b"a")
    if cut != "half":
        (ours / "part" / "x" / "a").write_bytes(b"a" * 3000)
        (ours / "part" / "x" / "b").write_bytes(b"b")
        (ours / "part" / "x").rename(ours / "whole")
    if cut == "named":
        (ours / "part").rmdir()
        (ours / "whole").rename(folder / "x")
        await shelved.bot.db.write(lambda uow: uow.errands.move(errand.id, "planned", "naming"))
    await storage.errands.begin(person, errand.id, replace=False)
    await eve.hears("Unpacked")
    (folder / "x.zip").unlink()
    assert below(folder) == {"x/a": b"a" * 3000, "x/b": b"b"}
    assert sorted(path.name for path in folder.iterdir()) == [".pailot", "x"]


@pytest.mark.slow
async def test_cancelling_leaves_nothing(eve, folder, shelved):
    files = {f"x/{n}": os.urandom(400_000) for n in range(60)}
    (folder / "x.zip").write_bytes(made.zipped(files))
    begun = await eve.presses("Start", on=await eve.asks("/unpack x.zip"))
    await eve.tg.presses("Cancel", begun)
    said = await eve.hears("", within=20)
    assert "Cancelled" in said or "Unpacked" in said or "Being cancelled" in said
    await polling.until(lambda: eve.said()[-1].startswith(("Cancelled", "✅")), 20)
    left = {path.name for path in folder.iterdir()} - {".pailot"}
    assert left == {"x.zip"} or "Unpacked" in eve.said()[-1]
    await polling.until(lambda: not list((folder / ".pailot" / ".unpacking").glob("*")))
    (folder / ".pailot" / ".unpacking" / "of-a-process-that-died" / "part").mkdir(parents=True)
    await shelved.bot.services.storage.unpacking.expire()
    assert not list((folder / ".pailot" / ".unpacking").iterdir())


async def test_what_gets_its_name_cannot_be_cancelled_any_more(eve, folder, shelved, monkeypatch):
    """The old version is on its way to the trash then: it must not be the only thing that happens."""
    unpacking = shelved.bot.services.storage.errands._kinds["unpack"]
    throw, reached, go = unpacking._trash.throw, asyncio.Event(), asyncio.Event()

    async def throws(*how):
        await throw(*how)
        reached.set()
        await go.wait()

    monkeypatch.setattr(unpacking._trash, "throw", throws)
    (folder / "x").mkdir()
    (folder / "x" / "old").write_bytes(b"old")
    (folder / "x.zip").write_bytes(made.zipped({"x/new": b"new"}))
    begun = await eve.presses("Replace", on=await eve.asks("/unpack x.zip"))
    await reached.wait()
    assert (await eve.tg.presses("Cancel", begun)).text == "It is over already."
    go.set()
    assert "/mnt/x" in await eve.hears("Unpacked")
    assert [path.name for path in (folder / "x").iterdir()] == ["new"]


async def test_cancelling_twice_is_cancelling_once(eve, folder, shelved, monkeypatch):
    """And no progress is told any more once it is being cancelled."""
    unpacking, spoken, go = (
        shelved.bot.services.storage.errands._kinds["unpack"], asyncio.Event(), asyncio.Event(),
    )  # fmt: skip

    async def hangs(errand, person, place, tell):
        try:
            spoken.set()
            await go.wait()
        finally:
            await asyncio.shield(tell(text("errand-begun", name="late")))

    monkeypatch.setattr(unpacking, "carry_out", hangs)
    (folder / "x.zip").write_bytes(made.zipped({"x/new": b"new"}))
    begun = await eve.presses("Start", on=await eve.asks("/unpack x.zip"))
    await spoken.wait()
    data = (begun.now or begun).keyboard[0][0]["callback_data"]
    for _ in range(2):
        assert (await eve.tg.presses_data(data, begun)).text == "Being cancelled …"
    await eve.hears("Cancelled")
    assert not any("late" in words for words in eve.said())
    assert [path.name for path in folder.iterdir() if path.name != ".pailot"] == ["x.zip"]


async def test_a_try_that_broke_before_its_first_file_is_no_success(eve, folder, shelved):
    """The line was cut when the directory was made and nothing was in it yet."""
    (folder / "x.zip").write_bytes(made.zipped({"x/new": b"new"}))
    plan = await eve.asks("/unpack x.zip")
    [id_] = await shelved.bot.db.read(planned)
    (folder / ".pailot" / ".unpacking" / id_).mkdir(parents=True)
    await eve.presses("Start", on=plan)
    await eve.hears("Unpacked")
    assert (folder / "x" / "new").read_bytes() == b"new"


def planned(uow):
    return [row[0] for row in uow.errands._tx.rows(Statement(select(errands.c.id)))]


async def test_what_begins_while_it_is_tidied_up_is_left_alone(eve, folder, shelved, monkeypatch):
    """Looking through everybody's folders takes a while, and people go on meanwhile."""
    storage, begun = shelved.bot.services.storage, []

    async def waits(errand, person, place, tell):
        (folder / ".pailot" / ".unpacking" / errand.id / "part").mkdir(parents=True)
        begun.append(errand.id)
        await asyncio.Event().wait()

    monkeypatch.setattr(storage.errands._kinds["unpack"], "carry_out", waits)
    (folder / "x.zip").write_bytes(made.zipped({"x/new": b"new"}))
    plan, store = await eve.asks("/unpack x.zip"), storage.folders.store

    class Slow:
        def __getattr__(self, name):
            return getattr(store, name)

        async def entries(self, *where):
            await eve.presses("Start", on=plan)
            await polling.until(lambda: begun)
            return await store.entries(*where)

    monkeypatch.setattr(storage.folders, "_store", Slow())
    await storage.unpacking.expire()
    assert [path.name for path in (folder / ".pailot" / ".unpacking").iterdir()] == begun


async def test_starting_twice_is_starting_once(eve, folder, shelved, monkeypatch):
    """The second tap comes while it is unpacked, or after that; what the message says then stays there."""
    kind, go = shelved.bot.services.storage.errands._kinds["unpack"], asyncio.Event()
    carry_out = kind.carry_out

    async def waits(*how):
        await go.wait()
        return await carry_out(*how)

    monkeypatch.setattr(kind, "carry_out", waits)
    (folder / "x.zip").write_bytes(made.zipped({"x/new": b"new"}))
    plan = await eve.asks("/unpack x.zip")
    start = plan.keyboard[0][0]["callback_data"]
    await eve.presses("Start", on=plan)
    assert (await eve.tg.presses_data(start, plan)).text == "It is under way already."
    go.set()
    done = await eve.hears("Unpacked")
    assert (await eve.tg.presses_data(start, plan)).text == "It is over already."
    assert eve.said()[-1] == done.text
    assert sorted(path.name for path in folder.iterdir()) == [".pailot", "x", "x.zip"]
