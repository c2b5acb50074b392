"""A folder on a server where the account has SFTP and nothing else, shut into a part of the file system.

SFTP has no way to open a file without following links on the way (draft 3, which OpenSSH speaks), so each
directory of a path is looked at before it is used, and what a link leads to can at worst be in the cage.
"""

import asyncio
import hashlib
import stat
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from bot.domain.errors import Denied, Refused, Unavailable, UserError
from bot.domain.files.entries import Entry, Kind, Packed, Part, Piece, Space, Usage
from bot.domain.files.errors import Changed, Exists, Full, LeadsOut, Missing, NoRight, WrongKind
from bot.domain.files.paths import FilePath
from bot.storage import wire
from bot.storage.bulk import OURS_ALONE, WHOLE, merge_into, pieces, pour, sizes_below, write_all
from bot.storage.connections import Connections
from bot.storage.trees import entry_of, kind_of, lstat, measure, remove_tree, scan, touched

if TYPE_CHECKING:
    import asyncssh

QUICK_SECONDS = 30.0
SLOW_SECONDS = 900.0
WALK_SECONDS = 30.0
NO_ROOM_BYTES = 1 << 16


class Cage:
    """`root` is the data root as the account sees it."""

    def __init__(self, connections: Connections, root: str, umask: int, folder_mode: int) -> None:
        self._connections = connections
        self._root = root.rstrip("/")
        self._file_mode = 0o666 & ~umask
        self._directory_mode = 0o777 & ~umask
        self._folder_mode = folder_mode

    async def make_folder(self, folder: str) -> None:
        async with self._session(folder) as sftp:
            place = f"{self._root}/{folder}"
            if await lstat(sftp, place) is not None:
                raise Exists(folder)
            await sftp.mkdir(place)
            await sftp.chmod(place, self._folder_mode)

    async def entries(self, folder: str, path: FilePath) -> tuple[Entry, ...]:
        async with self._session(path) as sftp:
            place = await self._directory(sftp, folder, path)
            return tuple([entry async for entry in scan(sftp, place)])

    async def look(self, folder: str, path: FilePath) -> Entry | None:
        async with self._session(path) as sftp:
            try:
                where = await self._directory(sftp, folder, path.parent)
            except Missing:
                return None
            name = path.name or folder
            attrs = await lstat(sftp, f"{where}/{name}" if path.parts else where)
            return None if attrs is None else entry_of(name, attrs)

    async def make_directory(self, folder: str, path: FilePath) -> None:
        async with self._session(path) as sftp:
            place = await self._directory(sftp, folder, FilePath())
            for name in path.parts:
                place = f"{place}/{name}"
                attrs = await lstat(sftp, place)
                if attrs is None:
                    attrs = await self._make(sftp, place)
                if attrs is not None:
                    _must_be_directory(attrs, str(path))

    async def _make(self, sftp: "asyncssh.SFTPClient", place: str) -> "asyncssh.SFTPAttrs | None":
        """None, or what somebody else made there at the same moment."""
        import asyncssh

        try:
            await sftp.mkdir(place)
        except asyncssh.SFTPError:
            attrs = await lstat(sftp, place)
            if attrs is None:
                raise
            return attrs
        await sftp.chmod(place, self._directory_mode)
        return None

    async def move(self, folder: str, source: FilePath, target: FilePath) -> None:
        async with self._session(target) as sftp:
            old = f"{await self._directory(sftp, folder, source.parent)}/{source.name}"
            new = f"{await self._directory(sftp, folder, target.parent)}/{target.name}"
            if await lstat(sftp, old) is None:
                raise Missing(str(source))
            if await lstat(sftp, new) is not None:
                raise Exists(str(target))
            await sftp.rename(old, new)

    async def remove(self, folder: str, path: FilePath) -> None:
        async with self._session(path, SLOW_SECONDS) as sftp:
            place = f"{await self._directory(sftp, folder, path.parent)}/{path.name}"
            attrs = await lstat(sftp, place)
            if attrs is None:
                raise Missing(str(path))
            await remove_tree(sftp, place, attrs)

    async def usage(self, folder: str, path: FilePath) -> Usage:
        """Counted from here, a directory at a time; what takes too long is left out and said so."""
        end = asyncio.get_running_loop().time() + WALK_SECONDS
        async with self._session(path, WALK_SECONDS * 2) as sftp:
            place = await self._directory(sftp, folder, path)
            total, complete, parts = 0, True, []
            async for entry in scan(sftp, place):
                if entry.kind is not Kind.DIRECTORY:
                    total += entry.size_bytes
                    continue
                size, latest, whole = await measure(sftp, f"{place}/{entry.name}", end)
                if not latest and entry.modified is not None:  # empty: only itself can tell
                    latest = entry.modified.timestamp()
                parts.append(Part(entry.name, size, wire.moment(latest)))
                total, complete = total + size, complete and whole
            return Usage(total, tuple(parts), complete)

    async def unread(self, folder: str, days: int) -> tuple[str, ...]:
        """Looked for from here; what could not be looked through in time counts as read."""
        end = asyncio.get_running_loop().time() + WALK_SECONDS
        before = time.time() - days * 86400
        async with self._session(folder, WALK_SECONDS * 2) as sftp:
            place = await self._directory(sftp, folder, FilePath())
            found = [
                entry.name
                async for entry in scan(sftp, place)
                if entry.kind is Kind.DIRECTORY
                and not await touched(sftp, f"{place}/{entry.name}", before, end)
            ]
        return tuple(found)

    async def space(self) -> Space:
        async with self._session("") as sftp:
            found = await sftp.statvfs(self._root or "/")
            return Space(found.blocks * found.frsize, found.bavail * found.frsize)

    async def sha256(self, folder: str, path: FilePath) -> str:
        digest = hashlib.sha256()
        async with self.read(folder, path, 0, None) as (_, chunks):
            async for chunk in chunks:
                digest.update(chunk)
        return digest.hexdigest()

    @asynccontextmanager
    async def read(
        self, folder: str, path: FilePath, start: int, count: int | None
    ) -> AsyncIterator[tuple[Piece, AsyncIterator[bytes]]]:
        async with self._session(path, None) as sftp:
            place = await self._file(sftp, folder, path)
            async with sftp.open(place, "rb", block_size=WHOLE) as file:
                attrs = await file.stat()
                size = attrs.size or 0
                left = max(0, size - start) if count is None else count
                piece = Piece(size, wire.moment(float(attrs.mtime or 0)))
                yield piece, _told(pieces(sftp, file, start, left), str(path))

    async def write(
        self, folder: str, path: FilePath, chunks: AsyncIterable[bytes], *, private: bool
    ) -> int:
        import asyncssh

        async with self._writing(path) as sftp:
            place = f"{await self._directory(sftp, folder, path.parent)}/{path.name}"
            if await lstat(sftp, place) is not None:
                raise Exists(str(path))
            made = asyncssh.SFTPAttrs(permissions=0o600 if private else self._file_mode)
            async with sftp.open(place, "xb", made, block_size=WHOLE) as file:
                written = await pour(sftp, file, 0, chunks)
            if not private:  # the server's own umask may have taken rights away
                await sftp.chmod(place, self._file_mode)
            return written

    async def write_at(
        self, folder: str, path: FilePath, start: int, chunks: AsyncIterable[bytes]
    ) -> int:
        async with self._writing(path) as sftp:
            place = await self._file(sftp, folder, path)
            async with sftp.open(place, "r+b", block_size=WHOLE) as file:
                return await pour(sftp, file, start, chunks)

    async def unpack(self, folder: str, path: FilePath, files: AsyncIterable[Packed]) -> None:
        await self.make_directory(folder, path)
        async with self._writing(path) as sftp:
            top = await self._directory(sftp, folder, path)
            await sftp.chmod(top, OURS_ALONE)
            modes = (self._directory_mode, self._file_mode)
            await write_all(sftp, top, files, modes=modes)

    async def sizes(self, folder: str, path: FilePath) -> dict[str, int]:
        async with self._session(path, SLOW_SECONDS) as sftp:
            try:
                return await sizes_below(sftp, await self._directory(sftp, folder, path))
            except Missing:
                return {}

    async def merge(
        self, folder: str, source: FilePath, target: FilePath, aside: FilePath | None = None
    ) -> tuple[str, ...]:
        async with self._session(target, SLOW_SECONDS) as sftp:
            to = await self._directory(sftp, folder, target)
            away = await self._directory(sftp, folder, aside) if aside is not None else ""
            try:
                come = await self._directory(sftp, folder, source)
            except Missing:
                return ()
            return tuple(await merge_into(sftp, come, to, away))

    async def exchange(
        self, folder: str, new: FilePath, target: FilePath, old: FilePath, sha256: str
    ) -> None:
        import asyncssh

        if await self.sha256(folder, target) != sha256:
            raise Changed(str(target))
        async with self._session(target) as sftp:
            come, there = [await self._file(sftp, folder, path) for path in (new, target)]
            away = f"{await self._directory(sftp, folder, old.parent)}/{old.name}"
            await sftp.chmod(come, stat.S_IMODE((await sftp.lstat(there)).permissions or 0o664))
            try:
                await sftp.link(there, away)
            except asyncssh.SFTPError:  # no such thing here, or not for a file of another owner
                if await lstat(sftp, away) is not None:
                    raise
                await sftp.rename(there, away)
            try:
                await sftp.posix_rename(come, there)
            except (asyncssh.SFTPOpUnsupported, asyncssh.SFTPFailure):
                if await lstat(sftp, there) is not None:
                    await sftp.remove(there)
                await sftp.rename(come, there)

    # The way to a place, one directory at a time

    async def _directory(self, sftp: "asyncssh.SFTPClient", folder: str, path: FilePath) -> str:
        place = self._root
        for name in (folder, *path.parts):
            place = f"{place}/{name}"
            attrs = await lstat(sftp, place)
            if attrs is None:
                raise Missing(str(path))
            _must_be_directory(attrs, str(path))
        return place

    async def _file(self, sftp: "asyncssh.SFTPClient", folder: str, path: FilePath) -> str:
        place = f"{await self._directory(sftp, folder, path.parent)}/{path.name}"
        attrs = await lstat(sftp, place)
        if attrs is None:
            raise Missing(str(path))
        if (kind := kind_of(attrs)) is not Kind.FILE:
            raise LeadsOut(str(path)) if kind is Kind.LINK else WrongKind(str(path))
        return place

    @asynccontextmanager
    async def _session(
        self, path: FilePath | str, seconds: float | None = QUICK_SECONDS
    ) -> AsyncIterator["asyncssh.SFTPClient"]:
        with _explained(str(path)):
            async with asyncio.timeout(seconds), self._connections.sftp() as sftp:
                yield sftp

    @asynccontextmanager
    async def _writing(self, path: FilePath) -> AsyncIterator["asyncssh.SFTPClient"]:
        """SFTP's draft 3 has one word for all failures; a disk without room makes it plain which it was."""
        try:
            async with self._session(path, None) as sftp:
                yield sftp
        except Refused:
            if (await self.space()).free_bytes < NO_ROOM_BYTES:
                raise Full from None
            raise


