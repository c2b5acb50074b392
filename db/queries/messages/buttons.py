"""Buttons: what stands behind a press, whose it is, and which update used it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, or_, select, update

from bot.domain.messages import Button, Owed
from bot.domain.text import Argument
from db.ids import base62, random_id
from db.models import buttons
from db.queries.messages.owing import DueButton
from db.statements import Statement, Transaction, put


@dataclass(frozen=True, slots=True)
class Pressed:
    """What stands behind a button. `owner` None with `anyone` False is nobody's: never acts."""

    owner: int | None
    anyone: bool
    action: str
    payload: Mapping[str, Argument]
    once: bool
    used_by: str | None
    expired: bool
    chat: int
    expires_at: datetime


_OPEN = Statement(
    select(
        buttons.c.owner,
        buttons.c.anyone,
        buttons.c.action,
        buttons.c.payload,
        buttons.c.once,
        buttons.c.used_by,
        buttons.c.expires_at,
        buttons.c.chat,
    ).where(buttons.c.id == bindparam("button"))
)
_PLACE = put(buttons, change=["used_by", "expires_at", "chat"])
_USE = Statement(
    update(buttons)
    .where(
        buttons.c.id == bindparam("button"),
        or_(buttons.c.used_by.is_(None), buttons.c.used_by == bindparam("key")),
    )
    .values(used_by=bindparam("key"))
)
_RELEASE = Statement(
    update(buttons)
    .where(buttons.c.id == bindparam("button"), buttons.c.used_by == bindparam("key"))
    .values(used_by=None)
)
_SWEEP = Statement(delete(buttons).where(buttons.c.expires_at < bindparam("before")))


class Buttons:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def keep(self, new: Iterable[dict[str, Any]]) -> None:
        """Write the rows that `plan` made."""
        self._tx.many(_PLACE, new)

    def create(
        self,
        button: str,
        owner: int | None,
        action: str,
        payload: Mapping[str, Argument],
        *,
        chat: int,
        now: datetime,
        lives_seconds: int,
        once: bool = False,
        anyone: bool = False,
    ) -> None:
        """What is opened like a button but is none: a ticket in a deep link."""
        self.keep(
            [
                {
                    "id": button,
                    "owner": owner,
                    "anyone": anyone,
                    "action": action,
                    "payload": payload,
                    "once": once,
                    "used_by": None,
                    "created_at": now,
                    "expires_at": now + timedelta(seconds=lives_seconds),
                    "chat": chat,
                }
            ]
        )

    def open(self, button: str, now: datetime) -> Pressed | None:
        """None when it was never there, or was swept after it expired."""
        row = self._tx.row(_OPEN, button=button)
        if row is None:
            return None
        owner, anyone, action, payload, once, used_by, expires_at, chat = row
        return Pressed(
            owner, anyone, action, payload, once, used_by, expires_at <= now, chat, expires_at
        )

    def use(self, button: str, update_key: str) -> bool:
        """True for the first update that uses it, and again for the same one."""
        return self._tx.run(_USE, button=button, key=update_key) == 1

    def release(self, button: str, update_key: str) -> None:
        """The update that used it could not do what was wanted: it may be pressed again."""
        self._tx.run(_RELEASE, button=button, key=update_key)

    def sweep(self, before: datetime) -> int:
        return self._tx.run(_SWEEP, before=before)


def plan(
    owed: Owed, now: datetime
) -> tuple[tuple[tuple[DueButton, ...], ...], list[dict[str, Any]]]:
    """The buttons as they go out, and a row for each that acts.

    On a card the same button keeps its id from edit to edit, so that an unchanged card is the same
    markup; offering it again makes a used one new. Elsewhere ids are random.
    """
    rows: list[dict[str, Any]] = []

    def place(button: Button) -> DueButton:
        id_ = ""
        if button.action:
            id_ = _card_id(owed.card, owed.owner, button) if owed.card else random_id()
            rows.append(
                {
                    "id": id_,
                    "owner": owed.owner,
                    "anyone": button.anyone,
                    "action": button.action,
                    "payload": button.payload,
                    "once": button.once,
                    "used_by": None,
                    "created_at": now,
                    "expires_at": now + timedelta(seconds=button.lives_seconds),
                    "chat": owed.chat,
                }
            )
        return DueButton(button.label, id_, button.url, button.copy, button.style)

    return tuple(tuple(place(button) for button in row) for row in owed.buttons), rows


def _card_id(card: str, owner: int | None, button: Button) -> str:
    what = [card, owner, button.action, button.payload, button.anyone, button.once]
    return base62(blake2b(msgspec.json.encode(what), digest_size=16).digest())
