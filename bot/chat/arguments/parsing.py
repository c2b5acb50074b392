"""Words into a dataclass; every error names the word, the nearest right one, and the usage."""

from collections.abc import Iterator
from typing import Any, TypeVar

from bot.chat.arguments.fields import Field, fields_of
from bot.chat.arguments.kinds import Unfit
from bot.chat.arguments.usage import usage_line
from bot.chat.arguments.words import Word, word_at
from bot.chat.markup import cut
from bot.chat.nearest import nearest
from bot.domain.errors import UserError
from bot.domain.text import Argument, Text, text

T = TypeVar("T")

_ECHO = 60
"""So much of a wrong word is repeated."""
_LISTS = str.maketrans(dict.fromkeys("，、", ","))


def parse(cls: type[T], raw: str, command: str) -> T:
    """What stands after the command, as `cls`. Raises UserError.

    `--` ends the options; a line break does too where the rest is wanted byte for byte.
    """
    return cls(**_Parsing(cls, raw, command).run())


class _Parsing:
    def __init__(self, cls: type, raw: str, command: str) -> None:
        self._cls = cls
        self._raw = raw
        self._command = command
        self._fields = fields_of(cls)
        self._rest = next((field for field in self._fields if field.rest), None)
        self._options = any(field.options.named or field.mapping for field in self._fields)
        """Options come before the rest; without any, the rest begins once its turn has come."""
        self._names = {name: field for field in self._fields for name in field.names}
        self._found: dict[str, Any] = {}
        self._at = 0
        self._ended = False
        """`--` was seen: words are only values now."""

    def run(self) -> dict[str, Any]:
        while not self._rest_begins() and (word := word_at(self._raw, self._at)) is not None:
            if not self._take(word):
                break
            self._at = word.end
        if self._rest is not None and self._rest.name not in self._found:
            self._take_rest()
        for field in self._fields:
            if field.required and field.name not in self._found:
                raise self._error("usage-missing", name=field.options.shown or field.name)
        return self._found

    def _rest_begins(self) -> bool:
        """The rest's turn has come, whatever the next word is."""
        if self._rest is None:
            return False
        if self._rest.name in self._found or self._ended:
            return True
        if any(self._open()):
            return False
        word = word_at(self._raw, self._at)
        line_break = word is not None and "\n" in self._raw[self._at : word.start]
        return line_break or not (self._options or any(field.flag for field in self._fields))

    def _take_rest(self) -> None:
        """Byte for byte: from the first word on; after a line break from there, indentation included."""
        assert self._rest is not None  # noqa: S101 - for the type checker
        word = word_at(self._raw, self._at)
        if word is None:
            return
        line_break = self._raw.find("\n", self._at, word.start)
        start = line_break + 1 if line_break != -1 and not self._ended else word.start
        self._found[self._rest.name] = self._raw[start:]

    def _take(self, word: Word) -> bool:
        """False when the word is where the rest begins."""
        if word.raw == "--" and not self._ended:
            self._ended = True
            return True
        if word.key and not self._ended and self._named(word):
            return True
        if not word.key and not word.quoted and not self._ended and self._exact(word):
            return True
        return self._positional(word)

    def _named(self, word: Word) -> bool:
        field = self._names.get(word.key) or self._mapping(word.key)
        if field is None or (field.rest and not self._options):
            return self._unknown(word)
        if field.rest:
            self._found[field.name] = self._raw[word.start + len(word.key) + 1 :]
        elif word.broken:
            raise self._error("usage-quote", word=word.raw)
        elif field.mapping:
            self._map(field, word)
        elif field.many:
            pieces = (word.value,) if word.quoted else _pieces(word.value)
            self._more(field, [self._read(field, piece) for piece in pieces])
        else:
            self._once(field, self._read(field, word.value))
        return True

    def _mapping(self, key: str) -> Field | None:
        name, dot, inner = key.partition(".")
        field = self._names.get(name) if dot and inner else None
        return field if field is not None and field.mapping else None

    def _map(self, field: Field, word: Word) -> None:
        inner = word.key.partition(".")[2]
        known = self._found.setdefault(field.name, {})
        if inner in known:
            raise self._error("usage-twice", name=word.key)
        if not inner:
            raise self._error("usage-unexpected", word=word.raw, near="")
        known[inner] = self._read(field, word.value)

    def _unknown(self, word: Word) -> bool:
        """False: no option at all, but a value with `=` in it, or the first word of the rest."""
        near = nearest(word.key, self._names)
        if self._rest is not None:
            assignment = word.key != word.key.lower()  # `CUDA_VISIBLE_DEVICES=0 python …`
            if assignment or not self._options:
                return False
        elif any(self._open()) and not near:
            return False
        raise self._error("usage-unknown-key", key=word.key, near=self._near(near, "="))

    def _exact(self, word: Word) -> bool:
        """A flag by its name, or one of the choices of a field."""
        for field in self._fields:
            if field.flag and field.name not in self._found and word.value in field.names:
                self._found[field.name] = True
                return True
        for field in self._open():
            if field.kind.choices:
                try:
                    self._put(field, word)
                except Unfit:
                    continue
                return True
        return False

    def _positional(self, word: Word) -> bool:
        open_fields = list(self._open())
        if self._rest is not None and not open_fields:
            return False
        if word.broken:
            raise self._error("usage-quote", word=word.raw)
        misfits: list[tuple[Field, Unfit]] = []
        for field in open_fields:
            try:
                self._put(field, word)
            except Unfit as unfit:
                misfits.append((field, unfit))
                if field.required:
                    break
                continue
            return True
        near = nearest(word.whole, self._sayable())
        if len(misfits) == 1 and not near:
            raise self._misfit(misfits[0][0], word.whole, misfits[0][1])
        raise self._error("usage-unexpected", word=word.raw, near=self._near(near))

    def _open(self) -> Iterator[Field]:
        """Positional fields that can take one more word."""
        for field in self._fields:
            if field.positional and (field.many or field.name not in self._found):
                yield field

    def _put(self, field: Field, word: Word) -> None:
        if not field.many:
            self._found[field.name] = field.kind.read(word.whole)
            return
        split = bool(field.kind.choices) and not word.quoted
        pieces = _pieces(word.whole) if split else (word.whole,)
        self._more(field, [field.kind.read(piece) for piece in pieces])

    def _more(self, field: Field, values: list[Any]) -> None:
        self._found[field.name] = (*self._found.get(field.name, ()), *values)

    def _once(self, field: Field, value: Any) -> None:
        if field.name in self._found:
            raise self._error("usage-twice", name=field.name)
        self._found[field.name] = value

    def _read(self, field: Field, word: str) -> Any:
        try:
            return field.kind.read(word)
        except Unfit as unfit:
            raise self._misfit(field, word, unfit) from None

    def _misfit(self, field: Field, word: str, unfit: Unfit) -> UserError:
        return self._error(
            "usage-bad-value",
            word=word,
            name=field.options.shown or field.name,
            expected=unfit.expected,
            near=self._near(nearest(word, field.kind.choices)),
        )

    def _sayable(self) -> list[str]:
        """Every bare word that would have meant something here."""
        flags = [field.name for field in self._fields if field.flag]
        return flags + [choice for field in self._open() for choice in field.kind.choices]

    def _near(self, names: tuple[str, ...], sign: str = "") -> Text | str:
        return text("usage-near", word=names[0] + sign) if names else ""

    def _error(self, key: str, /, **args: Argument | Text) -> UserError:
        short = {
            name: cut(value, _ECHO) if isinstance(value, str) else value
            for name, value in args.items()
        }
        return UserError(key, **short, usage=usage_line(self._cls, self._command))


def _pieces(value: str) -> tuple[str, ...]:
    return tuple(piece for piece in value.translate(_LISTS).split(",") if piece)
