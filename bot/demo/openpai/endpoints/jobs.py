"""The endpoints of jobs: list, submit, detail, config, stop, tags, events."""

from bot.demo.openpai.endpoints.entry import is_admin
from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.lab.job import Job
from bot.demo.openpai.people.accounts import User
from bot.demo.openpai.protocol import reading
from bot.demo.openpai.wire import listing, views
from bot.demo.openpai.wire.answers import (
    YAML,
    Answer,
    Refusal,
    accepted,
    encode,
    forbidden,
    no_job,
    ok,
    unknown,
)
from bot.demo.openpai.wire.call import Call, route
from bot.demo.openpai.wire.fields import Field, checked

_TAG = {"value": Field(required=True, pattern=r"^[^,]+$", pattern_name="value")}
_DATABASE_DOWN = (
    "There is a problem with your database connection. Please contact your admin."
    " Detailed message: connect ECONNREFUSED 127.0.0.1:5432"
)


def found(cluster: Cluster, name: str) -> Job:
    if cluster.faults.database_down:
        raise Refusal(500, None, _DATABASE_DOWN)
    job = cluster.world.find(name)
    if job is None:
        raise no_job(name)
    return job


def _merger(cluster: Cluster) -> None:
    """Changes go through the write merger."""
    if cluster.faults.merger_down:
        raise Refusal(500, "ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9748")


@route("GET", "/jobs", limiter="list")
def jobs(cluster: Cluster, call: Call) -> Answer:
    if cluster.faults.database_down:
        raise Refusal(500, None, _DATABASE_DOWN)
    return Answer(200, listing.page(cluster.world.order, call.values))


@route("POST", "/jobs", limiter="submit")
def submit(cluster: Cluster, call: Call) -> Answer:
    """Answers before Kubernetes knows the job; there is no id in the answer."""
    try:
        job = reading.read(
            call.body,
            call.user.name,
            cluster.now,
            cluster.hardware,
            hived=cluster.hived,
            ask_hived=not cluster.faults.hived_down,
        )
    except reading.BadProtocol as error:
        raise Refusal(400, "InvalidProtocolError", str(error)) from error
    except reading.BadYaml as error:
        raise Refusal(500, None, str(error)) from error
    except reading.Crash as error:
        raise Refusal(500, error.code, str(error)) from error
    admit(cluster, call.user, job)
    return accepted(202, f"Update job {job.name} for user {job.user} successfully.")


def admit(cluster: Cluster, user: User, job: Job) -> None:
    """The last checks, which need accounts and other jobs; then the job exists."""
    if cluster.faults.database_down:
        raise Refusal(500, None, _DATABASE_DOWN)
    if cluster.world.find(job.full_name) is not None:
        raise Refusal(409, "ConflictJobError", f"Job {job.full_name} already exists.")
    if job.vc not in cluster.accounts.vcs(user):
        raise forbidden(f"User {user.name} is not allowed to do operation in {job.vc}")
    for name in _storages(job):
        if name not in cluster.storages:
            raise Refusal(404, "NoStorageError", f"Storage {name} is not found.")
        if name not in cluster.accounts.storages(user):
            raise forbidden(f"User {user.name} is not allowed to access {name}.")
    _merger(cluster)
    cluster.plan(job)
    cluster.world.submit(job)


def _storages(job: Job) -> list[str]:
    extras = job.config.get("extras") or {}
    names = [str(item["name"]) for item in extras.get("storages") or []]
    for plugin in extras.get("com.microsoft.pai.runtimeplugin") or []:
        if plugin.get("plugin") == "teamwise_storage":
            names += (plugin.get("parameters") or {}).get("storageConfigNames") or []
    return names


@route("GET", "/jobs/{job}")
def detail(cluster: Cluster, call: Call) -> Answer:
    job = found(cluster, call.args["job"])
    return ok(views.detail(job, job.attempt, hived=cluster.hived))


@route("GET", "/jobs/{job}/config")
def config(cluster: Cluster, call: Call) -> Answer:
    """JSON that calls itself YAML."""
    job = found(cluster, call.args["job"])
    return Answer(200, encode(reading.shown(job)), YAML)


@route("PUT", "/jobs/{job}/executionType")
def execute(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"value": Field(required=True, choices=("STOP", "START"))})
    job = found(cluster, call.args["job"])
    if not _may(cluster, call.user, job):
        name = call.args["job"]
        raise forbidden(f"User {call.user.name} is not allowed to execute job {name}.")
    _merger(cluster)
    if job.completed is not None and cluster.now > job.completed + cluster.forgets_seconds:
        raise unknown("Unexpected end of JSON input")
    cluster.world.execute(job, wanted["value"])
    return accepted(202, f"Execute job {call.args['job']} successfully.")


def _may(cluster: Cluster, user: User, job: Job) -> bool:
    return job.user == user.name or is_admin(cluster, user)


@route("PUT", "/jobs/{job}/tag")
def tag(cluster: Cluster, call: Call) -> Answer:
    value = checked(call.body, _TAG)["value"]
    job = found(cluster, call.args["job"])
    if not _may(cluster, call.user, job):
        name = call.args["job"]
        raise forbidden(f"User {call.user.name} is not allowed to add tag to job {name}.")
    cluster.world.tag(job, value)
    return accepted(200, f"Add tag {value} for job {call.args['job']} successfully.")


@route("DELETE", "/jobs/{job}/tag")
def untag(cluster: Cluster, call: Call) -> Answer:
    value = checked(call.body, _TAG)["value"]
    name = call.args["job"]
    job = found(cluster, name)
    if not _may(cluster, call.user, job):
        raise forbidden(f"User {call.user.name} is not allowed to delete tag from job {name}.")
    if value not in job.tags:
        raise Refusal(404, "NoTagError", f"Tag {value} is not found for job {name}.")
    cluster.world.untag(job, value)
    return accepted(200, f"Delete tag {value} from job {name} successfully.")


@route("GET", "/jobs/{job}/events")
def events(cluster: Cluster, call: Call) -> Answer:
    job = found(cluster, call.args["job"])
    told = [event.json(job.id) for event in cluster.world.life.events.of(job, call.query("type"))]
    return ok({"totalCount": len(told), "data": told})


@route("GET", "/jobs/{job}/ssh")
def ssh(cluster: Cluster, call: Call) -> Answer:
    job = found(cluster, call.args["job"])
    told = f"SSH info of job {job.full_name} is not found."
    raise Refusal(404, "NoJobSshInfoError", told)
