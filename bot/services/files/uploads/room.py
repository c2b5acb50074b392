"""Is there room for what is about to come? Asked before its first byte, of the person's share and of the disk."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.domain.errors import UserError
from bot.domain.files.entries import Kind
from bot.domain.files.errors import Missing
from bot.domain.files.paths import FilePath, Places
from bot.services.files.browsing import PARTS
from bot.services.files.folders import Folders

RESERVE_BYTES = 1 << 30
"""Left free on the disk, for jobs that are writing."""
LOOK_AGAIN = timedelta(minutes=10)
REFUSED_AGAIN = timedelta(seconds=5)
"""A refusal is never older than this: what was deleted for it must count."""
LAPSES = timedelta(hours=1)
"""An announced upload of which nothing was heard for so long keeps no room for itself any more."""


@dataclass(slots=True)
class _Coming:
    size_bytes: int
    heard_at: datetime


class Room:
    """Counts what is there and what was announced, one question after another in each folder.

    What was announced is known to this process only: after a restart an upload under way keeps the room that it
    has taken, and no more.
    """

    def __init__(self, folders: Folders, clock: Callable[[], datetime]) -> None:
        self._folders = folders
        self._clock = clock
        self._used: dict[str, tuple[datetime, int]] = {}
        self._coming: dict[str, dict[str, _Coming]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def make(self, place: Places, size_bytes: int, part: str = "") -> None:
        """Raises UserError where so much would not fit; `part` is under which name in PARTS it will come."""
        if self._folders.site.quota_bytes:
            lock = self._locks.setdefault(place.folder, asyncio.Lock())
            async with lock:
                await self._in_share(place, size_bytes)
                if part:
                    coming = self._coming.setdefault(place.folder, {})
                    coming[part] = _Coming(size_bytes, self._clock())
        try:
            free = (await self._folders.store.space()).free_bytes
        except UserError:  # an SFTP server need not tell
            return
        if size_bytes + RESERVE_BYTES > free:
            self.settle(place.folder, part)
            raise UserError("upload-no-room", bytes=size_bytes, free=free)

    def heard(self, folder: str, part: str) -> None:
        """It is still coming."""
        if (coming := self._coming.get(folder, {}).get(part)) is not None:
            coming.heard_at = self._clock()

    def settle(self, folder: str, part: str) -> None:
        """All of it is there, or nothing more will come."""
        self._coming.get(folder, {}).pop(part, None)

    async def _in_share(self, place: Places, size_bytes: int) -> None:
        quota = self._folders.site.quota_bytes
        at, used = self._used.get(place.folder, (None, 0))
        age = None if at is None else self._clock() - at
        full = used + size_bytes > quota
        if at is None or age is None or age > (REFUSED_AGAIN if full else LOOK_AGAIN):
            at, used = self._clock(), await self._count(place)
        if used + size_bytes > quota:
            self._used[place.folder] = (at, used)
            raise UserError("upload-quota", bytes=size_bytes, used=used, quota=quota)
        self._used[place.folder] = (at, used + size_bytes)

    async def _count(self, place: Places) -> int:
        store, folder = self._folders.store, place.folder
        used = (await store.usage(folder, FilePath())).total_bytes
        lapsed = self._clock() - LAPSES
        coming = {k: v for k, v in self._coming.get(folder, {}).items() if v.heard_at > lapsed}
        self._coming[folder] = coming
        if not coming:
            return used
        try:
            there = {one.name: one for one in await store.entries(folder, PARTS)}
        except Missing:
            there = {}
        for name, one in coming.items():
            part = there.get(name)
            arrived = 0 if part is None else part.size_bytes
            if part is not None and part.kind is Kind.DIRECTORY:
                arrived = sum((await store.sizes(folder, PARTS / name)).values())
            used += max(0, one.size_bytes - arrived)
        return used
