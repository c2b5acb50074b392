"""A dataclass of arguments as the JSON payload of a button, and back."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from bot.chat.arguments.fields import Field, fields_of
from bot.chat.arguments.kinds import checked
from bot.domain.text import Argument

T = TypeVar("T")


def dump(value: Any) -> dict[str, Argument]:
    """Flat, as buttons want it: tuples and mappings become JSON text, defaults are left out."""
    payload: dict[str, Argument] = {}
    for field in fields_of(type(value)):
        one = getattr(value, field.name)
        if not field.required and one == field.default:
            continue
        if one is None:
            raise TypeError(f"{field.name} is None, but that is not its default")
        payload[field.name] = _dumped(field, one)
    return payload


def load(cls: type[T], payload: Mapping[str, Any]) -> T:
    """What `dump` wrote. Unknown names are ignored, since buttons outlive versions.

    Raises ValueError for a payload that can't be this dataclass any more.
    """
    found = {
        field.name: _loaded(field, payload[field.name])
        for field in fields_of(cls)
        if field.name in payload
    }
    for field in fields_of(cls):
        if field.required and field.name not in found:
            raise ValueError(f"{field.name} is missing")
    return cls(**found)


def _dumped(field: Field, value: Any) -> Argument:
    if field.many:
        return json.dumps([field.kind.dump(one) for one in value], ensure_ascii=False)
    if field.mapping:
        named = {name: field.kind.dump(one) for name, one in value.items()}
        return json.dumps(named, ensure_ascii=False)
    return field.kind.dump(value)


def _loaded(field: Field, raw: Any) -> Any:
    if not (field.many or field.mapping):
        return field.kind.load(raw)
    inner = json.loads(checked(raw, str))
    if field.many and isinstance(inner, list):
        return tuple(field.kind.load(one) for one in inner)
    if field.mapping and isinstance(inner, dict):
        return {name: field.kind.load(one) for name, one in inner.items()}
    raise ValueError(f"{field.name}: {raw!r} has another shape")
