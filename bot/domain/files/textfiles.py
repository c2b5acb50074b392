"""A text file as somebody edits it: what is lost on the way there and back, and what must not be."""

import hashlib
from dataclasses import dataclass

from bot.domain.errors import UserError

LARGEST_BYTES = 256 << 10
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TextFile:
    """`text` has plain line feeds; `encoding` and `newline` say how it lies on the disk.

    `mixed`: it had more than one kind of line ends, of which the commonest is kept.
    """

    text: str
    encoding: str
    """`utf-8`, `utf-8-sig` (with a mark in front), or `gb18030`."""
    newline: str
    mixed: bool
    sha256: str
    """Of the bytes on the disk, in hex."""


def read(data: bytes) -> TextFile:
    """Raises UserError for what is no text, or of no encoding we know."""
    if len(data) > LARGEST_BYTES:
        raise UserError("edit-large", bytes=len(data))
    if b"\0" in data:
        raise UserError("edit-binary")
    encoding = "utf-8-sig" if data.startswith(BOM) else "utf-8"
    try:
        words = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = "gb18030"
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            raise UserError("edit-binary") from None
    # What a textarea would change or drop in silence.
    if any(c in words for c in "\x0b\x0c\x1a") or words.encode(encoding) != data:
        raise UserError("edit-binary")
    pairs = words.count("\r\n")
    counts = {"\n": words.count("\n") - pairs, "\r\n": pairs, "\r": words.count("\r") - pairs}
    newline = max(counts, key=lambda end: counts[end]) if any(counts.values()) else "\n"
    mixed = sum(1 for count in counts.values() if count) > 1
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    return TextFile(plain, encoding, newline, mixed, hashlib.sha256(data).hexdigest())


def written(text: str, like: TextFile) -> bytes:
    """The same encoding and line ends as `like` has. Raises UserError for what can't be written."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        data = plain.replace("\n", like.newline).encode(like.encoding)
    except UnicodeEncodeError:
        raise UserError("edit-characters") from None
    if len(data) > LARGEST_BYTES:
        raise UserError("edit-large", bytes=len(data))
    return data
