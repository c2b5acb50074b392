"""Jobs as OpenPAI knows them, and what changed between two looks at them."""

from dataclasses import dataclass, field
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
    """All there is to know of one job, seen at one of its attempts (the latest, unless another was asked for).

    GPUs and priority are known from the list only: `job.gpus` is 0 here.
    """

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
    total: int
    """Of all that match, on every page."""


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
    vcs: tuple[str, ...] = field(default=())
    email: str = ""
    token_expires_at: datetime | None = None
    """Of the token that was checked; None for an application token, which has no end."""
