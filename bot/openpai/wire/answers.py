"""An answer of the rest-server: the JSON in it, or the domain's error for what went wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from bot.domain.errors import (
    Busy,
    Denied,
    NotFound,
    Refused,
    Taken,
    TokenRefused,
    Unavailable,
    UserError,
    WrongLogin,
)
from bot.openpai.wire.loose import rows, table, text, whole
from bot.openpai.wire.requests import SYSTEM, Counter, Request

DETAIL_CHARACTERS = 600
UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)

_NOT_FOUND = {
    "NoJobError": "job",
    "NoJobConfigError": "job",
    "NoJobSshInfoError": "ssh",
    "NoTaskLogError": "log",
    "NoTagError": "tag",
    "NoUserError": "user",
    "NoGroupError": "group",
    "NoVirtualClusterError": "vc",
    "NoStorageError": "storage",
}
_LOGIN_REFUSALS = frozenset(
    {"IncorrectPasswordError", "NoUserError", "InvalidParametersError", "UnauthorizedUserError"}
)


class PortalAnswered(Unavailable):
    """The web portal answered with a page: the base address is not (or no longer) the rest-server's."""

    def __init__(self) -> None:
        super().__init__(SYSTEM, "a web page came instead of an answer")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""
    received_at: float = 0.0
    """Our own clock, in seconds since 1970; used where the answer carries no `Date`."""
    url: str = ""
    """Where it came from, after redirects."""

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def html(self) -> bool:
        """A page of the portal or of a proxy. The 429 calls itself text/html, but is no page."""
        kind = self.header("content-type").partition(";")[0].strip().lower()
        return kind == "text/html" and self.body.lstrip()[:1] == b"<"

    @property
    def limit(self) -> int | None:
        return whole(self.header("x-ratelimit-limit"))

    @property
    def remaining(self) -> int | None:
        return whole(self.header("x-ratelimit-remaining"))

    @property
    def reset_seconds(self) -> float | None:
        """Until the window ends, by the server's own clock. `Retry-After` always names the whole window."""
        reset = whole(self.header("x-ratelimit-reset"))
        return None if reset is None else max(0.0, min(reset - self._server_time(), 3600.0))

    def _server_time(self) -> float:
        try:
            return parsedate_to_datetime(self.header("date")).timestamp()
        except (ValueError, OverflowError):
            return self.received_at


def payload(answer: Answer, request: Request) -> Any:
    """The JSON of a good answer, whatever its Content-Type says (a config is JSON sent as text/yaml).

    Raises the domain's error for any other answer, and PortalAnswered for a page with status 200.
    """
    require_success(answer, request)
    try:
        return msgspec.json.decode(answer.body)
    except UNREADABLE:
        raise Unavailable(SYSTEM, "the answer could not be read") from None


def require_success(answer: Answer, request: Request) -> None:
    if answer.html and answer.ok:
        raise PortalAnswered
    if not answer.ok:
        raise refusal(answer, request)


def refusal(answer: Answer, request: Request) -> UserError:
    """Turn a bad answer into the domain's error. Codes decide, not sentences: those vary with Node."""
    code, message = _error(answer)
    login = request.path.endswith("/login")
    match answer.status, code:
        case 429, _:
            return Busy(SYSTEM, _retry_seconds(answer))
        case ((400 | 401 | 404), _) if login and code in _LOGIN_REFUSALS:
            return WrongLogin(SYSTEM)
        case 401, _:
            return TokenRefused(SYSTEM)
        case 403, _:
            return Denied(SYSTEM, message)
        case 404, "NoApiError":
            return Refused(SYSTEM, message)
        case ((400 | 404), _) if code in _NOT_FOUND:
            return NotFound(_NOT_FOUND[code], request.name)
        case 404, _ if request.what:
            return NotFound(request.what, request.name)
        case 409, _:
            return Taken(request.name)
        case ((400 | 404 | 405 | 406 | 411 | 413 | 414 | 415 | 422 | 431), _):
            return Refused(SYSTEM, message or f"HTTP {answer.status}")
        case _:
            told = _unavailable(answer.status, code, message)
            return Unavailable(SYSTEM, told, answered=answer.status == 500 and bool(message))


def readable(message: str) -> str:
    """A sentence for people. Schema violations come as a JSON text of ajv errors inside the message."""
    try:
        errors = [table(error) for error in rows(msgspec.json.decode(message))]
    except UNREADABLE:
        errors = []
    sentences = [_sentence(error) for error in errors if text(error.get("message"))]
    return _shorten("; ".join(dict.fromkeys(sentences)) or message)


def _sentence(error: dict[str, Any]) -> str:
    """`.taskRoles['worker'].resourcePerInstance` becomes `taskRoles.worker.resourcePerInstance`."""
    path = re.sub(r"\['([^']*)'\]", r".\1", text(error.get("dataPath"))).lstrip(".")
    said = text(error.get("message"))
    extra = text(table(error.get("params")).get("additionalProperty"))
    if extra:
        said = f"{said}: {extra}"
    return f"{path}: {said}" if path else said


def _error(answer: Answer) -> tuple[str, str]:
    """`code` and readable `message`; both may be missing, and the body may be text, a page or `null`."""
    try:
        body = table(msgspec.json.decode(answer.body))
    except UNREADABLE:
        body = {}
    return text(body.get("code")), readable(text(body.get("message")))


def _retry_seconds(answer: Answer) -> float:
    told = answer.reset_seconds
    if told is None:
        told = float(whole(answer.header("retry-after")) or 60)
    return max(1.0, min(told, 3600.0))


def _unavailable(status: int, code: str, message: str) -> str:
    named = f"{code}: {message}" if code and message else code or message
    return f"HTTP {status}, {named}" if named else f"HTTP {status}"


def _shorten(words: str) -> str:
    one_line = " ".join(words.split())
    if len(one_line) <= DETAIL_CHARACTERS:
        return one_line
    return one_line[: DETAIL_CHARACTERS - 1] + "…"


def counted_by(answer: Answer, request: Request, address_limit: int | None) -> Counter:
    """Whose window the rate-limit headers describe: the address's is overwritten by a narrower one."""
    if request.counter is Counter.NONE:
        return Counter.NONE
    if answer.status == 429 and answer.limit is not None and answer.limit == address_limit:
        return Counter.NONE
    return request.counter
