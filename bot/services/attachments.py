"""Attachments that are owed by a recipe: what each stands for, read at the moment when it is sent."""

from bot.domain.errors import LoginNeeded, UserError
from bot.domain.files import FilePath
from bot.domain.jobs import JobRef
from bot.domain.people import Person
from bot.services.files import Storage
from bot.services.following import Following
from bot.services.tokens import OPENPAI
from db import Database


class Attachments:
    def __init__(self, db: Database, following: Following, storage: Storage) -> None:
        self._db = db
        self._following = following
        self._storage = storage

    async def fetch(self, recipe: tuple[str, ...]) -> bytes:
        """What the person who asked may read of it by now. Raises UserError, which is told instead."""
        match recipe:
            case ("log", person, job, stream, role, task, attempt):
                whole = await self._following.logs.whole(
                    await self._reader(person),
                    JobRef.parse(job),
                    stream,
                    role,
                    int(task),
                    int(attempt) if attempt else None,
                )
                return whole.data
            case ("file", person, path):
                place = await self._storage.folders.of(await self._reader(person))
                if place is None:
                    raise UserError("files-missing", path=path)
                return await self._storage.browsing.content(place, FilePath.of(path))
            case _:
                raise ValueError(f"an attachment nobody knows: {recipe[:1]}")

    async def _reader(self, person: str) -> Person:
        reader = await self._db.read(lambda uow: uow.people.get(int(person)))
        if reader is None:
            raise LoginNeeded(OPENPAI)
        return reader
