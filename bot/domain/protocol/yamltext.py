"""Plain values as block YAML that every YAML reader, old or new, reads as the same values."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_RESERVED = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
"""Words that YAML 1.1 (and OpenPAI's own reader, in part) takes for something else than text."""
_LITERAL_LINE = re.compile(
    r"[\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\uf000-\ufefe\uff00-\uffef\U00010000-\U0010ffff]*\Z"
)


def to_yaml(value: Mapping[str, Any]) -> str:
    """Takes mappings, lists, strings, integers, booleans and None. Ends with a newline."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def _mapping(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, inner in value.items():
        yield from _entry(f"{indent}{_scalar(key)}:", inner, indent)


def _list(value: list[Any], indent: str) -> Iterator[str]:
    for inner in value:
        if isinstance(inner, Mapping) and inner:
            first, *others = _mapping(inner, f"{indent}  ")
            yield f"{indent}- {first[len(indent) + 2 :]}"
            yield from others
        else:
            yield from _entry(f"{indent}-", inner, indent)


def _entry(start: str, inner: object, indent: str) -> Iterator[str]:
    """`start` is the key with its colon, or the dash of a list."""
    match inner:
        case Mapping() if inner:
            yield start
            yield from _mapping(inner, f"{indent}  ")
        case list() if inner:
            yield start
            yield from _list(inner, f"{indent}  ")
        case str() if _literal(inner):
            yield f"{start} |-"
            for line in inner.split("\n"):
                yield f"{indent}  {line}" if line else ""
        case _:
            yield f"{start} {_scalar(inner)}"


def _scalar(value: object) -> str:
    match value:
        case str() if _PLAIN.match(value) and value.lower() not in _RESERVED:
            return value
        case str():
            return _quoted(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Mapping():
            return "{}"
        case list():
            return "[]"
        case _:
            raise TypeError(f"no YAML for {type(value).__name__}")


def _quoted(value: str) -> str:
    """JSON's quotes are YAML's double quotes, but for characters that YAML would break lines at or refuse."""
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]",
        lambda odd: f"\\u{ord(odd[0]):04x}",
        json.dumps(value, ensure_ascii=False),
    )


def _literal(value: str) -> bool:
    """A script of several lines reads better as it is; only where no rule of YAML touches a character."""
    lines = value.split("\n")
    return (
        len(lines) > 1
        and all(_LITERAL_LINE.match(line) for line in lines)
        and all(not line or line.strip() for line in lines)
        and bool(lines[0])
        and not lines[0][0].isspace()
        and bool(lines[-1])
    )
