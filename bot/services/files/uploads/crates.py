"""Many small files on their way together: gathered in a directory of ours, put in their places when all are there.

What is known of a crate lies in its sealed id and in its directory on the storage server, so it survives a
restart of Pailot and of the page.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.domain.files.errors import Missing
from bot.domain.files.paths import FilePath
from bot.services.files.browsing import PARTS
from bot.services.files.folders import Folders
from bot.services.files.trash import Trash
from bot.services.files.uploads.batches import unpacked
from bot.services.files.uploads.singles import BeingSent, Seal, Uploads
from bot.services.files.visits import Visit


@dataclass(frozen=True, slots=True)
class Crate:
    """`part` is its directory, `target` the one whose files it holds."""

    part: FilePath
    target: FilePath


class Crates:
    def __init__(self, folders: Folders, trash: Trash, uploads: Uploads, seal: Seal) -> None:
        self._folders = folders
        self._trash = trash
        self._uploads = uploads
        self._seal = seal
        self._taking: Counter[str] = Counter()
        """How many batches of which crate are coming in just now."""

    async def open(self, visit: Visit, size_bytes: int) -> str:
        """The id of a new crate. Raises UserError where so much would not fit."""
        name = secrets.token_hex(12)
        await self._uploads.room.make(visit.place, size_bytes, name)
        values = {"person": visit.person.id, "crate": name, "target": list(visit.path.parts)}
        return self._seal.close(values)

    def find(self, visit: Visit, id_: str) -> Crate:
        """Raises UserError for an id that is not this person's."""
        values = self._seal.open(id_)
        if values is None or values.get("person") != visit.person.id or "crate" not in values:
            raise UserError("upload-gone")
        return Crate(PARTS / values["crate"], FilePath(tuple(values["target"])))

    async def there(self, visit: Visit, crate: Crate) -> dict[str, int]:
        """What has arrived so far: sizes by path."""
        return await self._folders.store.sizes(visit.place.folder, crate.part)

    async def take(
        self, visit: Visit, crate: Crate, body: AsyncIterable[bytes], sha256: str
    ) -> None:
        """One batch; the same one again is written anew, so what was broken off is simply sent again."""
        files = unpacked(_summed(body, sha256), crate.target)
        self._uploads.room.heard(visit.place.folder, crate.part.name)
        self._taking[crate.part.name] += 1
        try:
            await self._folders.store.unpack(visit.place.folder, crate.part, files)
        finally:
            self._taking[crate.part.name] -= 1
            if not self._taking[crate.part.name]:
                del self._taking[crate.part.name]

    async def close(self, visit: Visit, crate: Crate, *, replace: bool) -> tuple[str, ...]:
        """Everything to its place; what stayed as something is there already. Doing it twice is harmless.

        With `replace`, what is there goes to the trash, as one thing. Raises BeingSent while a batch comes from
        another page: half a file would get its name.
        """
        store, place = self._folders.store, visit.place
        if self._taking[crate.part.name]:
            raise BeingSent
        self._uploads.room.settle(place.folder, crate.part.name)
        if crate.target.parts:
            await store.make_directory(place.folder, crate.target)
        if not replace:
            return await store.merge(place.folder, crate.part, crate.target)
        origin = crate.target / f"replaced-{crate.part.name[:6]}"
        aside = await self._trash.shelf(visit.person, place, origin, crate.part.name)
        left = await store.merge(place.folder, crate.part, crate.target, aside)
        await self._trash.tidy(visit.person, place, aside)
        return left

    async def drop(self, visit: Visit, crate: Crate) -> None:
        """What did not find its place is not wanted any more."""
        try:
            await self._folders.store.remove(visit.place.folder, crate.part)
        except Missing:
            return


async def _summed(body: AsyncIterable[bytes], sha256: str) -> AsyncIterator[bytes]:
    """The same bytes; ends in UserError if they are not those that were sent."""
    digest = hashlib.sha256()
    async for chunk in body:
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256.lower():
        raise UserError("upload-batch-bad")
