"""Errands on the storage server: planned, wanted, under way, over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from db.ids import random_id
from db.models import errands
from db.statements import Statement, Transaction, add

OPEN = ("waiting", "running", "naming", "cancelling")


@dataclass(frozen=True, slots=True)
class Errand:
    """`state`: `planned` (shown, not wanted yet), `waiting`, `running`, `naming` (whole), `cancelling`, or its end."""

    id: str
    key: str
    person_id: int
    kind: str
    spec: dict[str, Any]
    state: str
    created_at: datetime


_ADD = add(errands)
_BY_KEY = Statement(select(errands).where(errands.c.key == bindparam("of")))
_GET = Statement(select(errands).where(errands.c.id == bindparam("of")))
_OPEN = Statement(select(errands).where(errands.c.state.in_(OPEN)).order_by(errands.c.created_at))
_OF_PERSON = Statement(
    select(func.count())
    .select_from(errands)
    .where(errands.c.person_id == bindparam("person"), errands.c.state.in_(OPEN))
)
_MOVE = Statement(
    update(errands)
    .where(errands.c.id == bindparam("of"), errands.c.state == bindparam("before"))
    .values(state=bindparam("to"))
)
_END = Statement(
    update(errands)
    .where(errands.c.id == bindparam("of"), errands.c.state.in_(OPEN))
    .values(state=bindparam("to"), spec=bindparam("empty"))
)
_CHANGE = Statement(
    update(errands)
    .where(errands.c.id == bindparam("of"), errands.c.state.in_((*OPEN, "planned")))
    .values(spec=bindparam("new"))
)
_SWEEP = Statement(
    delete(errands).where(errands.c.state.not_in(OPEN), errands.c.created_at < bindparam("before"))
)


class Errands:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def plan(self, key: str, person: int, kind: str, spec: dict[str, Any], now: datetime) -> Errand:
        """Written down to be agreed to; the same key makes one."""
        self._tx.run(
            _ADD,
            id=random_id(),
            key=key,
            person_id=person,
            kind=kind,
            spec=spec,
            state="planned",
            created_at=now,
        )
        made = self._tx.one(Errand, _BY_KEY, of=key)
        assert made is not None  # noqa: S101 - just written, or there before
        return made

    def get(self, errand: str) -> Errand | None:
        return self._tx.one(Errand, _GET, of=errand)

    def open(self) -> list[Errand]:
        """Wanted, and not over; the oldest first."""
        return self._tx.all(Errand, _OPEN)

    def count(self, person: int) -> int:
        """How many of somebody's are open."""
        row = self._tx.row(_OF_PERSON, person=person)
        return 0 if row is None else int(row[0])

    def move(self, errand: str, before: str, state: str) -> bool:
        """False when it was not in the state `before`."""
        return self._tx.run(_MOVE, of=errand, before=before, to=state) == 1

    def change(self, errand: str, spec: dict[str, Any]) -> None:
        self._tx.run(_CHANGE, of=errand, new=spec)

    def end(self, errand: str, state: str) -> bool:
        """`done`, `failed` or `cancelled`; what it was about is forgotten. False when it was over already."""
        return self._tx.run(_END, of=errand, to=state, empty={}) == 1

    def sweep(self, before: datetime) -> None:
        """Forget what was over, or only planned, by then."""
        self._tx.run(_SWEEP, before=before)
