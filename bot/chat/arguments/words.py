"""A message's words with their places, so that the rest can be taken byte for byte."""

import re
from dataclasses import dataclass

_KEY = re.compile(r"([^\W\d][\w.-]*)[=＝]")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
"""Phones turn straight quotes into curly ones."""


@dataclass(frozen=True, slots=True)
class Word:
    raw: str
    """As written, quotes and all."""
    value: str
    """Without the quotes; of `key=value` what stands after the sign."""
    start: int
    end: int
    key: str = ""
    quoted: bool = False
    broken: bool = False
    """A quote is opened and never closed."""

    @property
    def whole(self) -> str:
        """The word with its key, for where a key means nothing."""
        return f"{self.key}={self.value}" if self.key else self.value


def word_at(raw: str, at: int) -> Word | None:
    """The first word at or after `at`; None when only space is left.

    A quote counts at the beginning of a value only, and ends before a space: `don't` needs no care.
    """
    while at < len(raw) and raw[at].isspace():
        at += 1
    if at == len(raw):
        return None
    key = _KEY.match(raw, at)
    start = key.end() if key else at
    name = key[1] if key else ""
    if start < len(raw) and raw[start] in _QUOTES:
        end = _closing(raw, start)
        if end is not None:
            return Word(raw[at : end + 1], raw[start + 1 : end], at, end + 1, name, quoted=True)
    end = start
    while end < len(raw) and not raw[end].isspace():
        end += 1
    broken = raw[start : start + 1] in _QUOTES
    return Word(raw[at:end], raw[start:end], at, end, name, broken=broken)


def _closing(raw: str, opened: int) -> int | None:
    """Where the quote ends: before a space or at the end of the text."""
    mark, at = _QUOTES[raw[opened]], opened + 1
    while (at := raw.find(mark, at)) != -1:
        if at + 1 == len(raw) or raw[at + 1].isspace():
            return at
        at += 1
    return None
