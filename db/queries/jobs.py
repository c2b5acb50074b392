"""Jobs as last seen on the cluster, with what only Pailot knows of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, bindparam, cast, exists, func, not_, select, update

from bot.domain.jobs import Change, Job, JobRef, Known
from db.columns import Json
from db.models import jobs, trials
from db.queries.jobrows import (
    ALL,
    BESIDE_STATE,
    JOB_COLUMNS,
    SEEN,
    JobFilter,
    JobRow,
    LastChoice,
    by_ref,
    filtered,
    job_of,
    new_values,
    pairs,
    row_of,
    seen_values,
)
from db.statements import Statement, Transaction, add, put

_REF = (jobs.c.user == bindparam("of_user"), jobs.c.name == bindparam("of_name"))
_KNOWN = (jobs.c.user, jobs.c.name, jobs.c.state, jobs.c.retries, jobs.c.told_attempt)
_OPEN = jobs.c.state.not_in(["succeeded", "failed", "stopped"])
_GET = Statement(select(jobs).where(*_REF))
_NAMED = Statement(
    select(jobs.c.user, jobs.c.name)
    .where(jobs.c.name == bindparam("of_name"))
    .order_by(jobs.c.user)
)
_UNFINISHED = Statement(select(*_KNOWN).where(_OPEN))
_UNEXPLAINED = Statement(
    select(jobs)
    .where(jobs.c.explained.is_(False))
    .order_by(jobs.c.completed_at.desc())
    .limit(bindparam("most"))
)
_ADD = add(jobs)
_PUT = put(jobs, change=BESIDE_STATE)
_MOVE = Statement(
    update(jobs)
    .where(
        *_REF,
        jobs.c.state == bindparam("before_state"),
        jobs.c.retries == bindparam("before_retries"),
        jobs.c.told_attempt == bindparam("before_told"),
    )
    .values({name: bindparam(name) for name in SEEN})
)
_SUBMITTED = put(jobs, change=["note", "image", "sku", "submitted_by"])
_LAST_CHOICE = Statement(
    select(jobs.c.image, jobs.c.vc, jobs.c.sku)
    .where(
        jobs.c.user == bindparam("of_user"),
        jobs.c.image != "",
        # Whoever tests an image has not chosen it yet.
        not_(exists().where(trials.c.user == jobs.c.user, trials.c.name == jobs.c.name)),
    )
    .order_by(jobs.c.submitted_at.desc())
    .limit(1)
)


def _set(column: str) -> Statement:
    return Statement(update(jobs).where(*_REF).values({column: bindparam("to")}))


_SET_NOTE, _SET_IMAGE, _SET_SKU = _set("note"), _set("image"), _set("sku")
_STOPPED_BY, _SET_EXPLAINED = _set("stopped_by"), _set("explained")


def _of_these(*columns: ColumnElement[Any]) -> Statement:
    """Rows of many jobs, given as pairs of user and name."""
    given = bindparam("refs", type_=Json())
    sqlite = func.json_each(given).table_valued("value").alias("pair")
    user, name = (func.json_extract(sqlite.c.value, f"$[{n}]") for n in (0, 1))
    postgresql = func.json_array_elements(cast(given, JSON)).table_valued("value").alias("pair")
    words = [postgresql.c.value.op("->>")(n) for n in (0, 1)]
    return Statement(
        select(*columns).select_from(
            sqlite.join(jobs, (jobs.c.user == user) & (jobs.c.name == name))
        ),
        postgresql=select(*columns).select_from(
            postgresql.join(jobs, (jobs.c.user == words[0]) & (jobs.c.name == words[1]))
        ),
    )


_KNOWN_OF = _of_these(*_KNOWN)
_NOTES_OF = _of_these(jobs.c.user, jobs.c.name, jobs.c.note)
_IMAGES_OF = _of_these(jobs.c.user, jobs.c.name, jobs.c.image)


class Jobs:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def get(self, ref: JobRef) -> JobRow | None:
        return self._tx.one(row_of, _GET, of_user=ref.user, of_name=ref.name)

    def named(self, name: str) -> list[JobRef]:
        """Everybody's jobs of that name."""
        return self._tx.all(JobRef, _NAMED, of_name=name)

    def known(self, refs: Iterable[JobRef]) -> dict[JobRef, Known]:
        """What was known and told of these; those never seen are missing."""
        return by_ref(self._tx.rows(_KNOWN_OF, refs=pairs(refs)))

    def unfinished(self) -> dict[JobRef, Known]:
        return by_ref(self._tx.rows(_UNFINISHED))

    def unexplained(self, limit: int) -> list[JobRow]:
        """Failures that were told without their reason, the newest first."""
        return self._tx.all(row_of, _UNEXPLAINED, most=limit)

    def move(self, change: Change, now: datetime) -> bool:
        """Compare and set: True if the job was as `change.before` says (None: never seen) and is now after.

        Whoever gets True, and nobody else, owes what is to be told of it, in this transaction.
        """
        job, before, after = change.job, change.before, change.after
        if before is None:
            return self._tx.run(_ADD, **new_values(job, after.told_attempt, now)) == 1
        return (
            self._tx.run(
                _MOVE,
                **seen_values(job, after.told_attempt, now),
                of_user=job.ref.user,
                of_name=job.ref.name,
                before_state=before.state.value,
                before_retries=before.retries,
                before_told=before.told_attempt,
            )
            == 1
        )

    def upsert_many(self, seen: Iterable[Job], now: datetime) -> int:
        """Remember jobs of which nobody is to be told anything: history, or what changed beside the state.

        The state of a job that is known changes by `move` only.
        """
        return self._tx.many(_PUT, (new_values(job, job.retries, now) for job in seen))

    def submitted(
        self, job: Job, person: int, note: str, image: str, sku: str, now: datetime
    ) -> None:
        """Made through Pailot; the watcher may have seen it before us."""
        values = new_values(job, -1, now)
        values.update(note=note, image=image, sku=sku, submitted_by=person)
        self._tx.run(_SUBMITTED, **values)

    def newest(
        self,
        user: str | None,
        limit: int,
        offset: int = 0,
        wanted: JobFilter = ALL,
    ) -> list[Job]:
        """Of that user, or of everybody."""
        query = (
            filtered(select(*(jobs.c[name] for name in JOB_COLUMNS)), user, wanted)
            .order_by(jobs.c.submitted_at.desc(), jobs.c.name.desc())
            .limit(limit)
            .offset(offset)
        )
        return [job_of(*row) for row in self._tx.core.execute(query)]

    def count(
        self,
        user: str | None,
        wanted: JobFilter = ALL,
    ) -> int:
        query = filtered(select(func.count()).select_from(jobs), user, wanted)
        counted: int = self._tx.core.execute(query).scalar_one()
        return counted

    def last_choice(self, user: str) -> LastChoice | None:
        """Of the last job whose image is known."""
        return self._tx.one(LastChoice, _LAST_CHOICE, of_user=user)

    def notes(self, refs: Iterable[JobRef]) -> dict[JobRef, str]:
        """Only of those that have one."""
        return self._words(_NOTES_OF, refs)

    def images(self, refs: Iterable[JobRef]) -> dict[JobRef, str]:
        """Only of those where it is known."""
        return self._words(_IMAGES_OF, refs)

    def set_note(self, ref: JobRef, note: str) -> bool:
        return self._set(_SET_NOTE, ref, note)

    def set_image(self, ref: JobRef, image: str) -> bool:
        return self._set(_SET_IMAGE, ref, image)

    def set_images(self, images: Mapping[JobRef, str]) -> None:
        self._tx.many(
            _SET_IMAGE,
            ({"of_user": r.user, "of_name": r.name, "to": image} for r, image in images.items()),
        )

    def set_skus(self, skus: Mapping[JobRef, str]) -> None:
        """Of jobs that were not submitted through Pailot."""
        self._tx.many(
            _SET_SKU,
            ({"of_user": r.user, "of_name": r.name, "to": sku} for r, sku in skus.items()),
        )

    def stopped_by(self, ref: JobRef, person: int | None) -> bool:
        """Who stops it through Pailot, None for nobody. False if the job was never seen."""
        return self._set(_STOPPED_BY, ref, person)

    def set_explained(self, ref: JobRef, explained: bool) -> bool:
        return self._set(_SET_EXPLAINED, ref, explained)

    def _set(self, statement: Statement, ref: JobRef, value: Any) -> bool:
        return self._tx.run(statement, of_user=ref.user, of_name=ref.name, to=value) == 1

    def _words(self, statement: Statement, refs: Iterable[JobRef]) -> dict[JobRef, str]:
        rows = self._tx.rows(statement, refs=pairs(refs))
        return {JobRef(user, name): words for user, name, words in rows if words}
