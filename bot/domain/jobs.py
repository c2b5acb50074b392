"""Jobs as OpenPAI knows them, and what changed between two looks at them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    """`jobStatus.state` of OpenPAI, in lower case; `unknown` also stands for states we never heard of."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    UNKNOWN = "unknown"

    @property
    def final(self) -> bool:
        return self in FINAL


FINAL = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.STOPPED})


@dataclass(frozen=True, slots=True, order=True)
class JobRef:
    """A job's address. Names are used up for ever, so it names one job for all time."""

    user: str
    name: str

    def __str__(self) -> str:
        return f"{self.user}~{self.name}"

    @classmethod
    def parse(cls, words: str, own: str = "") -> "JobRef":
        """`bob~x` is Bob's, `x` is `own`'s. The last `~` can't be part of a name, the first ends the user."""
        user, tilde, name = words.partition("~")
        return cls(user, name) if tilde else cls(own, words)


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the job list."""

    ref: JobRef
    state: JobState
    stop_requested: bool = False
    """`executionType` is STOP; a finished job may say so too (contracts/openpai.md 3)."""
    retries: int = 0
    """How often it was tried again; the running attempt has this index."""
    submitted_at: datetime | None = None
    launched_at: datetime | None = None
    completed_at: datetime | None = None
    exit_code: int | None = None
    """Set while a failing job still counts as running; null before."""
    vc: str = ""
    gpus: int = 0
    tasks: int = 1
    priority: str = ""
    tags: tuple[str, ...] = ()


class Event(StrEnum):
    """What a person is told of a job's life (product 5)."""

    STARTED = "started"
    RETRYING = "retrying"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"


