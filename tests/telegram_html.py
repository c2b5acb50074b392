"""What Telegram accepts as HTML, written from its rules and apart from our own code: an oracle for tests."""

import re

TAGS = {
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a",
    "tg-emoji", "tg-time", "code", "pre", "blockquote",
}  # fmt: skip
_PIECE = re.compile(r"<(?P<close>/?)(?P<tag>[a-z-]+)(?P<attributes>[^<>]*)>|(?P<text>[^<>]+)")
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-f]+));|&", re.IGNORECASE)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTES = {
    "a": r' href="[^"]+"',
    "code": r'( class="language-[^"]+")?',
    "blockquote": r"( expandable)?",
    "span": r' class="tg-spoiler"',
    "tg-emoji": r' emoji-id="\d+"',
    "tg-time": r' unix="[^"]*"( format="[^"]*")?',
}


class Unparsable(AssertionError):
    """Telegram would answer 400 "can't parse entities"."""


def parsed(html: str) -> str:
    """The visible text; raises Unparsable where Telegram would refuse."""
    open_tags: list[str] = []
    shown: list[str] = []
    end = 0
    for piece in _PIECE.finditer(html):
        if piece.start() != end:
            raise Unparsable(f"stray markup at {end}: {html[end : end + 20]!r}")
        end = piece.end()
        if piece["text"] is not None:
            shown.append(_ENTITY.sub(_decoded, piece["text"]))
        elif piece["close"]:
            if not open_tags or open_tags.pop() != piece["tag"]:
                raise Unparsable(f"</{piece['tag']}> closes nothing in {html!r}")
        else:
            if piece["tag"] not in TAGS:
                raise Unparsable(f"<{piece['tag']}> is no tag of Telegram's")
            if not re.fullmatch(_ATTRIBUTES.get(piece["tag"], ""), piece["attributes"]):
                raise Unparsable(f"attributes of {piece[0]!r}")
            open_tags.append(piece["tag"])
    if end != len(html) or open_tags:
        raise Unparsable(f"not closed: {open_tags or html[end:]!r}")
    return "".join(shown)


def _decoded(found: re.Match[str]) -> str:
    if found[0] == "&":
        raise Unparsable("an ampersand that begins no entity")
    if found[1]:
        return _NAMED[found[1].lower()]
    return chr(int(found[2]) if found[2] else int(found[3], 16))
