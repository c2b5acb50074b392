"""Telegram's HTML: what must be escaped on the way in, and what is left when the tags are taken out."""

import re

_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_TAG = re.compile(r"<[^<>]*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6}));")
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}


def escape(data: str) -> str:
    """Data as HTML that shows it unchanged, also inside an attribute.

    Half a surrogate pair, which JSON can smuggle in but UTF-8 can't carry, becomes U+FFFD.
    """
    if not data.isascii():
        data = data.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return data.translate(_SPECIAL)


def plain(html: str) -> str:
    """What a reader sees of it: no tags, entities decoded (the ones Telegram knows, no others)."""
    if "<" in html:
        html = _TAG.sub("", html)
    return _ENTITY.sub(_decode, html) if "&" in html else html


def _decode(found: re.Match[str]) -> str:
    digits, base = (found["dec"], 10) if found["dec"] else (found["hex"], 16)
    if not digits:
        return _NAMED[found[0]]
    code = int(digits, base)
    hidden = code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF
    return found[0] if hidden else chr(code)
