"""Which folder on the storage server is whose, and how somebody comes to one."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import UserError
from bot.domain.files.errors import Exists
from bot.domain.files.mounting import Export
from bot.domain.files.paths import Places
from bot.domain.files.ports import FileStore
from bot.domain.messages import Button, Owed, Priority
from bot.domain.people import Person, Role
from bot.domain.text import Text, text
from db import Database, UnitOfWork

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class StorageSite:
    """What the settings say about the storage server."""

    root: str = "/data"
    mount_point: str = "/mnt"
    host: str = ""
    port: int = 22
    username: str = ""
    quota_bytes: int = 0
    """0: none."""
    warn_at: float = 0.9
    pages_url: str = ""
    """Where people reach Pailot's pages; empty where they can't."""
    export: Export | None = None
    """What jobs mount, and how; None without a storage server."""
    mounts: bool = True
    """Jobs find the folder at the mount point, unless they say otherwise."""


class Folders:
    """A person has one folder, and keeps it."""

    def __init__(
        self,
        db: Database,
        store: FileStore | None,
        site: StorageSite,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._store = store
        self.site = site
        self._clock = clock

    @property
    def configured(self) -> bool:
        return self._store is not None

    @property
    def store(self) -> FileStore:
        """Raises UserError where the site has no storage server."""
        if self._store is None:
            raise UserError("files-none")
        return self._store

    async def of(self, person: Person) -> Places | None:
        """None: they have chosen none yet."""
        name = await self._db.read(lambda uow: uow.folders.of(person.id))
        return None if name is None else self.places(name)

    def places(self, folder: str) -> Places:
        return Places(self.site.root, folder, self.site.mount_point)

    def proposals(self, person: Person) -> tuple[str, ...]:
        """Names for a new folder: the full name in letters, as the lab does by hand, and the OpenPAI user."""
        from pypinyin import lazy_pinyin

        letters = "".join(lazy_pinyin(person.name)).lower()
        found = ["".join(re.findall(r"[a-z0-9]", letters))[:32], person.openpai_user]
        return tuple(dict.fromkeys(name for name in found if _NAME.fullmatch(name)))

    async def choose(self, person: Person, name: str) -> Places | None:
        """The folder is theirs from now on; None: it existed before, so the admins are asked whose it is."""
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise UserError("folder-bad-name", name=name[:80])
        if (own := await self.of(person)) is not None:
            return own
        owner = await self._db.read(lambda uow: uow.folders.owner(name))
        if owner is not None:
            raise UserError("folder-taken", name=name)
        if await self.store.has_folder(name) and person.role is not Role.ADMIN:
            await self._ask_admins(person, name)
            return None
        return await self._take(person.id, name)

    async def grant(self, admin: Person, applicant: int, name: str) -> None:
        """An admin says that this folder, which was there before, is that person's; they are told."""
        await self._take(applicant, name)
        await self._decided(admin, applicant, name, text("folder-granted", name=name))

    async def refuse(self, admin: Person, applicant: int, name: str) -> None:
        await self._decided(admin, applicant, name, text("folder-refused", name=name))

    async def _take(self, person: int, name: str) -> Places:
        """First in our book, so that nobody else gets it; then on the server."""
        now = self._clock()

        def take(uow: UnitOfWork) -> bool:
            uow.folders.take(person, name, now)
            uow.audit.add(now, person, None, "folder", name, "done")
            return uow.folders.of(person) == name

        if not await self._db.write(take):
            raise UserError("folder-taken", name=name)
        with suppress(Exists):
            await self.store.make_folder(name)
        return self.places(name)

    async def _ask_admins(self, person: Person, name: str) -> None:
        now = self._clock()
        payload: dict[str, str | int] = {"person": person.id, "name": name}
        buttons = (
            (
                Button(text("button-folder-grant"), "folder.grant", payload, once=True),
                Button(text("button-folder-refuse"), "folder.refuse", payload, once=True),
            ),
        )

        def ask(uow: UnitOfWork) -> None:
            # Once a day, and again after they said no: people talk to each other meanwhile.
            refused = uow.audit.count("folder-refused", name, str(person.id))
            for admin in uow.people.admins():
                line = text("folder-ask-admin", person=person.name, name=name, id=str(person.id))
                once = f"folder:{person.id}:{name}:{refused}:{admin.id}:{now:%Y%m%d}"
                owed = Owed(once, admin.id, (line,), admin.language, buttons, admin.id)
                uow.outbox.owe(owed, now)

        await self._db.write(ask)

    async def _decided(self, admin: Person, applicant: int, name: str, line: Text) -> None:
        now = self._clock()

        def tell(uow: UnitOfWork) -> None:
            uow.audit.add(now, admin.id, None, line.key, name, "done", str(applicant))
            person = uow.people.get(applicant)
            if person is not None:
                once = f"{line.key}:{applicant}:{name}:{now:%Y%m%d%H%M}"
                lines, language = (line,), person.language
                owed = Owed(once, applicant, lines, language, priority=Priority.ALERT)
                uow.outbox.owe(owed, now)

        await self._db.write(tell)
