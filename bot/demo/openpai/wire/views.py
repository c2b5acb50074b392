"""Jobs as the server shows them: list item, detail, attempts, tasks."""

from typing import Any

from bot.demo.openpai.lab.job import Attempt, Job, Phase, Pod, Task, state_of
from bot.demo.openpai.runs.exits import Exit
from bot.demo.openpai.wire.answers import encode


def ms(at: float | None) -> int | None:
    """Milliseconds with a resolution of one second."""
    return None if at is None else int(at) * 1000


def item(job: Job) -> bytes:
    """The job's line in a list, kept until the job changes."""
    if job.item is None:
        job.item = encode(
            {
                "debugId": job.id,
                "name": job.name,
                "username": job.user,
                "state": job.state,
                "subState": job.phase,
                "executionType": job.execution,
                "tags": job.tags,
                **_retries(job),
                "submissionTime": ms(job.submitted),
                "createdTime": ms(job.created),
                "launchedTime": ms(job.launched),
                "completedTime": ms(job.completed),
                "appExitCode": job.exit_code,
                "virtualCluster": job.vc,
                "totalGpuNumber": job.gpus,
                "totalTaskNumber": sum(role.instances for role in job.roles),
                "totalTaskRoleNumber": len(job.roles),
                "jobPriority": job.priority,
            }
        )
    return job.item


def _retries(job: Job) -> dict[str, Any]:
    return {
        "retries": job.retries,
        "retryDetails": {
            "user": job.user_retries,
            "platform": job.platform_retries,
            "resource": 0,
        },
        "retryDelayTime": job.retry_delay,
    }


def detail(job: Job, attempt: Attempt | None, *, hived: bool) -> dict[str, Any]:
    """The whole job, with the attempt-level part of one attempt (the latest, or an older one)."""
    roles: dict[str, Any] = {}
    if attempt is not None:
        for task in attempt.tasks:
            name = task.role.name
            role = roles.setdefault(name, {"taskRoleStatus": {"name": name}, "taskStatuses": []})
            role["taskStatuses"].append(_task(job, attempt, task, hived=hived))
    return {
        "debugId": job.id,
        "name": job.name,
        "tags": job.tags,
        "jobStatus": _status(job, attempt),
        "taskRoles": roles,
    }


def attempt_state(job: Job, attempt: Attempt) -> str:
    """An older attempt is over; the latest is where the job is."""
    code = None if attempt.exit is None else attempt.exit.code
    if attempt is job.attempt:
        return state_of(job.phase, code)
    return state_of(Phase.COMPLETED, code)


def _status(job: Job, attempt: Attempt | None) -> dict[str, Any]:
    ended = None if attempt is None else attempt.exit
    trigger = attempt.trigger if attempt is not None else None
    known: dict[str, Any] = {}
    if attempt is not None:
        known["attemptId"] = attempt.index
    known["attemptState"] = "WAITING" if attempt is None else attempt_state(job, attempt)
    if attempt is not None:
        known["appId"] = f"{attempt.index}_{attempt.uid}"
    return {
        "username": job.user,
        "state": job.state,
        "subState": job.phase,
        "executionType": job.execution,
        **_retries(job),
        "createdTime": ms(job.created),
        "launchedTime": ms(job.launched),
        "completedTime": ms(job.completed),
        **known,
        "appProgress": 0 if ended is None else 1,
        "appTrackingUrl": "",
        "appCreatedTime": ms(attempt.created if attempt else None),
        "appLaunchedTime": ms(attempt.launched if attempt else None),
        "appCompletedTime": ms(attempt.completed if attempt else None),
        **_app_exit(ended),
        "appExitTriggerMessage": trigger[0] if trigger else None,
        "appExitTriggerTaskRoleName": trigger[1] if trigger else None,
        "appExitTriggerTaskIndex": trigger[2] if trigger else None,
        "appExitType": _exit_type(ended),
        "virtualCluster": job.vc,
        "submissionTime": ms(job.submitted),
    }


def _app_exit(ended: Exit | None) -> dict[str, Any]:
    return {
        "appExitCode": ended.code if ended else None,
        "appExitSpec": ended.spec if ended else None,
        "appExitDiagnostics": ended.diagnostics if ended else None,
        "appExitMessages": ended.messages if ended else None,
    }


def _exit_type(ended: Exit | None) -> str | None:
    if ended is None:
        return None
    return "Succeeded" if ended.code == 0 else "Failed"


def log_path(job: Job, attempt: Attempt, task: Task, pod: Pod) -> str:
    return (
        f"/api/v2/jobs/{job.full_name}/attempts/{attempt.index}/taskRoles/{task.role.name}"
        f"/taskIndex/{task.index}/attempts/{pod.index}/logs"
    )


