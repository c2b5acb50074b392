"""The paths in a command, looked up before the job costs GPU time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.storage import StorageEmulator
from bot.domain.files.mentions import mentions, replaced
from bot.domain.people import Person
from bot.services.files import FileChecks, Folders, StorageSite
from bot.storage import Login, StorageServer
from tests import databases

ANN = Person(7, "Ann Lee", openpai_user="ann")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def found(command):
    return [(one.path, one.use) for one in mentions(command, ("/mnt", "/data"))]


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("python /mnt/train.py --epochs 10", [("/mnt/train.py", "script")]),
        ("cd /mnt/code\npython train.py", [("/mnt/code", "enter"), ("/mnt/code/train.py", "script")]),
        ("cd /mnt/code && bash ./run.sh", [("/mnt/code", "enter"), ("/mnt/code/run.sh", "script")]),
        ("python a.py --data=/mnt/d --output /mnt/o", [("/mnt/d", "data")]),
        ("python a.py --data '/mnt/my data'", [("/mnt/my data", "data")]),
        ("mkdir -p /mnt/out\ncd /mnt/out\ntouch x", []),
        ("git clone https://example.edu/x.git /mnt/x && cd /mnt/x && python x.py", []),
        ("python /mnt/$DIR/a.py", []),
        ("cd $HOME && python a.py", []),
        ("echo hi > /mnt/log.txt", []),
        ("mount -t nfs -o nolock 192.0.2.4:/data/ann /mnt", [("/mnt", "data")]),
        ("python /data/ann/a.py", [("/data/ann/a.py", "script")]),
        ("python '/mnt/a.py", []),
        ("ls /mntx /database", []),
        ("bash -c 'cd /mnt/code && python a.py'", [("/mnt/code", "enter"), ("/mnt/code/a.py", "script")]),
        ("python /mnt/a.py | tee /mnt/log.txt", [("/mnt/a.py", "script")]),
        ("if [ -f /mnt/last.pth ]; then\n  python /mnt/a.py --resume /mnt/last.pth\nfi", [("/mnt/a.py", "script")]),
        ("rm -rf /mnt/old; sudo python /mnt/a.py", [("/mnt/a.py", "script")]),
    ],
)  # fmt: skip
def test_paths_are_found_in_a_command(command, paths):
    assert found(command) == paths


@given(st.text(alphabet="/mntdatcd >|&;'\"$\\\n-=.py", max_size=60))
def test_no_command_is_too_odd(command):
    assert all(path.startswith(("/mnt", "/data")) for path, _ in found(command))


@pytest.fixture
async def checks(tmp_path):
    emulator = StorageEmulator(tmp_path / "disk", "a password")
    await emulator.start()
    login = Login("127.0.0.1", emulator.port, "pailot", emulator.host_key, password="a password")
    store = StorageServer(login, root="/data", umask=2, folder_mode=0o2777)
    db = await databases.sqlite(tmp_path)

    def settle(uow):
        uow.people.meet(7, "Ann Lee", "", "en", NOW)
        uow.folders.take(7, "wanglei", NOW)

    await db.write(settle)
    checks = FileChecks(Folders(db, store, StorageSite(), lambda: NOW))
    checks.emulator = emulator
    yield checks
    await store.close()
    await emulator.stop()
    await db.close()


@pytest.mark.parametrize(
    ("command", "findings"),
    [
        ("python /mnt/train.py", []),
        ("cd /mnt/code/resnet\npython train.py", []),
        ("python /mnt/tarin.py", [("bad", "path.missing", "/mnt/train.py")]),
        ("python /mnt/TRAIN.py", [("bad", "path.missing", "/mnt/train.py")]),
        ("cd /mnt/code/resent", [("bad", "path.missing", "/mnt/code/resnet")]),
        ("python /mnt/train.py --data /mnt/data/cifar100", [("warn", "path.missing", "/mnt/data/cifar10")]),
        ("python /mnt/resnet/train.py", [("bad", "path.missing", "/mnt/train.py")]),
        ("python /mnt/nothing-like-it.sh", [("bad", "path.missing", "")]),
        ("python /mnt/wanglei/train.py", [("bad", "path.own_name", "/mnt/train.py")]),
        ("python /data/wanglei/train.py", [("bad", "path.outside", "/mnt/train.py")]),
        ("ls /data/amara", [("bad", "path.outside", "")]),
        ("cat /mnt/log.txt", [("warn", "path.missing", "")]),
        ("python /mnt/README.md.py", [("bad", "path.missing", "")]),
        ("cat /mnt/wanglei/tarin.py", [("bad", "path.own_name", "/mnt/train.py")]),
        ("python /data/wanglei/tarin.py", [("bad", "path.outside", "/mnt/train.py")]),
        ("ls /mnt/cifar10", [("warn", "path.missing", "/mnt/data/cifar10")]),
    ],
)  # fmt: skip
async def test_findings_name_the_path_that_was_meant(checks, command, findings):
    said = await checks.check(ANN, command)
    assert [(one.grade, one.code, one.args["suggestion"]) for one in said] == findings


@pytest.mark.parametrize(
    ("command", "old", "new", "changed"),
    [
        ("python /mnt/tarin.py", "/mnt/tarin.py", "/mnt/train.py", "python /mnt/train.py"),
        ("cp /mnt/a /mnt/a.b /mnt/a/c", "/mnt/a", "/mnt/x", "cp /mnt/x /mnt/a.b /mnt/x/c"),
        ('python "/mnt/数据/a.py"', "/mnt/数据/a.py", "/mnt/b.py", 'python "/mnt/b.py"'),
        ("x --data=/mnt/d", "/mnt/d", "/mnt/e", "x --data=/mnt/e"),
        ("cd /mnt/code\npython a.py", "/mnt/code/a.py", "/mnt/code/b.py", ""),
        ("cat '/mnt/my file'", "/mnt/my file", "/mnt/other", ""),
        ("cat /mnt/a", "/mnt/a", "/mnt/$(reboot)", ""),
        ("cat /mnt/a", "/mnt/a", "", ""),
    ],
)
def test_a_path_is_put_in_place_of_another_only_where_that_is_safe(command, old, new, changed):
    assert replaced(command, old, new) == changed


async def test_who_has_no_folder_is_told_nothing(checks):
    assert await checks.check(Person(8, "Bob"), "python /mnt/x.py") == []


async def test_a_server_that_does_not_answer_is_unknown_never_bad(checks):
    await checks.emulator.stop()
    said = await checks.check(ANN, "python /mnt/train.py")
    assert [(one.grade, one.code) for one in said] == [("unknown", "path.unknown")]
