"""The detail of a job: its latest attempt, its tasks, and why it ended."""

from dataclasses import replace
from typing import Any

from bot.domain.errors import Unavailable
from bot.domain.exits import exit_of
from bot.domain.jobs import Exit, Job, JobDetail, JobRef, Task
from bot.openpai.wire.answers import Answer, payload
from bot.openpai.wire.listing import state_of
from bot.openpai.wire.loose import count, moment, rows, table, text, texts, whole
from bot.openpai.wire.requests import SYSTEM, Request


def detail(answer: Answer, request: Request) -> JobDetail:
    """Right after a submission there are no tasks, no attempt and no times.

    GPUs and priority are never part of a detail (contracts/openpai.md 3), so they are 0 and "" here.
    """
    body = table(payload(answer, request))
    status = table(body.get("jobStatus"))
    ref = JobRef(text(status.get("username")), text(body.get("name")))
    if not ref.user or not ref.name:
        raise Unavailable(SYSTEM, "the job could not be read")
    tasks = tuple(
        task(text(role), described)
        for role, statuses in table(body.get("taskRoles")).items()
        for described in rows(table(statuses).get("taskStatuses"))
    )
    retried = table(status.get("retryDetails"))
    return JobDetail(
        job=Job(
            ref,
            state_of(status.get("state")),
            stop_requested=status.get("executionType") == "STOP",
            retries=count(status.get("retries")),
            submitted_at=moment(status.get("submissionTime")),
            launched_at=moment(status.get("launchedTime")),
            completed_at=moment(status.get("completedTime")),
            exit_code=whole(status.get("appExitCode")),
            vc=text(status.get("virtualCluster")),
            tasks=len(tasks) or 1,
            tags=texts(body.get("tags")),
        ),
        attempt=whole(status.get("attemptId")),
        attempt_state=state_of(status.get("attemptState")),
        attempt_launched_at=moment(status.get("appLaunchedTime")),
        attempt_completed_at=moment(status.get("appCompletedTime")),
        exit=_job_exit(status),
        tasks=tasks,
        retry_delay_seconds=whole(status.get("retryDelayTime")),
        user_retries=count(retried.get("user")),
        platform_retries=count(retried.get("platform")),
    )


def task_attempts(answer: Answer, request: Request) -> tuple[Task, ...]:
    """Every attempt of one task, the latest first."""
    body = table(payload(answer, request))
    role, index = text(body.get("taskRoleName")), count(body.get("taskIndex"))
    return tuple(
        task(
            role,
            {**table(attempt), "taskIndex": index, "taskState": table(attempt).get("attemptState")},
        )
        for attempt in rows(body.get("attempts"))
    )


def task(role: str, described: object) -> Task:
    raw = table(described)
    return Task(
        role=role,
        index=count(raw.get("taskIndex")),
        state=state_of(raw.get("taskState")),
        node=text(raw.get("containerNodeName")),
        host=text(raw.get("containerIp")),
        ports=_ports(raw.get("containerPorts")),
        attempt=count(raw.get("attemptId")),
        exit=_task_exit(raw),
    )


def _ports(raw: object) -> tuple[tuple[str, int], ...]:
    """Values are strings; a label with several ports has them separated by commas."""
    found = []
    for label, value in table(raw).items():
        words = value.split(",") if isinstance(value, str) else [value]
        numbers = (whole(word.strip() if isinstance(word, str) else word) for word in words)
        found += [(label, number) for number in numbers if number is not None]
    return tuple(found)


def _job_exit(status: dict[str, Any]) -> Exit | None:
    code = whole(status.get("appExitCode"))
    if code is None:
        return None
    messages = table(status.get("appExitMessages"))
    runtime = table(messages.get("runtime"))
    said = text(table(runtime.get("errorLogs")).get("user"))
    diagnostics = text(status.get("appExitDiagnostics")) or text(messages.get("launcher"))
    return _exit(
        code,
        status.get("appExitSpec"),
        user_code=whole(runtime.get("originUserExitCode")),
        log=tuple(said.splitlines()),
        diagnostics=diagnostics,
        trigger=text(status.get("appExitTriggerMessage")),
    )


def _task_exit(raw: dict[str, Any]) -> Exit | None:
    code = whole(raw.get("containerExitCode"))
    if code is None:
        return None
    diagnostics = text(raw.get("containerExitDiagnostics"))
    return _exit(code, raw.get("containerExitSpec"), diagnostics=diagnostics)


def _exit(
    code: int,
    spec: object,
    *,
    user_code: int | None = None,
    log: tuple[str, ...] = (),
    diagnostics: str = "",
    trigger: str = "",
) -> Exit:
    """Every key of the spec but code and phrase may be missing; for the spec itself stands our own copy."""
    known = table(spec)
    if not known:
        return replace(
            exit_of(code), user_code=user_code, log=log, diagnostics=diagnostics, trigger=trigger
        )
    return Exit(
        code,
        phrase=text(known.get("phrase")),
        type=text(known.get("type")),
        reason=text(known.get("reason")),
        solution=texts(known.get("solution")),
        user_code=user_code,
        log=log,
        diagnostics=diagnostics,
        trigger=trigger,
    )
