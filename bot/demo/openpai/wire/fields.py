"""Checks of a JSON body, refused in the words of the server's validation library."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.demo.openpai.wire.answers import invalid

Kind = Literal["string", "boolean", "number", "array", "object", "any"]

_WRONG_KIND = {
    "string": "must be a string",
    "boolean": "must be a boolean",
    "number": "must be a number",
    "array": "must be an array",
    "object": "must be an object",
}


@dataclass(frozen=True, slots=True)
class Field:
    kind: Kind = "string"
    required: bool = False
    least: int | None = None
    most: int | None = None
    pattern: str | None = None
    pattern_name: str = ""
    choices: tuple[str, ...] = ()
    may_be_empty: bool = False
    fields: "Mapping[str, Field] | None" = None

    def trouble(self, name: str, value: Any) -> str | None:
        """The first thing wrong with the value, or None."""
        label = f'"{name}"'
        if self.choices and value not in self.choices:
            return f"{label} must be one of [{', '.join(self.choices)}]"
        if self.kind != "any" and not self._fits(value):
            return f"{label} {_WRONG_KIND[self.kind]}"
        if self.kind == "number":
            return self._number_trouble(label, float(value))
        return self._string_trouble(label, value) if isinstance(value, str) else None

    def _number_trouble(self, label: str, value: float) -> str | None:
        if self.least is not None and value < self.least:
            return f"{label} must be larger than or equal to {self.least}"
        if self.most is not None and value > self.most:
            return f"{label} must be less than or equal to {self.most}"
        return None

    def _string_trouble(self, label: str, value: str) -> str | None:
        if not value and not self.may_be_empty:
            return f"{label} is not allowed to be empty"
        if self.least is not None and len(value) < self.least:
            return f"{label} length must be at least {self.least} characters long"
        if self.pattern is not None and re.search(self.pattern, value) is None:
            return f'{label} with value "{value}" fails to match the {self.pattern_name} pattern'
        return None

    def _fits(self, value: Any) -> bool:
        match self.kind:
            case "string":
                return isinstance(value, str)
            case "boolean":
                return isinstance(value, bool) or value in ("true", "false")
            case "number":
                written = isinstance(value, str) and re.fullmatch(r"-?[0-9.]+", value) is not None
                return written or (isinstance(value, int | float) and not isinstance(value, bool))
            case "array":
                return isinstance(value, list)
            case _:
                return isinstance(value, dict)


def checked(body: Any, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The body, or a refusal that names the first wrong field."""
    values = body if isinstance(body, dict) else {}
    if (trouble := _first(values, fields)) is not None:
        raise invalid(trouble)
    return values


def _first(values: Mapping[str, Any], fields: Mapping[str, Field]) -> str | None:
    for name, wanted in fields.items():
        if name not in values:
            trouble = f'"{name}" is required' if wanted.required else None
        else:
            trouble = wanted.trouble(name, values[name])
            if trouble is None and wanted.fields is not None:
                trouble = _first(values[name], wanted.fields)
        if trouble is not None:
            return f'child "{name}" fails because [{trouble}]'
    for name in values:
        if name not in fields:
            return f'"{name}" is not allowed'
    return None
