"""The storage server: finds out what the account can do there, and does everything that way."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.domain.errors import Denied, Unavailable, UserError
from bot.domain.files.entries import Entry, Packed, Piece, Server, Space, Usage
from bot.domain.files.errors import NotCaged
from bot.domain.files.paths import FilePath
from bot.storage import scripts, wire
from bot.storage.connections import Connections, Login, explained
from bot.storage.fetching import Fetching
from bot.storage.sftp import Cage
from bot.storage.shell import QUICK_SECONDS, Shell

OUTSIDE = ("/etc/passwd", "/proc/self", "/bin")
"""An account that sees one of these is not shut in."""


class StorageServer:
    """People's folders below `root`, reached with one account. Close it.

    `folder_mode` is the mode of a new folder, `umask` that of everything made in it.
    """

    def __init__(self, login: Login, *, root: str, umask: int, folder_mode: int) -> None:
        self._connections = Connections(login)
        self._wanted_root = root
        self._umask = umask
        self._folder_mode = folder_mode
        self._found: tuple[Server, Shell | Cage] | None = None
        self._finding = asyncio.Lock()

    async def close(self) -> None:
        await self._connections.close()

    @property
    def shown_key(self) -> str:
        """The fingerprint of the wrong host key that the server showed last; empty while all is well."""
        return self._connections.shown_key

    async def server(self) -> Server:
        """What kind of account this is; asked once, when first needed."""
        return (await self._known())[0]

    async def has_folder(self, folder: str) -> bool:
        return await (await self._hands()).look(folder, FilePath()) is not None

    async def make_folder(self, folder: str) -> None:
        await (await self._hands()).make_folder(folder)

    async def entries(self, folder: str, path: FilePath) -> tuple[Entry, ...]:
        return await (await self._hands()).entries(folder, path)

    async def look(self, folder: str, path: FilePath) -> Entry | None:
        return await (await self._hands()).look(folder, path)

    async def make_directory(self, folder: str, path: FilePath) -> None:
        await (await self._hands()).make_directory(folder, path)

    async def move(self, folder: str, source: FilePath, target: FilePath) -> None:
        await (await self._hands()).move(folder, source, target)

    async def remove(self, folder: str, path: FilePath) -> None:
        await (await self._hands()).remove(folder, path)

    async def usage(self, folder: str, path: FilePath) -> Usage:
        return await (await self._hands()).usage(folder, path)

    async def unread(self, folder: str, days: int) -> tuple[str, ...]:
        return await (await self._hands()).unread(folder, days)

    async def space(self) -> Space:
        return await (await self._hands()).space()

    async def sha256(self, folder: str, path: FilePath) -> str:
        return await (await self._hands()).sha256(folder, path)

    def read(
        self, folder: str, path: FilePath, *, start: int = 0, count: int | None = None
    ) -> AbstractAsyncContextManager[tuple[Piece, AsyncIterator[bytes]]]:
        return self._read(folder, path, start, count)

    @asynccontextmanager
    async def _read(
        self, folder: str, path: FilePath, start: int, count: int | None
    ) -> AsyncIterator[tuple[Piece, AsyncIterator[bytes]]]:
        hands = await self._hands()
        async with hands.read(folder, path, start, count) as opened:
            yield opened

    async def write(
        self, folder: str, path: FilePath, chunks: AsyncIterable[bytes], *, private: bool = False
    ) -> int:
        return await (await self._hands()).write(folder, path, chunks, private=private)

    async def write_at(
        self, folder: str, path: FilePath, start: int, chunks: AsyncIterable[bytes]
    ) -> int:
        return await (await self._hands()).write_at(folder, path, start, chunks)

    async def unpack(self, folder: str, path: FilePath, files: AsyncIterable[Packed]) -> None:
        await (await self._hands()).unpack(folder, path, files)

    async def sizes(self, folder: str, path: FilePath) -> dict[str, int]:
        return await (await self._hands()).sizes(folder, path)

    async def merge(
        self, folder: str, source: FilePath, target: FilePath, aside: FilePath | None = None
    ) -> tuple[str, ...]:
        return await (await self._hands()).merge(folder, source, target, aside)

    async def exchange(
        self, folder: str, new: FilePath, target: FilePath, old: FilePath, sha256: str
    ) -> None:
        await (await self._hands()).exchange(folder, new, target, old, sha256)

    @asynccontextmanager
    async def peel(
        self, folder: str, path: FilePath, how: str
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        hands = await self._hands()
        if not isinstance(hands, Shell):
            raise UserError("unpack-needs-shell")
        async with hands.peel(folder, path, how) as chunks:
            yield chunks

    async def fetcher(self) -> Fetching:
        hands = await self._hands()
        if not isinstance(hands, Shell):
            raise UserError("transfer-needs-shell")
        return Fetching(hands)

    # What the account can do

    async def _hands(self) -> Shell | Cage:
        return (await self._known())[1]

    async def _known(self) -> tuple[Server, Shell | Cage]:
        async with self._finding:
            if self._found is None:
                self._found = await self._by_shell() or await self._by_sftp()
            return self._found

    async def _by_shell(self) -> tuple[Server, Shell] | None:
        """None where commands are refused, or answered by something that is no shell."""
        import asyncssh

        line = scripts.command(scripts.HELLO, self._wanted_root)
        try:
            async with self._connections.session() as connection:
                done = await connection.run(line, timeout=QUICK_SECONDS, encoding="utf-8")
        except asyncssh.ChannelOpenError:
            return None
        except asyncssh.TimeoutError:
            return None
        except (asyncssh.Error, OSError) as error:
            raise explained(error) from error
        if done.exit_status is None and connection.is_closed():  # cut: says nothing of the account
            raise Unavailable(wire.SYSTEM)
        told = str(done.stdout or "").splitlines()
        if done.exit_status != 0 or len(told) != 3 or not told[1].isdecimal():
            if "can't cd" in str(done.stderr) or "No such file" in str(done.stderr):
                raise UserError("files-no-root", root=self._wanted_root)
            return None
        server = Server(True, told[0], int(told[1]))
        shell = Shell(self._connections, server.root, self._umask, self._folder_mode)
        return server, shell

    async def _by_sftp(self) -> tuple[Server, Cage]:
        import asyncssh

        try:
            async with asyncio.timeout(QUICK_SECONDS), self._connections.sftp() as sftp:
                for place in OUTSIDE:
                    if await sftp.exists(place):
                        raise NotCaged
                # Shut in exactly at the root, an account sees the folders at the very top.
                inside = await sftp.isdir(self._wanted_root)
                root = await sftp.realpath(self._wanted_root if inside else "/")
        except asyncssh.SFTPError as error:
            raise Denied(wire.SYSTEM, error.reason[:200]) from error
        except (asyncssh.Error, OSError) as error:
            raise Unavailable(wire.SYSTEM) from error
        server = Server(False, str(root))
        cage = Cage(self._connections, server.root, self._umask, self._folder_mode)
        return server, cage