_ENDS = {
    JobState.SUCCEEDED: Event.SUCCEEDED,
    JobState.FAILED: Event.FAILED,
    JobState.STOPPED: Event.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What was known, and told, of a job after the last look at it."""

    state: JobState
    retries: int = 0
    told_attempt: int = -1
    """The latest attempt whose start was told, or needs no telling any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """A job that is not as it was known. It may be new (`before` is None), and nothing worth telling."""

    job: Job
    before: Known | None
    after: Known
    events: tuple[Event, ...] = ()
    """Of attempt `job.retries`; `retrying` comes before `started`."""

    def happened_at(self, event: Event) -> datetime | None:
        """When, by OpenPAI's clock: nobody is told of what was before they linked their account."""
        if event in {Event.STARTED, Event.RETRYING}:
            return self.job.launched_at or self.job.submitted_at
        return self.job.completed_at or self.job.launched_at or self.job.submitted_at


def transitions(known: Mapping[JobRef, Known], seen: Iterable[Job]) -> list[Change]:
    """Compare what was known with what the cluster shows now; pure, and silent about what is unclear.

    An end is final: whatever a late or stale answer says of the job afterwards changes nothing, nor does
    an answer older than what is known (fewer retries) or a state we never heard of. Between two attempts
    a job runs on, then waits again: only the retry is news (contracts/openpai.md 3).
    """
    found = (_change(known.get(job.ref), job) for job in seen)
    return [change for change in found if change is not None]


def _change(before: Known | None, job: Job) -> Change | None:
    if before is not None and (
        before.state.final or job.retries < before.retries or job.state is JobState.UNKNOWN
    ):
        return None
    told = before.told_attempt if before else -1
    events: tuple[Event, ...] = ()
    if job.state in _ENDS:
        events = (_ENDS[job.state],)
    elif job.state is not JobState.UNKNOWN:
        if before is not None and job.retries > before.retries:
            events = (Event.RETRYING,)
        if _runs(job) and job.retries > told:
            events = (*events, Event.STARTED)
    if Event.STARTED in events or job.state.final:
        told = job.retries
    after = Known(job.state, job.retries, told)
    return None if after == before else Change(job, before, after, events)


def _runs(job: Job) -> bool:
    """A failing job still counts as running, with its exit code set: too late to tell of its start."""
    return job.state is JobState.RUNNING and job.exit_code is None and not job.stop_requested


_ERROR = re.compile(
    r"\w*(Error|Exception|Interrupt)\b|\b[Kk]illed\b|\b(error|fatal|No such file)\b"
)


@dataclass(frozen=True, slots=True)
class Exit:
    """Why an attempt ended, from the exit spec and the runtime's own message; most parts may be missing."""

    code: int
    phrase: str = ""
    type: str = ""
    """`USER_FAILURE`, `PLATFORM_FAILURE`, …"""
    reason: str = ""
    solution: tuple[str, ...] = ()
    user_code: int | None = None
    """The person's own exit code (`originUserExitCode`); `code` is what the runtime made of it."""
    log: tuple[str, ...] = ()
    """The last lines of the user log, about 15 (`errorLogs.user`)."""
    diagnostics: str = ""
    trigger: str = ""

    @property
    def shown_code(self) -> int:
        """The person's own code where the runtime told it."""
        return self.code if self.user_code is None else self.user_code

    @property
    def understood(self) -> bool:
        """Whether phrase and reason say anything: 255 and 256 only say that nobody knows."""
        return self.code not in {255, 256}

    @property
    def last_words(self) -> str:
        """The line of the log that names the error; the last one that says anything, if none does."""
        lines = [line.strip() for line in self.log if line.strip()]
        named = (line for line in reversed(lines) if _ERROR.search(line))
        return next(named, lines[-1] if lines else "")


@dataclass(frozen=True, slots=True)
class Task:
    """One instance of a task role. `role` is the normalised name, the only one log paths accept."""

    role: str
    index: int
    state: JobState
    node: str = ""
    host: str = ""
    """Address of the node (OpenPAI calls it containerIp)."""
    ports: tuple[tuple[str, int], ...] = ()
    attempt: int = 0
    exit: Exit | None = None


@dataclass(frozen=True, slots=True)
class JobDetail:
    """All there is to know of one job at one attempt. GPUs and priority are known from the list only."""

    job: Job
    attempt: int | None = None
    """Index of the attempt; none right after the submission."""
    attempt_state: JobState = JobState.UNKNOWN
    attempt_launched_at: datetime | None = None
    attempt_completed_at: datetime | None = None
    exit: Exit | None = None
    tasks: tuple[Task, ...] = ()
    retry_delay_seconds: int | None = None
    user_retries: int = 0
    platform_retries: int = 0


@dataclass(frozen=True, slots=True)
class JobQuery:
    """What `GET /jobs` can be asked. Empty means all."""

    users: tuple[str, ...] = ()
    vcs: tuple[str, ...] = ()
    states: tuple[JobState, ...] = ()
    keyword: str = ""
    """A substring of user, job or virtual cluster; case-sensitive; `%` and `_` are wildcards there."""
    tags: tuple[str, ...] = ()
    without_tags: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    order: str = "submissionTime,DESC"
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class JobPage:
    jobs: tuple[Job, ...]
    total: int  # of all that match, on every page


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything the watcher looked at in one tick, unfinished first, then the newest finished."""

    jobs: tuple[Job, ...]
    etag: str = ""


@dataclass(frozen=True, slots=True)
class LogText:
    """A piece of a log. `size` is the whole file's when known; `start` where the piece begins, in bytes."""

    data: bytes
    start: int = 0
    size: int | None = None


@dataclass(frozen=True, slots=True)
class JobEvent:
    type: str
    reason: str
    message: str
    at: datetime | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class VirtualCluster:
    """Free = guaranteed - used; `total` still counts GPUs of broken nodes (contracts/openpai.md 5)."""

    name: str
    gpus_used: int
    gpus_guaranteed: int
    gpus_total: int
    dedicated: bool = False

    @property
    def gpus_free(self) -> int:
        return max(0, self.gpus_guaranteed - self.gpus_used)


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    gpus_used: int
    gpus_free: int
    gpus_total: int


@dataclass(frozen=True, slots=True)
class Sku:
    name: str
    gpus: int
    cpus: int
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Storage:
    name: str
    default: bool = False
    share: bool = True


@dataclass(frozen=True, slots=True)
class ClusterInfo:
    version: str
    """`v1.8.1`; empty when the server could not read it."""
    oidc: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A user of OpenPAI: never with `extension`, which holds a private key (contracts/openpai.md 9)."""

    name: str
    admin: bool = False
    vcs: tuple[str, ...] = ()
    email: str = ""
    token_expires_at: datetime | None = None
    """Of the token that was checked; None for an application token, which has no end."""
