"""The endpoints of attempts and tasks, and where a task's logs are."""

from urllib.parse import urlencode

from bot.demo.openpai.endpoints.jobs import found
from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.lab.containers import log_of
from bot.demo.openpai.lab.job import Attempt, Job, Pod, Task
from bot.demo.openpai.people.tokens import sign
from bot.demo.openpai.wire import views
from bot.demo.openpai.wire.answers import HTML, Answer, Refusal, ok, said, unknown
from bot.demo.openpai.wire.call import Call, route


def _index(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _attempt(job: Job, text: str) -> Attempt | None:
    index = _index(text)
    return job.attempts[index] if index is not None and index < len(job.attempts) else None


@route("GET", "/jobs/{job}/attempts/{attempt}")
def attempt_detail(cluster: Cluster, call: Call) -> Answer:
    """Anything but a number means the latest attempt."""
    name, text = call.args["job"], call.args["attempt"]
    job = found(cluster, name)
    attempt = job.attempt if _index(text) is None else _attempt(job, text)
    if attempt is None and _index(text) is not None:
        raise Refusal(404, "NoJobError", f"JobAttemptId {text} is not found in {name}.")
    return ok(views.detail(job, attempt, hived=cluster.hived))


@route("GET", "/jobs/{job}/job-attempts/healthz")
def attempts_health(cluster: Cluster, call: Call) -> Answer:
    return Answer(200, b"ok", HTML)


@route("GET", "/jobs/{job}/job-attempts")
def job_attempts(cluster: Cluster, call: Call) -> Answer:
    """The latest attempt first, then the others from the first on."""
    job = cluster.world.find(call.args["job"])
    if job is None:
        return said(404, None)
    ordered = [*job.attempts[-1:], *job.attempts[:-1]]
    return ok([views.job_attempt(job, each, latest=each is job.attempt) for each in ordered])


@route("GET", "/jobs/{job}/job-attempts/{attempt}")
def job_attempt(cluster: Cluster, call: Call) -> Answer:
    """Every attempt calls itself the latest here."""
    name, text = call.args["job"], call.args["attempt"]
    job = cluster.world.find(name)
    attempt = None if job is None else _attempt(job, text)
    if job is None or attempt is None:
        told = f"Job attempt not found in job {name} with jobAttemptIndex {text}"
        raise Refusal(404, "NoJobError", told)
    return ok(views.job_attempt(job, attempt, latest=True))


_TASK = "/jobs/{job}/attempts/{attempt}/taskRoles/{role}/taskIndex/{index}/attempts"


@route("GET", _TASK)
def task_attempts(cluster: Cluster, call: Call) -> Answer:
    job = found(cluster, call.args["job"])
    attempt = _attempt(job, call.args["attempt"])
    task = _task(attempt, call)
    if attempt is None or task is None:
        raise Refusal(
            404,
            "NoJobError",
            f"Task not found in Job {call.args['job']} with jobAttemptIndex"
            f" {call.args['attempt']}, taskRoleName {call.args['role']} and taskIndex"
            f" {call.args['index']}.",
        )
    return ok(views.task_attempts(job, attempt, task, hived=cluster.hived))


def _task(attempt: Attempt | None, call: Call) -> Task | None:
    index = _index(call.args["index"])
    if attempt is None or index is None:
        return None
    return attempt.of(call.args["role"], index)


@route("GET", _TASK + "/{pod}/logs")
def logs(cluster: Cluster, call: Call) -> Answer:
    """Addresses below the portal's own, each with a token of two minutes for that machine."""
    job = cluster.world.find(call.args["job"])
    attempt = None if job is None else _attempt(job, call.args["attempt"])
    task = _task(attempt, call)
    if job is None or task is None or _index(call.args["pod"]) is None:
        raise unknown("Failed to get log list")
    number = int(call.args["pod"])
    if number >= len(task.pods) or task.pods[number].run is None:
        raise Refusal(404, "NoTaskLogError", "Log of task is not found.")
    pod = task.pods[number]
    if cluster.faults.logs_away or pod.node in cluster.world.life.occupancy.down:
        raise unknown("Failed to get log list")
    tail = call.query("tail-mode") == "true"
    return ok({"locations": _locations(cluster, job, task, pod, tail=tail)})


def _locations(
    cluster: Cluster, job: Job, task: Task, pod: Pod, *, tail: bool
) -> list[dict[str, str]]:
    issued = int(cluster.now)
    token = sign(
        {
            "sub": f"log-manager-{pod.node}",
            "iat": issued,
            "exp": issued + cluster.log_url_seconds,
        },
        cluster.tokens.secret,
    )
    query = urlencode(
        {
            "username": job.user,
            "framework-name": job.id,
            "pod-uid": pod.uid,
            "taskrole": task.role.name,
            "token": token,
        }
    )
    mode = "&tail-mode=true" if tail else ""
    where = f"/log-manager/{pod.address}:9103/api/v1/logs"
    names = [("init.pai.log", "init.pai.log"), ("runtime.pai.log", "runtime.pai.log")]
    for stream in ("all", "stderr", "stdout"):
        names.append((stream, f"user-{stream}"))
        if len(log_of(pod, cluster.now, stream).encode()) > cluster.rotate_bytes:
            names.append((f"{stream}.1", f"user-{stream}.1"))
    return [{"name": name, "uri": f"{where}/{file}?{query}{mode}"} for name, file in names]
