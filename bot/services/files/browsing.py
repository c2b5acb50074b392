"""Looking around in one's folder, and putting it in order."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.entries import Entry, Kind, Piece, Space, Usage
from bot.domain.files.errors import Missing, NoRight, WrongKind
from bot.domain.files.paths import OWN, FilePath, Places
from bot.services.files.folders import Folders

PAGE = 10
TELEGRAM_SENDS_BYTES = 50 << 20
READS = 2
"""A file that changed while it was read is read once more."""
PARTS = FilePath((OWN, ".parts"))
"""Where a file lies while it comes in: nobody takes it for the whole."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a directory: directories first, then by name."""

    place: Places
    path: FilePath
    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Found:
    """One file, or whatever else it is."""

    place: Places
    path: FilePath
    entry: Entry


@dataclass(frozen=True, slots=True)
class Bill:
    """What a directory holds, and how much room there is."""

    place: Places
    path: FilePath
    usage: Usage
    space: Space | None
    quota_bytes: int


class Browsing:
    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._counting: dict[str, asyncio.Lock] = {}

    async def open(self, place: Places, path: FilePath, page: int = 1) -> Listing | Found:
        """A directory's page, or the one file there is. Raises NoSuchFile with the nearest names."""
        entry = await self.look(place, path)
        if entry is None and not path.parts:  # taken away by hand: it is theirs all the same
            await self._folders.store.make_folder(place.folder)
        elif entry is None:
            raise NoSuchFile(path, await self._siblings(place, path))
        elif entry.kind is not Kind.DIRECTORY:
            return Found(place, path, entry)
        found = [
            entry
            for entry in await self._folders.store.entries(place.folder, path)
            if not self._hidden(path, entry.name)
        ]
        found.sort(key=lambda one: (one.kind is not Kind.DIRECTORY, one.name.casefold(), one.name))
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(1, page), pages)
        shown = tuple(found[(page - 1) * PAGE : page * PAGE])
        return Listing(place, path, shown, len(found), page, pages)

    async def look(self, place: Places, path: FilePath) -> Entry | None:
        return await self._folders.store.look(place.folder, path)

    async def make_directory(self, place: Places, path: FilePath) -> bool:
        """False: it was there already."""
        self._not_ours(path)
        if not path.parts or await self.look(place, path) is not None:
            return False
        await self._folders.store.make_directory(place.folder, path)
        return True

    async def move(
        self, place: Places, source: FilePath, target: FilePath, *, into: bool = False
    ) -> FilePath:
        """To a new path, or into a directory, which is made if it must be one (`into`); where it is now."""
        self._not_ours(source)
        self._not_ours(target)
        if not source.parts:
            raise UserError("files-whole-folder")
        if target.within(source):
            raise UserError("files-into-itself", path=str(source))
        there = await self.look(place, target) if target.parts else None
        if not target.parts or (there is not None and there.kind is Kind.DIRECTORY):
            target = target / source.name
        elif into:
            if there is not None:
                raise WrongKind(str(target))
            if await self.look(place, source) is None:
                raise Missing(str(source))
            await self._folders.store.make_directory(place.folder, target)
            target = target / source.name
        try:
            await self._folders.store.move(place.folder, source, target)
        except (
            NoRight
        ) as error:  # mostly a directory of another owner, which can't get another parent
            raise NoRight(str(source)) from error
        return target

    async def count(self, place: Places, path: FilePath) -> Bill:
        """Walks everything on the server, so never twice at once in one folder: who comes second waits."""
        store, site = self._folders.store, self._folders.site
        async with self._counting.setdefault(place.folder, asyncio.Lock()):
            usage = await store.usage(place.folder, path)
        return Bill(place, path, usage, await self.space(), site.quota_bytes)

    def counts(self, folder: str) -> bool:
        """Whether something in it is being counted just now."""
        lock = self._counting.get(folder)
        return lock is not None and lock.locked()

    async def content(self, place: Places, path: FilePath) -> bytes:
        """The whole file as it was at one moment, if Telegram would take it. Raises UserError."""
        for _ in range(READS):
            piece, data = await self._read(place, path)
            now = await self.look(place, path)
            if len(data) == piece.size_bytes and now is not None and _same(piece, now):
                return data
        raise UserError("files-changing", path=place.in_job(path))

    async def try_reading(self, place: Places, path: FilePath) -> None:
        """Raises UserError where nobody would get its content."""
        async with self._folders.store.read(place.folder, path, count=0):
            return

    async def _read(self, place: Places, path: FilePath) -> tuple[Piece, bytes]:
        async with self._folders.store.read(place.folder, path) as (piece, chunks):
            if piece.size_bytes > TELEGRAM_SENDS_BYTES:
                raise UserError("files-too-large", bytes=piece.size_bytes)
            data = bytearray()
            async for chunk in chunks:
                data += chunk
                if len(data) > TELEGRAM_SENDS_BYTES:  # it grew meanwhile
                    raise UserError("files-too-large", bytes=len(data))
        return piece, bytes(data)

    async def save(
        self,
        place: Places,
        path: FilePath,
        data: bytes,
        make_way: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """A new file, under its name only once it is whole. Raises Exists.

        `make_way` takes away what is there, when nothing can go wrong with the new one any more.
        """
        self._not_ours(path)
        store, part = self._folders.store, PARTS / secrets.token_hex(12)
        for directory in (PARTS, path.parent):
            await store.make_directory(place.folder, directory)
        try:
            await store.write(place.folder, part, _chunks(data))
            if make_way is not None:
                await make_way()
            await store.move(place.folder, part, path)
        except UserError:
            with suppress(UserError):  # what stays after all is cleaned away in a week
                await store.remove(place.folder, part)
            raise

    async def holds(self, place: Places, path: FilePath, data: bytes) -> bool:
        """Whether this very content lies there: then it was saved before, and there is nothing to replace."""
        there = await self.look(place, path)
        if there is None or there.kind is not Kind.FILE or there.size_bytes != len(data):
            return False
        try:
            sum_ = await self._folders.store.sha256(place.folder, path)
        except Unavailable:
            raise
        except UserError:  # nobody may read it
            return False
        return sum_ == hashlib.sha256(data).hexdigest()

    async def space(self) -> Space | None:
        """Of the disk; None where the server does not tell in time."""
        try:
            async with asyncio.timeout(5):
                return await self._folders.store.space()
        except (UserError, TimeoutError):  # an SFTP server need not tell
            return None

    async def _siblings(self, place: Places, path: FilePath) -> tuple[str, ...]:
        try:
            found = await self._folders.store.entries(place.folder, path.parent)
        except UserError:
            return ()
        return tuple(entry.name for entry in found if entry.can_be_named)

    def _not_ours(self, path: FilePath) -> None:
        if path.is_own:
            raise UserError("files-own", path=str(path))

    @staticmethod
    def _hidden(path: FilePath, name: str) -> bool:
        return (not path.parts and name == OWN) or (path.parts == (OWN,) and name.startswith("."))


class NoSuchFile(Missing):
    """Nothing there; `siblings` are the names beside it, of which one may be meant."""

    def __init__(self, path: FilePath, siblings: tuple[str, ...]) -> None:
        super().__init__(str(path))
        self.place = path
        self.siblings = siblings


def _same(piece: Piece, entry: Entry) -> bool:
    """Whether the file is the one that was read; times are told in whole seconds by some servers."""
    then = entry.modified
    if then is None or entry.size_bytes != piece.size_bytes:
        return False
    return int(then.timestamp()) == int(piece.modified.timestamp())


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data
