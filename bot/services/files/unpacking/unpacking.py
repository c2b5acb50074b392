"""/unpack: an archive is looked through, agreed to, written out in a directory of ours, and named when whole.

It goes through Pailot, not through the server's own programs: zip and tar are then read the same way on every
server, by an account without a shell too, and every limit is ours to keep. Names with the encoding of Chinese
Windows come out right, which most `unzip`s get wrong.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UserError
from bot.domain.files.archives import Contents, Tally, stem
from bot.domain.files.entries import Entry, Kind, Packed
from bot.domain.files.errors import Exists, LeadsOut, Missing, WrongKind
from bot.domain.files.paths import OWN, FilePath, Places
from bot.domain.messages import Button
from bot.domain.people import Person
from bot.domain.text import Text, text
from bot.services.files.errands.running import Outcome, room
from bot.services.files.errands.telling import Told
from bot.services.files.folders import Folders
from bot.services.files.trash import Trash
from bot.services.files.unpacking.pumping import Large, Piece, Pump, Source, look
from db import Database, Errand, UnitOfWork

HOME = FilePath((OWN, ".unpacking"))
PART, WHOLE = "part", "whole"
NAMING = "naming"
"""The state of an errand from `Told.whole` on: nothing is left here only after that."""
LOOK_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Plan:
    source: FilePath
    target: FilePath
    contents: Contents
    exists: bool
    spec: dict[str, Any]


class Unpacking:
    """Plans, and carries out what was agreed to; `Errands` says which and when."""

    def __init__(self, db: Database, folders: Folders, trash: Trash) -> None:
        self._db = db
        self._folders = folders
        self._trash = trash

    async def plan(self, place: Places, source: FilePath, into: FilePath | None) -> Plan:
        """What is in it and where it would go; nothing is written. Raises UserError."""
        entry = await self._archive(place, source)
        limit = await room(self._folders, place)
        contents = await look(self._source(place, source, entry), limit, LOOK_SECONDS)
        if not contents.files:
            raise UserError("unpack-nothing", count=contents.left_out)
        top = contents.tops[0] if contents.complete and len(contents.tops) == 1 else ""
        target = await self._target(place, source, into, top)
        if top != target.name and not contents.nested:
            top = ""  # a single file, wanted in a directory of that name
        spec: dict[str, Any] = {
            "source": list(source.parts),
            "target": list(target.parts),
            "shown": str(source),
            "top": top,
            "size": entry.size_bytes,
            "files": contents.files if contents.complete else 0,
            "bytes": contents.bytes if contents.complete else 0,
        }
        exists = await self._folders.store.look(place.folder, target) is not None
        return Plan(source, target, contents, exists, spec)

    async def carry_out(self, errand: Errand, person: Person, place: Places, tell: Told) -> Outcome:
        """What a process before us had whole is only named; what it had half is begun again."""
        store, folder, spec = self._folders.store, place.folder, errand.spec
        ours, target = HOME / errand.id, FilePath(tuple(spec["target"]))
        before = await self._names(place, ours)
        if errand.state == NAMING and before is not None and WHOLE not in before:
            return _done(place, target, None, await self._kind(place, target))
        left_out: int | None = None
        if before is None or WHOLE not in before:
            if before is not None:
                await store.remove(folder, ours)
            tally = await self._write(errand, place, ours, tell)
            left_out = tally.left_out
            inner, top = ours / PART, str(spec["top"])
            if top and await self._names(place, inner) == {top}:
                inner = inner / top
            await store.move(folder, inner, ours / WHOLE)
        if spec["top"]:  # the empty shell around it
            with suppress(Missing):
                await store.remove(folder, ours / PART)
        await tell.whole()
        kind = await self._kind(place, ours / WHOLE)
        if target.parent.parts:
            await store.make_directory(folder, target.parent)
        if spec.get("replace") and await store.look(folder, target) is not None:
            await self._trash.throw(person, place, target, errand.id)
        try:
            await store.move(folder, ours / WHOLE, target)
        except Exists:  # somebody was quicker
            target = target.parent / f"{target.name[:60]}-{errand.id[:6]}"
            await store.move(folder, ours / WHOLE, target)
        return _done(place, target, left_out, kind)

    async def clean(self, errand: Errand, place: Places) -> None:
        with suppress(Missing):
            await self._folders.store.remove(place.folder, HOME / errand.id)

    async def expire(self) -> None:
        """What lies about of archives that nobody unpacks any more goes; called by the clock."""
        if not self._folders.configured:
            return
        store = self._folders.store
        for _, folder in await self._db.read(lambda uow: uow.folders.all()):
            with suppress(UserError):
                found = await store.entries(folder, HOME)
                known = await self._db.read(
                    _open
                )  # afterwards: what is begun meanwhile was not found
                for left in found:
                    if left.can_be_named and left.name not in known:
                        await store.remove(folder, HOME / left.name)

    async def _write(self, errand: Errand, place: Places, ours: FilePath, tell: Told) -> Tally:
        spec, store = errand.spec, self._folders.store
        source = FilePath(tuple(spec["source"]))
        entry = await self._archive(place, source)
        if entry.size_bytes != spec["size"]:
            raise UserError("unpack-changed")
        tally = Tally(entry.size_bytes, await room(self._folders, place))
        pump = Pump(self._source(place, source, entry), tally)
        pieces = pump.pieces()
        writing = _Writing(pieces, lambda: tell(_progress(errand, tally)))
        try:
            await store.unpack(place.folder, ours, _one(Packed((PART,), None)))
            while not writing.over:
                await store.unpack(place.folder, ours, writing.small())
                if writing.large is not None:
                    path = FilePath((*ours.parts, PART, *writing.large.names))
                    await store.make_directory(place.folder, path.parent)
                    await store.write(place.folder, path, writing.chunks())
        finally:
            await pieces.aclose()
        return tally

    def _source(self, place: Places, path: FilePath, entry: Entry) -> Source:
        store, folder = self._folders.store, place.folder
        return Source(
            path.name,
            entry.size_bytes,
            lambda start: store.read(folder, path, start=start),
            lambda how: store.peel(folder, path, how),
        )

    async def _archive(self, place: Places, source: FilePath) -> Entry:
        entry = await self._folders.store.look(place.folder, source)
        if entry is None:
            raise Missing(str(source))
        if entry.kind is not Kind.FILE:
            raise LeadsOut(str(source)) if entry.kind is Kind.LINK else WrongKind(str(source))
        if not entry.size_bytes:
            raise UserError("unpack-damaged")
        return entry

    async def _target(
        self, place: Places, source: FilePath, into: FilePath | None, top: str
    ) -> FilePath:
        """Beside the archive, under the one name at its top, or its own name without the ending."""
        name = top or stem(source.name)
        if into is None:
            beside = source.parent / name
            return source.parent / stem(source.name) if beside.is_own else beside
        if into.is_own:
            raise UserError("files-own", path=str(into))
        there = await self._folders.store.look(place.folder, into) if into.parts else None
        inside = not into.parts or (there is not None and there.kind is Kind.DIRECTORY)
        return into / name if inside else into

    async def _names(self, place: Places, path: FilePath) -> set[str] | None:
        try:
            return {entry.name for entry in await self._folders.store.entries(place.folder, path)}
        except Missing:
            return None

    async def _kind(self, place: Places, path: FilePath) -> Kind:
        found = await self._folders.store.look(place.folder, path)
        return found.kind if found else Kind.DIRECTORY


class _Writing:
    """Parts the stream of pieces into runs of small files and large ones in between."""

    def __init__(self, pieces: AsyncGenerator[Piece, None], tell: Callable[[], Any]) -> None:
        self._pieces = pieces
        self._tell = tell
        self.large: Large | None = None
        self.over = False

    async def small(self) -> AsyncIterator[Packed]:
        self.large = None
        async for piece in self._pieces:
            await self._tell()
            if isinstance(piece, Large):
                self.large = piece
                return
            for file in piece if isinstance(piece, list) else ():
                yield Packed((PART, *file.names), file.data)
        self.over = True

    async def chunks(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            if not isinstance(piece, bytes):
                return
            await self._tell()
            yield piece


def _open(uow: UnitOfWork) -> set[str]:
    return {one.id for one in uow.errands.open()}


async def _one(file: Packed) -> AsyncIterator[Packed]:
    yield file


def _progress(errand: Errand, tally: Tally) -> Text:
    spec = errand.spec
    total = int(spec["bytes"])
    return text(
        "unpack-going",
        name=str(spec["shown"]),
        files=tally.files,
        bytes=tally.bytes,
        total=total,
        percent=min(100, 100 * tally.bytes // total) if total else -1,
    )


def _done(place: Places, target: FilePath, left_out: int | None, kind: Kind) -> Outcome:
    opened = target if kind is Kind.DIRECTORY else target.parent
    button = Button(text("button-files"), "files.open", {"path": str(opened), "page": 1})
    copy = Button(text("button-copy-path"), copy=place.in_job(target))
    line = text("unpack-done", path=place.in_job(target), left=left_out or 0)
    return Outcome(line, target, ((button, copy),))
