"""A job protocol somebody wrote: what OpenPAI would refuse in it, named by its place in the file.

The rules are those of contracts/openpai.md 2; what is not certain to be refused is let through.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.names import NAME_LENGTH, valid_name
from bot.domain.text import Argument, Text

PRIORITIES = ("prod", "test", "oppo")
_TOP_KEYS = (
    "protocolVersion", "name", "type", "version", "contributor", "description", "prerequisites",
    "parameters", "secrets", "jobRetryCount", "taskRoles", "deployments", "defaults", "extras",
)  # fmt: skip
_ROLE_KEYS = (
    "instances", "completion", "taskRetryCount", "prerequisites", "dockerImage", "data", "output",
    "script", "extraContainerOptions", "resourcePerInstance", "commands",
)  # fmt: skip
_KINDS = ("dockerimage", "script", "data", "output")
_ROLE_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is the place in the file (`taskRoles.worker.resourcePerInstance.gpu`); empty for the whole."""

    path: str
    message: Text


@dataclass(frozen=True, slots=True)
class Summary:
    """What a preview shows of a protocol that passed `validate`."""

    name: str
    image: str
    """Of the first task role."""
    gpus: int
    """Of all instances of all task roles."""
    vc: str
    command: str
    """The first task role's script."""


def validate(document: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with it at once, in the order of the file's parts."""
    return [
        *_top(document),
        *_prerequisites(document.get("prerequisites", [])),
        *_roles(document),
        *_extras(document),
    ]


def summary(document: Mapping[str, Any]) -> Summary:
    roles: dict[str, Any] = document["taskRoles"]
    first = next(iter(roles.values()))
    images = {
        item["name"]: item["uri"]
        for item in document.get("prerequisites", [])
        if item["type"] == "dockerimage"
    }
    return Summary(
        name=document["name"],
        image=str(images.get(first["dockerImage"], "")),
        gpus=sum(
            int(role["instances"]) * int(role["resourcePerInstance"]["gpu"])
            for role in roles.values()
        ),
        vc=document.get("defaults", {}).get("virtualCluster") or "default",
        command="\n".join(command.strip() for command in first["commands"]),
    )


def _top(document: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(document, _TOP_KEYS, "")
    yield from _missing(document, ("protocolVersion", "name", "type", "taskRoles"), "")
    if "protocolVersion" in document and document["protocolVersion"] not in (2, "2"):
        yield _problem("protocolVersion", "protocol-version")
    if "type" in document and document["type"] != "job":
        yield _problem("type", "protocol-choice", choices="job")
    if "name" in document:
        name = document["name"]
        if not isinstance(name, str):
            yield _problem("name", "protocol-not-text")
        elif not valid_name(name):
            yield _problem("name", "protocol-name", most=NAME_LENGTH)
    yield from _whole(document, "jobRetryCount", "", 0)
    for key in ("description", "contributor"):
        if key in document and not isinstance(document[key], str):
            yield _problem(key, "protocol-not-text")
    for key in ("parameters", "secrets", "defaults", "extras", "taskRoles"):
        if key in document and not isinstance(document[key], Mapping):
            yield _problem(key, "protocol-not-mapping")
    yield from _defaults(document)


def _defaults(document: Mapping[str, Any]) -> Iterator[Problem]:
    defaults = _mapping(document.get("defaults"))
    vc = defaults.get("virtualCluster")
    if "virtualCluster" in defaults and not isinstance(vc, str):
        yield _problem("defaults.virtualCluster", "protocol-not-text")
    wanted = defaults.get("deployment")
    named = [_mapping(item).get("name") for item in _list(document.get("deployments"))]
    if wanted is not None and wanted not in named:
        yield _problem("defaults.deployment", "protocol-no-such", name=str(wanted))


def _prerequisites(items: object) -> Iterator[Problem]:
    if not isinstance(items, list):
        yield _problem("prerequisites", "protocol-not-list")
        return
    seen: set[tuple[str, str]] = set()
    for index, item in enumerate(items):
        path = f"prerequisites[{index}]"
        if not isinstance(item, Mapping):
            yield _problem(path, "protocol-not-mapping")
            continue
        yield from _missing(item, ("name", "type", "uri"), path)
        kind, name = item.get("type"), item.get("name")
        if "type" in item and kind not in _KINDS:
            yield _problem(f"{path}.type", "protocol-choice", choices=", ".join(_KINDS))
        if "name" in item and not isinstance(name, str):
            yield _problem(f"{path}.name", "protocol-not-text")
        if kind == "dockerimage" and "uri" in item and not isinstance(item["uri"], str):
            yield _problem(f"{path}.uri", "protocol-not-text")
        if "auth" in item and not isinstance(item["auth"], Mapping):
            yield _problem(f"{path}.auth", "protocol-not-mapping")
        if (str(kind), str(name)) in seen:
            yield _problem(f"{path}.name", "protocol-twice", name=str(name))
        seen.add((str(kind), str(name)))


def _roles(document: Mapping[str, Any]) -> Iterator[Problem]:
    roles = _mapping(document.get("taskRoles"))
    if "taskRoles" in document and isinstance(document["taskRoles"], Mapping) and not roles:
        yield _problem("taskRoles", "protocol-empty")
    images = {
        str(_mapping(item).get("name"))
        for item in _list(document.get("prerequisites"))
        if _mapping(item).get("type") == "dockerimage"
    }
    plain: dict[str, str] = {}
    for name, role in roles.items():
        path = f"taskRoles.{name}"
        if not isinstance(name, str) or not _ROLE_NAME.match(name):
            yield _problem(path, "protocol-role-name")
        alike = plain.setdefault(re.sub(r"[^a-z0-9]", "", str(name).lower()), str(name))
        if alike != str(name):
            yield _problem(path, "protocol-roles-alike", name=alike)
        if isinstance(role, Mapping):
            yield from _role(role, path, images)
        else:
            yield _problem(path, "protocol-not-mapping")


def _role(role: Mapping[str, Any], path: str, images: set[str]) -> Iterator[Problem]:
    yield from _unknown(role, _ROLE_KEYS, path)
    yield from _missing(role, ("dockerImage", "resourcePerInstance", "commands"), path)
    if "instances" not in role:
        yield _problem(f"{path}.instances", "protocol-instances")
    yield from _whole(role, "instances", path, 1)
    yield from _whole(role, "taskRetryCount", path, 0)
    if "dockerImage" in role and str(role["dockerImage"]) not in images:
        yield _problem(f"{path}.dockerImage", "protocol-no-image", name=str(role["dockerImage"]))
    if "resourcePerInstance" in role:
        yield from _resources(role["resourcePerInstance"], f"{path}.resourcePerInstance")
    if "commands" in role:
        yield from _commands(role["commands"], f"{path}.commands")
    if "completion" in role:
        yield from _completion(role["completion"], f"{path}.completion")
    if "extraContainerOptions" in role:
        yield from _container(role["extraContainerOptions"], f"{path}.extraContainerOptions")


def _resources(resources: object, path: str) -> Iterator[Problem]:
    if not isinstance(resources, Mapping):
        yield _problem(path, "protocol-not-mapping")
        return
    needed = ("gpu", "cpu", "memoryMB")
    yield from _missing(resources, needed, path)
    for key in needed:
        yield from _whole(resources, key, path, 0)
    ports = resources.get("ports", {})
    if not isinstance(ports, Mapping):
        yield _problem(f"{path}.ports", "protocol-not-mapping")
    for label in _mapping(ports):
        yield from _whole(ports, label, f"{path}.ports", 0)


def _commands(commands: object, path: str) -> Iterator[Problem]:
    if not isinstance(commands, list):
        yield _problem(path, "protocol-not-list")
    elif not commands:
        yield _problem(path, "protocol-empty")
    else:
        for index, command in enumerate(commands):
            if not isinstance(command, str):
                yield _problem(f"{path}[{index}]", "protocol-not-text")


def _completion(completion: object, path: str) -> Iterator[Problem]:
    if not isinstance(completion, Mapping):
        yield _problem(path, "protocol-not-mapping")
        return
    keys = ("minFailedInstances", "minSucceededInstances")
    yield from _unknown(completion, keys, path)
    for key in keys:
        if completion.get(key) is not None:
            yield from _whole(completion, key, path, -1)


def _container(options: object, path: str) -> Iterator[Problem]:
    if not isinstance(options, Mapping):
        yield _problem(path, "protocol-not-mapping")
        return
    yield from _unknown(options, ("shmMB", "infiniband"), path)
    yield from _whole(options, "shmMB", path, 0)
    if "infiniband" in options and not isinstance(options["infiniband"], bool):
        yield _problem(f"{path}.infiniband", "protocol-not-switch")


def _extras(document: Mapping[str, Any]) -> Iterator[Problem]:
    scheduler = _mapping(_mapping(document.get("extras")).get("hivedScheduler"))
    path = "extras.hivedScheduler"
    priority = scheduler.get("jobPriorityClass", "test")
    if priority not in PRIORITIES:
        yield _problem(f"{path}.jobPriorityClass", "protocol-choice", choices=", ".join(PRIORITIES))
    roles = _mapping(document.get("taskRoles"))
    for name in _mapping(scheduler.get("taskRoles")):
        if name not in roles:
            yield _problem(f"{path}.taskRoles.{name}", "protocol-no-such", name=str(name))


def _whole(inside: Mapping[str, Any], key: str, path: str, least: int) -> Iterator[Problem]:
    if key not in inside:
        return
    value = inside[key]
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole:
        yield _problem(_at(path, key), "protocol-not-whole")
    elif value < least:
        yield _problem(_at(path, key), "protocol-least", least=least)


def _missing(inside: Mapping[str, Any], keys: Iterable[str], path: str) -> Iterator[Problem]:
    for key in keys:
        if key not in inside:
            yield _problem(_at(path, key), "protocol-missing")


def _unknown(inside: Mapping[str, Any], keys: tuple[str, ...], path: str) -> Iterator[Problem]:
    for key in inside:
        if key not in keys:
            near = difflib.get_close_matches(str(key), keys, n=1, cutoff=0.6)
            meant: Text | str = Text("protocol-near", {"name": near[0]}) if near else ""
            yield _problem(_at(path, str(key)), "protocol-unknown", near=meant)


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _problem(path: str, key: str, /, **args: Argument | Text) -> Problem:
    short = {name: value[:80] if isinstance(value, str) else value for name, value in args.items()}
    return Problem(path[:200], Text(key, short))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
