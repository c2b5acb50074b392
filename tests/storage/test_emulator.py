"""The demo's storage server is a good SFTP-only server, for our client and for OpenSSH's own."""

import subprocess

import pytest

from bot.demo.storage import StorageEmulator
from bot.domain.files import FilePath
from bot.domain.files.errors import LoginRefused
from bot.storage import Login, StorageServer


@pytest.fixture
async def emulator(tmp_path):
    emulator = StorageEmulator(tmp_path / "disk", "a password")
    await emulator.start()
    yield emulator
    await emulator.stop()


def client(emulator, password="a password"):
    login = Login("127.0.0.1", emulator.port, "pailot", emulator.host_key, password=password)
    return StorageServer(login, root="/data", umask=0o002, folder_mode=0o2777)


async def test_our_client_finds_a_caged_account_with_a_filled_data_root(emulator):
    store = client(emulator)
    server = await store.server()
    assert (server.shell, server.root) == (False, "/data")
    names = {entry.name for entry in await store.entries("wanglei", FilePath())}
    assert {"train.py", "data", "results"} <= names
    usage = await store.usage("wanglei", FilePath())
    assert usage.total_bytes > 400_000
    assert (await store.space()).total_bytes > 0
    await store.close()


async def test_a_wrong_password_is_refused(emulator):
    store = client(emulator, "another")
    with pytest.raises(LoginRefused):
        await store.server()
    await store.close()


async def test_nothing_outside_its_disk_can_be_seen(emulator, tmp_path):
    (tmp_path / "secret").write_text("not on the disk")
    (emulator.data / "wanglei" / "way-out").symlink_to(tmp_path)
    store = client(emulator)
    from bot.domain.files.errors import LeadsOut

    with pytest.raises(LeadsOut):
        await store.entries("wanglei", FilePath(("way-out",)))
    await store.close()


def test_the_host_key_is_one_that_openssh_reads(tmp_path):
    key = tmp_path / "key"
    key.write_text(StorageEmulator.make_host_key())
    key.chmod(0o600)
    said = subprocess.run(["ssh-keygen", "-y", "-f", key], capture_output=True, check=True)
    assert said.stdout.startswith(b"ssh-ed25519 ")
