"""Dialogs, one per person and chat; and alerts kept back during quiet hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from db.models import dialogs, held
from db.statements import Statement, Transaction, add, put


@dataclass(frozen=True, slots=True)
class Dialog:
    """Where somebody is in a dialog. `nonce` tells this one from the one before."""

    person_id: int
    chat: int
    name: str
    step: str
    data: dict[str, Any]
    nonce: str
    message: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """One alert that was kept back."""

    id: int
    event: str
    once: str
    body: Any
    at: datetime


_ROW = (dialogs.c.person_id == bindparam("person"), dialogs.c.chat == bindparam("at"))
_GET = Statement(select(dialogs).where(*_ROW))
_PUT = put(dialogs, change=["name", "step", "data", "nonce", "message", "expires_at"])
_DROP = Statement(delete(dialogs).where(*_ROW))
_SWEEP = Statement(delete(dialogs).where(dialogs.c.expires_at < bindparam("before")))

_KEEP = add(held, without=["id"])
_PEOPLE = Statement(select(held.c.person_id).distinct().order_by(held.c.person_id))
_OF = held.c.person_id == bindparam("person")
_HELD = Statement(
    select(held.c.id, held.c.event, held.c.once, held.c.body, held.c.at)
    .where(_OF)
    .order_by(held.c.id)
)
_TAKE = Statement(delete(held).where(_OF))


class Dialogs:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def get(self, person: int, chat: int) -> Dialog | None:
        """Also one that expired and was not swept yet: look at `expires_at`."""
        return self._tx.one(Dialog, _GET, person=person, at=chat)

    def put(
        self,
        person: int,
        chat: int,
        name: str,
        data: Mapping[str, Any],
        expires_at: datetime,
        *,
        step: str = "",
        nonce: str = "",
        message: int | None = None,
    ) -> None:
        """In place of whatever dialog there was."""
        self._tx.run(
            _PUT,
            person_id=person,
            chat=chat,
            name=name,
            step=step,
            data=data,
            nonce=nonce,
            message=message,
            expires_at=expires_at,
        )

    def drop(self, person: int, chat: int) -> bool:
        return self._tx.run(_DROP, person=person, at=chat) == 1

    def sweep(self, before: datetime) -> int:
        return self._tx.run(_SWEEP, before=before)


class HeldBack:
    """Alerts that wait for the end of somebody's quiet hours."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def keep(self, person: int, event: str, once: str, body: Any, now: datetime) -> bool:
        """`body` is anything that is JSON. False if `once` is kept already."""
        kept = self._tx.run(_KEEP, person_id=person, event=event, once=once, body=body, at=now)
        return kept == 1

    def people(self) -> list[int]:
        """For whom something is kept."""
        return [person for (person,) in self._tx.rows(_PEOPLE)]

    def take(self, person: int) -> list[Held]:
        """All of it, oldest first; it is not kept any longer."""
        found = self._tx.all(Held, _HELD, person=person)
        if found:
            self._tx.run(_TAKE, person=person)
        return found
