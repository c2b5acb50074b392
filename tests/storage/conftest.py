"""A real SSH server and clients of it."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot.storage import Login, StorageServer
from tests import servers
from tests.storage import sshd as real
from tests.storage.fetched import NAME
from tests.storage.websites import website


@pytest.fixture(scope="session")
def server() -> Iterator[real.Sshd]:
    with real.running() as sshd:
        yield sshd


@pytest.fixture
def sshd(server: real.Sshd) -> real.Sshd:
    """Running, and with an empty data root."""
    if server.process is None:
        server.start()
    for root in (server.data, server.cage / "data"):
        for entry in list(root.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    return server


@pytest.fixture
async def connect(sshd: real.Sshd) -> AsyncIterator[Callable[..., StorageServer]]:
    opened = []

    def connect(
        user: str = real.PLAIN, root: str = "", port: int = 0, **changes: str
    ) -> StorageServer:
        login = {"host_key": sshd.host_key(), "key_file": sshd.key_file} | changes
        root = root or (str(sshd.data) if user != real.CAGED else "/data")
        store = StorageServer(
            Login("127.0.0.1", port or sshd.port, user, **login),
            root=root,
            umask=0o002,
            folder_mode=0o2777,
        )
        opened.append(store)
        return store

    yield connect
    for store in opened:
        await store.close()


@pytest.fixture(params=[real.PLAIN, real.CAGED])
async def store(request: pytest.FixtureRequest, connect) -> StorageServer:
    """With Ann's folder in it; once with a shell, once with chrooted SFTP."""
    store: StorageServer = connect(request.param)
    await store.make_folder("ann")
    return store


@pytest.fixture
def data(request: pytest.FixtureRequest, sshd: real.Sshd):
    """The data root of the account in question, as this machine sees it."""
    params = getattr(request.node, "callspec", None)
    caged = params is not None and params.params.get("store") == real.CAGED
    return sshd.cage / "data" if caged else sshd.data


@pytest.fixture
def site(sshd):
    sshd.knows(NAME, "127.0.0.1")
    with website() as site:
        yield site


@pytest.fixture
async def fetcher(connect):
    for tool in ("curl", "git", "rsync"):
        if not shutil.which(tool):
            servers.missing(tool)
    store = connect()
    await store.make_folder("ann")
    return await store.fetcher()


@pytest.fixture
def folder(sshd):
    return sshd.data / "ann"
