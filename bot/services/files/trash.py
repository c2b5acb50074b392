"""The trash: what is deleted lies there for a week, and its space is freed only then."""

import hashlib
import shlex
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.entries import Trashed
from bot.domain.files.errors import Exists, Full, Missing, NoRight
from bot.domain.files.paths import OWN, FilePath, Places
from bot.domain.people import Person
from bot.services.files.folders import Folders
from db import Database, TrashRow, UnitOfWork

log = structlog.get_logger(__name__)

KEPT = timedelta(days=7)
HOME = FilePath((OWN, ".trash"))


@dataclass(frozen=True, slots=True)
class Emptied:
    things: int
    failed: tuple[Trashed, ...] = ()
    """What could not be removed: files of another owner in it."""


class Trash:
    def __init__(self, db: Database, folders: Folders, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._folders = folders
        self._clock = clock

    async def throw(self, person: Person, place: Places, path: FilePath, key: str) -> Trashed:
        """Into the trash; the same key and path again give the same answer."""
        if not path.parts:
            raise UserError("files-whole-folder")
        if path.is_own:
            raise UserError("files-own", path=str(path))
        id_, now = _id(key, path), self._clock()
        store = self._folders.store
        before = await self._db.read(lambda uow: uow.trash.get(person.id, id_))
        if before is not None and await store.look(place.folder, HOME / id_) is not None:
            return _trashed(before)
        # In the book first: what moves without a line there would never be emptied.
        await self._db.write(lambda uow: uow.trash.add(id_, person.id, path.parts, now))
        try:
            if await store.look(place.folder, path) is None:
                raise Missing(str(path))
            await store.make_directory(place.folder, HOME)
            await store.move(place.folder, path, HOME / id_)
        except UserError as error:
            if not await self.release(person, place, HOME / id_):
                if isinstance(error, NoRight):  # told of what was to move, not of where
                    raise NoRight(str(path)) from error
                if isinstance(error, Full):  # "delete something" would lead in a circle
                    inside = shlex.quote(place.in_job(path))
                    raise UserError("trash-no-room", command=f"rm -r {inside}") from error
                raise
        await self._note(person, "rm", path)
        return Trashed(id_, path, now)

    async def reserve(self, person: Person, place: Places, path: FilePath, key: str) -> FilePath:
        """Where an old version of a file is about to be put; noted before it is there."""
        id_, now = _id(key, path), self._clock()
        await self._db.write(lambda uow: uow.trash.add(id_, person.id, path.parts, now))
        await self._folders.store.make_directory(place.folder, HOME)
        return HOME / id_

    async def release(self, person: Person, place: Places, spot: FilePath) -> bool:
        """Something went wrong: forgets the place if nothing was put there. True if it was all the same.

        The connection may have broken after the server did what was asked. What lies there without a line in the
        book could never be restored, so where nobody answers the line stays.
        """
        try:
            if await self._folders.store.look(place.folder, spot) is not None:
                return True
        except Unavailable:
            return False
        except UserError:  # there is no such directory
            pass
        await self._db.write(lambda uow: uow.trash.drop(person.id, spot.name))
        return False

    async def shelf(self, person: Person, place: Places, origin: FilePath, key: str) -> FilePath:
        """An empty directory in the trash, for many things at once that would be restored as `origin`."""
        id_, now = _id(key, origin), self._clock()
        await self._db.write(lambda uow: uow.trash.add(id_, person.id, origin.parts, now))
        await self._folders.store.make_directory(place.folder, HOME / id_)
        await self._note(person, "replace", origin)
        return HOME / id_

    async def tidy(self, person: Person, place: Places, shelf: FilePath) -> None:
        """Forgets a shelf on which nothing was put."""
        if not await self._folders.store.entries(place.folder, shelf):
            await self._folders.store.remove(place.folder, shelf)
            await self._db.write(lambda uow: uow.trash.drop(person.id, shelf.name))

    async def contents(self, person: Person) -> tuple[Trashed, ...]:
        """The latest first."""
        rows = await self._db.read(lambda uow: uow.trash.of(person.id))
        return tuple(_trashed(row) for row in rows)

    async def restore(self, person: Person, place: Places, id_: str) -> FilePath:
        """Back to where it was, under another name if something else is there now."""
        row = await self._db.read(lambda uow: uow.trash.get(person.id, id_))
        if row is None:
            raise UserError("trash-gone")
        origin, store = FilePath(tuple(row.origin)), self._folders.store
        if origin.parent.parts:
            await store.make_directory(place.folder, origin.parent)
        for target in (origin, origin.parent / f"{origin.name[:60]}-{id_[:6]}"):
            try:
                await store.move(place.folder, HOME / id_, target)
            except Exists:
                continue
            except Missing:
                if await store.look(place.folder, _going(id_)) is not None:
                    raise UserError("trash-gone") from None  # its week is over just now
                await self._db.write(lambda uow: uow.trash.drop(person.id, id_))
                if await store.look(place.folder, origin) is None:
                    raise UserError("trash-gone") from None
                # It never went, or is back already and the answer was lost.
                raise UserError("trash-back", path=place.in_job(origin)) from None
            await self._db.write(lambda uow: uow.trash.drop(person.id, id_))
            await self._note(person, "restore", target)
            return target
        raise Exists(str(origin))

    async def empty(self, person: Person, place: Places, until: datetime) -> Emptied:
        """What was in it by then is gone for good, and its space free, but for what can't be removed."""
        found = await self._db.read(lambda uow: uow.trash.of(person.id))
        rows = [row for row in found if row.at <= until]
        failed = [_trashed(row) for row in rows if not await self._end(row, place)]
        await self._note(person, "trash empty", HOME)
        return Emptied(len(rows) - len(failed), tuple(failed))

    async def expire(self) -> None:
        """What has lain for a week goes; called by the clock."""
        if not self._folders.configured:
            return
        before = self._clock() - KEPT
        for row in await self._db.read(lambda uow: uow.trash.older(before)):
            folder = await self._db.read(_folder_of(row.person_id))
            if folder is not None and not await self._end(row, self._folders.places(folder)):
                log.warning("something stays in the trash", folder=folder, id=row.id)

    async def _end(self, row: TrashRow, place: Places) -> bool:
        store, spot, going = self._folders.store, HOME / row.id, _going(row.id)
        try:
            # Out of reach first: what somebody restores at this moment is theirs whole, or not at all.
            with suppress(Missing, Exists):
                await store.move(place.folder, spot, going)
            with suppress(Missing):
                await store.remove(place.folder, going)
        except UserError:
            with suppress(UserError):  # what is left of it, where it can be found
                await store.move(place.folder, going, spot)
            return False
        await self._db.write(lambda uow: uow.trash.drop(row.person_id, row.id))
        return True

    async def _note(self, person: Person, action: str, path: FilePath) -> None:
        now = self._clock()

        def note(uow: UnitOfWork) -> None:
            uow.audit.add(now, person.id, person.id, action, str(path)[:500], "done")

        await self._db.write(note)


def _folder_of(person: int) -> Callable[[UnitOfWork], str | None]:
    return lambda uow: uow.folders.of(person)


def _going(id_: str) -> FilePath:
    return HOME / f"{id_}-going"


def _id(key: str, path: FilePath) -> str:
    return hashlib.blake2b(f"{key}\0{path}".encode(), digest_size=8).hexdigest()


def _trashed(row: TrashRow) -> Trashed:
    return Trashed(row.id, FilePath(tuple(row.origin)), row.at)
