"""Which failed jobs' logs are still to be kept in their owner's folder, and which lie there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from bot.domain.jobs import JobRef
from db.models import kept_logs
from db.statements import Statement, Transaction, add


@dataclass(frozen=True, slots=True)
class KeptLog:
    """`state` is `due` or `kept`; `not_before` is when it is tried next, or when it is cleaned away."""

    user: str
    name: str
    person_id: int
    state: str
    tries: int
    not_before: datetime
    failed_at: datetime

    @property
    def ref(self) -> JobRef:
        return JobRef(self.user, self.name)


_REF = (kept_logs.c.user == bindparam("of_user"), kept_logs.c.name == bindparam("of_name"))
_OWE = add(kept_logs)
_GET = Statement(select(kept_logs).where(*_REF))
_READY = Statement(
    select(kept_logs)
    .where(kept_logs.c.state == bindparam("of_state"), kept_logs.c.not_before <= bindparam("now"))
    .order_by(kept_logs.c.not_before)
    .limit(bindparam("most"))
)
_CHANGE = Statement(
    update(kept_logs)
    .where(*_REF)
    .values(
        state=bindparam("to_state"),
        tries=kept_logs.c.tries + 1,
        not_before=bindparam("to_time", type_=kept_logs.c.not_before.type),
    )
)
_DROP = Statement(delete(kept_logs).where(*_REF))


class KeptLogs:
    """One row for each failed job of somebody with a folder, until its log is cleaned away."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def owe(self, ref: JobRef, person: int, now: datetime) -> bool:
        """False: it is known already, and stays as it is."""
        owed = self._tx.run(
            _OWE, user=ref.user, name=ref.name, person_id=person, state="due", tries=0,
            not_before=now, failed_at=now,
        )  # fmt: skip
        return owed == 1

    def get(self, ref: JobRef) -> KeptLog | None:
        return self._tx.one(KeptLog, _GET, of_user=ref.user, of_name=ref.name)

    def due(self, now: datetime, most: int) -> list[KeptLog]:
        """To be kept now, the longest waiting first."""
        return self._tx.all(KeptLog, _READY, of_state="due", now=now, most=most)

    def outlived(self, now: datetime, most: int) -> list[KeptLog]:
        """Kept long enough."""
        return self._tx.all(KeptLog, _READY, of_state="kept", now=now, most=most)

    def later(self, ref: JobRef, when: datetime) -> None:
        self._change(ref, "due", when)

    def kept(self, ref: JobRef, until: datetime) -> None:
        self._change(ref, "kept", until)

    def drop(self, ref: JobRef) -> None:
        self._tx.run(_DROP, of_user=ref.user, of_name=ref.name)

    def _change(self, ref: JobRef, state: str, when: datetime) -> None:
        self._tx.run(_CHANGE, of_user=ref.user, of_name=ref.name, to_state=state, to_time=when)
