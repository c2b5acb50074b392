"""Keeps a cluster in a file between two starts: people, tokens, jobs; not the events."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.lab.hardware import Seat
from bot.demo.openpai.lab.job import Attempt, Job, Phase, Pod, Role, Task
from bot.demo.openpai.people.accounts import Group, User
from bot.demo.openpai.runs import failures, imagetest, outcome, surroundings
from bot.demo.openpai.runs.exits import Exit
from bot.demo.openpai.runs.outcome import Outcome

_OUTCOMES: dict[str, type[Outcome]] = {
    name: kind
    for module in (outcome, failures, surroundings, imagetest)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Outcome)
}


def save(cluster: Cluster, path: Path) -> None:
    """Whole or not at all."""
    told = {
        "now": cluster.now,
        "secret": cluster.tokens.secret.hex(),
        "tokens": cluster.tokens.by_user,
        "users": [asdict(user) for user in cluster.accounts.users.values()],
        "groups": [asdict(group) for group in cluster.accounts.groups.values()],
        "down": sorted(cluster.world.life.occupancy.down),
        "jobs": [_job(job) for job in cluster.world.order],
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    fresh.replace(path)


def load(cluster: Cluster, path: Path) -> None:
    """Fills an empty cluster; what was due in the meantime happens at the next look."""
    told = json.loads(path.read_text("utf-8"))
    cluster.clock.not_before(told["now"])
    cluster.world.timeline.now = told["now"]
    cluster.tokens.secret = bytes.fromhex(told["secret"])
    cluster.tokens.by_user = told["tokens"]
    cluster.accounts.users = {each["name"]: User(**each) for each in told["users"]}
    cluster.accounts.groups = {each["name"]: Group(**each) for each in told["groups"]}
    cluster.world.life.occupancy.down |= set(told["down"])
    for each in told["jobs"]:
        cluster.world.resume(_job_again(each))


def _plain(value: Any, *left_out: str) -> dict[str, Any]:
    return {
        each.name: getattr(value, each.name) for each in fields(value) if each.name not in left_out
    }


def _job(job: Job) -> dict[str, Any]:
    told = _plain(job, "id", "state", "item", "roles", "attempts", "outcome")
    told["roles"] = [asdict(role) for role in job.roles]
    told["outcome"] = {"kind": type(job.outcome).__name__, **asdict(job.outcome)}
    told["attempts"] = [
        {
            **_plain(attempt, "tasks", "exit"),
            "exit": _exit(attempt.exit),
            "tasks": [
                {
                    "role": task.role.name,
                    "index": task.index,
                    "accountable": task.accountable,
                    "pods": [_pod(pod) for pod in task.pods],
                }
                for task in attempt.tasks
            ],
        }
        for attempt in job.attempts
    ]
    return told


def _exit(ended: Exit | None) -> dict[str, Any] | None:
    return None if ended is None else _plain(ended)


def _exit_again(told: dict[str, Any] | None) -> Exit | None:
    return None if told is None else Exit(**told)


def _pod(pod: Pod) -> dict[str, Any]:
    told = _plain(pod, "run", "exit", "seat")
    told["exit"] = _exit(pod.exit)
    told["seat"] = None if pod.seat is None else asdict(pod.seat)
    return told


def _pod_again(told: dict[str, Any]) -> Pod:
    seat = None if told["seat"] is None else Seat(**told["seat"])
    return Pod(**{**told, "exit": _exit_again(told["exit"]), "seat": seat})


def _job_again(told: dict[str, Any]) -> Job:
    roles = [Role(**each) for each in told["roles"]]
    by_name = {role.name: role for role in roles}
    kind = _OUTCOMES[told["outcome"].pop("kind")]
    attempts = [_attempt_again(each, by_name) for each in told["attempts"]]
    known = {
        **told,
        "roles": roles,
        "outcome": kind(**told["outcome"]),
        "attempts": attempts,
        "phase": Phase(told["phase"]),
    }
    return Job(**known)


def _attempt_again(told: dict[str, Any], roles: dict[str, Role]) -> Attempt:
    tasks = [
        Task(
            role=roles[each["role"]],
            index=each["index"],
            pods=[_pod_again(pod) for pod in each["pods"]],
            accountable=each["accountable"],
        )
        for each in told["tasks"]
    ]
    trigger = tuple(told["trigger"]) if told["trigger"] else None
    known = {**told, "tasks": tasks, "exit": _exit_again(told["exit"]), "trigger": trigger}
    return Attempt(**known)
