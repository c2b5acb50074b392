"""Harbor's REST calls on itself: version, accounts, robots, garbage collection."""

import json
import re
from typing import Any

from bot.demo.harbor import views
from bot.demo.harbor.rest import Call, Told, World, listed, route
from bot.demo.harbor.store import Refused

YOUNG_SECONDS = 2 * 3600
"""Garbage collection leaves what is younger."""


@route("GET", "/ping")
def ping(_world: World, _call: Call) -> Told:
    return Told(200, "Pong")


@route("GET", "/systeminfo")
def systeminfo(world: World, call: Call) -> Told:
    made: dict[str, Any] = {"auth_mode": world.accounts.auth_mode}
    if call.caller.kind != "anonymous":
        made |= {
            "harbor_version": world.version,
            "registry_url": world.host(),
            "external_url": f"http://{world.host()}",
            "read_only": world.store.read_only,
            "notification_enable": True,
        }
    return Told(200, made)


@route("GET", "/users/current")
def current(world: World, call: Call) -> Told:
    if call.caller.kind == "anonymous":
        raise Refused(401, "UNAUTHORIZED", "unauthorized: unauthorized")
    if call.caller.kind == "robot":
        raise Refused(412, "PRECONDITION", "get current user not available for robot account")
    user = world.accounts.users[call.caller.name]
    return Told(200, {"user_id": user.id, "username": user.name, "sysadmin_flag": user.admin})


@route("GET", "/users/current/permissions")
def permissions(world: World, call: Call) -> Told:
    if call.caller.kind == "anonymous":
        raise Refused(401, "UNAUTHORIZED", "unauthorized")
    found = re.fullmatch(r"/project/(\d+)", call.query.get("scope", ""))
    project = next(
        (p for p in world.store.projects.values() if found and p.id == int(found[1])), None
    )
    rights = call.caller.rights(project) if project else frozenset()
    pairs = (right.split(":") for right in sorted(rights))
    return Told(200, [{"resource": resource, "action": action} for resource, action in pairs])


@route("POST", "/robots")
def make_robot(world: World, call: Call) -> Told:
    made = call.body if isinstance(call.body, dict) else {}
    name, level = str(made.get("name", "")), made.get("level")
    permissions = made.get("permissions") or []
    if not re.fullmatch(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", name):
        raise Refused(400, "BAD_REQUEST", f"invalid robot name {name}")
    if not isinstance(made.get("duration"), int) or made["duration"] == 0:
        raise Refused(400, "BAD_REQUEST", "bad request error duration input")
    if level != "project" or len(permissions) != 1:
        raise Refused(400, "BAD_REQUEST", "bad request permission")
    call.args["p"] = permissions[0].get("namespace", "")
    project = world.project(call)
    call.caller.need(project, "robot:create")
    full = f"robot${project.name}+{name}"
    if full in world.accounts.robots:
        raise Refused(409, "CONFLICT", f"robot account {full} already exists")
    rights = {f"{a['resource']}:{a['action']}" for a in permissions[0].get("access") or []}
    robot = world.accounts.robot(full, {project.name: frozenset(rights)}, made["duration"])
    told = {
        "id": robot.id,
        "name": robot.name,
        "secret": robot.secret,
        "expires_at": int(robot.expires),
    }
    return Told(201, told, {"Location": f"/api/v2.0/robots/{robot.id}"})


@route("DELETE", "/robots/{id}")
def delete_robot(world: World, call: Call) -> Told:
    robot = next((r for r in world.accounts.robots.values() if str(r.id) == call.args["id"]), None)
    if robot is None:
        raise Refused(404, "NOT_FOUND", f"robot account {call.args['id']} not found")
    call.args["p"] = next(iter(robot.rights))
    call.caller.need(world.project(call), "robot:delete")
    del world.accounts.robots[robot.name]
    return Told()


def _system(call: Call) -> None:
    if call.caller.kind == "anonymous":
        raise Refused(401, "UNAUTHORIZED", "unauthorized")
    if not call.caller.admin:
        raise Refused(403, "FORBIDDEN", "forbidden")


@route("POST", "/system/gc/schedule")
def collect(world: World, call: Call) -> Told:
    """Runs at once; what is younger than two hours stays."""
    _system(call)
    parameters = (call.body or {}).get("parameters") or {}
    old = world.now() - YOUNG_SECONDS
    unused = {d: n for d, n in world.store.unused().items() if world.store.blobs[d][1] <= old}
    if not parameters.get("dry_run"):
        for digest in unused:
            del world.store.blobs[digest]
    told = {**parameters, "freed_space": sum(unused.values()), "purged_blobs": len(unused)}
    run = {
        "id": len(world.gc) + 1,
        "job_status": "Success",
        "job_parameters": json.dumps(told),
        "creation_time": views.moment(world.now()),
    }
    world.gc.append(run)
    return Told(201, None, {"Location": f"/api/v2.0/system/gc/{run['id']}"})


@route("GET", "/system/gc")
def collected(world: World, call: Call) -> Told:
    _system(call)
    return listed(list(reversed(world.gc)), len(world.gc))


@route("GET", "/system/gc/{id}")
def collection(world: World, call: Call) -> Told:
    _system(call)
    for run in world.gc:
        if str(run["id"]) == call.args["id"]:
            return Told(200, run)
    raise Refused(404, "NOT_FOUND", f"gc history {call.args['id']} not found")
