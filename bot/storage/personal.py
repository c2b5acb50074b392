"""Folders reached with their members' own keys where they have one, and with the site's account where not."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace

from bot.domain.files.entries import Entry, Packed, Piece, Server, Space, Usage
from bot.domain.files.errors import Exists, LoginRefused, Missing, OwnKeyRefused
from bot.domain.files.paths import OWN, FilePath
from bot.domain.files.sshkeys import OwnKey
from bot.storage import keypairs
from bot.storage.client import StorageServer
from bot.storage.connections import Login
from bot.storage.fetching import Fetching

MOST = 16
"""Members with connections of their own at once; the one unused for longest is closed for the next."""

KeyOf = Callable[[str], Awaitable[OwnKey | None]]
"""The own key of the member whose folder this is."""


class PersonalStores:
    """A FileStore. What needs no folder is done with the site's account. Close it, and `site` apart."""

    def __init__(
        self,
        site: StorageServer,
        login: Login,
        key_of: KeyOf,
        *,
        root: str,
        umask: int,
        folder_mode: int,
    ) -> None:
        self._site = site
        self._login = login
        self._key_of = key_of
        self._root = root
        self._umask = umask
        self._folder_mode = folder_mode
        self._open: dict[str, StorageServer] = {}
        self._uses: Counter[str] = Counter()

    async def close(self) -> None:
        while self._open:
            _, server = self._open.popitem()
            await server.close()

    # Keys

    def make(self, account: str, owner: str) -> OwnKey:
        pair = keypairs.make(f"pailot-{owner}")
        return OwnKey(account, pair.private, pair.public)

    def read_key(self, account: str, owner: str, private: str) -> OwnKey:
        return read_own_key(account, owner, private)

    async def enter(self, key: OwnKey, folder: str) -> Server:
        server = self._server(key)
        try:
            found = await server.server()
            if not await server.has_folder(folder):
                raise Missing(folder)
            await server.make_directory(folder, FilePath((OWN,)))
        finally:
            await server.close()
        return found

    # Files

    async def server(self) -> Server:
        return await self._site.server()

    async def has_folder(self, folder: str) -> bool:
        return await self._site.has_folder(folder)

    async def make_folder(self, folder: str) -> None:
        await self._site.make_folder(folder)

    async def space(self) -> Space:
        return await self._site.space()

    async def entries(self, folder: str, path: FilePath) -> tuple[Entry, ...]:
        async with self._of(folder) as store:
            return await store.entries(folder, path)

    async def look(self, folder: str, path: FilePath) -> Entry | None:
        async with self._of(folder) as store:
            return await store.look(folder, path)

    async def make_directory(self, folder: str, path: FilePath) -> None:
        """The folder too, where somebody took it away by hand: it is theirs all the same."""
        async with self._of(folder) as store:
            try:
                await store.make_directory(folder, path)
            except Missing:
                if await self.has_folder(folder):
                    raise
                with suppress(Exists):
                    await self.make_folder(folder)
                await store.make_directory(folder, path)

    async def move(self, folder: str, source: FilePath, target: FilePath) -> None:
        async with self._of(folder) as store:
            await store.move(folder, source, target)

    async def remove(self, folder: str, path: FilePath) -> None:
        async with self._of(folder) as store:
            await store.remove(folder, path)

    async def usage(self, folder: str, path: FilePath) -> Usage:
        async with self._of(folder) as store:
            try:
                return await store.usage(folder, path)
            except Missing:
                if path.parts or await self.has_folder(folder):
                    raise
                return Usage(0)  # taken away by hand

    async def unread(self, folder: str, days: int) -> tuple[str, ...]:
        async with self._of(folder) as store:
            return await store.unread(folder, days)

    async def sha256(self, folder: str, path: FilePath) -> str:
        async with self._of(folder) as store:
            return await store.sha256(folder, path)

    def read(
        self, folder: str, path: FilePath, *, start: int = 0, count: int | None = None
    ) -> AbstractAsyncContextManager[tuple[Piece, AsyncIterator[bytes]]]:
        return self._read(folder, path, start, count)

    @asynccontextmanager
    async def _read(
        self, folder: str, path: FilePath, start: int, count: int | None
    ) -> AsyncIterator[tuple[Piece, AsyncIterator[bytes]]]:
        async with (
            self._of(folder) as store,
            store.read(folder, path, start=start, count=count) as opened,
        ):
            yield opened

    async def write(
        self, folder: str, path: FilePath, chunks: AsyncIterable[bytes], *, private: bool = False
    ) -> int:
        async with self._of(folder) as store:
            return await store.write(folder, path, chunks, private=private)

    async def write_at(
        self, folder: str, path: FilePath, start: int, chunks: AsyncIterable[bytes]
    ) -> int:
        async with self._of(folder) as store:
            return await store.write_at(folder, path, start, chunks)

    async def unpack(self, folder: str, path: FilePath, files: AsyncIterable[Packed]) -> None:
        async with self._of(folder) as store:
            await store.unpack(folder, path, files)

    async def sizes(self, folder: str, path: FilePath) -> dict[str, int]:
        async with self._of(folder) as store:
            return await store.sizes(folder, path)

    async def merge(
        self, folder: str, source: FilePath, target: FilePath, aside: FilePath | None = None
    ) -> tuple[str, ...]:
        async with self._of(folder) as store:
            return await store.merge(folder, source, target, aside)

    async def exchange(
        self, folder: str, new: FilePath, target: FilePath, old: FilePath, sha256: str
    ) -> None:
        async with self._of(folder) as store:
            await store.exchange(folder, new, target, old, sha256)

    @asynccontextmanager
    async def peel(
        self, folder: str, path: FilePath, how: str
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        async with self._of(folder) as store, store.peel(folder, path, how) as chunks:
            yield chunks

    async def fetcher(self) -> Fetching:
        return await self._site.fetcher()

    # Whose account

    @asynccontextmanager
    async def _of(self, folder: str) -> AsyncIterator[StorageServer]:
        key = await self._key_of(folder)
        if key is None:
            yield self._site
            return
        id_ = f"{folder}:{hashlib.sha256(key.private.encode()).hexdigest()}"
        store = self._open.pop(id_, None) or self._server(key)
        self._open[id_] = store  # the latest used comes last
        self._uses[id_] += 1
        try:
            yield store
        except LoginRefused:
            raise OwnKeyRefused(key.account) from None
        finally:
            self._uses[id_] -= 1
            await self._close_idle()

    async def _close_idle(self) -> None:
        for id_ in list(self._open)[: max(0, len(self._open) - MOST)]:
            if not self._uses[id_]:
                del self._uses[id_]
                await self._open.pop(id_).close()

    def _server(self, key: OwnKey) -> StorageServer:
        login = replace(
            self._login, username=key.account, key_file="", password="", key=key.private
        )
        return StorageServer(
            login, root=self._root, umask=self._umask, folder_mode=self._folder_mode
        )


def read_own_key(account: str, owner: str, private: str) -> OwnKey:
    """The pair that a private key is half of; `owner` is the comment of its public line."""
    pair = keypairs.read(private, f"pailot-{owner}")
    return OwnKey(account, pair.private, pair.public)