@contextmanager
def _explained(path: str) -> Iterator[None]:
    import asyncssh

    try:
        yield
    except asyncssh.SFTPError as error:
        raise _refusal(error, path) from error
    except (asyncssh.Error, OSError) as error:
        raise Unavailable(wire.SYSTEM) from error


async def _told(chunks: AsyncIterator[bytes], path: str) -> AsyncIterator[bytes]:
    """What breaks is explained here: whoever reads an archive, in a thread, does it outside of our `with`."""
    with _explained(path):
        async for chunk in chunks:
            yield chunk


def _must_be_directory(attrs: "asyncssh.SFTPAttrs", path: str) -> None:
    kind = kind_of(attrs)
    if kind is Kind.LINK:
        raise LeadsOut(path)
    if kind is not Kind.DIRECTORY:
        raise WrongKind(path)


def _refusal(error: "asyncssh.SFTPError", path: str) -> UserError:
    import asyncssh

    match error:
        case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
            return Missing(path)
        case asyncssh.SFTPPermissionDenied() | asyncssh.SFTPWriteProtect():
            return NoRight(path)
        case asyncssh.SFTPFileAlreadyExists():
            return Exists(path)
        case asyncssh.SFTPNoSpaceOnFilesystem() | asyncssh.SFTPQuotaExceeded():
            return Full()
        case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection():
            return Unavailable(wire.SYSTEM)
        case asyncssh.SFTPOpUnsupported():
            return Denied(wire.SYSTEM, error.reason[:200])
    return Refused(wire.SYSTEM, error.reason[:200])
