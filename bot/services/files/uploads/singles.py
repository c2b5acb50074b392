"""Files of any size on their way into a folder: in parts, to be gone on with, under their name once whole.

What is known of an upload lies in its sealed id and in the part on the storage server, so it survives a
restart of Pailot and needs no memory.
"""

import asyncio
import dataclasses
import hashlib
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.errors import Exists, Missing
from bot.domain.files.mentions import running
from bot.domain.files.paths import FilePath
from bot.domain.messages import Button, Owed, Priority
from bot.domain.text import text
from bot.services.files.browsing import PARTS
from bot.services.files.folders import Folders
from bot.services.files.trash import Trash
from bot.services.files.uploads.batches import checked
from bot.services.files.uploads.room import Room
from bot.services.files.visits import Visit
from db import Database, UnitOfWork

log = structlog.get_logger(__name__)

KEPT = timedelta(days=7)
ALONE_SECONDS = 5.0
FINISH_SECONDS = 20.0
"""Longer than this no answer is held back: proxies give up on it."""
"""What runs a file with this ending."""
SUMS = 64
"""Running sums kept; an upload whose sum was forgotten is summed on the server."""


class Seal(Protocol):
    """Makes ids that only we can make, and reads them back."""

    def close(self, values: dict[str, Any]) -> str: ...
    def open(self, sealed: str) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """`part` lies in the folder of its person; `target` is where the whole goes."""

    person: int
    part: FilePath
    target: FilePath
    size_bytes: int
    replace: bool = False


