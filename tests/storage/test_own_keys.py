"""Members' own keys on a real SSH server, with the very lines that admins are told to write there."""

import subprocess
import sys

import pytest

from bot.domain.files import FilePath
from bot.domain.files.errors import LoginRefused, Missing, NoRight, NotCaged, OwnKeyRefused
from bot.storage import Login, PersonalStores, StorageServer
from tests.storage import sshd as real


@pytest.fixture
def admitted(sshd):
    """Writes lines of `authorized_keys`, and takes them out again."""
    before = {user: (sshd.home / "keys" / user).read_text() for user in (real.PLAIN, real.CAGED, real.LOOSE)}  # fmt: skip

    def admit(user, line):
        path = sshd.home / "keys" / user
        path.write_text(before[user] + line + "\n")

    yield admit
    for user, lines in before.items():
        (sshd.home / "keys" / user).write_text(lines)


@pytest.fixture
async def stores(sshd):
    """Reached by own keys only: the site's own login is not let in."""
    login = Login("127.0.0.1", sshd.port, "nobody-at-all", sshd.host_key(), sshd.key_file)
    ways = {"root": str(sshd.data), "umask": 0o002, "folder_mode": 0o2777}
    site, keys = StorageServer(login, **ways), {}

    async def key_of(folder):
        return keys.get(folder)

    stores = PersonalStores(site, login, key_of, **ways)
    stores.keys = keys
    yield stores
    await stores.close()
    await site.close()


@pytest.fixture
def folder(sshd):
    path = sshd.data / "ann"
    path.mkdir()
    path.chmod(0o2777)
    return path


async def test_an_own_key_with_a_shell_is_tried_and_used(stores, admitted, folder):
    key = stores.make(real.PLAIN, "ann")
    with pytest.raises(LoginRefused):
        await stores.enter(key, "ann")
    admitted(real.PLAIN, f"restrict {key.public}")
    assert (await stores.enter(key, "ann")).shell
    stores.keys["ann"] = key
    await stores.write("ann", FilePath(("mine",)), stream(b"x"))
    assert (folder / "mine").read_bytes() == b"x"
    with pytest.raises(LoginRefused):  # everybody else's folder is the site's account's to reach
        await stores.entries("bob", FilePath())
    with pytest.raises(Missing):
        await stores.enter(key, "no-such-folder")
    folder.chmod(0o755)
    (folder / ".pailot").rmdir()
    with pytest.raises(NoRight):
        await stores.enter(key, "ann")


async def test_the_line_that_is_shown_gives_file_transfer_in_a_cage_and_nothing_else(
    stores, admitted, sshd, tmp_path
):
    folder = sshd.cage / "data" / "ann"
    folder.mkdir()
    folder.chmod(0o2777)
    key = stores.make(real.CAGED, "ann")
    admitted(real.CAGED, key.admission)
    stores._root = "/data"
    assert not (await stores.enter(key, "ann")).shell
    private = tmp_path / "id"
    private.write_text(key.private)
    private.chmod(0o600)
    line = ["ssh", "-F", "none", "-i", private, "-p", str(sshd.port), "-o", "StrictHostKeyChecking=no"]  # fmt: skip
    line += ["-o", f"UserKnownHostsFile={tmp_path / 'known'}", f"{real.CAGED}@127.0.0.1", "id"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=20)
    assert "uid=" not in done.stdout


async def test_a_key_whose_account_sees_the_whole_machine_is_not_used(stores, admitted, folder):
    key = stores.make(real.LOOSE, "ann")
    admitted(real.LOOSE, key.admission)
    with pytest.raises(NotCaged):
        await stores.enter(key, "ann")


async def test_a_key_that_was_taken_out_is_told_as_the_members_own(stores, admitted, folder):
    stores.keys["ann"] = stores.make(real.PLAIN, "ann")
    with pytest.raises(OwnKeyRefused):
        await stores.look("ann", FilePath())


async def test_connections_take_the_fast_cipher_and_are_shared(connect):
    store = connect()
    await store.make_folder("ann")
    for _ in range(5):
        await store.entries("ann", FilePath())
    held = store._connections._held
    assert len(held) == 1
    assert held[0].ssh.get_extra_info("send_cipher") == "aes128-gcm@openssh.com"


def test_asyncssh_is_imported_only_when_first_used():
    code = (
        "import bot.app, sys; assert 'asyncssh' not in sys.modules, 'half a second at every start'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def stream(data):
    yield data
