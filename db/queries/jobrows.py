"""Rows of jobs as values, and values as rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_

from bot.domain.jobs import Job, JobRef, JobState, Known
from db.models import jobs


@dataclass(frozen=True, slots=True)
class JobRow:
    """Everything that is stored of a job."""

    user: str
    name: str
    state: JobState
    stop_requested: bool
    retries: int
    told_attempt: int
    submitted_at: datetime
    """When it was first seen, if OpenPAI did not say."""
    launched_at: datetime | None
    completed_at: datetime | None
    exit_code: int | None
    vc: str
    gpus: int
    tasks: int
    priority: str
    tags: tuple[str, ...]
    note: str
    image: str
    sku: str
    stopped_by: int | None
    submitted_by: int | None
    """Telegram ids; only of what was done through Pailot."""
    explained: bool | None
    """False: its failure was told, its reason not yet."""
    first_seen_at: datetime
    changed_at: datetime

    @property
    def ref(self) -> JobRef:
        return JobRef(self.user, self.name)

    @property
    def job(self) -> Job:
        return job_of(*(getattr(self, column) for column in JOB_COLUMNS))


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which remembered jobs. Empty means all."""

    states: Collection[JobState] = ()
    since: datetime | None = None
    vcs: Collection[str] = ()
    image: str = ""
    """Part of the image's reference."""
    words: str = ""
    """Part of the name or the note, in any case."""


ALL = JobFilter()


@dataclass(frozen=True, slots=True)
class LastChoice:
    """What a person's last job ran on."""

    image: str
    vc: str
    sku: str


JOB_COLUMNS = (
    "user",
    "name",
    "state",
    "stop_requested",
    "retries",
    "submitted_at",
    "launched_at",
    "completed_at",
    "exit_code",
    "vc",
    "gpus",
    "tasks",
    "priority",
    "tags",
)
SEEN = (*JOB_COLUMNS[2:], "told_attempt", "changed_at")
"""What a look at the cluster changes."""
BESIDE_STATE = tuple(name for name in SEEN if name not in {"state", "retries", "told_attempt"})
_AFTER_STATE = JOB_COLUMNS[3:]


def pairs(refs: Iterable[JobRef]) -> list[tuple[str, str]]:
    return [(ref.user, ref.name) for ref in refs]


def by_ref(rows: Iterable[tuple[Any, ...]]) -> dict[JobRef, Known]:
    return {
        JobRef(user, name): Known(JobState(state), retries, told)
        for user, name, state, retries, told in rows
    }


def row_of(user: str, name: str, state: str, *rest: Any) -> JobRow:
    values = dict(zip(JobRow.__slots__, (user, name, JobState(state), *rest), strict=True))
    values["tags"] = tuple(values["tags"])
    return JobRow(**values)


def job_of(user: str, name: str, state: str, *rest: Any) -> Job:
    values = dict(zip(_AFTER_STATE, rest, strict=True))
    values["tags"] = tuple(values["tags"])
    return Job(JobRef(user, name), JobState(state), **values)


def seen_values(job: Job, told_attempt: int, now: datetime) -> dict[str, Any]:
    return {
        "state": job.state.value,
        "stop_requested": job.stop_requested,
        "retries": job.retries,
        "submitted_at": job.submitted_at or now,
        "launched_at": job.launched_at,
        "completed_at": job.completed_at,
        "exit_code": job.exit_code,
        "vc": job.vc,
        "gpus": job.gpus,
        "tasks": job.tasks,
        "priority": job.priority,
        "tags": job.tags,
        "told_attempt": told_attempt,
        "changed_at": now,
    }


def new_values(job: Job, told_attempt: int, now: datetime) -> dict[str, Any]:
    return {
        **seen_values(job, told_attempt, now),
        "user": job.ref.user,
        "name": job.ref.name,
        "note": "",
        "image": "",
        "sku": "",
        "stopped_by": None,
        "submitted_by": None,
        "explained": None,
        "first_seen_at": now,
    }


def filtered(query: Select[Any], user: str | None, wanted: JobFilter) -> Select[Any]:
    if user is not None:
        query = query.where(jobs.c.user == user)
    if wanted.states:
        query = query.where(jobs.c.state.in_([state.value for state in wanted.states]))
    if wanted.since is not None:
        query = query.where(jobs.c.submitted_at >= wanted.since)
    if wanted.vcs:
        query = query.where(jobs.c.vc.in_(wanted.vcs))
    if wanted.image:
        query = query.where(jobs.c.image.icontains(wanted.image, autoescape=True))
    if wanted.words:
        query = query.where(
            or_(
                jobs.c.name.icontains(wanted.words, autoescape=True),
                jobs.c.note.icontains(wanted.words, autoescape=True),
            )
        )
    return query
