"""Harbor's paths and its query language, where a client goes wrong otherwise (contracts/harbor.md 0, 1.2, 3)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

LARGEST_PAGE = 100
"""101 is answered 422."""
FILTERS = frozenset(
    {"name", "tags", "digest", "repository_name", "push_time", "pull_time", "type", "media_type"}
    | {"operation", "username", "resource", "op_time", "Level", "ProjectID", "labels", "base"}
)
"""Harbor ignores a key it does not know: a typo in a filter would select everything."""
SORTS = frozenset(
    {"id", "name", "push_time", "pull_time", "size", "update_time", "creation_time", "op_time"}
)


def repository(project: str, name: str) -> str:
    """The slash of a repository's name is `%252F` on the wire: nginx undoes one escape before Harbor looks."""
    return f"/projects/{segment(project)}/repositories/{quote(quote(name, safe=''), safe='')}"


def artifact(project: str, name: str, reference: str) -> str:
    """`reference` is a tag or a digest, whose colon stays."""
    return f"{repository(project, name)}/artifacts/{quote(reference, safe=':')}"


def segment(word: str) -> str:
    return quote(word, safe="")


def query(**values: str | int | bool) -> str:
    """`?a=b&c=d`, each value encoded once; empty without values."""
    words = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in values.items()}
    return "?" + "&".join(f"{k}={quote(v, safe='')}" for k, v in words.items()) if words else ""


def filters(wanted: Mapping[str, str]) -> str:
    """The `q` of exact, fuzzy (`~word`) and range (`[a~b]`) values. Raises ValueError for what it can't say.

    Harbor unescapes the value a second time, so signs that mean something then are escaped here already.
    """
    if unknown := set(wanted) - FILTERS:
        raise ValueError(f"Harbor would ignore {sorted(unknown)}")
    parts = []
    for key, value in wanted.items():
        if not value or "," in value:
            raise ValueError(f"{key}: Harbor's filters can't say {value!r}")
        parts.append(f"{key}={value.replace('%', '%25').replace('+', '%2B')}")
    return ",".join(parts)


def sort(key: str) -> str:
    if key.removeprefix("-") not in SORTS:
        raise ValueError(f"Harbor would ignore the order {key}")
    return key


def before(moment: datetime) -> str:
    """A range up to then; the `T` form, since Harbor takes the spec's own form for a word."""
    return f"[~{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}]"
