"""An answer, and the domain's error for one that is no good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bot.domain.errors import Busy, Denied, NotFound, Refused, Unavailable, UserError
from bot.domain.images.errors import Blocked, Immutable, Referenced, denied

SYSTEM = "registry"
_DETAIL_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in lower case; `body` is cut off where the caller's limit was."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    challenges: tuple[str, ...] = ()
    """`WWW-Authenticate`, which may be there several times."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def html(self) -> bool:
        return "html" in self.media_type or self.body[:15].lstrip().lower().startswith(
            (b"<!doc", b"<html")
        )


def plain(body: bytes) -> Any:
    """JSON of unknown shape; None when it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def problem(answer: Answer) -> tuple[str, str]:
    """Code and message of the first error told; both empty when none was (HEAD, HTML, nothing)."""
    match plain(answer.body):
        case {"errors": [{**first}, *_]}:
            code, message = first.get("code"), first.get("message")
            return (
                code if isinstance(code, str) else "",
                message[:_DETAIL_CHARACTERS] if isinstance(message, str) else "",
            )
    return "", ""


def failure(answer: Answer, name: str) -> UserError:
    """What went wrong with `name` (contracts/harbor.md 1.5; 412 has three meanings)."""
    code, message = problem(answer)
    match answer.status:
        case 401:
            return Denied(SYSTEM, message)
        case 403:
            return denied(SYSTEM, code, message)
        case 404:
            if code == "BLOB_UPLOAD_UNKNOWN":
                return Unavailable(SYSTEM, "the upload is not known any more")
            return NotFound("image", name)
        case 412 if code == "VIOLATE_FOREIGN_KEY_CONSTRAINT":
            return Referenced()
        case 412 if code == "PRECONDITION" or "immutable" in message:
            return Immutable(name)
        case 412:
            return Blocked(message)
        case 429:
            return Busy(SYSTEM, _seconds(answer.headers.get("retry-after", "")))
        case status if status >= 500 or answer.html:
            return Unavailable(SYSTEM, f"status {status}")
        case status:
            return Refused(SYSTEM, message or f"status {status}")


def _seconds(words: str) -> float:
    return float(words) if words.isascii() and words.isdecimal() and len(words) < 6 else 60.0
