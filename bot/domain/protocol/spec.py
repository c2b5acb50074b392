"""A job as values, and the job protocol v2 made from it."""

import shlex
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UserError
from bot.domain.protocol.yamltext import to_yaml

SIZE_LIMIT_BYTES = 100 * 1024
"""The rest-server reads no larger body."""
ROLE = "taskrole"
"""The one task role of jobs made here; the portal's own name for it."""
IMAGE = "docker_image_0"


@dataclass(frozen=True, slots=True)
class RegistryAuth:
    """A login with which nodes pull the image. The password goes into `secrets`, never into the text."""

    registry: str
    username: str
    password: str

    def __repr__(self) -> str:
        return f"RegistryAuth({self.registry}, {self.username})"


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What a person wants to run. `command` is a bash script; its lines run under `set -euo pipefail`."""

    name: str
    image: str
    command: str
    gpus: int = 1
    cpus: int = 4
    memory_mb: int = 8192
    shm_mb: int | None = None
    """None leaves the platform's 512 MB."""
    vc: str = "default"
    sku: str = ""
    priority: str = ""
    """`prod`, `test` or `oppo`; empty leaves the platform's default, test."""
    retries: int = 0
    instances: int = 1
    note: str = ""
    env: tuple[tuple[str, str], ...] = ()
    ports: tuple[tuple[str, int], ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()
    """Used in commands as `<% $secrets.name %>`; OpenPAI shows them to nobody."""
    auth: RegistryAuth | None = None
    before: str = ""
    """A script of ours that runs before the command: what brings the personal folder in."""
    storages: tuple[tuple[str, str], ...] = ()
    """OpenPAI's own storages and where they are mounted."""

    def __repr__(self) -> str:
        return f"JobSpec({self.name})"


def write(spec: JobSpec) -> str:
    """The protocol as block YAML, the same text for the same job. UserError above 100 kB."""
    text = to_yaml(document(spec))
    size = len(text.encode())
    if size > SIZE_LIMIT_BYTES:
        raise UserError("protocol-too-large", bytes=size, limit=SIZE_LIMIT_BYTES)
    return text


def document(spec: JobSpec) -> dict[str, Any]:
    """The protocol as plain values, in the order in which it is written.

    `secrets` comes early: OpenPAI hides it only when another key follows. `instances` is always sent,
    the server fails without it (contracts/openpai.md 2).
    """
    made: dict[str, Any] = {"protocolVersion": 2, "name": spec.name, "type": "job"}
    if spec.note:
        made["description"] = spec.note
    made["jobRetryCount"] = spec.retries
    secrets = dict(spec.secrets)
    if spec.auth:
        secrets["registry_password"] = spec.auth.password
    if secrets:
        made["secrets"] = secrets
    made["prerequisites"] = [_image(spec)]
    made["taskRoles"] = {ROLE: _role(spec)}
    made["defaults"] = {"virtualCluster": spec.vc}
    scheduler: dict[str, Any] = {}
    if spec.priority:
        scheduler["jobPriorityClass"] = spec.priority
    if spec.sku:
        scheduler["taskRoles"] = {ROLE: {"skuType": spec.sku}}
    extras: dict[str, Any] = {}
    if scheduler:
        extras["hivedScheduler"] = scheduler
    if spec.storages:
        extras["storages"] = [{"name": name, "mountPath": path} for name, path in spec.storages]
    if extras:
        made["extras"] = extras
    return made


def _image(spec: JobSpec) -> dict[str, Any]:
    image: dict[str, Any] = {"type": "dockerimage", "uri": spec.image, "name": IMAGE}
    if spec.auth:
        image["auth"] = {
            "username": spec.auth.username,
            "password": "<% $secrets.registry_password %>",
            "registryuri": spec.auth.registry,
        }
    return image


def _role(spec: JobSpec) -> dict[str, Any]:
    resources: dict[str, Any] = {
        "gpu": spec.gpus,
        "cpu": spec.cpus,
        "memoryMB": spec.memory_mb,
    }
    if spec.ports:
        resources["ports"] = dict(spec.ports)
    role: dict[str, Any] = {
        "instances": spec.instances,
        "completion": {"minFailedInstances": 1, "minSucceededInstances": None},
        "taskRetryCount": 0,
        "dockerImage": IMAGE,
        "resourcePerInstance": resources,
        "commands": [
            *exports(spec.env),
            *((spec.before,) if spec.before else ()),
            *entries(spec.command),
        ],
    }
    if spec.shm_mb is not None:
        role["extraContainerOptions"] = {"shmMB": spec.shm_mb}
    return role


def exports(env: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"export {name}={shlex.quote(value)}" for name, value in env]


def entries(command: str) -> list[str]:
    """The script as the protocol's `commands`: a line each, when no line would change by it.

    The server trims every entry and joins them by newlines, so a here-document or an indented block stays
    one entry.
    """
    lines = command.split("\n")
    if all(line and line == line.strip() for line in lines):
        return lines
    return [command]
