"""One request as an endpoint sees it, and the table of endpoints."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal
from urllib.parse import unquote

from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.people.accounts import User
from bot.demo.openpai.wire.answers import Answer


class Access(Enum):
    """Who may call: anybody, any token, a browser token only; administrators in both ways."""

    ANYBODY = 0
    TOKEN = 1
    BROWSER = 2
    ADMIN = 3
    ADMIN_BROWSER = 4


Limiter = Literal["list", "submit"]


@dataclass(slots=True)
class Call:
    """`body` is what the body parsers made of it: JSON, a form, text, or {}.

    `values` holds every value of each query parameter.
    """

    method: str
    path: str
    args: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, list[str]] = field(default_factory=dict)
    body: Any = None
    token: str = ""
    who: User | None = None
    application: bool = False

    @property
    def user(self) -> User:
        """The caller, where access was checked before."""
        if self.who is None:
            raise LookupError("access was not checked")
        return self.who

    def query(self, name: str) -> str | None:
        found = self.values.get(name)
        return found[0] if found else None


Endpoint = Callable[[Cluster, Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    access: Access
    limiter: Limiter | None
    authn: str | None
    endpoint: Endpoint


ROUTES: list[Route] = []


def route(
    method: str,
    *paths: str,
    access: Access = Access.TOKEN,
    limiter: Limiter | None = None,
    authn: str | None = None,
) -> Callable[[Endpoint], Endpoint]:
    """Registers an endpoint; a path is below /api/v2 unless it names its version.

    `authn`: the endpoint exists only on clusters with that kind of login.
    """

    def register(endpoint: Endpoint) -> Endpoint:
        for path in paths:
            whole = path if path.startswith("/api/") else f"/api/v2{path}"
            regex = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", whole.rstrip("/"))
            pattern = re.compile(rf"{regex}/?")
            ROUTES.append(Route(method, pattern, access, limiter, authn, endpoint))
        return endpoint

    return register


def matching(method: str, raw_path: str, authn: str) -> tuple[Route, dict[str, str]] | None:
    """The endpoint of a path; segments are percent-decoded after the split."""
    method = "GET" if method == "HEAD" else method
    for candidate in ROUTES:
        if candidate.method != method or candidate.authn not in (None, authn):
            continue
        if (found := candidate.pattern.fullmatch(raw_path)) is not None:
            return candidate, {key: unquote(value) for key, value in found.groupdict().items()}
    return None
