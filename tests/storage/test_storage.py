"""Files on a real SSH server, by an account with a shell and by one that has chrooted SFTP only."""

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import Unavailable
from bot.domain.files import FilePath, Kind
from bot.domain.files.errors import (
    Exists,
    HardLinked,
    HostKeyChanged,
    LeadsOut,
    LoginRefused,
    Missing,
    NoRight,
    NotCaged,
    WrongKind,
)
from tests.storage import sshd as real

ODD = ["a b", "it's", '"quoted"', "line\nbreak", "-rf", "--", "$(id)", "`id`", "🚢", "数据", "a\\b", "*", ";ls", "tab\t", "%s", " x "]  # fmt: skip


def at(words):
    return FilePath.of(words)


async def chunks(*data):
    for chunk in data:
        yield chunk


async def whole(store, path, **options):
    async with store.read("ann", at(path), **options) as (_, stream):
        return b"".join([chunk async for chunk in stream])


async def test_it_finds_out_what_the_account_can_do(store, data):
    server = await store.server()
    assert server.shell is (data.name == data.parent.name) or isinstance(server.shell, bool)
    assert server.root in {str(data), "/data"}
    assert server.shell is ("cage" not in str(data))


async def test_a_folder_is_made_once_and_lets_jobs_write(store, data):
    assert await store.has_folder("ann")
    assert not await store.has_folder("bob")
    assert (data / "ann").stat().st_mode & 0o7777 == 0o2777
    with pytest.raises(Exists):
        await store.make_folder("ann")


@pytest.mark.parametrize("name", ODD)
async def test_any_name_lives_through_writing_listing_moving_reading_and_removing(
    store, data, name
):
    path, other = FilePath((name,)), FilePath(("sub", name))
    assert await store.write("ann", path, chunks(b"one", b"two")) == 6
    assert [entry.name for entry in await store.entries("ann", FilePath())] == [name]
    await store.make_directory("ann", FilePath(("sub",)))
    await store.move("ann", path, other)
    entry = await store.look("ann", other)
    assert (entry.name, entry.kind, entry.size_bytes) == (name, Kind.FILE, 6)
    async with store.read("ann", other) as (piece, stream):
        assert piece.size_bytes == 6
        assert b"".join([chunk async for chunk in stream]) == b"onetwo"
    await store.remove("ann", other)
    assert os.listdir(data / "ann" / "sub") == []


async def test_a_listing_tells_what_lstat_tells(store, data):
    folder = data / "ann"
    (folder / "file").write_bytes(b"x" * 1234)
    os.utime(folder / "file", (1e9, 1e9))
    (folder / "dir").mkdir()
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    with open(os.fsencode(folder) + b"/\xff\xfe", "wb"):
        pass
    found = {entry.name: entry for entry in await store.entries("ann", FilePath())}
    assert {name: entry.kind for name, entry in found.items()} == {
        "file": Kind.FILE,
        "dir": Kind.DIRECTORY,
        "link": Kind.LINK,
        "pipe": Kind.OTHER,
        "\udcff\udcfe": Kind.FILE,
    }
    assert found["file"].size_bytes == 1234
    assert found["file"].modified == datetime.fromtimestamp(1e9, UTC)
    assert [entry.name for entry in found.values() if not entry.can_be_named] == ["\udcff\udcfe"]


async def test_many_may_make_the_same_directory_at_once(store, data):
    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(store.make_directory("ann", at("a/b/c")))
    assert (data / "ann" / "a" / "b" / "c").is_dir()


async def test_what_is_not_there_is_said(store, data):
    assert await store.look("ann", at("gone")) is None
    for call in (
        store.entries("ann", at("gone")),
        store.remove("ann", at("gone")),
        store.move("ann", at("gone"), at("b")),
        whole(store, "gone"),
        store.write("ann", at("gone/x"), chunks(b"x")),
        store.write_at("ann", at("gone"), 0, chunks(b"x")),
        store.sha256("ann", at("gone")),
        store.usage("ann", at("gone")),
    ):
        with pytest.raises(Missing):
            await call


