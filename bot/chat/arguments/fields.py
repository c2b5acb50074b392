"""What a dataclass of arguments asks for, read once from its fields."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from dataclasses import field as dataclass_field
from datetime import timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.chat.arguments.kinds import (
    Bytes,
    Choice,
    Decimal,
    Duration,
    Kind,
    OneOf,
    Rest,
    Size,
    Switch,
    Whole,
    Words,
)

_OPTIONS = "arguments"


@dataclass(frozen=True, slots=True)
class Options:
    """What the type of a field can't say."""

    alias: tuple[str, ...] = ()
    help: str = ""
    shown: str = ""
    named: bool = False
    values: Mapping[str, Any] = dataclass_field(default_factory=dict)
    least: int | None = None
    most: int | None = None


def arg(
    default: Any = MISSING,
    *,
    alias: tuple[str, ...] = (),
    help: str = "",  # noqa: A002 - the word everybody expects
    shown: str = "",
    named: bool = False,
    values: Mapping[str, Any] | None = None,
    least: int | None = None,
    most: int | None = None,
) -> Any:
    """A dataclass field with more to say than its type.

    `alias`: other names for `key=value` and flags. `help`: key of a text about it. `shown`: what stands
    for its value in the usage. `named`: only `key=value` reaches it, never a bare word. `values`: further
    words for an enumeration or a `Literal`. `least` and `most` bound whole numbers.
    """
    options = Options(alias, help, shown, named, values or {}, least, most)
    return dataclass_field(default=default, metadata={_OPTIONS: options})


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind
    options: Options
    default: Any
    """MISSING for what has to be said."""
    many: bool = False
    """A tuple."""
    mapping: bool = False
    """`env.X=…`: a value for every name after the dot."""
    rest: bool = False

    @property
    def required(self) -> bool:
        return self.default is MISSING

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.options.alias)

    @property
    def flag(self) -> bool:
        """Said by its bare name."""
        return isinstance(self.kind, Switch) and not (self.options.named or self.many)

    @property
    def positional(self) -> bool:
        return not (self.rest or self.mapping or self.options.named or self.flag)


_known: dict[type, tuple[Field, ...]] = {}


def fields_of(cls: type) -> tuple[Field, ...]:
    """Raises TypeError for types no word can become: a mistake of the command's author."""
    if cls not in _known:
        hints = get_type_hints(cls)
        _known[cls] = tuple(_field(one, hints[one.name]) for one in fields(cls))
    return _known[cls]


def _field(one: Any, hint: Any) -> Field:
    options = one.metadata.get(_OPTIONS, Options())
    default = one.default
    if one.default_factory is not MISSING:
        default = one.default_factory()
    if get_origin(hint) in {Union, UnionType}:
        kinds = [part for part in get_args(hint) if part is not NoneType]
        if len(kinds) != 1:
            raise TypeError(f"{one.name}: {hint} is more than one kind of value")
        hint = kinds[0]
    inner = get_args(hint)
    match get_origin(hint):
        case origin if origin is Literal:
            return Field(one.name, OneOf(inner, options.values), options, default)
        case origin if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
            return Field(one.name, _kind(one.name, inner[0], options), options, default, many=True)
        case origin if origin is not None and issubclass(origin, Mapping):
            kind = _kind(one.name, inner[1], options)
            return Field(one.name, kind, options, default, mapping=True)
    rest = hint is Rest
    return Field(one.name, _kind(one.name, hint, options), options, default, rest=rest)


def _kind(name: str, hint: Any, options: Options) -> Kind:
    plain: dict[Any, Kind] = {
        str: Words(),
        Rest: Words(),
        bool: Switch(),
        int: Whole(options.least, options.most),
        float: Decimal(),
        timedelta: Duration(),
        Size: Bytes(),
    }
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Choice(hint, options.values)
    raise TypeError(f"{name}: no word can become {hint}")
