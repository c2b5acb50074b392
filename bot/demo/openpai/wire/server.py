"""The rest-server as a function: a request in, an answer out, nothing awaited."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

import bot.demo.openpai.endpoints  # noqa: F401 - registers the routes
from bot.demo.openpai.endpoints.entry import admit, invalid_token
from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.people.tokens import payload_of
from bot.demo.openpai.wire.answers import HTML, Answer, Refusal
from bot.demo.openpai.wire.call import Call, matching
from bot.demo.openpai.wire.limits import Limits

BODY_BYTES = 100 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came over the wire; header names in lower case, `path` still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    address: str

    @property
    def client(self) -> str:
        """X-Forwarded-For is believed."""
        return self.headers.get("x-forwarded-for", self.address).partition(",")[0].strip()

    @property
    def claimed_user(self) -> str | None:
        """Who the request says it is from; for records and faults, never for rights."""
        header = self.headers.get("authorization", "")
        payload = payload_of(header.partition(" ")[2]) or {}
        user = payload.get("username")
        return user if isinstance(user, str) else None


@dataclass(slots=True)
class RestServer:
    cluster: Cluster
    limits: Limits = field(default_factory=Limits)

    def respond(self, received: Received) -> tuple[Answer, Mapping[str, str]]:
        """The answer, and the rate-limit headers that go with it.

        Order as in the real server: body parsers, limit by address, route, token, limit by user.
        """
        rates: Mapping[str, str] = {}
        try:
            body = _parsed(received)
            rates = self._limit("api", received.client)
            call = Call(
                method=received.method,
                path=unquote(received.path),
                values=parse_qs(received.query, keep_blank_values=True),
                body=body,
            )
            return self._routed(call, received, rates)
        except _Limited as limited:
            return _too_many(), limited.headers
        except _Answered as answered:
            return answered.refusal.answer(), answered.rates
        except Refusal as refusal:
            return refusal.answer(), rates

    def _routed(
        self, call: Call, received: Received, rates: Mapping[str, str]
    ) -> tuple[Answer, Mapping[str, str]]:
        found = matching(call.method, received.path, self.cluster.authn)
        if found is None:
            raise Refusal(404, "NoApiError", f"API {call.path} is not found.")
        route, call.args = found
        admit(self.cluster, call, route.access, received.headers.get("authorization"))
        if route.limiter is not None:
            rates = self._limit(route.limiter, call.user.name)
        try:
            return route.endpoint(self.cluster, call), rates
        except Refusal as refusal:
            raise _Answered(refusal, rates) from refusal

    def _limit(self, kind: str, key: str) -> Mapping[str, str]:
        allowed, headers = self.limits.count(kind, key, self.cluster.wall)
        if not allowed:
            raise _Limited(headers)
        return headers


class _Limited(Exception):
    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers


class _Answered(Exception):
    """A refusal after the limit by user was counted: its headers go along."""

    def __init__(self, refusal: Refusal, rates: Mapping[str, str]) -> None:
        super().__init__()
        self.refusal = refusal
        self.rates = rates


def _too_many() -> Answer:
    return Answer(429, b"Too many requests, please try again later.", HTML)


def faulty(kind: str) -> Answer:
    """The answers of faults that look like the rest-server's own."""
    match kind:
        case "unauthorized":
            return invalid_token().answer()
        case "too_many":
            return _too_many()
        case _:
            return Refusal(500, None, "Internal Server Error").answer()


def _parsed(received: Received) -> Any:
    """What the body parsers make of a body; a type nobody parses is an empty object."""
    if not received.body:
        return {}
    if len(received.body) > BODY_BYTES:
        raise Refusal(413, None, "request entity too large")
    kind = received.headers.get("content-type", "").partition(";")[0].strip().lower()
    text = received.body.decode(errors="replace")
    if kind == "application/json":
        return _parsed_json(text)
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(text, keep_blank_values=True))
    return text if kind.startswith("text/") else {}


def _parsed_json(text: str) -> Any:
    """Only objects and arrays count as JSON."""
    stripped = text.lstrip()
    if stripped[:1] not in {"{", "["}:
        raise Refusal(400, None, f"Unexpected token '{stripped[:1]}', \"#\" is not valid JSON")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            raise Refusal(400, None, "Unexpected end of JSON input") from error
        raise Refusal(
            400, None, f"Unexpected token '{text[error.pos]}', \"#\" is not valid JSON"
        ) from error
