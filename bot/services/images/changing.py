"""Tags and deletions: looked at, confirmed, looked at again, and only then done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import LoginNeeded, NotFound, Unavailable, UserError
from bot.domain.images.artifact import Artifact
from bot.domain.images.errors import Changed
from bot.domain.images.ports import Registries
from bot.domain.images.reference import Reference
from bot.domain.messages import Owed, Priority
from bot.domain.people import Person, Token
from bot.domain.text import Text, text
from bot.services.images.browsing import Browsing
from bot.services.images.care.deletions import (
    MAY_DELETE,
    Confirmed,
    Deleted,
    Deletion,
    deletion_buttons,
    told,
)
from bot.services.images.care.offering import note_deleted
from bot.services.images.careful import Careful
from bot.services.images.logins import Logins
from bot.services.images.usage import ImageUsage
from db import Database, UnitOfWork


class Changing:
    def __init__(
        self,
        db: Database,
        registries: Registries,
        logins: Logins,
        browsing: Browsing,
        careful: Careful,
        usage: ImageUsage,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._registries = registries
        self._logins = logins
        self._browsing = browsing
        self._careful = careful
        self._usage = usage
        self._clock = clock

    async def deletion(self, person: Person, image: Reference) -> Deletion:
        """Raises UserError when it can't be found out which jobs use it."""
        if (await self._browsing.hub.info()).legacy:
            raise UserError("harbor-too-old")
        artifact = await self._browsing.artifact(person, image)
        running = await self._usage.running(image, artifact)
        allowed, only_tag = await self._may(person, artifact)

        def listed(uow: UnitOfWork) -> bool:
            return any(uow.images.tried(str(image.at(tag=tag))) for tag in artifact.names)

        used = await self._usage.of(image, artifact.names, artifact.digest)
        return Deletion(
            image,
            artifact,
            running,
            allowed,
            await self._db.read(listed),
            only_tag,
            next(iter(used.jobs), None),
        )

    async def delete(self, person: Person, agreed: Confirmed) -> Deleted:
        """Exactly what was confirmed: everything is read again first. Raises Changed, Immutable, Referenced.

        An audit row says how each ended, and whoever asked for it hears of it.
        """
        try:
            deleted = await self._deleted(person, agreed)
        except UserError as error:
            await self._record(person, agreed, None, error)
            raise
        await self._record(person, agreed, deleted)
        return deleted

    async def _deleted(self, person: Person, agreed: Confirmed) -> Deleted:
        as_ = await self._logins.writing(person, agreed.image.host)
        image = agreed.image.at(digest=agreed.digest)
        name = str(agreed.image)
        try:
            found = await self._browsing.artifact(person, image, as_)
        except NotFound:
            return Deleted(name, 0, agreed.what, there=False)
        if set(found.names) != agreed.tags or found.digest != agreed.digest:
            if await self._only_untagged(person, found, agreed, as_):
                return Deleted(name, 0, agreed.what, there=False)
            raise Changed(name)
        used = await self._usage.running(image, found)
        if used.jobs:
            raise UserError("image-in-use", jobs=", ".join(str(job.ref) for job in used.jobs[:5]))
        await self._carry_out(found, agreed, as_)
        return Deleted(name, found.size, agreed.what)

    async def _only_untagged(
        self, person: Person, found: Artifact, agreed: Confirmed, as_: Token
    ) -> bool:
        """What was wanted is done already, by somebody else or by a try whose answer was lost."""
        tag = agreed.image.tag
        if agreed.what != "tag" or set(found.names) != agreed.tags - {tag}:
            return False
        try:
            await self._browsing.artifact(person, agreed.image.at(tag=tag), as_)
        except NotFound:
            return True
        return False  # it points to something else by now

    async def keep(self, person: Person, image: str, asker: int, key: str) -> None:
        """An admin was asked to delete it, and does not: whoever asked hears so."""
        now = self._clock()

        def write(uow: UnitOfWork) -> None:
            uow.audit.add(now, person.id, person.id, "image-kept", image, "done")
            line = text("image-kept", name=image, who=person.name or str(person.id))
            _tell(uow, asker, f"image-kept:{key}", line, now)

        await self._db.write(write)

    async def ask_admins(self, person: Person, wanted: Deletion, lines: tuple[Text, ...]) -> int:
        """The same dialog goes to every admin; how many there are."""
        now, image = self._clock(), f"{wanted.image}:{wanted.artifact.digest}"

        def owe(uow: UnitOfWork) -> int:
            admins = uow.people.admins()
            for admin in admins:
                uow.outbox.owe(
                    Owed(
                        f"image-ask:{image}:{person.id}:{admin.id}:{now:%Y%m%d%H}",
                        admin.id,
                        (text("image-asked", name=person.name or str(person.id)), *lines),
                        admin.language,
                        deletion_buttons(replace(wanted, only_tag=False), asker=person.id),
                        admin.id,
                        priority=Priority.ALERT,
                    ),
                    now,
                )
            return len(admins)

        return await self._db.write(owe)

    async def tag(self, person: Person, image: Reference, tag: str, *, over: str = "") -> str:
        """Let `tag` point to the image; the digest.

        A tag that is somewhere else is moved only if `over` is the digest it was seen at: raises Occupied.
        """
        as_ = await self._logins.writing(person, image.host)
        await self._careful.writable(image)
        seen = await self._registries.look(image, as_)
        there = await self._at(image.at(tag=tag), as_)
        if there and there == seen.digest:
            raise UserError("image-tag-there", tag=tag, name=str(image))
        if there:
            await self._careful.movable(person, image.at(tag=tag))
        if there and there != over:
            raise Occupied(image.at(tag=tag), there)
        digest = await self._registries.tag(image, tag, as_)
        now = self._clock()
        await self._db.write(
            lambda uow: uow.audit.add(
                now, person.id, person.id, "image-tag", f"{image} → {tag}", "done"
            )
        )
        return digest

    async def _at(self, image: Reference, as_: Token) -> str:
        try:
            return (await self._registries.look(image, as_)).digest or "?"
        except NotFound:
            return ""

    async def _may(self, person: Person, artifact: Artifact) -> tuple[bool, bool]:
        """Whether at all, and whether a tag only; where Harbor does not tell, trying shows."""
        try:
            as_ = await self._logins.writing(person, self._browsing.hub_host)
        except LoginNeeded:
            return False, False
        hub = self._browsing.hub
        if await hub.believes(as_) == "oidc":
            return True, True
        try:
            project = await hub.project(artifact.project, as_)
        except UserError:
            return True, False
        rights = await hub.rights(project, as_)
        return not rights or MAY_DELETE["all"] in rights, False

    async def _carry_out(self, found: Artifact, agreed: Confirmed, as_: Token) -> None:
        """After a lost answer it is looked at again: what is gone was deleted."""
        hub = self._browsing.hub
        try:
            if agreed.what == "tag":
                await hub.delete_tag(found, agreed.image.tag, as_)
            else:
                await hub.delete_artifact(found, as_)
        except Unavailable:
            try:
                again = await hub.artifact(found.project, found.repository, found.digest, as_)
            except NotFound:
                return
            if agreed.what == "tag" and agreed.image.tag not in again.names:
                return
            raise

    async def _record(
        self,
        person: Person,
        agreed: Confirmed,
        deleted: Deleted | None,
        error: UserError | None = None,
    ) -> None:
        now = self._clock()
        result = "refused" if deleted is None else "done" if deleted.there else "gone"

        def write(uow: UnitOfWork) -> None:
            action, subject = f"image-delete-{agreed.what}", f"{agreed.image} ({agreed.digest})"
            detail = error.text.key if error else ""
            uow.audit.add(now, person.id, person.id, action, subject, result, detail)
            if deleted and deleted.there and agreed.what == "all":
                note_deleted(uow, deleted.size, now)
            if deleted and agreed.asker != person.id:
                once = f"image-deleted:{agreed.digest}:{agreed.what}:{agreed.asker}:{now:%Y%m%d%H}"
                _tell(uow, agreed.asker, once, told(deleted), now)

        await self._db.write(write)


def _tell(uow: UnitOfWork, person: int, once: str, line: Text, now: datetime) -> None:
    """Nobody, if it is nobody's number."""
    other = uow.people.get(person) if person else None
    if other is not None:
        owed = Owed(once, other.id, (line,), other.language, priority=Priority.ALERT)
        uow.outbox.owe(owed, now)


class Occupied(UserError):
    """The tag points to something else; `digest` is what it points to."""

    def __init__(self, image: Reference, digest: str) -> None:
        super().__init__("image-occupied", name=str(image), digest=digest[:19])
        self.image = image
        self.digest = digest
