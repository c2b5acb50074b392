"""Texts as Telegram keeps them: UTF-16 lengths, cleaning, trimming, found entities."""

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

Entity = dict[str, Any]

# Zero-width directional characters U+2028–U+202E and carriage returns vanish; other control
# characters become spaces.
CLEANED = {
    **{code: " " for code in range(32) if code not in (9, 10, 13)},
    13: None,
    **dict.fromkeys(range(0x2028, 0x202F)),
}
BLOCKS = ("code", "pre")
QUOTES = ("blockquote", "expandable_blockquote")
NESTING = ("blockquote", "expandable_blockquote", "text_link", "text_mention")

FOUND = (
    (
        "url",
        re.compile(
            r"https?://[^\s<>\"'，。；）]*[^\s<>\"'，。；）.,;:!?)]"
            r"|(?<![\w@./-])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|edu|io|me|cn|dev)\b(?:/[^\s<>\"]*)?",
        ),
    ),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w/#&])#\w*[^\W\d]\w*")),
)
WORTH_LOOKING = re.compile(r"[/@#.]")


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def utf16_positions(text: str) -> list[int]:
    """The UTF-16 offset of each character, and of the end."""
    if text.isascii():
        return list(range(len(text) + 1))
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def cleaned(text: str) -> str:
    """Without the characters Telegram drops; only for text that carries no entities yet."""
    return text.translate(CLEANED)


def trimmed(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """White space around the text goes, entities move and shrink with it."""
    body = text.strip()
    if body == text:
        return text, [entity for entity in entities if entity["length"] > 0]
    start = utf16_length(text[: len(text) - len(text.lstrip())])
    end = start + utf16_length(body)
    kept = []
    for entity in entities:
        first = max(entity["offset"], start)
        last = min(entity["offset"] + entity["length"], end)
        if last > first:
            kept.append(entity | {"offset": first - start, "length": last - first})
    return body, kept


def settled(entities: list[Entity]) -> list[Entity]:
    """Entities as Telegram stores them: nothing styled inside code, quotes not nested, sorted."""
    if len(entities) < 2:
        return entities
    blocks = [entity for entity in entities if entity["type"] in BLOCKS]
    kept = list(blocks)
    quoted_until = -1
    for entity in sorted(entities, key=_order):
        if entity["type"] in BLOCKS:
            continue
        if entity["type"] in QUOTES:
            if entity["offset"] >= quoted_until:
                quoted_until = entity["offset"] + entity["length"]
                kept.append(entity)
            continue
        kept.extend(_outside(entity, blocks))
    return sorted(kept, key=_order)


def _order(entity: Entity) -> tuple[int, int, int]:
    rank = NESTING.index(entity["type"]) if entity["type"] in NESTING else len(NESTING)
    return entity["offset"], -entity["length"], rank


def _outside(entity: Entity, blocks: list[Entity]) -> list[Entity]:
    pieces = [(entity["offset"], entity["offset"] + entity["length"])]
    for block in blocks:
        start, end = block["offset"], block["offset"] + block["length"]
        pieces = [
            piece
            for first, last in pieces
            for piece in ((first, min(last, start)), (max(first, end), last))
            if piece[1] > piece[0]
        ]
    return [entity | {"offset": first, "length": last - first} for first, last in pieces]


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Adds the links, commands, mentions and tags that Telegram finds by itself."""
    if not WORTH_LOOKING.search(text):
        return entities
    positions = utf16_positions(text)
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in (*BLOCKS, "text_link", "text_mention", "custom_emoji")
    ]
    found = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start, end = positions[match.start()], positions[match.end()]
            if all(end <= first or start >= last for first, last in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return sorted([*entities, *found], key=_order) if found else entities