class Uploads:
    def __init__(
        self,
        db: Database,
        folders: Folders,
        trash: Trash,
        seal: Seal,
        clock: Callable[[], datetime],
        spawn: Callable[[str, Coroutine[Any, Any, None]], object],
    ) -> None:
        self._db = db
        self._folders = folders
        self._trash = trash
        self._seal = seal
        self._clock = clock
        self._spawn = spawn
        self.room = Room(folders, clock)
        self._finishing: dict[str, asyncio.Future[FilePath]] = {}
        self._sums: dict[str, tuple[int, Any]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(
        self, visit: Visit, path: str, size_bytes: int, *, replace: bool = False
    ) -> str:
        """The id of a new upload. Raises UserError: a bad name, something there already, no room."""
        target = FilePath((*visit.path.parts, *checked(path, visit.path)))
        store, folder = self._folders.store, visit.place.folder
        if not replace and await store.look(folder, target) is not None:
            raise Exists(str(target))
        part = PARTS / secrets.token_hex(12)
        await self.room.make(visit.place, size_bytes, part.name)
        try:
            await store.make_directory(folder, PARTS)
            await store.write(folder, part, _nothing())
        except UserError:
            self.room.settle(folder, part.name)
            raise
        values = {
            "person": visit.person.id, "part": part.name, "target": list(target.parts),
            "size": size_bytes, "replace": replace,
        }  # fmt: skip
        return self._seal.close(values)

    def find(self, visit: Visit, id_: str) -> Upload:
        """Raises UserError for an id that is not this person's."""
        values = self._seal.open(id_)
        if values is None or values.get("person") != visit.person.id or "size" not in values:
            raise UserError("upload-gone")
        target = FilePath(tuple(values["target"]))
        part = PARTS / values["part"]
        return Upload(visit.person.id, part, target, values["size"], values["replace"])

    async def offset(self, visit: Visit, upload: Upload) -> int:
        """How much of it is on the server. Raises UserError when the part was cleaned away.

        Of a sender whose line broke the last bytes may still be on their way to the disk: they are waited for.
        """
        with suppress(BeingSent):
            async with self._alone(upload.part.name):
                return await self._arrived(visit, upload)
        return await self._arrived(visit, upload)

    async def receive(
        self, visit: Visit, upload: Upload, start: int, chunks: AsyncIterable[bytes]
    ) -> int:
        """Everything `chunks` gives, from byte `start` on; where the next piece begins.

        Raises WrongOffset when that is not where the part ends, BeingSent when another page sends the same one.
        """
        async with self._alone(name := upload.part.name):
            if await self._arrived(visit, upload) != start:
                raise WrongOffset
            self.room.heard(visit.place.folder, name)
            summed = self._summing(name, start, chunks, upload.size_bytes)
            store, folder = self._folders.store, visit.place.folder
            return start + await store.write_at(folder, upload.part, start, summed)

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[None]:
        """Nobody else writes to this part meanwhile. Raises BeingSent when somebody does not stop."""
        lock = self._locks.setdefault(name, asyncio.Lock())
        try:
            async with asyncio.timeout(ALONE_SECONDS):
                await lock.acquire()
        except TimeoutError:
            raise BeingSent from None
        try:
            yield
        finally:
            lock.release()

    async def _arrived(self, visit: Visit, upload: Upload) -> int:
        entry = await self._folders.store.look(visit.place.folder, upload.part)
        if entry is None:
            raise UserError("upload-gone")
        return entry.size_bytes

    async def finish(
        self, visit: Visit, upload: Upload, sha256: str, *, replace: bool = False
    ) -> FilePath | None:
        """Give it its name, if it is whole and its sum is the sender's. Doing it twice is harmless.

        None while the server is still adding up the sum of a large file: ask again. Whoever asked may be gone
        by then; it is finished all the same.
        """
        name, upload = (
            upload.part.name,
            dataclasses.replace(upload, replace=replace or upload.replace),
        )
        if (done := self._finishing.get(name)) is None:
            done = self._finishing[name] = asyncio.get_running_loop().create_future()
            self._spawn("finish an upload", self._see_through(visit, upload, sha256, done))
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                return await asyncio.shield(done)
        except TimeoutError:
            return None

    async def _see_through(
        self, visit: Visit, upload: Upload, sha256: str, done: "asyncio.Future[FilePath]"
    ) -> None:
        try:
            done.set_result(await self._finish(visit, upload, sha256))
        except UserError as error:
            done.set_exception(error)
            done.exception()  # nobody may be waiting for it any more
        finally:
            done.cancel()
            self._finishing.pop(upload.part.name, None)

    async def _finish(self, visit: Visit, upload: Upload, sha256: str) -> FilePath:
        store, folder = self._folders.store, visit.place.folder
        if (there := await store.look(folder, upload.part)) is None:
            done = await store.look(folder, upload.target)
            if done is not None and done.size_bytes == upload.size_bytes:
                return upload.target
            raise UserError("upload-gone")
        if there.size_bytes != upload.size_bytes:
            raise WrongOffset
        if sha256 and await self._sum(folder, upload) != sha256.lower():
            await store.remove(folder, upload.part)
            self.room.settle(folder, upload.part.name)
            raise UserError("upload-damaged", path=str(upload.target))
        if upload.target.parent.parts:
            await store.make_directory(folder, upload.target.parent)
        if upload.replace and await store.look(folder, upload.target) is not None:
            await self._trash.throw(visit.person, visit.place, upload.target, upload.part.name)
        await store.move(folder, upload.part, upload.target)
        self._sums.pop(upload.part.name, None)
        self.room.settle(folder, upload.part.name)
        return upload.target

    async def drop(self, visit: Visit, upload: Upload) -> None:
        """The person does not want it any more."""
        self._sums.pop(upload.part.name, None)
        self.room.settle(visit.place.folder, upload.part.name)
        with suppress(Missing):
            await self._folders.store.remove(visit.place.folder, upload.part)

    async def tell(self, visit: Visit, batch: str, path: str, count: int, size: int) -> None:
        """Say in the chat that everything arrived; once for each batch of the page."""
        now, person, where = self._clock(), visit.person, visit.path
        if path:
            where = FilePath((*where.parts, *checked(path, where)))
        inside = visit.place.in_job(where)
        line = text("upload-arrived", path=inside, count=count, bytes=size)
        row = [Button(text("button-files"), "files.open", {"path": str(where), "page": 1})]
        if count == 1 and (command := running(inside)):
            row.insert(0, Button(text("button-run-it"), "again", {"line": f"/run {command}"}))
        once = hashlib.sha256(f"{visit.token}\0{batch}".encode()).hexdigest()[:32]
        owed = Owed(
            f"upload:{once}", person.id, (line,), person.language,
            (tuple(row),), person.id, priority=Priority.ALERT,
        )  # fmt: skip

        def note(uow: UnitOfWork) -> None:
            uow.outbox.owe(owed, now)
            uow.audit.add(now, person.id, person.id, "upload", inside[:500], "done", str(count))

        await self._db.write(note)

    async def expire(self) -> None:
        """Parts that nobody has gone on with for a week are removed; called by the clock."""
        if not self._folders.configured:
            return
        store, before = self._folders.store, self._clock() - KEPT
        for _, folder in await self._db.read(lambda uow: uow.folders.all()):
            try:
                parts = await store.entries(folder, PARTS)
            except Unavailable:
                return
            except UserError:  # there are none, or the folder is out of reach
                continue
            for part in parts:
                if part.can_be_named and part.modified and part.modified < before:
                    with suppress(UserError):
                        await store.remove(folder, PARTS / part.name)

    async def _summing(
        self, name: str, start: int, chunks: AsyncIterable[bytes], size_bytes: int
    ) -> AsyncIterator[bytes]:
        """The same chunks, none beyond the announced size, with a running sum beside them."""
        at, digest = self._sums.get(name, (0, hashlib.sha256()))
        follows = at == start
        self._sums.pop(name, None)  # kept again only if it still fits
        async for chunk in chunks:
            piece = chunk[: max(0, size_bytes - start)]
            start += len(piece)
            if follows:
                digest.update(piece)
            yield piece
            if len(piece) < len(chunk):
                break
        if follows:
            while len(self._sums) >= SUMS:
                self._sums.pop(next(iter(self._sums)))
            self._sums[name] = (start, digest)

    async def _sum(self, folder: str, upload: Upload) -> str:
        at, digest = self._sums.get(upload.part.name, (-1, None))
        if digest is not None and at == upload.size_bytes:
            return str(digest.hexdigest())
        return await self._folders.store.sha256(folder, upload.part)


class WrongOffset(UserError):
    """The piece does not begin where the part ends: the sender must ask how far it is."""

    def __init__(self) -> None:
        super().__init__("upload-offset")


class BeingSent(UserError):
    """Another page is sending the same file."""

    def __init__(self) -> None:
        super().__init__("upload-busy")


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for chunk in nothing:
        yield chunk
