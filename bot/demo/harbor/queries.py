"""Harbor's paging and its `q` language, with what it does not say: unknown keys are ignored."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import unquote_plus

from bot.demo.harbor.store import Refused

T = TypeVar("T")
Fields = Callable[[T], Mapping[str, Any]]


def page_of(rows: Sequence[T], query: Mapping[str, str]) -> tuple[list[T], int]:
    """One page, and how many there are."""
    page, size = _number(query, "page", 1), _number(query, "page_size", 10)
    if size > 100 or page < 1 or size < 0:
        raise Refused(
            422, "UNPROCESSABLE_ENTITY", "page_size in query should be less than or equal to 100"
        )
    start = (page - 1) * size
    return list(rows[start : start + size] if size else rows), len(rows)


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    words = query.get(name, str(default))
    if not re.fullmatch(r"-?\d+", words):
        raise Refused(422, "UNPROCESSABLE_ENTITY", f"{name} in query must be of type int64")
    return int(words)


def chosen(rows: Sequence[T], query: Mapping[str, str], fields: Fields[T], default: str) -> list[T]:
    """Filtered by `q` and sorted by `sort`; keys that are no field are ignored."""
    found = [row for row in rows if _matches(query.get("q", ""), fields(row))]
    for key in reversed((query.get("sort") or default).split(",")):
        name = key.removeprefix("-")
        if found and name in fields(found[0]):
            found.sort(key=_by(fields, name), reverse=key.startswith("-"))
    return found


def _by(fields: Fields[T], name: str) -> Callable[[T], Any]:
    return lambda row: _order(fields(row)[name])


def _order(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else str(value)


def _matches(q: str, fields: Mapping[str, Any]) -> bool:
    for part in q.split(",") if q else ():
        key, equals, raw = part.partition("=")
        if not equals or not raw:
            raise Refused(400, "BAD_REQUEST", f"invalid query string value: {q}")
        key, value = key.strip(), unquote_plus(raw)
        if key in fields and not _fits(fields[key], value):
            return False
    return True


def _fits(held: Any, value: str) -> bool:
    if value.startswith("[") and value.endswith("]"):
        low, tilde, high = value[1:-1].partition("~")
        if not tilde:
            raise Refused(400, "BAD_REQUEST", "invalid range")
        return (not low or _value(low) <= held) and (not high or held <= _value(high))
    if isinstance(held, list):  # tags
        if value == "*":
            return bool(held)
        if value == "nil":
            return not held
        if value.startswith("~"):
            return any(value[1:] in one for one in held)
        return value in held
    if value.startswith("~"):
        return value[1:].lower() in str(held).lower()
    if value.startswith("{") and value.endswith("}"):
        return str(held) in value[1:-1].split()
    return str(held) == value.removeprefix("\\")


def _value(words: str) -> float:
    """A time in the `T` form; the spec's own form with a blank is not understood, and matches nothing."""
    try:
        return datetime.strptime(words, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return float("nan")
