"""Drafts: from a preview to exactly one job, by compare-and-set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update

from db.ids import random_id
from db.models import drafts
from db.statements import Statement, Transaction, add


@dataclass(frozen=True, slots=True)
class Draft:
    """`state` is open, submitting, submitted, cancelled or failed; the last three have no body any more."""

    id: str
    key: str
    person_id: int
    chat_id: int
    state: str
    submit_key: str | None
    job_user: str
    job_name: str
    body: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    expires_at: datetime


_ID = drafts.c.id == bindparam("draft")
_ADD = add(drafts)
_GET = Statement(select(drafts).where(_ID))
_BY_KEY = Statement(select(drafts).where(drafts.c.key == bindparam("of")))
_OPEN, _SUBMITTING = drafts.c.state == "open", drafts.c.state == "submitting"
_START = Statement(
    update(drafts)
    .where(_ID, or_(_OPEN, and_(_SUBMITTING, drafts.c.submit_key == bindparam("by"))))
    .values(state="submitting", submit_key=bindparam("by"), started_at=bindparam("now"))
)
_RENAME = Statement(
    update(drafts)
    .where(_ID, _SUBMITTING)
    .values(job_name=bindparam("as_name"), body=bindparam("with_body"))
)
_REOPEN = Statement(
    update(drafts).where(_ID, _SUBMITTING).values(state="open", submit_key=None, started_at=None)
)
_FINISH = Statement(
    update(drafts)
    .where(_ID, _SUBMITTING)
    .values(state="submitted", job_name=bindparam("as_name"), body=None)
)
_FAIL = Statement(update(drafts).where(_ID, _SUBMITTING).values(state="failed", body=None))
_CANCEL = Statement(
    update(drafts)
    .where(_ID, _OPEN)
    .values(state="cancelled", body=None, submit_key=bindparam("by"))
)
_RECOVERABLE = Statement(
    select(drafts)
    .where(_SUBMITTING, drafts.c.started_at <= bindparam("before"))
    .order_by(drafts.c.started_at)
)
_SWEEP = Statement(
    delete(drafts).where(drafts.c.state != "submitting", drafts.c.expires_at < bindparam("before"))
)


class Drafts:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def create(
        self,
        key: str,
        person: int,
        chat: int,
        job_user: str,
        job_name: str,
        body: Mapping[str, Any],
        now: datetime,
        expires_at: datetime,
    ) -> Draft:
        """The same key gives the same draft, as it was made first."""
        self._tx.run(
            _ADD,
            id=random_id(),
            key=key,
            person_id=person,
            chat_id=chat,
            state="open",
            submit_key=None,
            job_user=job_user,
            job_name=job_name,
            body=body,
            created_at=now,
            started_at=None,
            expires_at=expires_at,
        )
        draft = self.by_key(key)
        assert draft is not None  # noqa: S101 - just written, or there before
        return draft

    def get(self, draft: str) -> Draft | None:
        return self._tx.one(_draft, _GET, draft=draft)

    def by_key(self, key: str) -> Draft | None:
        return self._tx.one(_draft, _BY_KEY, of=key)

    def start(self, draft: str, submit_key: str, now: datetime | None = None) -> bool:
        """Open → submitting. True for the first key, and again for the same one; others are too late."""
        return self._tx.run(_START, draft=draft, by=submit_key, now=now or datetime.now(UTC)) == 1

    def rename(self, draft: str, job_name: str, body: Mapping[str, Any]) -> bool:
        """The name was taken: the next one, kept before it is used."""
        return self._tx.run(_RENAME, draft=draft, as_name=job_name, with_body=body) == 1

    def reopen(self, draft: str) -> bool:
        """It was refused for good and nothing was submitted: it may be tried again."""
        return self._tx.run(_REOPEN, draft=draft) == 1

    def finish(self, draft: str, job_name: str) -> bool:
        """The job exists. False if that was known."""
        return self._tx.run(_FINISH, draft=draft, as_name=job_name) == 1

    def fail(self, draft: str) -> bool:
        """Given up: nobody knows whether it was ever submitted."""
        return self._tx.run(_FAIL, draft=draft) == 1

    def cancel(self, draft: str, key: str) -> bool:
        """False when it is not open any more. The update that did it stands in `submit_key` then."""
        return self._tx.run(_CANCEL, draft=draft, by=key) == 1

    def recoverable(self, before: datetime) -> list[Draft]:
        """Begun before then, and nobody knows yet how it ended."""
        return self._tx.all(_draft, _RECOVERABLE, before=before)

    def sweep(self, before: datetime) -> int:
        """Forget what expired before then, but for what is under way."""
        return self._tx.run(_SWEEP, before=before)


def _draft(*row: Any) -> Draft:
    values = dict(zip(Draft.__slots__, row, strict=True))
    values["body"] = values["body"] or {}
    return Draft(**values)
