"""A job protocol as sent: parsed, checked, rendered, and masked when shown again."""

import json
import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.demo.openpai.lab.hardware import Hardware
from bot.demo.openpai.lab.job import Job, Role
from bot.demo.openpai.protocol.schema import complaints

_SECRETS = re.compile(r"(^secrets:)[\s\S]*?(^\w)", re.MULTILINE | re.ASCII)
_TEMPLATE = re.compile(r"<%\s*\$(\w+)((?:\.\w+|\[\d+\])*)\s*%>")


class BadYaml(Exception):
    """The text is no YAML: the server has no better answer than its parser's message."""


class BadProtocol(Exception):
    """The protocol says something impossible; the message is the whole explanation."""


class Crash(Exception):
    """The protocol trips over a mistake in the server; `code` as it then reports."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


def parse(text: str) -> Any:
    """YAML 1.2; a key given twice is an error."""
    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        raise BadYaml(_told(error, text)) from error
    except (YAMLError, ValueError) as error:
        raise BadYaml(str(error)) from error


def _told(error: MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark
    problem = str(error.problem or "unknown error")
    if "duplicate key" in problem:
        problem = "duplicated mapping key"
    if mark is None:
        return problem
    lines = text.split("\n")
    shown = lines[mark.line] if mark.line < len(lines) else ""
    return (
        f"{problem} at line {mark.line + 1}, column {mark.column + 1}:\n"
        f"    {shown}\n    {' ' * mark.column}^"
    )


def dumped(config: Mapping[str, Any]) -> str:
    out = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.dump(config, out)
    return out.getvalue()


def shown(job: Job) -> Any:
    """The protocol as everybody may read it.

    The server masks the raw text, from an unindented `secrets:` to the next unindented word:
    secrets written in any other way (JSON, for one) stay readable.
    """
    if job.text is None:
        return job.config
    return parse(_SECRETS.sub('\\1 "******"\\n\\2', job.text, count=1))


def read(
    text: Any, user: str, now: float, hardware: Hardware, *, hived: bool, ask_hived: bool
) -> Job:
    """The job a text asks for. `hived`: that scheduler is used; `ask_hived`: it answers.

    Raises BadYaml, BadProtocol or Crash, in the order in which the server finds things out.
    """
    config = parse(text) if isinstance(text, str) else text
    if errors := complaints(config if isinstance(text, str) else "[object Object]"):
        raise BadProtocol(json.dumps(errors, separators=(",", ":"), ensure_ascii=False))
    return build(config, text, user, now, hardware, hived=hived, ask_hived=ask_hived)


def build(
    config: Mapping[str, Any],
    text: str | None,
    user: str,
    now: float,
    hardware: Hardware,
    *,
    hived: bool,
    ask_hived: bool = True,
) -> Job:
    """A job from a protocol whose shape is right."""
    images = _images(config)
    extras = config.get("extras") or {}
    vc = (config.get("defaults") or {}).get("virtualCluster", "default")
    placed = (extras.get("hivedScheduler") or {}).get("taskRoles") or {}
    for name in placed if hived else ():
        if name not in config["taskRoles"]:
            raise BadProtocol(f"Taskrole {name} does not exist.")
    wanted = {
        name: _sku(name, role, placed.get(name) or {}, vc, hardware) if hived else (None, None)
        for name, role in config["taskRoles"].items()
    }
    if any("instances" not in role for role in config["taskRoles"].values()):
        if hived:
            raise Crash("unacceptable kind of an object to dump [object Undefined]")
        raise Crash('invalid input syntax for type integer: "NaN"', "UnknownError")
    gang = extras.get("gangAllocation", True)
    roles = [
        _role(config, name, role, images, wanted[name])
        for name, role in config["taskRoles"].items()
    ]
    if hived and ask_hived and gang:
        _fits_vc(roles, vc, hardware)
    return Job(
        user=user,
        name=config["name"],
        config=config,
        roles=roles,
        vc=vc,
        priority=(extras.get("hivedScheduler") or {}).get("jobPriorityClass"),
        submitted=now,
        max_retries=config.get("jobRetryCount", 0),
        gang=gang,
        text=text,
    )


def _images(config: Mapping[str, Any]) -> dict[str, str]:
    seen: set[tuple[str, str]] = set()
    images: dict[str, str] = {}
    for item in config.get("prerequisites") or []:
        kind, name = item["type"], item["name"]
        if (kind, name) in seen:
            raise BadProtocol(f"Duplicate {kind} prerequisites {name}.")
        seen.add((kind, name))
        if kind == "dockerimage":
            images[name] = str(item["uri"])
    for role in config["taskRoles"].values():
        for kind in ("dockerImage", "script", "data", "output"):
            if kind in role and (kind.lower(), role[kind]) not in seen:
                raise BadProtocol(f"Prerequisite {role[kind]} does not exist.")
    return images


def _sku(
    name: str, role: Mapping[str, Any], placed: Mapping[str, Any], vc: str, hardware: Hardware
) -> tuple[str | None, int]:
    """Which SKU a role runs on (None: any of the cluster's) and how many cells one instance takes."""
    request = role["resourcePerInstance"]
    allowed = hardware.vc_skus(vc)
    chosen = placed.get("skuType")
    if chosen is not None:
        if chosen not in hardware.skus:
            raise Crash("Cannot read properties of undefined (reading 'gpu')")
        if allowed and chosen not in allowed:
            names = ", ".join(allowed)
            raise BadProtocol(f"Taskrole {name} has skuType {chosen}, VC {vc} only allows {names}.")
        units = [hardware.skus[chosen]]
    else:
        units = [hardware.skus[each] for each in allowed] or list(hardware.skus.values())
    if request["gpu"] and min(unit.gpu for unit in units) == 0:
        raise BadProtocol(
            f"Taskrole {name} requests {request['gpu']} GPU, but SKU does not configure GPU."
            " Please contact admin if the taskrole needs GPU resources."
        )
    smallest = min(units, key=lambda unit: (unit.gpu, unit.cpu, unit.memory_mb))
    return chosen, smallest.cells(request["gpu"], request["cpu"], request["memoryMB"])


def _fits_vc(roles: list[Role], vc: str, hardware: Hardware) -> None:
    """A gang must fit the virtual cluster's size; what is free now does not matter."""
    allowed = hardware.vc_skus(vc)
    if not allowed:
        return
    named = {role.sku for role in roles}
    most = sum(n for sku, n in allowed.items() if None in named or sku in named)
    asked = sum(role.cells * role.instances for role in roles)
    if asked > most:
        raise BadProtocol(f"Job requests {asked} SKUs, exceeds maximum {most} SKUs in VC {vc}.")


def _role(
    config: Mapping[str, Any],
    name: str,
    role: Mapping[str, Any],
    images: Mapping[str, str],
    wanted: tuple[str | None, int | None],
) -> Role:
    request, completion = role["resourcePerInstance"], role.get("completion") or {}
    instances = int(role["instances"])
    sku, cells = wanted
    return Role(
        name=re.sub(r"[^a-z0-9]", "", name.lower()),
        instances=instances,
        image=images[role["dockerImage"]],
        commands=tuple(_rendered(command.strip(), config) for command in role["commands"]),
        gpu=int(request["gpu"]),
        cpu=int(request["cpu"]),
        memory_mb=int(request["memoryMB"]),
        sku=sku,
        cells=int(request["gpu"]) if cells is None else cells,
        ports={str(key): int(value) for key, value in (request.get("ports") or {}).items()},
        min_failed=completion.get("minFailedInstances") or 1,
        min_succeeded=completion.get("minSucceededInstances") or instances,
        task_retries=role.get("taskRetryCount", 0),
    )


def _rendered(command: str, config: Mapping[str, Any]) -> str:
    """`<% $parameters.x %>` is filled in; secrets and unknown names stay as they are."""

    def fill(found: re.Match[str]) -> str:
        value: Any = config.get(found.group(1)) if found.group(1) == "parameters" else None
        for part in re.findall(r"\w+", found.group(2)):
            value = value.get(part) if isinstance(value, dict) else None
        return found.group(0) if value is None else str(value)

    return _TEMPLATE.sub(fill, command)
