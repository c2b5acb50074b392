"""Does what a job's command speaks of lie in the person's folder? Asked before the job costs GPU time."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from rapidfuzz import process

from bot.domain.errors import UserError
from bot.domain.files.entries import Entry, Kind
from bot.domain.files.errors import LeadsOut, Missing, NoRight, WrongKind
from bot.domain.files.mentions import Mention, mentions
from bot.domain.files.mounting import PLUGIN_POINT, Brought, linking, mounting
from bot.domain.files.paths import OWN, FilePath, Places
from bot.domain.jobs import Storage as StorageConfig
from bot.domain.people import Person
from bot.domain.preflight import Finding
from bot.services.files.folders import Folders

SECONDS = 3.0
MOST = 10
"""Paths looked at; nobody reads more findings."""
ALIKE = 75.0
_MOUNTS = re.compile(r"\bmount\b[^\n]*\bnfs")
"""A command that mounts by itself is left alone."""


class FileChecks:
    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    @property
    def mount_point(self) -> str:
        return self._folders.site.mount_point

    async def check(
        self, person: Person, command: str, *, seconds: float = SECONDS
    ) -> list[Finding]:
        """`path.outside`, `path.own_name`, `path.missing`; nothing for who has no folder yet."""
        folders = self._folders
        if not (folders.configured and folders.site.mounts):
            return []
        place = await folders.of(person)
        if place is None:
            return []
        named = mentions(command, (place.mount_point, place.root))[:MOST]
        try:
            async with asyncio.timeout(seconds):
                found = await asyncio.gather(*(self._judge(place, one) for one in named))
        except (UserError, TimeoutError):
            return [Finding("unknown", "path.unknown")]
        return [finding for finding in found if finding is not None]

    async def before(self, person: Person, command: str, wanted: str | None) -> str:
        """The lines that mount the person's folder by NFS, where the person or the site wants it. Raises UserError."""
        place, way = await self._way(person, command, wanted)
        export = self._folders.site.export
        return mounting(export, place.folder) if place and export and way == "on" else ""

    async def brought(
        self,
        person: Person,
        command: str,
        wanted: str | None,
        storages: Callable[[], Awaitable[tuple[StorageConfig, ...]]],
    ) -> Brought:
        """All that brings the folder into a job; `storages` asks OpenPAI for those this person may use."""
        place, way = await self._way(person, command, wanted)
        export = self._folders.site.export
        if place is None or export is None:
            return Brought()
        if way == "on":
            return Brought(mounting(export, place.folder))
        found = sorted(await storages(), key=lambda one: not one.default)
        if not found:
            raise UserError("mount-no-storage")
        if not found[0].share:  # everybody sees their own in it
            return Brought(storages=((found[0].name, export.mount_point),))
        return Brought(linking(export, place.folder), ((found[0].name, PLUGIN_POINT),))

    async def _way(
        self, person: Person, command: str, wanted: str | None
    ) -> tuple[Places | None, str]:
        """Whose folder, and how; nobody's where it is not wanted."""
        export = self._folders.site.export
        way = wanted or ("off" if export is None else export.way)
        if way == "off" or (wanted is None and _MOUNTS.search(command)):
            return None, "off"
        if export is None:
            raise UserError("mount-not-here")
        place = await self._folders.of(person)
        if place is None and wanted:
            raise UserError("mount-no-folder")
        return place, way

    async def _judge(self, place: Places, mention: Mention) -> Finding | None:
        path, root = mention.path, place.root.rstrip("/")
        if (path + "/").startswith(root + "/") and root != place.mount_point:
            return await self._outside(place, path)
        try:
            wanted = place.read(path)
        except UserError:  # `..` and the like: not ours to understand
            return None
        if await self._look(place, wanted) is not None:
            return None
        if wanted.parts[:1] == (place.folder,):
            right = await self._right(place, FilePath(wanted.parts[1:]))
            return Finding("bad", "path.own_name", {"path": path, "suggestion": right})
        near = await self._nearest(place, wanted)
        grade = "warn" if mention.use == "data" else "bad"
        return Finding(grade, "path.missing", {"path": path, "suggestion": near})

    async def _right(self, place: Places, path: FilePath) -> str:
        """The path inside the job, or the nearest one where even that leads to nothing."""
        if await self._look(place, path) is not None:
            return place.in_job(path)
        return await self._nearest(place, path) or place.in_job(path)

    async def _outside(self, place: Places, path: str) -> Finding:
        """A path of the server: in the job, a folder's files are at the mount point."""
        try:
            right = await self._right(place, place.read(path))
        except UserError:
            right = ""
        return Finding("bad", "path.outside", {"path": path, "suggestion": right})

    async def _look(self, place: Places, path: FilePath) -> Entry | None:
        """A link counts: where it leads is seen in the job only."""
        try:
            return await self._folders.store.look(place.folder, path)
        except (LeadsOut, NoRight):
            return Entry(path.name, Kind.OTHER)

    async def _nearest(self, place: Places, path: FilePath) -> str:
        """The name beside it that was probably meant, else the same name at the top or one directory down."""
        below: list[str] = []
        for parent in dict.fromkeys((path.parent, FilePath())):
            try:
                entries = await self._folders.store.entries(place.folder, parent)
            except (Missing, WrongKind, LeadsOut, NoRight):
                continue
            named = [entry for entry in entries if entry.can_be_named and entry.name != OWN]
            best = process.extractOne(
                path.name, [e.name for e in named], processor=str.casefold, score_cutoff=ALIKE
            )
            if best is not None:
                return place.in_job(parent / best[0])
            if not parent.parts:
                below = sorted(e.name for e in named if e.kind is Kind.DIRECTORY)[:MOST]
        places = [FilePath((name, path.name)) for name in below if path.name]
        looks = await asyncio.gather(*(self._look(place, one) for one in places))
        found = (one for one, there in zip(places, looks, strict=True) if there is not None)
        return next((place.in_job(one) for one in found), "")
