"""What is owed becomes calls of the Bot API: words in the reader's language, buttons, files, places."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from telegram import InputFile

from bot.chat import markup
from bot.domain.messages import Kind
from bot.domain.text import Text
from db import Due, DueButton

_LABEL_LENGTH = 64
_LETTER = re.compile(r"(?:^|>)[^<]*\w")
"""Outside a tag; `plain` would say the same, but slower."""
_NO_PREVIEW = json.dumps({"is_disabled": True})

Render = Callable[[Text, str], str]
"""Words as Telegram HTML in a language; for labels: as plain text."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API; nested values are JSON already."""

    method: str
    params: dict[str, Any]

    def without(self, *names: str) -> "Call":
        return replace(self, params={k: v for k, v in self.params.items() if k not in names})

    def changed(self, **params: Any) -> "Call":
        return replace(self, params=self.params | params)

    def plain(self) -> "Call":
        """The same words without markup: Telegram takes it whatever was wrong."""
        call = self.without("parse_mode")
        for name, limit in (("text", markup.MESSAGE), ("caption", markup.CAPTION)):
            if name in call.params:
                call = call.changed(**{name: markup.cut(markup.plain(call.params[name]), limit)})
        return call

    def barer(self) -> "Call | None":
        """The same message with one decoration less; None when only the words are left."""
        if (unstyled := self._without_styles()) is not None:
            return unstyled
        for names in (("link_preview_options", "reply_parameters"), ("reply_markup",)):
            if any(name in self.params for name in names):
                return self.without(*names)
        return self.plain() if "parse_mode" in self.params else None

    def _without_styles(self) -> "Call | None":
        """Plain buttons, for servers from before coloured ones; None when no button has a colour."""
        if '"style"' not in self.params.get("reply_markup", ""):
            return None
        keyboard = json.loads(self.params["reply_markup"])
        for row in keyboard["inline_keyboard"]:
            for button in row:
                button.pop("style", None)
        return self.changed(reply_markup=json.dumps(keyboard, ensure_ascii=False))

    def without_links(self) -> "Call":
        """Without the buttons Telegram may object to; the pressable ones first stay."""
        if "reply_markup" not in self.params:
            return self
        rows = [
            [button for button in row if "callback_data" in button]
            for row in json.loads(self.params["reply_markup"])["inline_keyboard"]
        ]
        rows = [row for row in rows if row]
        keyboard = json.dumps({"inline_keyboard": rows}, ensure_ascii=False)
        if not rows or keyboard == self.params["reply_markup"]:
            return self.without("reply_markup")
        return self.changed(reply_markup=keyboard)


class Renderer:
    """`render` makes HTML, `label` plain text for buttons; both come from the catalogue."""

    def __init__(self, render: Render, label: Render) -> None:
        self._render = render
        self._label = label

    def pieces(
        self, lines: Sequence[Text], language: str, limit: int = markup.MESSAGE
    ) -> list[str]:
        render = self._render
        html = [render(line, language) for line in lines]
        whole = "\n".join(html)
        # Nearly every message is short and has a letter in it: then nothing need be measured exactly.
        if len(whole) * 2 <= limit and _LETTER.search(whole):
            return [whole]
        return markup.split(html, limit)

    def sends(self, due: Due) -> list[Call]:
        """A new message, in as many pieces as needed; the buttons are on the last."""
        where = _place(due)
        pieces = self.pieces(due.lines, due.language)
        keyboard = self._keyboard(due.buttons, due.language)
        calls = [self._message(where, html) for html in pieces]
        return _last_with(calls, keyboard)

    def edits(self, due: Due, message: int) -> list[Call]:
        """Changes a message; what does not fit into it follows as new ones."""
        keyboard = self._keyboard(due.buttons, due.language)
        pieces = self.pieces(due.lines, due.language)
        if not pieces:
            return []
        first = Call(
            "editMessageText",
            {
                "chat_id": due.chat,
                "message_id": message,
                "text": pieces[0],
                "parse_mode": "HTML",
                "link_preview_options": _NO_PREVIEW,
            },
        )
        rest = [self._message(_place(replace(due, reply_to=None)), html) for html in pieces[1:]]
        return _last_with([first, *rest], keyboard)

    def file(self, due: Due, name: str, data: bytes) -> list[Call]:
        """A document or photo with the lines as its caption, or as a message before it if they are long."""
        where = _place(due)
        keyboard = self._keyboard(due.buttons, due.language)
        method, field = _FILES[due.kind]
        params = where | {field: InputFile(data, filename=name)}
        calls: list[Call] = []
        captions = self.pieces(due.lines, due.language, markup.CAPTION)
        if len(captions) == 1:
            params |= {"caption": captions[0], "parse_mode": "HTML"}
        elif captions:
            calls = [self._message(where, html) for html in self.pieces(due.lines, due.language)]
        return _last_with([*calls, Call(method, params)], keyboard)

    def _message(self, where: dict[str, Any], html: str) -> Call:
        return Call(
            "sendMessage",
            {**where, "text": html, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW},
        )

    def _keyboard(self, rows: Sequence[Sequence[DueButton]], language: str) -> str:
        if not rows:
            return ""
        keyboard = [[self._button(button, language) for button in row] for row in rows if row]
        return json.dumps({"inline_keyboard": keyboard}, ensure_ascii=False)

    def _button(self, button: DueButton, language: str) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "text": markup.cut(self._label(button.label, language), _LABEL_LENGTH)
        }
        if button.url:
            shown["url"] = button.url
        elif button.copy:
            shown["copy_text"] = {"text": markup.cut(button.copy, 256)}
        else:
            shown["callback_data"] = button.id
        if button.style:
            shown["style"] = button.style
        return shown


_FILES = {Kind.DOCUMENT: ("sendDocument", "document"), Kind.PHOTO: ("sendPhoto", "photo")}


def deletion(due: Due, message: int) -> Call:
    return Call("deleteMessage", {"chat_id": due.chat, "message_id": message})


def digest(call: Call) -> str:
    """A short hash of words and buttons, to see that an edit would change nothing."""
    shown = (call.params.get("text", ""), call.params.get("reply_markup", ""))
    return hashlib.blake2b("\0".join(shown).encode("utf-8", "replace"), digest_size=12).hexdigest()


def _last_with(calls: list[Call], keyboard: str) -> list[Call]:
    if keyboard and calls:
        calls[-1] = calls[-1].changed(reply_markup=keyboard)
    return calls


def _place(due: Due) -> dict[str, Any]:
    where: dict[str, Any] = {"chat_id": due.chat}
    # General, topic 1, must be addressed without its number.
    if due.topic is not None and due.topic > 1:
        where["message_thread_id"] = due.topic
    if due.reply_to is not None:
        where["reply_parameters"] = json.dumps(
            {"message_id": due.reply_to, "allow_sending_without_reply": True}
        )
    if due.silent or due.chat < 0:
        where["disable_notification"] = True
    return where
