"""One update as Pailot reads it: who, where, what. Anything odd in it is left alone.

Works on the raw JSON, not on the library's objects: an update with a field nobody knows yet must be
answered like any other (contracts/telegram.md 2, "an update PTB can't parse").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ANONYMOUS_ADMIN = 1087968824
"""GroupAnonymousBot: the fake sender of anonymous group admins."""
CHANNEL_POST = 136817688
"""The fake sender of messages written as a channel."""
WRITTEN = frozenset({
    "text", "caption", "document", "photo", "sticker", "voice", "video", "video_note", "audio", "animation",
    "contact", "location", "venue", "poll", "dice", "story", "game", "migrate_to_chat_id",
})  # fmt: skip
"""What people send; a message with nothing of it is Telegram's own note, such as "pinned a message"."""
FILES = {"document": "", "photo": ".jpg", "video": ".mp4", "audio": ".mp3"}
"""What can be kept, and what its name ends in if it has none."""


@dataclass(frozen=True, slots=True)
class Sender:
    id: int
    name: str
    username: str
    language_code: str
    nobody: bool = False
    """An anonymous admin or a channel: may be anybody, so is nobody."""


@dataclass(frozen=True, slots=True)
class File:
    id: str
    name: str
    size: int
    mime: str
    album: str = ""
    """Several files that were sent at once share it; each comes as a message of its own."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message, a press (`press` is the callback's id), or a change of the bot's own membership."""

    update_id: int
    sender: Sender
    chat: int
    private: bool
    title: str = ""
    message: int | None = None
    topic: int | None = None
    text: str = ""
    file: File | None = None
    at: datetime | None = None
    press: str = ""
    data: str = ""
    member: str = ""
    """The bot's new status here (`member`, `kicked`, `left`, …), when that is what changed."""
    migrated_to: int | None = None
    reachable: bool = True
    """False for a press on a message too old for Telegram to let us edit it."""


def read(update_id: int, raw: Mapping[str, Any]) -> Incoming | None:
    """What the update says; None for kinds that mean nothing to us. Raises on broken ones."""
    if (message := raw.get("message")) is not None:
        return _message(update_id, message)
    if (query := raw.get("callback_query")) is not None:
        return _press(update_id, query)
    if (changed := raw.get("my_chat_member")) is not None:
        chat = changed["chat"]
        return Incoming(
            update_id,
            _sender(changed),
            chat["id"],
            chat["type"] == "private",
            chat.get("title", ""),
            member=changed["new_chat_member"]["status"],
        )
    return None


def _message(update_id: int, message: Mapping[str, Any]) -> Incoming | None:
    chat = message["chat"]
    if chat["type"] == "channel" or WRITTEN.isdisjoint(message):
        return None
    return Incoming(
        update_id,
        _sender(message),
        chat["id"],
        chat["type"] == "private",
        chat.get("title", ""),
        message=message["message_id"],
        topic=_topic(message),
        text=message.get("text") or message.get("caption") or "",
        file=_file(message),
        at=datetime.fromtimestamp(message["date"], UTC),
        migrated_to=message.get("migrate_to_chat_id"),
    )


def _file(message: Mapping[str, Any]) -> File | None:
    """A document; or what Telegram's own apps made a picture or film of, which has no name then."""
    kind = next((kind for kind in FILES if message.get(kind)), "")
    if not kind:
        return None
    found = message[kind]
    name, mime = "", ""
    if kind == "photo":  # in several sizes
        found = max(found, key=lambda one: one["width"] * one["height"])
        mime = "image/jpeg"
    if kind != "document":
        name = f"{kind}-{message['message_id']}{FILES[kind]}"
    return File(
        found["file_id"],
        found.get("file_name", name),
        found.get("file_size", 0),
        found.get("mime_type", mime),
        message.get("media_group_id", ""),
    )


def _press(update_id: int, query: Mapping[str, Any]) -> Incoming | None:
    message = query.get("message")
    if message is None:  # a button under an inline message: we send none
        return None
    chat = message["chat"]
    return Incoming(
        update_id,
        _sender(query),
        chat["id"],
        chat["type"] == "private",
        chat.get("title", ""),
        message=message["message_id"],
        topic=_topic(message),
        press=query["id"],
        data=query.get("data", ""),
        reachable=message.get("date", 0) != 0,
    )


def _topic(message: Mapping[str, Any]) -> int | None:
    """The forum topic. Replies outside forums carry a message_thread_id too, which is no topic."""
    return message.get("message_thread_id") if message.get("is_topic_message") else None


def _sender(message: Mapping[str, Any]) -> Sender:
    user = message.get("from") or {"id": 0}
    name = " ".join(filter(None, (user.get("first_name"), user.get("last_name"))))
    return Sender(
        user["id"],
        name,
        user.get("username", ""),
        user.get("language_code", ""),
        nobody="sender_chat" in message
        or user["id"] in {0, ANONYMOUS_ADMIN, CHANNEL_POST}
        or bool(user.get("is_bot")),
    )
