"""A message as a key with arguments, turned into words only when its reader's language is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Argument = str | int | float | bool
"""What a text may carry: anything that passes through JSON unchanged."""


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph or line of a message.

    `key` names a message of the Fluent catalogue (`job-line`, never dotted). Arguments are escaped
    when rendered; the markup lives in the catalogue. Ids go in as strings: Fluent groups numbers.
    A nested Text is rendered first and put in as it is.
    """

    key: str
    args: "Mapping[str, Argument | Text]" = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        """`[key]` or `[key, {name: value}]`; a nested text is a list again."""
        if not self.args:
            return [self.key]
        return [
            self.key,
            {k: v.to_json() if isinstance(v, Text) else v for k, v in self.args.items()},
        ]

    @classmethod
    def from_json(cls, raw: list[Any]) -> "Text":
        args = raw[1] if len(raw) > 1 else {}
        return cls(
            raw[0], {k: cls.from_json(v) if isinstance(v, list) else v for k, v in args.items()}
        )


def text(key: str, /, **args: "Argument | Text") -> Text:
    """`text("job-line", name="a", state="running")`; a `None` is a programming error."""
    return Text(key, args)
