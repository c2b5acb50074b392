"""A robot account for a member: made on request, its secret shown once, its end announced."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

import structlog

from bot.domain.docker.lines import repository
from bot.domain.errors import Denied, LoginNeeded, UserError
from bot.domain.images.artifact import Robot
from bot.domain.images.ports import Hub
from bot.domain.messages import Button, Kind, Owed, Priority
from bot.domain.people import Person, Token
from bot.domain.text import text
from bot.services.images.logins import HARBOR, Logins
from db import Database, RobotRow, UnitOfWork

log = structlog.get_logger(__name__)

DAYS = 30
SHOWN = timedelta(minutes=10)
"""So long the secret stands in the chat."""
WARNED_AHEAD = timedelta(days=3)
DELETABLE = timedelta(hours=40)
"""Telegram deletes nothing older than 48 hours; what is overdue by then is overwritten."""
TRIES = 3


@dataclass(frozen=True, slots=True)
class MadeRobot:
    """`id` is our own; the card that shows it is called after that."""

    id: str
    name: str
    secret: str
    project: str
    expires_at: datetime
    shown_until: datetime
    replaced: int = 0
    """How many older ones of the same person ended with it."""

    @property
    def card(self) -> str:
        return card_of(self.id)

    def __repr__(self) -> str:
        return f"MadeRobot({self.name})"


class Robots:
    def __init__(
        self,
        db: Database,
        hub: Hub | None,
        logins: Logins,
        project: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`project` is the lab's own: Pailot makes robots for no other."""
        self._db = db
        self._hub = hub
        self._logins = logins
        self._project = project
        self._clock = clock

    async def offered(self, person: Person) -> str:
        """The project for which one can be made; empty where nobody could."""
        if self._hub is None or not self._project:
            return ""
        own = await self._logins.own(person, self._logins.hub_host)
        return self._project if self._logins.has_caretaker or own is not None else ""

    async def make(self, person: Person, key: str) -> MadeRobot:
        """It may push and pull in the lab's project. An older one of the same person ends.

        The same key again, after a death before the answer: its secret was seen by nobody, so that one is
        deleted and another made. Raises UserError where no rights allow it.
        """
        as_ = await self._maker(person)
        for attempt in range(TRIES):
            row = await self._begin(person, f"{key}:{attempt}")
            if row.number or row.gone_at:
                await self._drop(row, as_)
                continue
            return await self._carry_out(person, row, as_)
        raise UserError("robot-not-made")

    async def mine(self, person: Person) -> list[RobotRow]:
        return await self._db.read(lambda uow: uow.robots.of(person.id))

    async def delete(self, person: Person, robot: str) -> str:
        """Its name. Raises UserError when it is not theirs, or not there any more."""
        row = await self._db.read(lambda uow: uow.robots.get(robot))
        if row is None or row.person_id != person.id or row.gone_at or not row.number:
            raise UserError("robot-gone")
        await self._drop(row, await self._maker(person), strict=True)
        now = self._clock()
        await self._db.write(
            lambda uow: uow.audit.add(now, person.id, person.id, "robot-delete", row.name, "done")
        )
        return row.name

    async def tick(self) -> bool:
        """Take secrets out of chats when it is time, and warn ahead of an end; whether anything is owed."""
        now = self._clock()

        def due(uow: UnitOfWork) -> tuple[list[RobotRow], list[RobotRow]]:
            return uow.robots.to_hide(now), uow.robots.to_warn(now + WARNED_AHEAD)

        hide, warn = await self._db.read(due)
        if not hide and not warn:
            return False

        def owe(uow: UnitOfWork) -> None:
            for row in hide:
                if uow.robots.hidden(row.id) and (person := _owner(uow, row)):
                    uow.outbox.owe(hiding(row, person, now), now)
            for row in warn:
                if row.expires_at <= now:
                    uow.robots.gone(row.id, now)
                if uow.robots.warned(row.id, now) and (person := _owner(uow, row)):
                    uow.outbox.owe(warning(row, person, over=row.expires_at <= now), now)

        await self._db.write(owe)
        return True

    async def _maker(self, person: Person) -> Token:
        """The site's care-taking account, else the person's own if it may."""
        hub = self._hub
        if hub is None or not self._project:
            raise UserError("harbor-none" if hub is None else "images-which-project")
        if self._logins.has_caretaker:
            return self._logins.caretaker
        own = await self._logins.own(person, self._logins.hub_host)
        if own is None:
            raise LoginNeeded(HARBOR)
        try:
            rights = await hub.rights(await hub.project(self._project, own), own)
        except Denied:
            rights = frozenset()
        if "robot:create" not in rights:
            raise UserError("robot-no-right", project=self._project)
        return own

    async def _begin(self, person: Person, key: str) -> RobotRow:
        now, name = self._clock(), f"{repository('pailot', person.openpai_user)}-{token_hex(3)}"
        until = now + timedelta(days=DAYS)
        return await self._db.write(
            lambda uow: uow.robots.begin(key, person.id, self._project, name, now, until)
        )

    async def _carry_out(self, person: Person, row: RobotRow, as_: Token) -> MadeRobot:
        assert self._hub is not None  # noqa: S101 - `_maker` has looked
        older = [one for one in await self.mine(person) if one.project == row.project]
        # A name of its own for each try: what died on its way to us may exist there, and ends by itself.
        robot = await self._hub.make_robot(
            row.project, f"{row.name}{token_hex(2)}", DAYS, as_, push=True
        )
        now = self._clock()
        until, hidden_at = _end(robot, now), now + SHOWN

        def keep(uow: UnitOfWork) -> None:
            uow.robots.made(row, robot.id, robot.name, until, hidden_at=hidden_at)
            uow.audit.add(now, person.id, person.id, "robot-create", robot.name, "done")

        await self._db.write(keep)
        for one in older:
            await self._drop(one, as_)
        return MadeRobot(
            row.id, robot.name, robot.secret, row.project, until, hidden_at, len(older)
        )

    async def _drop(self, row: RobotRow, as_: Token, *, strict: bool = False) -> None:
        """There and here; not `strict`: what Harbor does not delete now ends by itself."""
        if self._hub is not None and row.number and not row.gone_at:
            try:
                await self._hub.delete_robot(row.number, as_)
            except UserError as trouble:
                if strict and trouble.text.key != "error-not-found":
                    raise
                log.info("a robot was not deleted; it ends by itself", robot=row.name)
        now = self._clock()
        await self._db.write(lambda uow: uow.robots.gone(row.id, now))


def card_of(robot: str) -> str:
    return f"robot:{robot}"


def hiding(row: RobotRow, person: Person, now: datetime) -> Owed:
    """As an answer, so that it never overtakes the message it takes away."""
    late = row.shown_until is not None and now - row.shown_until > DELETABLE
    return Owed(
        f"robot-hide:{row.id}",
        person.id,
        (text("robot-hidden", name=row.name),) if late else (),
        person.language,
        kind=Kind.EDIT if late else Kind.DELETE,
        priority=Priority.ANSWER,
        card=card_of(row.id),
    )


def warning(row: RobotRow, person: Person, *, over: bool) -> Owed:
    line = text("robot-ends", name=row.name, at=row.expires_at.timestamp(), over=over)
    return Owed(
        f"robot-ends:{row.id}",
        person.id,
        (line,),
        person.language,
        ((Button(text("button-robot-new"), "robot.ask"),),),
        person.id,
        priority=Priority.ALERT,
    )


def _owner(uow: UnitOfWork, row: RobotRow) -> Person | None:
    return None if row.person_id is None else uow.people.get(row.person_id)


def _end(robot: Robot, now: datetime) -> datetime:
    return robot.expires_at or now + timedelta(days=DAYS)
