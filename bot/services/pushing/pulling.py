"""The site's pull-only robot, with which jobs of people without a login of their own pull the lab's private images."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex

import structlog

from bot.domain.errors import Denied, UserError
from bot.domain.images.ports import Hub, Registries
from bot.domain.images.reference import Reference
from bot.domain.people import Person, Token
from bot.services.images.logins import HARBOR, Logins
from db import Database, UnitOfWork

log = structlog.get_logger(__name__)

DAYS = 30
LEAST_LEFT = timedelta(days=8)
"""A draft lives seven days and its job may wait: what ends sooner is not given away any more."""


class Pulling:
    def __init__(
        self,
        db: Database,
        hub: Hub | None,
        registries: Registries,
        logins: Logins,
        project: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`project` is the lab's own: other projects are their members' business."""
        self._db = db
        self._hub = hub
        self._registries = registries
        self._logins = logins
        self._project = project
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def login(self, person: Person, image: Reference) -> Token | None:
        """A login that has just been seen to pull this image; None where there can be none.

        Raises NotFound when the image is not there, and Blocked, which only somebody let in can know.
        """
        ours = self._registries.system_of(image.host) == HARBOR
        fits = ours and image.project == self._project
        if self._hub is None or not fits or not self._logins.has_caretaker:
            return None
        async with self._one_at_a_time:
            if (kept := await self._kept(image)) is not None:
                return kept
            made = await self._make(person)
        if made is None:
            return None
        try:
            await self._registries.look(image, made)
        except Denied:
            return None
        return made

    async def _kept(self, image: Reference) -> Token | None:
        """One that was revoked behind our back is forgotten here too."""
        after = self._clock() + LEAST_LEFT
        kept = await self._db.read(lambda uow: uow.robots.pulling(self._project, after))
        if kept is None:
            return None
        robot, name, secret, _ = kept
        token = Token(HARBOR, name, secret)
        try:
            await self._registries.look(image, token)
        except Denied:
            now = self._clock()
            await self._db.write(lambda uow: uow.robots.gone(robot, now))
            return None
        return token

    async def _make(self, person: Person) -> Token | None:
        assert self._hub is not None  # noqa: S101 - `login` has looked
        now, name = self._clock(), f"pailot-pull-{token_hex(3)}"
        until = now + timedelta(days=DAYS)
        row = await self._db.write(
            lambda uow: uow.robots.begin(f"pull:{name}", None, self._project, name, now, until)
        )
        try:
            robot = await self._hub.make_robot(self._project, name, DAYS, self._logins.caretaker)
        except UserError as trouble:
            log.warning("no robot could be made for pulling", why=trouble.text.key)
            return None

        def keep(uow: UnitOfWork) -> None:
            uow.robots.made(
                row, robot.id, robot.name, robot.expires_at or until, secret=robot.secret
            )
            uow.audit.add(now, person.id, person.id, "robot-create", robot.name, "done", "pull")

        await self._db.write(keep)
        return Token(HARBOR, robot.name, robot.secret)
