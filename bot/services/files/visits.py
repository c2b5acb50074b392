"""Pages for one person: opened by a link, or by a short code on another computer."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.files.paths import FilePath, Places
from bot.domain.people import Person
from bot.services.files.folders import Folders
from db import Database, UnitOfWork

LINK_SECONDS = 3 * 86400
"""Long enough for what a laptop sends over a weekend."""
CODE_SECONDS = 600
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without what looks alike."""
CODE_LENGTH = 8
ACTION = "web.upload"
EDIT = "web.edit"
EDIT_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Invitation:
    """`token` goes into the link; `code` is typed where the link can't be opened."""

    token: str
    code: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, and which directory it is about."""

    token: str
    person: Person
    place: Places
    path: FilePath


class Visits:
    """Only hashes of links and codes are stored: whoever reads the database can't use them."""

    def __init__(self, db: Database, folders: Folders, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._folders = folders
        self._clock = clock

    async def invite(self, person: Person, path: FilePath) -> Invitation:
        token = secrets.token_urlsafe(18)
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        now = self._clock()
        payload = {"path": str(path)}

        def keep(uow: UnitOfWork) -> None:
            for row, seconds, once in (
                (_hash("link", token), LINK_SECONDS, False),
                (_hash("code", code), CODE_SECONDS, True),
            ):
                uow.buttons.create(
                    row, person.id, ACTION, payload,
                    chat=person.id, now=now, lives_seconds=seconds, once=once,
                )  # fmt: skip

        await self._db.write(keep)
        return Invitation(token, code)

    async def edit(self, person: Person, path: FilePath) -> str:
        """A link to the page on which this one file is edited."""
        token, now = secrets.token_urlsafe(18), self._clock()

        def keep(uow: UnitOfWork) -> None:
            uow.buttons.create(
                _hash("link", token), person.id, EDIT, {"path": str(path)},
                chat=person.id, now=now, lives_seconds=EDIT_SECONDS,
            )  # fmt: skip

        await self._db.write(keep)
        return token

    async def enter(self, code: str) -> str | None:
        """A link for whoever typed a code that is still good; each code opens once."""
        code = "".join(code.upper().split()).replace("-", "")
        now, row = self._clock(), _hash("code", code)
        token = secrets.token_urlsafe(18)

        def exchange(uow: UnitOfWork) -> bool:
            found = uow.buttons.open(row, now)
            if found is None or found.expired or found.action != ACTION or found.owner is None:
                return False
            if not uow.buttons.use(row, token):
                return False
            uow.buttons.create(
                _hash("link", token), found.owner, ACTION, found.payload,
                chat=found.chat, now=now, lives_seconds=LINK_SECONDS,
            )  # fmt: skip
            return True

        return token if await self._db.write(exchange) else None

    async def visit(self, token: str, action: str = ACTION) -> Visit | None:
        """None for a link that is wrong, expired, or whose person has no folder any more."""
        now = self._clock()

        def look(uow: UnitOfWork) -> tuple[Person | None, str]:
            found = uow.buttons.open(_hash("link", token), now)
            if found is None or found.expired or found.action != action or found.owner is None:
                return None, ""
            return uow.people.get(found.owner), str(found.payload["path"])

        person, path = await self._db.read(look)
        place = None if person is None else await self._folders.of(person)
        if person is None or place is None:
            return None
        return Visit(token, person, place, FilePath.of(path))


def _hash(kind: str, secret: str) -> str:
    return f"web-{hashlib.sha256(f'{kind}:{secret}'.encode()).hexdigest()}"