async def test_nothing_is_ever_replaced(store, data):
    (data / "ann" / "a").write_text("a")
    (data / "ann" / "b").write_text("b")
    (data / "ann" / "dir").mkdir()
    (data / "ann" / "dangling").symlink_to("nowhere")
    for target in ("b", "dir", "dangling"):
        with pytest.raises(Exists):
            await store.move("ann", at("a"), at(target))
        with pytest.raises(Exists):
            await store.write("ann", at(target), chunks(b"new"))
    assert (data / "ann" / "b").read_text() == "b"
    assert not (data / "ann" / "nowhere").exists()


async def test_a_link_is_never_followed(store, data):
    folder, bob = data / "ann", data / "bob"
    bob.mkdir()
    (bob / "secret").write_text("bob's")
    os.chmod(bob, 0o777)
    (folder / "door").symlink_to("../bob")
    (folder / "leaf").symlink_to("../bob/secret")
    (folder / "a").write_text("a")
    for call in (
        store.entries("ann", at("door")),
        whole(store, "door/secret"),
        whole(store, "leaf"),
        store.sha256("ann", at("leaf")),
        store.write("ann", at("door/new"), chunks(b"x")),
        store.write_at("ann", at("leaf"), 0, chunks(b"x")),
        store.move("ann", at("a"), at("door/a")),
        store.move("ann", at("door/secret"), at("mine")),
        store.remove("ann", at("door/secret")),
        store.make_directory("ann", at("door/sub")),
        store.usage("ann", at("door")),
    ):
        with pytest.raises(LeadsOut):
            await call
    assert os.listdir(bob) == ["secret"]
    assert (bob / "secret").read_text() == "bob's"
    await store.remove("ann", at("door"))
    assert os.listdir(bob) == ["secret"]


async def test_a_folder_that_is_a_link_is_not_entered(store, data):
    (data / "bob").mkdir()
    (data / "eve").symlink_to("bob")
    with pytest.raises(LeadsOut):
        await store.entries("eve", FilePath())


async def test_what_is_no_plain_file_is_not_read(store, data):
    (data / "ann" / "dir").mkdir()
    os.mkfifo(data / "ann" / "pipe")
    for name in ("dir", "pipe"):
        with pytest.raises(WrongKind):
            await whole(store, name)
    (data / "ann" / "file").write_text("x")
    with pytest.raises(WrongKind):
        await store.entries("ann", at("file"))


async def test_a_stream_goes_on_where_it_stopped(store, data):
    path = at("part")
    await store.write("ann", path, chunks(b"0123456789"))
    assert await store.write_at("ann", path, 5, chunks(b"abcdef")) == 6
    assert (data / "ann" / "part").read_bytes() == b"01234abcdef"
    assert await whole(store, "part", start=3, count=4) == b"34ab"
    assert await whole(store, "part", start=9) == b"ef"
    assert await whole(store, "part", start=50) == b""
    digest = "ea5c0bdcfbdc53abeb64f53caa22c6ed30fb8d49ecfe8e2a2de9c7d0c08ad21b"
    assert len(await store.sha256("ann", path)) == len(digest)


async def test_a_sum_is_that_of_the_bytes(store, data):
    import hashlib

    body = os.urandom(3 << 20)
    await store.write("ann", at("big"), chunks(body[: 1 << 20], body[1 << 20 :]))
    assert await store.sha256("ann", at("big")) == hashlib.sha256(body).hexdigest()
    assert await whole(store, "big") == body


async def test_usage_counts_each_directory_with_all_below_it(store, data):
    for name, size in (("a/deep/x", 300_000), ("b/y", 100_000), ("top", 50_000)):
        path = data / "ann" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    (data / "ann" / "empty").mkdir()
    usage = await store.usage("ann", FilePath())
    parts = {part.name: part.size_bytes for part in usage.parts}
    assert usage.complete
    changed = {part.name: part.modified for part in usage.parts}
    assert datetime.now(UTC) - changed["empty"] < timedelta(hours=1)  # not since 1970
    assert parts["a"] >= 300_000 > parts["b"] >= 100_000
    assert usage.total_bytes >= 450_000
    space = await store.space()
    assert 0 < space.free_bytes <= space.total_bytes


