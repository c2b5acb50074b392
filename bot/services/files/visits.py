"""Pages for one person: opened by a link, or by a short code on another computer."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.files.paths import FilePath, Places
from bot.domain.people import Person, Role
from bot.services.files.folders import Folders
from db import Database, Pressed, UnitOfWork

LINK_SECONDS = 3 * 86400
"""Long enough for what a laptop sends over a weekend."""
CODE_SECONDS = 600
DOWNLOAD_SECONDS = 86400
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without what looks alike."""
CODE_LENGTH = 8
UPLOAD, DOWNLOAD, EDIT = "web.upload", "web.download", "web.edit"
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
    left_seconds: float
    """So long the link is good."""
    browser: str | None = None
    """Hash of the secret of the browser that took the link; None: nobody opened it yet."""

    def is_in(self, browser: str) -> bool:
        """Whether it was this browser that took the link."""
        return bool(browser) and self.browser == _hash("browser", browser)


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
                    row, person.id, UPLOAD, payload,
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
            if found is None or found.expired or found.action != UPLOAD or found.owner is None:
                return False
            if not uow.buttons.use(row, token):
                return False
            uow.buttons.create(
                _hash("link", token), found.owner, UPLOAD, found.payload,
                chat=found.chat, now=now, lives_seconds=LINK_SECONDS,
            )  # fmt: skip
            return True

        return token if await self._db.write(exchange) else None

    async def offer(self, person: Person, path: FilePath) -> str:
        """A link by which one file is downloaded, for a day."""
        token, now = secrets.token_urlsafe(18), self._clock()

        def keep(uow: UnitOfWork) -> None:
            uow.buttons.create(
                _hash("link", token), person.id, DOWNLOAD, {"path": str(path)},
                chat=person.id, now=now, lives_seconds=DOWNLOAD_SECONDS,
            )  # fmt: skip
            uow.audit.add(now, person.id, person.id, "download", str(path)[:500], "done")

        await self._db.write(keep)
        return token

    async def claim(self, token: str) -> str | None:
        """A secret for the browser that opens an upload link first: from then on the link is good only there."""
        browser, row = secrets.token_urlsafe(18), _hash("link", token)
        taken = _hash("browser", browser)
        return browser if await self._db.write(lambda uow: uow.buttons.use(row, taken)) else None

    async def visit(self, token: str, action: str = UPLOAD) -> Visit | None:
        """None for a link that is wrong, expired, or whose person is no member or has no folder any more."""
        now = self._clock()

        def look(uow: UnitOfWork) -> tuple[Person, Pressed] | None:
            found = uow.buttons.open(_hash("link", token), now)
            if found is None or found.expired or found.action != action or found.owner is None:
                return None
            person = uow.people.get(found.owner)
            return None if person is None or person.role < Role.MEMBER else (person, found)

        known = await self._db.read(look)
        place = None if known is None else await self._folders.of(known[0])
        if known is None or place is None:
            return None
        person, found = known
        left = (found.expires_at - now).total_seconds()
        path = FilePath.of(str(found.payload["path"]))
        return Visit(token, person, place, path, left, found.used_by)


def _hash(kind: str, secret: str) -> str:
    return f"web-{hashlib.sha256(f'{kind}:{secret}'.encode()).hexdigest()}"
