"""Several files sent at once: Telegram hands them over one by one, and the person wants one question."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import Person
from bot.domain.text import Argument
from db import Database, UnitOfWork

MOST = 10
"""Telegram's own limit."""
LIVES_SECONDS = 7 * 86400
ACTION = "album.file"


@dataclass(frozen=True, slots=True)
class AlbumFile:
    """A file that lies at Telegram; `directory` is where its album is to go."""

    file: str
    name: str
    size: int
    directory: str


class Albums:
    """What came so far is kept like buttons are: encrypted, and forgotten after a week."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    async def add(self, person: Person, album: str, file: AlbumFile) -> tuple[AlbumFile, ...]:
        """All that came of this album, this one too; the same file again changes nothing."""
        now = self._clock()

        def add(uow: UnitOfWork) -> tuple[AlbumFile, ...]:
            known = _of(uow, person.id, album, now)
            if len(known) == MOST or any(one.file == file.file for one in known):
                return known
            payload: dict[str, Argument] = {
                "file": file.file,
                "name": file.name,
                "size": file.size,
                "directory": known[0].directory if known else file.directory,
            }
            uow.buttons.create(
                _id(person.id, album, len(known)), person.id, ACTION, payload,
                chat=person.id, now=now, lives_seconds=LIVES_SECONDS,
            )  # fmt: skip
            return _of(uow, person.id, album, now)

        return await self._db.write(add)

    async def files(self, person: Person, album: str) -> tuple[AlbumFile, ...]:
        """Empty for one that is forgotten, or somebody else's."""
        now = self._clock()
        return await self._db.read(lambda uow: _of(uow, person.id, album, now))


def _of(uow: UnitOfWork, person: int, album: str, now: datetime) -> tuple[AlbumFile, ...]:
    found = []
    for number in range(MOST):
        row = uow.buttons.open(_id(person, album, number), now)
        if row is None or row.expired:
            break
        kept = row.payload
        found.append(
            AlbumFile(
                str(kept["file"]), str(kept["name"]), int(kept["size"]), str(kept["directory"])
            )
        )
    return tuple(found)


def _id(person: int, album: str, number: int) -> str:
    return f"album-{hashlib.sha256(f'{person}:{album}:{number}'.encode()).hexdigest()}"
