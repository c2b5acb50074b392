"""How a command is written, said by the same fields that read it."""

from dataclasses import MISSING
from enum import Enum

from bot.chat.arguments.fields import Field, fields_of
from bot.chat.arguments.kinds import Choice, OneOf, Words
from bot.domain.text import Text, text


def usage(cls: type, command: str) -> tuple[Text, ...]:
    """The usage line, then a line for every field that has help."""
    return (usage_line(cls, command), *(_about(one) for one in fields_of(cls) if one.options.help))


def usage_line(cls: type, command: str) -> Text:
    words = [f"/{command.removeprefix('/')}", *(written(one) for one in fields_of(cls))]
    return text("usage-line", line=" ".join(words))


def written(field: Field) -> str:
    """`NAME`, `[follow]`, `[stdout|stderr]`, `[n=50]`, `[env.X=…]`, `COMMAND…`."""
    shown = field.options.shown
    if field.rest:
        word = f"{shown or field.name.upper()}…"
    elif field.flag:
        word = field.name
    elif field.mapping:
        word = f"{field.name}.{shown or 'X'}=…"
    elif field.positional and isinstance(field.kind, Words | Choice | OneOf):
        word = (shown or field.kind.example or field.name.upper()) + ("…" if field.many else "")
    else:
        word = f"{field.name}={shown or _example(field)}"
    return word if field.required else f"[{word}]"


def _example(field: Field) -> str:
    if isinstance(field.default, Enum | str | int) and not isinstance(field.default, bool):
        default = field.default.value if isinstance(field.default, Enum) else field.default
        if default not in {MISSING, "", None} and field.kind.example in {"", "1"}:
            return str(default)
    return field.kind.example or "…"


def _about(field: Field) -> Text:
    about = text(field.options.help)
    if field.options.alias:
        alias = ", ".join(field.options.alias)
        return text("usage-field-alias", name=field.name, alias=alias, about=about)
    return text("usage-field", name=field.name, about=about)
