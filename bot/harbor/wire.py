"""Harbor's answers as values: fields may be missing, `null`, or of another server's kind."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.domain.errors import Busy, Denied, NotFound, Refused, Unavailable, UserError
from bot.domain.images.artifact import (
    Artifact,
    GcRun,
    HubAccount,
    HubInfo,
    Project,
    Quota,
    Repository,
    Robot,
    Scan,
    Tag,
)
from bot.domain.images.errors import Blocked, Hidden, Immutable, Referenced, denied
from bot.domain.images.manifest import Child, ImageConfig
from bot.harbor.answers import SYSTEM, Answer

SEVERITIES = ("Critical", "High", "Medium", "Low", "Negligible", "Unknown")


_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?")


class PathUnknown(Unavailable):
    """The server has no such call; or a proxy in front of it changed the path."""

    def __init__(self) -> None:
        super().__init__(SYSTEM, "it does not know this call")


def plain(answer: Answer) -> Any:
    """JSON, or Unavailable: a portal or proxy answered."""
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, RecursionError):
        raise Unavailable(SYSTEM, "there is no Harbor at that address") from None


def failure(answer: Answer, what: str, name: str) -> UserError:
    """What went wrong with `name`. 403 may hide a missing project (contracts/harbor.md 1.1, row 11)."""
    code, message = _problem(answer)
    match answer.status:
        case 401:
            return Denied(SYSTEM)
        case 403 if "CSRF" in message:
            return Unavailable(SYSTEM, "it took us for a browser")
        case 403:
            return denied(SYSTEM, code, message)
        case 404 if message.startswith("path ") and "was not found" in message:
            return PathUnknown()
        case 404:
            return NotFound(what, name)
        case 409:
            return Refused(SYSTEM, message or "it exists already")
        case 412 if code == "VIOLATE_FOREIGN_KEY_CONSTRAINT":
            return Referenced()
        case 412 if code == "PROJECTPOLICYVIOLATION":
            return Blocked(message)
        case 412 if "immutable" in message:
            found = re.search(r"tag (\S+) configured", message)
            return Immutable(found[1] if found else name)
        case 429:
            told = answer.headers.get("retry-after", "")
            return Busy(SYSTEM, float(told) if re.fullmatch(r"\d{1,4}", told) else 30)
        case status if status >= 500 or answer.html:
            return Unavailable(SYSTEM, f"status {status}")
        case status:
            return Refused(SYSTEM, message or f"status {status}")


def hidden(answer: Answer, name: str) -> UserError:
    """What 403 means of something that is only looked at."""
    return Hidden(name) if _problem(answer)[0] == "FORBIDDEN" else failure(answer, "", name)


def _problem(answer: Answer) -> tuple[str, str]:
    try:
        made = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, RecursionError):
        return "", ""
    match made:
        case {"errors": [{**first}, *_]}:
            return _word(first.get("code")), _word(first.get("message"))[:300]
        case {"message": str(message)}:  # 1.x
            return "", message[:300]
    return "", ""


def total(answer: Answer, least: int) -> int:
    """Pages are counted by this header; `Link` can't be trusted (contracts/harbor.md 1.2)."""
    words = answer.headers.get("x-total-count", "")
    told = int(words) if words.isascii() and words.isdecimal() and len(words) < 12 else 0
    return max(told, least)


def info(answer: Answer, *, legacy: bool) -> HubInfo:
    made = _table(plain(answer))
    return HubInfo(
        _word(made.get("harbor_version")),
        _word(made.get("auth_mode")),
        _host(made.get("registry_url")),
        made.get("read_only") is True,
        legacy,
    )


def _host(value: object) -> str:
    """As it can stand in a reference: docker knows a host by its dot, its port, or the name `localhost`."""
    words = re.sub(r"^https?://", "", _word(value)).rstrip("/").lower()
    known = "." in words or ":" in words or words == "localhost"
    return words if known and _HOST.fullmatch(words) else ""


def account(answer: Answer) -> HubAccount:
    made = _table(plain(answer))
    return HubAccount(_word(made.get("username")), "user", made.get("sysadmin_flag") is True)


def project(row: object) -> Project:
    made = _table(row)
    metadata = _table(made.get("metadata"))
    return Project(
        _whole(made.get("project_id")),
        _word(made.get("name")),
        str(metadata.get("public")).lower() == "true",
        _whole(made.get("repo_count")),
        _whole(made.get("registry_id")) > 0,
    )


def repository(row: object) -> Repository:
    made = _table(row)
    project, _, name = _word(made.get("name")).partition("/")
    count = made.get("artifact_count", made.get("tags_count"))
    return Repository(
        project,
        name,
        _whole(count),
        _whole(made.get("pull_count")),
        moment(made.get("update_time")),
    )


