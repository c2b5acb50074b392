"""What is asked of the rest-server, as values: each function is one endpoint in its recorded form."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

import msgspec

from bot.domain.errors import NotFound, Refused
from bot.domain.jobs import JobQuery, JobRef

SYSTEM = "openpai"
LIMIT_MAX = 50_000
"""A larger `limit` is refused by the server."""


class Counter(Enum):
    """Which limit a call is counted against, besides the one of the address (contracts/openpai.md 10)."""

    NONE = "none"
    LIST = "list"
    SUBMIT = "submit"


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `path` begins below `/api/v2`; path and query are encoded already."""

    method: str
    path: str
    query: str = ""
    content_type: str = ""
    body: bytes = b""
    if_none_match: str = ""
    counter: Counter = Counter.NONE
    what: str = ""
    """What a 404 means here, a word of the catalogue; `name` is what was looked for."""
    name: str = ""

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


def info() -> Request:
    return Request("GET", "/info")


def login(user: str, password: str) -> Request:
    return _json("POST", "/authn/basic/login", {"username": user, "password": password})


def logout() -> Request:
    return Request("DELETE", "/authn/basic/logout")


def check_token() -> Request:
    return Request("GET", "/tokens/check")


def tokens() -> Request:
    return Request("GET", "/tokens")


def create_application_token() -> Request:
    return Request("POST", "/tokens/application")


def revoke_token(secret: str) -> Request:
    return Request("DELETE", f"/tokens/{quote(secret, safe='')}")


def user(name: str) -> Request:
    return Request("GET", f"/users/{_segment('user', name)}", what="user", name=name)


def jobs(query: JobQuery) -> Request:
    """Names and values in the server's own case: states in upper case, `withTotalCount` exactly `true`.

    A text together with the priority `default` would be OR-ed by the server, so it is refused here.
    """
    if query.keyword and "default" in query.priorities:
        raise Refused(SYSTEM, "jobs can't be searched by text and by the default priority at once")
    pairs = [
        ("username", ",".join(query.users)),
        ("vc", ",".join(query.vcs)),
        ("state", ",".join(state.value.upper() for state in query.states)),
        ("keyword", query.keyword),
        ("tagsContain", ",".join(query.tags)),
        ("tagsNotContain", ",".join(query.without_tags)),
        ("jobPriority", ",".join(query.priorities)),
        ("order", query.order),
        ("offset", str(max(0, query.offset)) if query.offset > 0 else ""),
        ("limit", str(_limit(query.limit))),
        ("withTotalCount", "true"),
    ]
    return Request("GET", "/jobs", query=_query(pairs), counter=Counter.LIST)


def listing(limit: int, offset: int = 0, etag: str = "") -> Request:
    """Nulls come first when descending: the unfinished jobs, then the newest finished ones."""
    pairs = [
        ("order", "completionTime,DESC"),
        ("offset", str(offset) if offset > 0 else ""),
        ("limit", str(_limit(limit))),
    ]
    return Request("GET", "/jobs", query=_query(pairs), if_none_match=etag, counter=Counter.LIST)


def job(ref: JobRef) -> Request:
    return _job("GET", ref, "")


def attempt(ref: JobRef, index: int) -> Request:
    """Not `/job-attempts`, which mislabels states and asks Kubernetes once per task."""
    return _job("GET", ref, f"/attempts/{index}")


def config(ref: JobRef) -> Request:
    return _job("GET", ref, "/config")


def submit(protocol: str, name: str = "") -> Request:
    """Any other content type than `text/*` makes the server ignore the body."""
    return Request(
        "POST",
        "/jobs",
        content_type="text/yaml",
        body=protocol.encode(),
        counter=Counter.SUBMIT,
        what="job",
        name=name,
    )


def stop(ref: JobRef) -> Request:
    return _job("PUT", ref, "/executionType", {"value": "STOP"})


def tag(ref: JobRef, value: str) -> Request:
    return _job("PUT", ref, "/tag", {"value": value})


def untag(ref: JobRef, value: str) -> Request:
    return _job("DELETE", ref, "/tag", {"value": value})


def events(ref: JobRef) -> Request:
    return _job("GET", ref, "/events")


def task_attempts(ref: JobRef, role: str, index: int, job_attempt: int) -> Request:
    where = f"/attempts/{job_attempt}/taskRoles/{_segment('role', role)}/taskIndex/{index}"
    return _job("GET", ref, f"{where}/attempts")


def logs(
    ref: JobRef, role: str, index: int, attempt: int, job_attempt: int, *, tail: bool
) -> Request:
    where = (
        f"/jobs/{_address(ref)}/attempts/{job_attempt}/taskRoles/{_segment('role', role)}"
        f"/taskIndex/{index}/attempts/{attempt}/logs"
    )
    query = "tail-mode=true" if tail else ""
    return Request("GET", where, query=query, what="log", name=str(ref))


def virtual_clusters() -> Request:
    return Request("GET", "/virtual-clusters")


def nodes() -> Request:
    return Request("GET", "/virtual-clusters", query="nodes")


def skus(vc: str = "") -> Request:
    return Request("GET", "/cluster/sku-types", query=_query([("vc", vc)]), what="vc", name=vc)


def storages() -> Request:
    return Request("GET", "/storages")


def _limit(limit: int) -> int:
    return min(max(0, limit), LIMIT_MAX)


def _job(method: str, ref: JobRef, below: str, body: object = None) -> Request:
    path = f"/jobs/{_address(ref)}{below}"
    if body is None:
        return Request(method, path, what="job", name=str(ref))
    return _json(method, path, body, what="job", name=str(ref))


def _json(method: str, path: str, body: object, *, what: str = "", name: str = "") -> Request:
    return Request(
        method,
        path,
        content_type="application/json",
        body=msgspec.json.encode(body),
        what=what,
        name=name,
    )


def _address(ref: JobRef) -> str:
    if not ref.user or not ref.name:
        raise NotFound("job", str(ref))
    return quote(str(ref), safe="~")


def _segment(what: str, name: str) -> str:
    """A name is data from people: it must stay one segment of the path."""
    if name in {"", ".", ".."}:
        raise NotFound(what, name)
    return quote(name, safe="~")


def _query(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{key}={quote(value, safe=',~')}" for key, value in pairs if value)