def _container(job: Job, attempt: Attempt, task: Task, pod: Pod) -> dict[str, Any]:
    return {
        "containerId": pod.uid,
        "containerIp": pod.address,
        "containerNodeName": pod.node,
        "containerPorts": pod.ports,
        "containerGpus": None,
        "containerLog": log_path(job, attempt, task, pod),
        "containerExitCode": pod.exit.code if pod.exit else None,
        "containerExitSpec": pod.exit.spec if pod.exit else None,
        "containerExitDiagnostics": pod.exit.diagnostics if pod.exit else None,
    }


def _pod_times(pod: Pod) -> dict[str, Any]:
    return {
        "attemptId": pod.index,
        "attemptState": pod.state,
        "currentAttemptCreatedTime": ms(pod.created),
        "currentAttemptLaunchedTime": ms(pod.launched),
        "currentAttemptCompletedTime": ms(pod.completed),
    }


def _hived(job: Job, task: Task, *, hived: bool) -> dict[str, Any]:
    if not hived:
        return {}
    return {
        "hived": {
            "affinityGroupName": f"{job.vc}/{job.id}-{task.role.name}-{task.index}",
            "lazyPreempted": None,
            "lazyPreemptionStatus": None,
        }
    }


def _uid(attempt: Attempt, task: Task) -> str:
    """The database cuts a long id from the front; what is left ends in role and index."""
    return f"{attempt.uid}_{task.role.name}_{task.index}"[-36:]


def _history(task: Task) -> dict[str, Any]:
    return {
        "retries": task.retries,
        "accountableRetries": task.accountable,
        "createdTime": ms(task.pods[0].created),
        "launchedTime": ms(task.launched),
        "completedTime": ms(task.pod.completed),
    }


def _task(job: Job, attempt: Attempt, task: Task, *, hived: bool) -> dict[str, Any]:
    pod = task.pod
    return {
        "taskIndex": task.index,
        "taskUid": _uid(attempt, task),
        "taskState": pod.state,
        **_container(job, attempt, task, pod),
        **_history(task),
        **_pod_times(pod),
        **_hived(job, task, hived=hived),
    }


def task_attempts(job: Job, attempt: Attempt, task: Task, *, hived: bool) -> dict[str, Any]:
    return {
        "username": job.user,
        "jobName": job.name,
        "jobAttemptId": attempt.index,
        "taskRoleName": task.role.name,
        "taskIndex": task.index,
        "taskUid": _uid(attempt, task),
        "taskState": task.pod.state,
        **_history(task),
        "attempts": [
            {
                **_pod_times(pod),
                **_container(job, attempt, task, pod),
                **_hived(job, task, hived=hived),
            }
            for pod in reversed(task.pods)
        ],
    }


def job_attempt(job: Job, attempt: Attempt, *, latest: bool) -> dict[str, Any]:
    """The older history view: it calls a failed attempt RUNNING once another follows."""
    current = attempt is job.attempt
    phase = job.phase if current else Phase.ATTEMPT_COMPLETED
    ended = attempt.exit
    told: dict[str, Any] = {
        "jobName": job.name,
        "frameworkName": job.id,
        "uid": job.attempts[0].uid,
        "userName": job.user,
        "state": state_of(phase, ended.code if ended else None),
        "originState": phase,
        "attemptIndex": attempt.index,
        "jobStartedTime": ms(job.created),
        "attemptStartedTime": ms(attempt.created),
        "attemptCompletedTime": ms(attempt.completed),
        "exitCode": ended.code if ended else None,
        "exitPhrase": ended.spec["phrase"] if ended else None,
        "exitType": _exit_type(ended),
        "exitDiagnostics": _summary(ended),
        "appExitTriggerMessage": attempt.trigger[0] if attempt.trigger else None,
        "appExitTriggerTaskRoleName": attempt.trigger[1] if attempt.trigger else None,
        "appExitTriggerTaskIndex": attempt.trigger[2] if attempt.trigger else None,
        "appExitSpec": ended.spec if ended else None,
        "appExitDiagnostics": ended.diagnostics if ended else None,
        "appExitMessages": ended.messages if ended else None,
        "totalGpuNumber": job.gpus,
        "totalTaskNumber": len(attempt.tasks),
        "totalTaskRoleNumber": len(job.roles),
        "taskRoles": _brief_roles(job, attempt),
        "isLatest": latest,
    }
    return told


def _summary(ended: Exit | None) -> dict[str, Any] | None:
    if ended is None:
        return None
    return {
        "diagnosticsSummary": ended.diagnostics,
        "runtime": ended.runtime,
        "launcher": ended.messages["launcher"],
    }


def _brief_roles(job: Job, attempt: Attempt) -> dict[str, Any]:
    roles: dict[str, Any] = {}
    for task in attempt.tasks:
        name = task.role.name
        role = roles.setdefault(name, {"taskRoleStatus": {"name": name}, "taskStatuses": []})
        role["taskStatuses"].append(
            {
                "taskIndex": task.index,
                "taskState": task.pod.state,
                "containerId": task.pod.uid,
                "containerIp": task.pod.address,
                "containerGpus": None,
                "containerLog": log_path(job, attempt, task, task.pod),
                "containerExitCode": task.pod.exit.code if task.pod.exit else None,
            }
        )
    return roles