def artifact(row: object, project: str, name: str = "") -> Artifact:
    made = _table(row)
    told = _word(made.get("repository_name")).removeprefix(f"{project}/")
    return Artifact(
        project,
        name or told,
        _word(made.get("digest")),
        _whole(made.get("size")),
        _word(made.get("type")) or "IMAGE",
        moment(made.get("push_time")),
        moment(made.get("pull_time")),
        tuple(_tag(each) for each in _rows(made.get("tags"))),
        tuple(_child(each) for each in _rows(made.get("references"))),
        _scan(made.get("scan_overview")),
        _config(made.get("extra_attrs")),
    )


def _tag(row: object) -> Tag:
    made = _table(row)
    return Tag(
        _word(made.get("name")),
        moment(made.get("push_time")),
        moment(made.get("pull_time")),
        made.get("immutable") is True,
    )


def _child(row: object) -> Child:
    made = _table(row)
    platform = _table(made.get("platform"))
    words = (_word(platform.get(key)) for key in ("os", "architecture", "variant"))
    return Child(_word(made.get("child_digest")), 0, "/".join(w for w in words if w) or "unknown")


def _scan(value: object) -> Scan | None:
    """Keyed by the report's type, of which there is one; absent means never scanned."""
    reports = [row for row in _table(value).values() if isinstance(row, dict)]
    if not reports:
        return None
    made = reports[0]
    summary = _table(made.get("summary"))
    counts = _table(summary.get("summary"))
    found = tuple((s, _whole(counts[s])) for s in SEVERITIES if _whole(counts.get(s)))
    return Scan(
        _word(made.get("scan_status")),
        _word(made.get("severity")),
        _whole(summary.get("total")),
        _whole(summary.get("fixable")),
        found,
    )


def _config(value: object) -> ImageConfig | None:
    made = _table(value)
    inner = _table(made.get("config"))
    if not made:
        return None
    env = (row.partition("=") for row in _rows(inner.get("Env")) if isinstance(row, str))
    platform = "/".join(w for key in ("os", "architecture") if (w := _word(made.get(key))))
    labels = _table(inner.get("Labels"))
    return ImageConfig(
        moment(made.get("created")),
        platform,
        tuple((key, text) for key, _, text in env),
        tuple((str(k), v) for k, v in labels.items() if isinstance(v, str)),
    )


def history(answer: Answer) -> tuple[str, ...]:
    steps = (_table(row).get("created_by") for row in _rows(plain(answer)))
    return tuple(step for step in steps if isinstance(step, str))


def quota(answer: Answer) -> Quota | None:
    made = _table(_table(plain(answer)).get("quota"))
    hard, used = _table(made.get("hard")), _table(made.get("used"))
    if not made:
        return None
    limit = hard.get("storage")
    return Quota(_whole(used.get("storage")), limit if isinstance(limit, int) else -1)


def rights(answer: Answer) -> frozenset[str]:
    """`repository:push`, `artifact:delete`, …"""
    rows = (_table(row) for row in _rows(plain(answer)))
    return frozenset(f"{_word(r.get('resource'))}:{_word(r.get('action'))}" for r in rows)


def robot(answer: Answer) -> Robot:
    made = _table(plain(answer))
    ends = made.get("expires_at")
    at = datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and 0 < ends < 1 << 40 else None
    found = Robot(_whole(made.get("id")), _word(made.get("name")), _word(made.get("secret")), at)
    if not (found.name and found.secret):
        raise Unavailable(SYSTEM, "it made a robot without telling its secret")
    return found


def gc_run(row: object) -> GcRun:
    """The numbers are in `job_parameters`, a text of JSON; servers before 2.9 have none."""
    made = _table(row)
    try:
        parameters = _table(msgspec.json.decode(_word(made.get("job_parameters")) or "{}"))
    except msgspec.DecodeError:
        parameters = {}
    freed = parameters.get("freed_space")
    return GcRun(
        _whole(made.get("id")),
        _word(made.get("job_status")),
        parameters.get("dry_run") is True,
        freed if isinstance(freed, int) else None,
        moment(made.get("creation_time")),
    )


def pusher(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Resource and user name of each entry of the log."""
    rows = (_table(row) for row in _rows(plain(answer)))
    return tuple((_word(row.get("resource")), _word(row.get("username"))) for row in rows)


def table(answer: Answer) -> Mapping[str, Any]:
    """Empty for what is no JSON object: a portal's page, say."""
    try:
        return _table(msgspec.json.decode(answer.body))
    except (msgspec.DecodeError, RecursionError):
        return {}


def rows(answer: Answer) -> list[Any]:
    return _rows(plain(answer))


def moment(value: object) -> datetime | None:
    """Year 1 is Go's zero time: never."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value))
        read = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return read if read.year > 1 else None


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
