"""Members' own keys to the storage server: made here, tried, and used for their folder from then on."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import UserError
from bot.domain.files.entries import Server
from bot.domain.files.paths import FilePath, Places
from bot.domain.files.ports import Locksmith
from bot.domain.files.sshkeys import OwnKey
from bot.domain.messages import Owed, Priority
from bot.domain.people import Person, Token
from bot.domain.text import Text, text
from db import Database, UnitOfWork

STORAGE = "storage"
UNTRIED = "storage-untried"
"""A key that was made, and that no login has shown to be good."""
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")


@dataclass(frozen=True, slots=True)
class Offered:
    key: OwnKey
    used: bool
    """It is the one in use, not one that is still to be admitted."""


class OwnKeys:
    """The private half is stored encrypted, bound to person and system, and shown to nobody."""

    def __init__(
        self, db: Database, smith: Locksmith | None, root: str, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._smith = smith
        self._root = root
        self._clock = clock

    async def offer(self, person: Person, place: Places, account: str = "") -> Offered:
        """The member's key, made now if there is none; asked again it is the same, until it is given up."""
        smith = self._needed()
        if account and not _ACCOUNT.fullmatch(account):
            raise UserError("own-key-account", account=account[:40])
        known = await self._db.read(
            lambda uow: (
                uow.credentials.get(person.id, STORAGE),
                uow.credentials.get(person.id, UNTRIED),
            )
        )
        for token in known:
            if token is not None and account in {"", token.user}:
                key = smith.read_key(token.user, place.folder, token.secret)
                return Offered(key, token.system == STORAGE)
        key = smith.make(account or place.folder.lower(), place.folder)
        token, now = Token(UNTRIED, key.account, key.private), self._clock()
        await self._db.write(lambda uow: uow.credentials.put(person.id, token, now))
        return Offered(key, used=False)

    async def try_(self, person: Person, place: Places) -> tuple[OwnKey, Server]:
        """Log in with it, and use it from now on. Raises UserError when the server does not let it in."""
        offered = await self.offer(person, place)
        server = await self._needed().enter(offered.key, place.folder)
        now = self._clock()

        def use(uow: UnitOfWork) -> None:
            token = uow.credentials.get(person.id, UNTRIED)
            if token is None:
                return
            uow.credentials.put(person.id, Token(STORAGE, token.user, token.secret), now)
            uow.credentials.drop(person.id, UNTRIED)
            uow.audit.add(now, person.id, person.id, "login storage", token.user, "done")

        await self._db.write(use)
        return offered.key, server

    async def give_up(self, person: Person, place: Places) -> OwnKey | None:
        """Deleted here; the line on the server is an admin's to remove. None: there was no key."""
        smith, now = self._needed(), self._clock()

        def drop(uow: UnitOfWork) -> Token | None:
            found = None
            for system in (UNTRIED, STORAGE):
                found = uow.credentials.get(person.id, system) or found
                if uow.credentials.drop(person.id, system):
                    uow.audit.add(now, person.id, person.id, "logout storage", system, "done")
            return found

        token = await self._db.write(drop)
        return None if token is None else smith.read_key(token.user, place.folder, token.secret)

    async def account(self, person: Person) -> str:
        """The account in which the member's own key is used; empty for the site's."""
        token = await self._db.read(lambda uow: uow.credentials.get(person.id, STORAGE))
        return "" if token is None else token.user

    async def ask_admins(self, person: Person, place: Places) -> None:
        """Show the admins what to write on the server; the same key is shown once a day."""
        key, now = (await self.offer(person, place)).key, self._clock()
        line = hashlib.sha256(key.admission.encode()).hexdigest()[:16]
        lines: tuple[Text, ...] = (
            text("own-key-ask-admin", person=person.name, folder=place.on_server(FilePath())),
            *admission(key, self._root),
        )

        def ask(uow: UnitOfWork) -> None:
            for admin in uow.people.admins():
                once = f"own-key:{person.id}:{line}:{admin.id}:{now:%Y%m%d}"
                owed = Owed(
                    once, admin.id, lines, admin.language, owner=admin.id, priority=Priority.ALERT
                )
                uow.outbox.owe(owed, now)

        await self._db.write(ask)

    def _needed(self) -> Locksmith:
        if self._smith is None:
            raise UserError("files-none")
        return self._smith


def admission(key: OwnKey, root: str) -> tuple[Text, ...]:
    """What an admin writes on the storage server, so that this key is let in."""
    return (
        text("own-key-line", account=key.account, line=key.admission),
        text("own-key-cage", account=key.account, lines=key.cage(root)),
    )


def own_key_of(uow: UnitOfWork, folder: str) -> Token | None:
    """The key of the member whose folder this is."""
    owner = uow.folders.owner(folder)
    return None if owner is None else uow.credentials.get(owner, STORAGE)