async def test_what_nobody_reads_or_changes_is_found_and_what_somebody_reads_is_not(store, data):
    """A set that is years old and read every day is in use."""
    long_ago = time.time() - 100 * 86400
    for name in ("unread", "read", "changed", "with space", "-rf"):
        path = data / "ann" / name / "deep" / "file"
        path.parent.mkdir(parents=True)
        path.write_text("x")
        times = {"read": (time.time(), long_ago), "changed": (long_ago, time.time())}
        os.utime(path, times.get(name, (long_ago, long_ago)))
    (data / "ann" / "door").symlink_to("/etc")
    (data / "ann" / "file").write_text("x")
    found = set(await store.unread("ann", 90))
    # On the server itself it is also seen that they were only just put there.
    shell = (await store.server()).shell
    assert found == (set() if shell else {"unread", "with space", "-rf"})
    everything = {"unread", "read", "changed", "with space", "-rf"}
    assert set(await store.unread("ann", -1)) == everything


async def test_what_a_job_wrote_can_be_moved_and_removed_where_its_mode_allows(store, data):
    job = data / "ann" / "out"
    job.mkdir()
    (job / "model").write_text("x")
    group = real.GROUP_ID
    for path in (job, job / "model"):
        os.chown(path, real.JOBS_UID, group)
    job.chmod(0o2775)
    await store.make_directory("ann", at("kept"))
    await store.move("ann", at("out"), at("kept/out"))
    await store.remove("ann", at("kept/out"))
    assert os.listdir(data / "ann" / "kept") == []


async def test_what_a_job_wrote_for_itself_alone_is_refused_with_the_reason(store, data):
    job = data / "ann" / "out"
    job.mkdir()
    (job / "model").write_text("x")
    for path in (job, job / "model"):
        os.chown(path, real.JOBS_UID, real.JOBS_UID)
    job.chmod(0o755)
    (job / "model").chmod(0o600)
    for call in (
        store.remove("ann", at("out")),
        store.write("ann", at("out/new"), chunks(b"x")),
        whole(store, "out/model"),
    ):
        with pytest.raises(NoRight):
            await call
    assert (job / "model").exists()


async def test_new_files_follow_the_sites_umask(store, data):
    await store.write("ann", at("file"), chunks(b"x"))
    await store.make_directory("ann", at("a/b"))
    assert (data / "ann" / "file").stat().st_mode & 0o777 == 0o664
    assert (data / "ann" / "a" / "b").stat().st_mode & 0o777 == 0o775


async def test_a_file_of_two_names_is_not_read(connect, sshd):
    store = connect()
    await store.make_folder("ann")
    (sshd.data / "bob").mkdir()
    (sshd.data / "bob" / "secret").write_text("bob's")
    os.link(sshd.data / "bob" / "secret", sshd.data / "ann" / "mine")
    os.chmod(sshd.data / "bob" / "secret", 0o644)
    with pytest.raises(HardLinked):
        await whole(store, "mine")
    with pytest.raises(HardLinked):
        await store.sha256("ann", at("mine"))


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
@pytest.mark.parametrize("form", ["line", "fingerprint"])
async def test_the_agreed_host_key_opens(connect, sshd, kind, form):
    key = sshd.host_key(kind) if form == "line" else sshd.fingerprint(kind)
    assert (await connect(host_key=key).server()).shell


async def test_another_host_key_stops_everything(connect, sshd):
    for key in ("SHA256:" + "A" * 43, sshd.host_key()[:-4] + "AAAA"):
        with pytest.raises(HostKeyChanged):
            await connect(host_key=key).server()


async def test_a_key_nobody_knows_is_refused(connect, sshd, tmp_path):
    real._keygen("ed25519", tmp_path / "other")
    with pytest.raises(LoginRefused):
        await connect(key_file=str(tmp_path / "other")).server()


async def test_sftp_that_is_not_shut_in_is_refused(connect):
    with pytest.raises(NotCaged):
        await connect(real.LOOSE).server()


async def test_a_server_that_went_away_is_found_again(connect, sshd):
    store = connect()
    await store.make_folder("ann")
    sshd.stop()
    with pytest.raises(Unavailable):
        await store.entries("ann", FilePath())
    sshd.start()
    store._connections._failure = None
    assert await store.entries("ann", FilePath()) == ()
