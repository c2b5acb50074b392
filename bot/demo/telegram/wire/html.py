"""Telegram's HTML: the exact list of tags, and the errors in Telegram's words with byte offsets."""

import re
from dataclasses import dataclass

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.wire.links import checked_link, mentioned_user
from bot.demo.telegram.wire.text import Entity, utf16_length

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPACE = " \t\r\n\0\v"
END = "\0"
LONGEST_REFERENCE = 8
LONGEST_NUMBER = 18
PLAIN = re.compile(r"[^<&\0]+")


@dataclass(slots=True)
class OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    begins: int


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities, offsets in UTF-16 units; 400 as Telegram words it."""
    if "<" not in markup and "&" not in markup:
        return markup, []
    return HtmlReader(markup).read()


class HtmlReader:
    """Reads one text from left to right.

    An unknown `&name` stays as it is written and a single `>` is text, as in Telegram; only tags
    can be wrong.
    """

    def __init__(self, markup: str) -> None:
        self._source = markup.replace(END, " ") + END
        self._at = 0
        self._text: list[str] = []
        self._offset = 0
        self._open: list[OpenTag] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        end = len(self._source) - 1
        while self._at < end:
            char = self._source[self._at]
            if char == "<":
                if self._source[self._at + 1] == "/":
                    self._close_tag()
                else:
                    self._open_tag()
            elif char == "&":
                self._put(self._reference() or self._take())
            elif run := PLAIN.match(self._source, self._at):
                self._put(run[0])
                self._at = run.end()
        if self._open:
            raise self._wrong(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"'
            )
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self._text), self._entities

    def _put(self, piece: str) -> None:
        self._text.append(piece)
        self._offset += utf16_length(piece)

    def _take(self) -> str:
        self._at += 1
        return self._source[self._at - 1]

    def _reference(self) -> str:
        """The character an entity at the cursor stands for; empty, with nothing read, if none."""
        stop = self._at + 1
        if self._source[stop] == "#":
            hexadecimal = self._source[stop + 1] in "xX"
            first = stop + 1 + hexadecimal
            stop = first
            digits = "0123456789abcdefABCDEF" if hexadecimal else "0123456789"
            while self._source[stop] in digits:
                stop += 1
            if stop - first > LONGEST_REFERENCE:
                return ""
            code = int(self._source[first:stop] or "0", 16 if hexadecimal else 10)
            if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                return ""
            char = chr(code)
        else:
            while self._source[stop].isascii() and self._source[stop].isalpha():
                stop += 1
            char = NAMED.get(self._source[self._at + 1 : stop], "")
            if not char:
                return ""
        self._at = stop + (self._source[stop] == ";")
        return char

    def _skip_space(self) -> None:
        while self._source[self._at] in SPACE and self._source[self._at] != END:
            self._at += 1

    def _word(self, stops: str) -> str:
        first = self._at
        while self._source[self._at] not in stops:
            self._at += 1
        return self._source[first : self._at]

    def _open_tag(self) -> None:
        begins = self._at
        self._at += 1
        name = self._word(SPACE + ">").lower()
        if self._source[self._at] == END:
            raise self._wrong("Unclosed start tag", begins)
        if name not in KINDS:
            raise self._wrong(f'Unsupported start tag "{name}"', begins)
        attributes: dict[str, str] = {}
        while self._source[self._at] != ">":
            self._skip_space()
            if self._source[self._at] == ">":
                break
            if self._source[self._at] == END:
                raise self._wrong("Unclosed start tag", begins)
            self._attribute(name, begins, attributes)
        self._at += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"', begins)
        self._open.append(OpenTag(name, attributes, self._offset, len(self._text)))

    def _attribute(self, tag: str, begins: int, attributes: dict[str, str]) -> None:
        name = self._word(SPACE + "=>/\"'").lower()
        if not name:
            raise self._wrong(f'Empty attribute name in the tag "{tag}"', begins)
        self._skip_space()
        if self._source[self._at] != "=":
            attributes[name] = ""
            return
        self._at += 1
        self._skip_space()
        if self._source[self._at] in "\"'":
            attributes[name] = self._quoted(self._take())
        else:
            first = self._at
            while self._source[self._at].isascii() and (
                self._source[self._at].isalnum() or self._source[self._at] in ".-"
            ):
                self._at += 1
            attributes[name] = self._source[first : self._at].lower()
            if self._source[self._at] not in SPACE + ">":
                raise self._wrong("Unexpected end of name token", first)
        if self._source[self._at] == END:
            raise self._wrong("Unclosed start tag", begins)

    def _quoted(self, quote: str) -> str:
        value: list[str] = []
        while self._source[self._at] not in (quote, END):
            if self._source[self._at] == "&":
                value.append(self._reference() or self._take())
            else:
                value.append(self._take())
        if self._source[self._at] == quote:
            self._at += 1
        return "".join(value)

    def _close_tag(self) -> None:
        begins = self._at
        if not self._open:
            raise self._wrong("Unexpected end tag", begins)
        self._at += 2
        name = self._word(SPACE + ">").lower()
        self._skip_space()
        if self._source[self._at] != ">":
            raise self._wrong("Unclosed end tag", begins)
        self._at += 1
        tag = self._open.pop()
        if name not in ("", tag.name):
            raise self._wrong(
                "Unmatched end tag", begins, f', expected "</{tag.name}>", found "</{name}>"'
            )
        if self._offset > tag.offset:
            self._add(tag)

    def _add(self, tag: OpenTag) -> None:
        entity: Entity = {
            "type": KINDS[tag.name],
            "offset": tag.offset,
            "length": self._offset - tag.offset,
        }
        last = self._entities[-1] if self._entities else None
        same = last is not None and last["offset"] == tag.offset
        same = same and last is not None and last["length"] == entity["length"]
        match tag.name:
            case "a":
                href = tag.attributes.get("href") or "".join(self._text[tag.begins :])
                if (user_id := mentioned_user(href)) is not None:
                    entity |= {"type": "text_mention", "user_id": user_id}
                elif link := checked_link(href):
                    entity["url"] = link
                else:
                    return
            case "code":
                language = tag.attributes.get("class", "")
                if language.startswith("language-"):
                    if same and last is not None and last["type"] == "pre":
                        last["language"] = language.removeprefix("language-")
                        return
                    entity["language"] = language.removeprefix("language-")
            case "pre" if same and last is not None and last["type"] == "code":
                if "language" in last:
                    last["type"] = "pre"
                    return
            case "blockquote" if "expandable" in tag.attributes:
                entity["type"] = "expandable_blockquote"
            case "tg-emoji":
                if not tag.attributes.get("emoji-id", "").isdecimal():
                    raise bad_request(
                        "Can't parse entities: Invalid custom emoji identifier specified"
                    )
                entity["custom_emoji_id"] = tag.attributes["emoji-id"]
            case "tg-time":
                unix = tag.attributes.get("unix", "")
                if not unix.isdecimal() or len(unix) > LONGEST_NUMBER:
                    raise bad_request("Can't parse entities: Invalid Unix time specified")
                entity["unix_time"] = int(unix)
                if tag.attributes.get("format"):
                    entity["date_time_format"] = tag.attributes["format"]
            case _:
                pass
        self._entities.append(entity)

    def _wrong(self, what: str, at: int | None = None, tail: str = "") -> Exception:
        where = ""
        if at is not None:
            where = f" at byte offset {len(self._source[:at].encode('utf-8', 'surrogatepass'))}"
        return bad_request(f"Can't parse entities: {what}{where}{tail}")
