"""Leases between processes, single values, and the audit trail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select

from db.columns import microseconds, moment
from db.models import audit, leases, meta
from db.statements import Statement, Transaction, given, put


@dataclass(frozen=True, slots=True)
class Lease:
    name: str
    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """Who did what to whom, when, and what came of it."""

    id: int
    at: datetime
    person_id: int | None
    chat: int | None
    action: str
    subject: str
    result: str
    detail: str


_NOW = bindparam("now", type_=leases.c.until.type)
_TAKE = put(
    leases,
    change=["owner", "until"],
    where=lambda new: (leases.c.owner == new.owner) | (leases.c.until <= _NOW),
    returning=[leases.c.owner],
)
_LEASE = Statement(select(leases).where(leases.c.name == bindparam("of")))
_RELEASE = Statement(
    delete(leases).where(leases.c.name == bindparam("of"), leases.c.owner == bindparam("by"))
)


class Leases:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def take(
        self,
        name: str,
        owner: str,
        now: datetime,
        until: datetime,
        *,
        takes_over: Callable[[str], bool] = lambda _holder: False,
    ) -> bool:
        """Take it or keep it; False while another owner holds it.

        `takes_over` says of that owner that it is gone for good, so that its time need not run out.
        """
        if self._take(name, owner, now, until):
            return True
        holder = self.get(name)
        if holder is None or not takes_over(holder.owner):
            return False
        self.release(name, holder.owner)
        return self._take(name, owner, now, until)

    def _take(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        return self._tx.row(_TAKE, name=name, owner=owner, until=until, now=now) is not None

    def get(self, name: str) -> Lease | None:
        """Who held it last, and until when."""
        return self._tx.one(Lease, _LEASE, of=name)

    def release(self, name: str, owner: str) -> bool:
        return self._tx.run(_RELEASE, of=name, by=owner) == 1


_GET = Statement(select(meta.c.value).where(meta.c.key == bindparam("of")))
_SET = put(meta, change=["value"])
_UNSET = Statement(delete(meta).where(meta.c.key == bindparam("of")))


class Meta:
    """Single values that outlive a restart."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def get(self, key: str) -> str | None:
        row = self._tx.row(_GET, of=key)
        return row[0] if row else None

    def set(self, key: str, value: str | None) -> None:
        """None forgets it."""
        if value is None:
            self._tx.run(_UNSET, of=key)
        else:
            self._tx.run(_SET, key=key, value=value)

    def time(self, key: str) -> datetime | None:
        value = self.get(key)
        return None if value is None else moment(int(value))

    def set_time(self, key: str, value: datetime) -> None:
        self.set(key, str(microseconds(value)))


_ADD = Statement(insert(audit).values(given(audit, without=["id"])))
_COUNT = Statement(
    select(func.count())
    .select_from(audit)
    .where(
        audit.c.action == bindparam("did"),
        audit.c.subject == bindparam("what"),
        audit.c.detail == bindparam("more"),
    )
)
_SWEEP = Statement(delete(audit).where(audit.c.at < bindparam("before")))


class Audit:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def add(
        self,
        now: datetime,
        person: int | None,
        chat: int | None,
        action: str,
        subject: str = "",
        result: str = "",
        detail: str = "",
    ) -> None:
        """Never give it a secret: it is kept in clear."""
        self._tx.run(
            _ADD,
            at=now,
            person_id=person,
            chat=chat,
            action=action,
            subject=subject,
            result=result,
            detail=detail,
        )

    def list(
        self,
        limit: int,
        *,
        before_id: int | None = None,
        person: int | None = None,
        action: str = "",
    ) -> list[Record]:
        """The newest first; `before_id` goes on where a page ended."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(audit.c.id < before_id)
        if person is not None:
            query = query.where(audit.c.person_id == person)
        if action:
            query = query.where(audit.c.action == action)
        return [Record(*row) for row in self._tx.core.execute(query)]

    def count(self, action: str, subject: str, detail: str) -> int:
        """How often exactly that was noted."""
        row = self._tx.row(_COUNT, did=action, what=subject, more=detail)
        return int(row[0]) if row else 0

    def sweep(self, before: datetime) -> int:
        return self._tx.run(_SWEEP, before=before)
