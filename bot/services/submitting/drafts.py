"""Drafts of jobs as people see them, and what came of them."""

import secrets
import string
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.domain import names, protocol
from bot.domain.errors import UserError
from bot.domain.jobs import JobRef
from bot.domain.preflight import Finding
from bot.domain.protocol import JobSpec
from db import Draft

HIDDEN = "******"
"""As OpenPAI shows a secret."""
LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class Preview:
    """A job about to be submitted: what it is, and what was assumed about it."""

    draft: str
    name: str
    image: str
    gpus: int
    vc: str
    command: str
    protocol: str
    """The YAML that will be sent, byte for byte."""
    note: str = ""
    spec: JobSpec | None = None
    """None for a person's own document."""
    inherited: tuple[str, ...] = ()
    """Which of `image`, `vc`, `sku` were taken from the person's last job."""
    findings: tuple[Finding, ...] = ()
    begun: bool = False
    """Its submission was begun, or is done."""
    test: bool = False
    """It is Pailot's own test of the image, whose result is told when it ends."""

    @property
    def readable(self) -> str:
        """The YAML for a chat: a registry login that goes into the job is not in it."""
        if self.spec is None or self.spec.auth is None:
            return self.protocol
        hidden = replace(self.spec.auth, password=HIDDEN)
        return protocol.write(replace(self.spec, auth=hidden))

    @property
    def bad(self) -> bool:
        return any(f.grade == "bad" for f in self.findings)


@dataclass(frozen=True, slots=True)
class Submitted:
    ref: JobRef
    note: str = ""
    renamed_from: str = ""
    """The name that was taken, when a fresh one had to be found."""


class Protocols(Protocol):
    """Job protocols that people send, as text and as values."""

    def read(self, data: bytes) -> dict[str, Any]: ...
    def same(self, ours: str, theirs: dict[str, Any]) -> bool: ...


class BadProtocol(UserError):
    """A document that is no job; `problems` name the place in it and what is wrong there."""

    def __init__(self, problems: "tuple[protocol.Problem, ...]") -> None:
        super().__init__("protocol-bad", count=len(problems))
        self.problems = problems


def fresh_name(stem: str) -> str:
    """A name that OpenPAI takes, made from what may be Chinese, and new: names are used up for ever."""
    if not stem.isascii():
        from pypinyin import lazy_pinyin  # its tables cost start-up a second

        stem = "".join(lazy_pinyin(stem))
    return names.make_name(stem, "".join(secrets.choice(LETTERS) for _ in range(4)))


def shown(draft: Draft) -> Preview:
    """A stored draft as people see it."""
    body, begun = draft.body, draft.state in {"submitting", "submitted"}
    if not body:  # submitted: only its name is left, for who asks a second time
        return Preview(draft.id, draft.job_name, "", 0, "", "", "", begun=begun)
    findings = tuple(Finding(grade, code, args) for grade, code, args in body["findings"])
    if "document" in body:
        document = body["document"]
        return Preview(
            draft.id, draft.job_name, document["image"], document["gpus"], document["vc"],
            document["command"], body["protocol"], body["note"], None, (), findings, begun,
        )  # fmt: skip
    spec = JobSpec(**spec_values(body["spec"]))
    return Preview(
        draft.id, spec.name, spec.image, spec.gpus, spec.vc, spec.command, body["protocol"],
        body["note"], spec, tuple(body["inherited"]), findings, begun,
        bool(body["line"].get("test")),
    )  # fmt: skip


def spec_values(raw: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no tuples; a JobSpec has nothing else."""
    pairs = ("env", "ports", "secrets", "storages")
    auth = protocol.RegistryAuth(**raw["auth"]) if raw.get("auth") else None
    return {**raw, **{k: tuple(tuple(p) for p in raw[k]) for k in pairs}, "auth": auth}
