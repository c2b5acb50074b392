"""What an errand says of itself in its one message, and the moment from which on it cannot be cancelled."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.domain.messages import Button, Kind, Owed, Priority, Rows
from bot.domain.people import Person
from bot.domain.text import Text, text
from db import Database, Errand, UnitOfWork

TELL_SECONDS = 4.0


class Cancelled(Exception):
    """The person wanted no more of it, before it was whole."""


class Told(Protocol):
    """Says how far it is; most of what is said is thrown away."""

    async def __call__(self, line: Text) -> None: ...

    async def whole(self) -> None:
        """It is about to get its name, and somebody else's may be in the way: no way back from here.

        Raises Cancelled when the person was quicker. Called again after a death, it does nothing.
        """
        ...


class Teller:
    def __init__(
        self, db: Database, errand: Errand, person: Person, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._errand = errand
        self._person = person
        self._clock = clock
        self._last = 0.0
        self._count = 0

    async def __call__(self, line: Text) -> None:
        """Not more often than people can read, and nothing once it is being cancelled."""
        now = asyncio.get_running_loop().time()
        if self._last and now - self._last < TELL_SECONDS:
            return
        self._last = now
        self._count += 1
        id_, at = self._errand.id, self._clock()
        once = f"errand:{id_}:{at.timestamp():.0f}:{self._count}"
        edit = said(once, id_, self._person, line, ((stop_button(id_),),))

        def owe(uow: UnitOfWork) -> None:
            stands = uow.errands.get(id_)
            if stands is not None and stands.state == "running":
                uow.outbox.owe(edit, at)

        await self._db.write(owe)

    async def whole(self) -> None:
        id_ = self._errand.id

        def name(uow: UnitOfWork) -> bool:
            if uow.errands.move(id_, "running", "naming"):
                return True
            stands = uow.errands.get(id_)
            return stands is not None and stands.state == "naming"

        if not await self._db.write(name):
            raise Cancelled


def said(
    once: str,
    id_: str,
    person: Person,
    line: Text,
    buttons: Rows = (),
    priority: Priority = Priority.CARD,
) -> Owed:
    """In the errand's one message."""
    return Owed(
        once, person.id, (line,), person.language, buttons, person.id,
        kind=Kind.EDIT, priority=priority, card=card(id_),
    )  # fmt: skip


def card(id_: str) -> str:
    """The message that is edited."""
    return f"errand:{id_}"


def stop_button(id_: str) -> Button:
    return Button(text("button-errand-stop"), "files.errand.stop", {"id": id_})
