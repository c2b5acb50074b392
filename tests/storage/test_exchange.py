"""A new version of a file in the place of the old one, in one step, on a real server."""

import hashlib
import os

import pytest

from bot.domain.files import FilePath
from bot.domain.files.errors import Changed, LeadsOut, Missing, WrongKind
from tests.storage import sshd as real
from tests.storage.test_storage import chunks

NEW, OLD, TARGET = FilePath((".new",)), FilePath(("trash", "id")), FilePath(("a b.py",))


def sum_of(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
async def ready(store, data):
    folder = data / "ann"
    await store.write("ann", TARGET, chunks(b"old"))
    await store.write("ann", NEW, chunks(b"new"))
    await store.make_directory("ann", FilePath(("trash",)))
    return folder


async def test_the_old_version_is_kept_and_the_mode_stays(store, ready):
    os.chmod(ready / "a b.py", 0o755)
    old = (ready / "a b.py").stat().st_ino
    await store.exchange("ann", NEW, TARGET, OLD, sum_of(b"old"))
    assert (ready / "a b.py").read_bytes() == b"new"
    assert (ready / "a b.py").stat().st_mode & 0o777 == 0o755
    assert (ready / "trash" / "id").read_bytes() == b"old"
    assert (ready / "trash" / "id").stat().st_ino == old
    assert (ready / "trash" / "id").stat().st_nlink == 1
    assert not (ready / ".new").exists()


async def test_what_was_changed_meanwhile_is_left_alone(store, ready):
    (ready / "a b.py").write_bytes(b"of a job")
    with pytest.raises(Changed):
        await store.exchange("ann", NEW, TARGET, OLD, sum_of(b"old"))
    assert (ready / "a b.py").read_bytes() == b"of a job"
    assert (ready / ".new").read_bytes() == b"new"
    assert not (ready / "trash" / "id").exists()


async def test_links_directories_and_what_is_gone_are_refused(store, ready):
    os.remove(ready / "a b.py")
    with pytest.raises(Missing):
        await store.exchange("ann", NEW, TARGET, OLD, sum_of(b"old"))
    os.symlink("/etc/passwd", ready / "a b.py")
    with pytest.raises(LeadsOut):
        await store.exchange("ann", NEW, TARGET, OLD, sum_of(b"old"))
    os.remove(ready / "a b.py")
    os.mkdir(ready / "a b.py")
    with pytest.raises(WrongKind):
        await store.exchange("ann", NEW, TARGET, OLD, sum_of(b"old"))


async def test_a_file_of_another_owner_can_be_replaced_too(store, ready):
    """The kernel may refuse a second name for it: then it is moved."""
    os.chown(ready / "a b.py", real.JOBS_UID, real.JOBS_UID)
    os.chmod(ready / "a b.py", 0o644)
    await store.exchange("ann", NEW, TARGET, OLD, sum_of(b"old"))
    assert (ready / "a b.py").read_bytes() == b"new"
    assert (ready / "trash" / "id").read_bytes() == b"old"
