"""Tests of images: jobs of ours whose result is owed to somebody, until it is told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.domain.jobs import JobRef
from db.models import jobs, trials
from db.statements import Statement, Transaction, add


@dataclass(frozen=True, slots=True)
class Trial:
    """One test; `state` and `ended_at` are the job's, as last seen."""

    user: str
    name: str
    person_id: int
    image: str
    sku: str
    created_at: datetime
    state: str = ""
    ended_at: datetime | None = None

    @property
    def ref(self) -> JobRef:
        return JobRef(self.user, self.name)


_COLUMNS = [trials.c[name] for name in ("user", "name", "person_id", "image", "sku", "created_at")]
_ADD = add(trials)
_OVER = Statement(
    select(*_COLUMNS, jobs.c.state, jobs.c.completed_at)
    .select_from(trials.join(jobs, (jobs.c.user == trials.c.user) & (jobs.c.name == trials.c.name)))
    .where(trials.c.told_at.is_(None), jobs.c.state.in_(["succeeded", "failed", "stopped"]))
    .order_by(trials.c.created_at)
    .limit(bindparam("most"))
)
_UNTOLD = Statement(select(trials.c.user, trials.c.name).where(trials.c.told_at.is_(None)))
_TOLD = Statement(
    update(trials)
    .where(
        trials.c.user == bindparam("of_user"),
        trials.c.name == bindparam("of_name"),
        trials.c.told_at.is_(None),
    )
    .values(told_at=bindparam("now"))
)


class Trials:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def begin(self, ref: JobRef, person: int, image: str, sku: str, now: datetime) -> None:
        """Submitted; begun twice it is one test."""
        self._tx.run(
            _ADD,
            user=ref.user,
            name=ref.name,
            person_id=person,
            image=image,
            sku=sku,
            created_at=now,
            told_at=None,
        )

    def over(self, limit: int) -> list[Trial]:
        """Those whose job has ended and whose result is still owed, the oldest first."""
        return self._tx.all(Trial, _OVER, most=limit)

    def untold(self) -> Collection[JobRef]:
        return frozenset(self._tx.all(JobRef, _UNTOLD))

    def told(self, ref: JobRef, now: datetime) -> bool:
        """False when it was told before: whoever gets True owes the message, in this transaction."""
        return self._tx.run(_TOLD, of_user=ref.user, of_name=ref.name, now=now) == 1
