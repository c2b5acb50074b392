"""Whose folder is which, and where things in the trash came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from db.models import folders, trash
from db.statements import Statement, Transaction, add


@dataclass(frozen=True, slots=True)
class TrashRow:
    """`origin` are the names that led to it."""

    id: str
    person_id: int
    origin: list[str]
    at: datetime


_FOLDER = Statement(select(folders.c.name).where(folders.c.person_id == bindparam("person")))
_OWNER = Statement(select(folders.c.person_id).where(folders.c.name == bindparam("of")))
_FOLDERS = Statement(select(folders.c.person_id, folders.c.name).order_by(folders.c.name))
_TAKE = add(folders)
_THROW = add(trash)
_TRASHED = Statement(
    select(trash)
    .where(trash.c.person_id == bindparam("person"))
    .order_by(trash.c.at.desc(), trash.c.id)
)
_ONE = Statement(
    select(trash).where(trash.c.person_id == bindparam("person"), trash.c.id == bindparam("of"))
)
_FORGET = Statement(
    delete(trash).where(trash.c.person_id == bindparam("person"), trash.c.id == bindparam("of"))
)
_OLD = Statement(
    select(trash).where(trash.c.at < bindparam("before")).order_by(trash.c.at).limit(200)
)


class Folders:
    """A folder is one person's, and a person has one."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def of(self, person: int) -> str | None:
        row = self._tx.row(_FOLDER, person=person)
        return None if row is None else row[0]

    def owner(self, name: str) -> int | None:
        row = self._tx.row(_OWNER, of=name)
        return None if row is None else row[0]

    def all(self) -> list[tuple[int, str]]:
        """(person, folder), by name."""
        return [(row[0], row[1]) for row in self._tx.rows(_FOLDERS)]

    def take(self, person: int, name: str, now: datetime) -> bool:
        """False when the person has one already, or somebody else has this one."""
        return self._tx.run(_TAKE, person_id=person, name=name, created_at=now) == 1


class Trash:
    """Where things came from; the things themselves lie on the storage server."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def add(self, id_: str, person: int, origin: Sequence[str], now: datetime) -> None:
        self._tx.run(_THROW, id=id_, person_id=person, origin=list(origin), at=now)

    def of(self, person: int) -> list[TrashRow]:
        """The latest first."""
        return self._tx.all(TrashRow, _TRASHED, person=person)

    def get(self, person: int, id_: str) -> TrashRow | None:
        return self._tx.one(TrashRow, _ONE, person=person, of=id_)

    def drop(self, person: int, id_: str) -> None:
        self._tx.run(_FORGET, person=person, of=id_)

    def older(self, before: datetime) -> list[TrashRow]:
        """A batch of them, the oldest first."""
        return self._tx.all(TrashRow, _OLD, before=before)
