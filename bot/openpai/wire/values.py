"""The smaller answers of the rest-server as values: who I am, what the cluster has, what happened."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.domain.errors import Unavailable
from bot.domain.jobs import (
    Account,
    ClusterInfo,
    JobEvent,
    Node,
    Sku,
    Storage,
    VirtualCluster,
)
from bot.domain.people import Token
from bot.openpai.wire.answers import UNREADABLE, Answer, payload, require_success
from bot.openpai.wire.loose import count, moment, rows, table, text, texts
from bot.openpai.wire.requests import SYSTEM, Request
from bot.openpai.yaml import parse_config


@dataclass(frozen=True, slots=True)
class LogLocation:
    """Where one log can be read for the next 120 s. The address opens any log of the node: never shown."""

    name: str
    uri: str

    def __repr__(self) -> str:
        return f"LogLocation({self.name})"


def info(answer: Answer, request: Request) -> ClusterInfo:
    """`version` is null where the server could not read it at its start."""
    body = table(payload(answer, request))
    if not {"name", "version", "authnMethod", "launcherType"} & body.keys():
        raise Unavailable(SYSTEM, "the answer is not OpenPAI's")
    return ClusterInfo(
        text(body.get("version")), oidc=text(body.get("authnMethod")).upper() == "OIDC"
    )


def token(answer: Answer, request: Request, user: str) -> Token:
    body = table(payload(answer, request))
    secret = text(body.get("token"))
    if not secret:
        raise Unavailable(SYSTEM, "no token came")
    return Token(SYSTEM, text(body.get("user")) or user, secret)


def checked_account(answer: Answer, request: Request) -> Account:
    """Whose token it is. `exp` is missing from application tokens, which live until revoked."""
    body = table(payload(answer, request))
    name = text(body.get("username"))
    if not name:
        raise Unavailable(SYSTEM, "the token's owner could not be read")
    seconds = body.get("exp")
    ends = moment(seconds * 1000) if isinstance(seconds, int) else None
    return Account(name, admin=body.get("admin") is True, token_expires_at=ends)


def account(answer: Answer, request: Request) -> Account:
    """Only what is needed: the record holds the user's private SSH key as well."""
    body = table(payload(answer, request))
    return Account(
        text(body.get("username")) or request.name,
        admin=body.get("admin") is True,
        vcs=texts(body.get("virtualCluster")),
        email=text(body.get("email")),
    )


def token_count(answer: Answer, request: Request, secret: str) -> int:
    """How many entries of the owner's token list are this very string; `tokens` is `{}` when empty."""
    return rows(table(payload(answer, request)).get("tokens")).count(secret)


def done(answer: Answer, request: Request) -> None:
    """For calls whose answer says nothing but success."""
    require_success(answer, request)


def config(answer: Answer, request: Request) -> dict[str, Any]:
    """JSON labelled as YAML; earlier releases send YAML itself. Secrets come masked."""
    require_success(answer, request)
    try:
        body = msgspec.json.decode(answer.body)
    except UNREADABLE:
        body = parse_config(answer.body)
    if not isinstance(body, dict):
        raise Unavailable(SYSTEM, "the job's protocol could not be read")
    return body


def events(answer: Answer, request: Request) -> tuple[JobEvent, ...]:
    return tuple(
        JobEvent(
            type=text(raw.get("type")),
            reason=text(raw.get("reason")),
            message=text(raw.get("message")),
            at=moment(raw.get("lastTimestamp")) or moment(raw.get("firstTimestamp")),
            count=count(raw.get("count")) or 1,
        )
        for raw in map(table, rows(table(payload(answer, request)).get("data")))
    )


def log_locations(answer: Answer, request: Request) -> tuple[LogLocation, ...]:
    found = map(table, rows(table(payload(answer, request)).get("locations")))
    pairs = ((text(raw.get("name")), text(raw.get("uri"))) for raw in found)
    return tuple(LogLocation(name, uri) for name, uri in pairs if name and uri)


def virtual_clusters(answer: Answer, request: Request) -> tuple[VirtualCluster, ...]:
    return tuple(
        VirtualCluster(
            name,
            gpus_used=_gpus(raw, "resourcesUsed"),
            gpus_guaranteed=_gpus(raw, "resourcesGuaranteed"),
            gpus_total=_gpus(raw, "resourcesTotal"),
            dedicated=table(raw).get("dedicated") is True,
        )
        for name, raw in table(payload(answer, request)).items()
    )


def _gpus(raw: object, part: str) -> int:
    resources = table(table(raw).get(part))
    return count(resources.get("GPUs", resources.get("gpu")))


def nodes(answer: Answer, request: Request) -> tuple[Node, ...]:
    """A broken node has 0 available GPUs and keeps its total."""
    return tuple(
        Node(
            name,
            gpus_used=count(table(raw).get("gpuUsed")),
            gpus_free=count(table(raw).get("gpuAvailable")),
            gpus_total=count(table(raw).get("gpuTotal")),
        )
        for name, raw in table(payload(answer, request)).items()
    )


def skus(answer: Answer, request: Request) -> tuple[Sku, ...]:
    """Empty without HiveD."""
    return tuple(
        Sku(
            name,
            gpus=count(table(raw).get("gpu")),
            cpus=count(table(raw).get("cpu")),
            memory_mb=count(table(raw).get("memory")),
        )
        for name, raw in table(payload(answer, request)).items()
    )


def storages(answer: Answer, request: Request) -> tuple[Storage, ...]:
    return tuple(
        Storage(name, default=raw.get("default") is True, share=raw.get("share") is not False)
        for raw in map(table, rows(table(payload(answer, request)).get("storages")))
        if (name := text(raw.get("name")))
    )


def claims(secret: str) -> dict[str, Any]:
    """What a token says of itself; nothing is verified, and nothing but our own caution rests on it."""
    middle = secret.split(".")[1:2]
    try:
        return table(msgspec.json.decode(base64.urlsafe_b64decode("".join(middle) + "==")))
    except (*UNREADABLE, binascii.Error, ValueError):
        return {}
