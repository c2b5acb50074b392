"""Fitting words into Telegram's messages: lengths, cuts, and splits that leave the markup whole."""

import unicodedata
from collections.abc import Sequence

from bot.i18n.html import escape, plain

__all__ = ["CAPTION", "MESSAGE", "cut", "escape", "fits", "plain", "split", "utf16_len"]

MESSAGE = 4096
"""UTF-16 units in a message, after its entities were parsed (contracts/telegram.md 1.1)."""
CAPTION = 1024
"""The same for what goes with a document or picture."""
_RAW_BYTES = 32768
"""A message with more markup than this is refused before it is parsed."""
_MARK = "…"
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_JOINER = "\u200d"
_CLUSTER = 64
"""A reader sees no cluster as long as this; zalgo text is cut in the middle."""


def utf16_len(data: str) -> int:
    """Length as Telegram counts it: an emoji is two."""
    return len(data) if data.isascii() else len(data.encode("utf-16-le", "surrogatepass")) // 2


def fits(html: str, limit: int = MESSAGE) -> bool:
    """Whether Telegram takes it as one message."""
    return _raw_len(html) <= _RAW_BYTES and utf16_len(plain(html)) <= limit


def cut(data: str, limit: int, *, tail: bool = False) -> str:
    """At most `limit` UTF-16 units of the beginning (of the end with `tail`), `…` where something is missing.

    For data, never for marked-up text. What a reader sees as one character stays whole.
    """
    if utf16_len(data) <= limit:
        return data
    if limit <= 0:
        return ""
    if tail:
        at = _from_end(data, limit - 1)
        return _MARK + data[at:]
    return data[: _from_start(data, limit - 1)] + _MARK


def split(lines: Sequence[str], limit: int = MESSAGE) -> list[str]:
    """Pack rendered lines into as few messages as hold them, in order, breaking between lines only.

    Each line closes its own tags. One that is too long for any message loses its markup and is cut; authors
    cut their data before that happens. Messages without a visible character are left out: Telegram
    refuses them.
    """
    pieces: list[str] = []
    piece: list[str] = []
    shown = raw = 0
    for line in lines:
        if not fits(line, limit):
            line = escape(cut(plain(line), limit))  # noqa: PLW2901 - from here on it is the line
        more_shown, more_raw = utf16_len(plain(line)) + 1, _raw_len(line) + 1
        if piece and (shown + more_shown - 1 > limit or raw + more_raw - 1 > _RAW_BYTES):
            pieces.append("\n".join(piece))
            piece, shown, raw = [], 0, 0
        piece.append(line)
        shown, raw = shown + more_shown, raw + more_raw
    pieces.append("\n".join(piece))
    return [one for one in pieces if _visible(plain(one))]


def _visible(shown: str) -> bool:
    """Telegram takes controls for spaces, and a message of spaces for none."""
    return any(unicodedata.category(letter) not in _UNSEEN for letter in shown)


def _raw_len(html: str) -> int:
    return len(html) if html.isascii() else len(html.encode("utf-8", "replace"))


def _from_start(data: str, limit: int) -> int:
    """The last place to cut so that at most `limit` units stand before it."""
    units = at = 0
    while at < len(data):
        units += 2 if data[at] > "\uffff" else 1
        if units > limit:
            break
        at += 1
    return _boundary(data, at, -1)


def _from_end(data: str, limit: int) -> int:
    units, at = 0, len(data)
    while at:
        units += 2 if data[at - 1] > "\uffff" else 1
        if units > limit:
            break
        at -= 1
    return _boundary(data, at, 1)


def _boundary(data: str, at: int, step: int) -> int:
    """The nearest place in the direction of `step` that is not inside a cluster."""
    for place in range(at, at + step * _CLUSTER, step):
        if place <= 0 or place >= len(data) or not _inside(data, place):
            return min(max(place, 0), len(data))
    return at


def _inside(data: str, at: int) -> bool:
    """Whether the letters before and after `at` are seen as one (the rules of UAX 29 that chats meet)."""
    before, after = data[at - 1], data[at]
    return (
        _JOINER in {before, after}
        or unicodedata.category(after).startswith("M")  # accents, variation selectors, keycaps
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # flags of regions
        or (before == "\r" and after == "\n")
        or (_flag(before) and _flag(after) and _flags_before(data, at) % 2 == 1)
    )


def _flag(letter: str) -> bool:
    """A regional indicator: two of them make a flag."""
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flags_before(data: str, at: int) -> int:
    start = at
    while start and _flag(data[start - 1]):
        start -= 1
    return at - start
