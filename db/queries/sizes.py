"""How much each folder held when it was last counted, and of what its person was told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from db.models import folder_sizes, folders
from db.statements import Statement, Transaction, put


@dataclass(frozen=True, slots=True)
class FolderSize:
    person_id: int
    used_bytes: int
    complete: bool
    level: int
    """Which warning its size calls for: 0 none, 1 near the quota, 2 over it."""
    counted_at: datetime
    reminded_at: datetime | None = None
    not_reminded_until: datetime | None = None


_OF = folder_sizes.c.person_id == bindparam("person")
_GET = Statement(select(folder_sizes).where(_OF))
_ALL = Statement(
    select(folders.c.name, *folder_sizes.c)
    .select_from(folders.join(folder_sizes, folders.c.person_id == folder_sizes.c.person_id))
    .order_by(folder_sizes.c.used_bytes.desc(), folders.c.name)
)
_STALE = Statement(
    select(folders.c.person_id, folders.c.name)
    .select_from(
        folders.join(folder_sizes, folders.c.person_id == folder_sizes.c.person_id, isouter=True)
    )
    .where(folder_sizes.c.counted_at.is_(None) | (folder_sizes.c.counted_at < bindparam("before")))
    .order_by(folder_sizes.c.counted_at, folders.c.name)
)
_PUT = put(folder_sizes, change=["used_bytes", "complete", "level", "counted_at", "reminded_at"])
_KEEP = Statement(
    update(folder_sizes)
    .where(_OF)
    .values(not_reminded_until=bindparam("until", type_=folder_sizes.c.not_reminded_until.type))
)


class FolderSizes:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def get(self, person: int) -> FolderSize | None:
        return self._tx.one(FolderSize, _GET, person=person)

    def all(self) -> list[tuple[str, FolderSize]]:
        """With the folders' names, the largest first."""
        return [(row[0], FolderSize(*row[1:])) for row in self._tx.rows(_ALL)]

    def to_count(self, before: datetime) -> list[tuple[int, str]]:
        """(person, folder) of those not counted since `before`."""
        return [(row[0], row[1]) for row in self._tx.rows(_STALE, before=before)]

    def put(self, size: FolderSize) -> None:
        """All of it but `not_reminded_until`, which only its person changes."""
        self._tx.run(
            _PUT, person_id=size.person_id, used_bytes=size.used_bytes, complete=size.complete,
            level=size.level, counted_at=size.counted_at, reminded_at=size.reminded_at,
            not_reminded_until=None,
        )  # fmt: skip

    def not_reminded(self, person: int, until: datetime) -> None:
        self._tx.run(_KEEP, person=person, until=until)
