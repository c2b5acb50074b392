"""What the server says: bodies, error shapes and entity tags."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
YAML = "text/yaml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """Weak, of length and digest, as Express makes it."""
        digest = base64.b64encode(hashlib.sha1(self.body, usedforsecurity=False).digest())
        return f'W/"{len(self.body):x}-{digest[:27].decode()}"'


class Refusal(Exception):
    """An answer that is an error; without `code` where the server did not expect it."""

    def __init__(self, status: int, code: str | None, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def answer(self) -> Answer:
        told = {"message": self.message}
        return said(self.status, told if self.code is None else {"code": self.code, **told})


def encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def said(status: int, value: Any) -> Answer:
    return Answer(status, encode(value))


def ok(value: Any) -> Answer:
    return said(200, value)


def done(status: int, message: str) -> Answer:
    return said(status, {"message": message})


def accepted(status: int, message: str) -> Answer:
    return said(status, {"status": status, "message": message})


def joined(items: Sequence[bytes]) -> bytes:
    """A JSON array of ready items."""
    return b"[" + b",".join(items) + b"]"


def no_user(name: str) -> Refusal:
    return Refusal(400, "NoUserError", f"User {name} is not found.")


def no_job(name: str) -> Refusal:
    return Refusal(404, "NoJobError", f"Job {name} is not found.")


def forbidden(message: str) -> Refusal:
    return Refusal(403, "ForbiddenUserError", message)


def not_for_users() -> Refusal:
    return forbidden("Non-admin is not allow to do this operation.")


def invalid(message: str) -> Refusal:
    return Refusal(400, "InvalidParametersError", message)


def unknown(message: str) -> Refusal:
    return Refusal(500, "UnknownError", message)
