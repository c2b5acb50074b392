"""Does what a job's command speaks of lie in the person's folder? Asked before the job costs GPU time."""

import asyncio
import re

from rapidfuzz import process

from bot.domain.errors import UserError
from bot.domain.files.entries import Entry, Kind
from bot.domain.files.errors import LeadsOut, Missing, NoRight, WrongKind
from bot.domain.files.mentions import Mention, mentions
from bot.domain.files.mounting import mounting
from bot.domain.files.paths import FilePath, Places
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

    async def check(self, person: Person, command: str) -> list[Finding]:
        """`path.outside`, `path.own_name`, `path.missing`; nothing for who has no folder yet."""
        folders = self._folders
        if not (folders.configured and folders.site.mounts):
            return []
        place = await folders.of(person)
        if place is None:
            return []
        named = mentions(command, (place.mount_point, place.root))[:MOST]
        try:
            async with asyncio.timeout(SECONDS):
                found = await asyncio.gather(*(self._judge(place, one) for one in named))
        except (UserError, TimeoutError):
            return [Finding("unknown", "path.unknown")]
        return [finding for finding in found if finding is not None]

    async def before(self, person: Person, command: str, wanted: bool | None) -> str:
        """The lines that mount the person's folder, where the person or the site wants it. Raises UserError."""
        export = self._folders.site.export
        if wanted is False or (wanted is None and (export is None or _MOUNTS.search(command))):
            return ""
        if export is None:
            raise UserError("mount-not-here")
        place = await self._folders.of(person)
        if place is None and wanted:
            raise UserError("mount-no-folder")
        return "" if place is None else mounting(export, place.folder)

    async def _judge(self, place: Places, mention: Mention) -> Finding | None:
        path, root = mention.path, place.root.rstrip("/")
        if (path + "/").startswith(root + "/") and root != place.mount_point:
            return _outside(place, path)
        try:
            wanted = place.read(path)
        except UserError:  # `..` and the like: not ours to understand
            return None
        if await self._look(place, wanted) is not None:
            return None
        if wanted.parts[:1] == (place.folder,):
            right = place.in_job(FilePath(wanted.parts[1:]))
            return Finding("bad", "path.own_name", {"path": path, "suggestion": right})
        near = await self._nearest(place, wanted)
        grade = "warn" if mention.use == "data" else "bad"
        return Finding(grade, "path.missing", {"path": path, "suggestion": near})

    async def _look(self, place: Places, path: FilePath) -> Entry | None:
        """A link counts: where it leads is seen in the job only."""
        try:
            return await self._folders.store.look(place.folder, path)
        except (LeadsOut, NoRight):
            return Entry(path.name, Kind.OTHER)

    async def _nearest(self, place: Places, path: FilePath) -> str:
        """The name beside it that was probably meant, else the same name at the top of the folder."""
        for parent in dict.fromkeys((path.parent, FilePath())):
            try:
                entries = await self._folders.store.entries(place.folder, parent)
            except (Missing, WrongKind, LeadsOut, NoRight):
                continue
            names = [entry.name for entry in entries if entry.can_be_named]
            best = process.extractOne(path.name, names, score_cutoff=ALIKE)
            if best is not None:
                return place.in_job(parent / best[0])
        return ""


def _outside(place: Places, path: str) -> Finding:
    """A path of the server: in the job, a folder's files are at the mount point."""
    try:
        right = place.in_job(place.read(path))
    except UserError:
        right = ""
    return Finding("bad", "path.outside", {"path": path, "suggestion": right})
