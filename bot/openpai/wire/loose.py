"""Reading JSON whose fields may be missing, null or of another type: what is not right is absent."""

import math
from datetime import UTC, datetime
from typing import Any


def table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in rows(value) if isinstance(item, str))


def whole(value: object) -> int | None:
    """An integer, also one written as `3.0` or `"3"`; ports are strings in OpenPAI."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if math.isfinite(value):
            return int(value)
        case str() if value.isascii() and value.isdecimal() and len(value) < 20:
            return int(value)
        case _:
            return None


def count(value: object) -> int:
    return whole(value) or 0


def moment(value: object) -> datetime | None:
    """Milliseconds since 1970, or an ISO 8601 text."""
    try:
        match value:
            case bool():
                return None
            case int() | float():
                return datetime.fromtimestamp(value / 1000, UTC)
            case str():
                read = datetime.fromisoformat(value)
                return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
            case _:
                return None
    except (ValueError, OverflowError, OSError):
        return None
