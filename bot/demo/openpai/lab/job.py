"""A job as the cluster knows it: roles, attempts, tasks and their containers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import md5
from typing import Any

from bot.demo.openpai.lab.hardware import Seat
from bot.demo.openpai.runs.exits import ATTEMPT_COMPLETION, STOP_REQUESTED, Exit
from bot.demo.openpai.runs.outcome import Outcome, Run


class Phase(StrEnum):
    """`subState`, in the order in which an attempt passes through them."""

    CREATION_PENDING = "AttemptCreationPending"
    CREATION_REQUESTED = "AttemptCreationRequested"
    PREPARING = "AttemptPreparing"
    RUNNING = "AttemptRunning"
    DELETION_PENDING = "AttemptDeletionPending"
    DELETION_REQUESTED = "AttemptDeletionRequested"
    DELETING = "AttemptDeleting"
    ATTEMPT_COMPLETED = "AttemptCompleted"
    COMPLETED = "Completed"


PRIORITY = {"prod": 100, "test": 10, "oppo": -1}


def state_of(phase: Phase, exit_code: int | None) -> str:
    """OpenPAI's state is derived: a failing job stays RUNNING until it is Completed."""
    stopped = exit_code in {STOP_REQUESTED, ATTEMPT_COMPLETION}
    match phase:
        case Phase.CREATION_PENDING | Phase.CREATION_REQUESTED | Phase.PREPARING:
            return "WAITING"
        case Phase.RUNNING:
            return "RUNNING"
        case Phase.COMPLETED:
            return "SUCCEEDED" if exit_code == 0 else "STOPPED" if stopped else "FAILED"
        case _:
            return "STOPPING" if stopped else "RUNNING"


@dataclass(frozen=True, slots=True)
class Role:
    """A task role as requested; `name` is the normalised one that every answer uses."""

    name: str
    instances: int
    image: str
    commands: Sequence[str]
    gpu: int
    cpu: int
    memory_mb: int
    sku: str | None
    cells: int
    ports: Mapping[str, int]
    min_failed: int
    min_succeeded: int
    task_retries: int


@dataclass(slots=True)
class Pod:
    """One try of one task in one container. `launch_at` and `end_at` are what lies ahead."""

    index: int
    uid: str
    ports: Mapping[str, str]
    created: float
    seat: Seat | None = None
    node: str | None = None
    address: str | None = None
    launched: float | None = None
    completed: float | None = None
    exit: Exit | None = None
    launch_at: float | None = None
    end_at: float | None = None
    run: Run | None = None

    @property
    def waiting(self) -> bool:
        return self.node is None and self.completed is None

    @property
    def state(self) -> str:
        if self.exit is not None and self.completed is not None:
            return state_of(Phase.COMPLETED, self.exit.code)
        return "WAITING" if self.launched is None else "RUNNING"


@dataclass(slots=True)
class Task:
    role: Role
    index: int
    pods: list[Pod] = field(default_factory=list)
    accountable: int = 0

    @property
    def pod(self) -> Pod:
        return self.pods[-1]

    @property
    def retries(self) -> int:
        return len(self.pods) - 1

    @property
    def launched(self) -> float | None:
        return self.pods[0].launched


@dataclass(slots=True)
class Attempt:
    index: int
    uid: str
    created: float
    launched: float | None = None
    completed: float | None = None
    exit: Exit | None = None
    trigger: tuple[str, str, int] | None = None
    tasks: list[Task] = field(default_factory=list)

    def of(self, role: str, index: int) -> Task | None:
        for task in self.tasks:
            if task.role.name == role and task.index == index:
                return task
        return None

    def pods(self) -> Iterator[Pod]:
        return (task.pod for task in self.tasks)


@dataclass(slots=True)
class Job:
    """`config` is the protocol as an object, `text` as sent (None: it never was a text).

    `outcome` counts if `planned`, else it is guessed when the job is admitted. `due` is when
    something will happen by itself, `stop_at` when a stop takes effect.
    """

    user: str
    name: str
    config: Mapping[str, Any]
    roles: Sequence[Role]
    vc: str
    priority: str | None
    submitted: float
    max_retries: int = 0
    gang: bool = True
    text: str | None = None
    outcome: Outcome = field(default_factory=Outcome)
    planned: bool = False
    phase: Phase = Phase.CREATION_PENDING
    execution: str = "START"
    created: float | None = None
    launched: float | None = None
    completed: float | None = None
    user_retries: int = 0
    platform_retries: int = 0
    retry_delay: int | None = None
    tags: list[str] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    due: float | None = None
    stop_at: float | None = None
    id: str = ""
    state: str = "WAITING"
    item: bytes | None = None

    def __post_init__(self) -> None:
        self.id = md5(self.full_name.encode(), usedforsecurity=False).hexdigest()
        self.changed()

    @property
    def full_name(self) -> str:
        return f"{self.user}~{self.name}"

    @property
    def attempt(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def exit(self) -> Exit | None:
        return self.attempts[-1].exit if self.attempts else None

    @property
    def exit_code(self) -> int | None:
        return None if self.exit is None else self.exit.code

    @property
    def retries(self) -> int:
        return self.user_retries + self.platform_retries

    @property
    def gpus(self) -> int:
        return sum(role.gpu * role.instances for role in self.roles)

    @property
    def terminal(self) -> bool:
        return self.phase is Phase.COMPLETED

    @property
    def rank(self) -> int:
        return PRIORITY[self.priority or "test"]

    @property
    def guaranteed(self) -> bool:
        return self.priority != "oppo"

    @property
    def nodes(self) -> list[str]:
        """Where its containers are now."""
        if self.attempt is None or self.terminal:
            return []
        return sorted({pod.node for pod in self.attempt.pods() if pod.node and not pod.completed})

    def changed(self) -> None:
        """To be called after every change: what is derived is derived anew."""
        self.state = state_of(self.phase, self.exit_code)
        self.item = None
