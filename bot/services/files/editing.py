"""Small text files changed on a page: a new version takes the place of the old one in a single step."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import UserError
from bot.domain.files import textfiles
from bot.domain.files.errors import Changed
from bot.domain.files.mentions import running
from bot.domain.files.paths import OWN, FilePath, Places
from bot.domain.files.textfiles import TextFile
from bot.domain.messages import Button, Kind, Owed, Priority
from bot.domain.text import text
from bot.services.files.folders import Folders
from bot.services.files.trash import Trash
from bot.services.files.visits import Visit
from db import Database, UnitOfWork

PARTS = FilePath((OWN, ".parts"))


@dataclass(frozen=True, slots=True)
class Saved:
    sha256: str
    kept: bool
    """Nothing had changed, so nothing was written."""


class Editing:
    def __init__(
        self, db: Database, folders: Folders, trash: Trash, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._folders = folders
        self._trash = trash
        self._clock = clock

    async def open(self, place: Places, path: FilePath) -> TextFile:
        """Raises UserError for what is no small text file."""
        if path.is_own or not path.parts:
            raise UserError("files-own", path=str(path))
        async with self._folders.store.read(place.folder, path) as (piece, chunks):
            if piece.size_bytes > textfiles.LARGEST_BYTES:
                raise UserError("edit-large", bytes=piece.size_bytes)
            data = bytearray()
            async for chunk in chunks:
                data += chunk
                if len(data) > textfiles.LARGEST_BYTES:
                    raise UserError("edit-large", bytes=len(data))
        return textfiles.read(bytes(data))

    async def save(self, visit: Visit, words: str, base: str, *, over: bool = False) -> Saved:
        """The old version goes to the trash. Saving the same twice is harmless.

        Raises Changed when the file is not what `base` is the sum of, unless `over` says that this is known:
        then what is there now goes to the trash.
        """
        place, path, store = visit.place, visit.path, self._folders.store
        there = await self.open(place, path)
        data = textfiles.written(words, there)
        new = hashlib.sha256(data).hexdigest()
        if new == there.sha256:
            return Saved(new, kept=True)
        if there.sha256 != base and not over:
            raise Changed(str(path))
        part = PARTS / secrets.token_hex(12)
        await store.make_directory(place.folder, PARTS)
        await store.write(place.folder, part, _chunks(data))
        spot = await self._trash.reserve(visit.person, place, path, part.name)
        try:
            await store.exchange(place.folder, part, path, spot, there.sha256)
        except UserError:
            await self._trash.release(visit.person, place, spot)
            with suppress(UserError):  # what stays after all is cleaned away in a week
                await store.remove(place.folder, part)
            raise
        await self._tell(visit, new)
        return Saved(new, kept=False)

    async def _tell(self, visit: Visit, version: str) -> None:
        """Into the message with the link, so that ten savings are one message."""
        now, person, path = self._clock(), visit.person, visit.path
        inside = visit.place.in_job(path)
        owed = Owed(
            f"{card(visit.token)}:{version[:16]}:{now.timestamp():.0f}", person.id,
            (text("edit-saved", path=inside),), person.language, after(visit.place, path),
            person.id, kind=Kind.EDIT, priority=Priority.CARD, card=card(visit.token),
        )  # fmt: skip

        def note(uow: UnitOfWork) -> None:
            uow.outbox.owe(owed, now)
            uow.audit.add(now, person.id, person.id, "edit", inside[:500], "done")

        await self._db.write(note)


def after(place: Places, path: FilePath) -> tuple[tuple[Button, ...], ...]:
    """What one does after an edit: run it again, most likely."""
    inside = place.in_job(path)
    row = [
        Button(text("button-files"), "files.open", {"path": str(path), "page": 1}),
        Button(text("button-copy-path"), copy=inside),
    ]
    if command := running(inside):
        row.insert(0, Button(text("button-run-it"), "again", {"line": f"/run {command}"}))
    return (tuple(row),)


def card(token: str) -> str:
    return f"edit:{hashlib.sha256(token.encode()).hexdigest()[:24]}"


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data
