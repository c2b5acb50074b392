"""What people do in Telegram: write, send files, press buttons."""

import asyncio
import re
from dataclasses import dataclass

from bot.demo.telegram.people.places import Places
from bot.demo.telegram.state import (
    ANONYMOUS_ADMIN,
    CHANNEL_SENDER,
    TELEGRAM_SERVICE,
    Chat,
    Json,
    Message,
    User,
)
from bot.demo.telegram.telegram import CallbackQuery, Telegram
from bot.demo.telegram.traffic.updates import KEPT_SECONDS
from bot.demo.telegram.wire.render import (
    inaccessible_json,
    message_json,
    user_json,
)
from bot.demo.telegram.wire.text import cleaned, utf16_length, utf16_slice, with_found

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class CannotWrite(Exception):
    """A person can't do something here; the text says why."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who appears to write: a person, or a chat behind which the person stays unknown."""

    user_id: int
    chat_id: int | None = None


class Crowd:
    """The people's side of the emulator, for the page, the driver and the lab's story alike."""

    def __init__(self, tg: Telegram, places: Places) -> None:
        self._tg = tg
        self._places = places

    # Writing

    def say(
        self,
        person: User,
        chat: Chat,
        text: str,
        *,
        topic: int | None = None,
        reply_to: int | None = None,
        quote: str = "",
        entities: list[Json] | None = None,
    ) -> Message:
        """Writes as a client does: a text over 4096 becomes several messages; the first returns."""
        self.check_may_write(person, chat, topic)
        text = typed(text)
        if not text:
            raise CannotWrite("an empty text can't be sent")
        pieces = split_text(text)
        posted = []
        for number, piece in enumerate(pieces):
            message = self.new(Sender(person.id), chat, topic, None if number else reply_to)
            message.text = piece
            message.entities = with_found(piece, entities or [])
            message.quote = self._quote(chat, message.reply_to, quote)
            posted.append(self._tg.post(message))
        return posted[0]

    def start(self, person: User, payload: str = "") -> Message:
        """START in the private chat, or a deep link with its payload."""
        if not PAYLOAD.fullmatch(payload):
            raise CannotWrite(f"Telegram does not follow a link with the payload {payload!r}")
        return self.say(person, self._tg.state.chats[person.id], f"/start {payload}")

    def say_hidden(self, chat: Chat, text: str, sender: Sender, topic: int | None) -> Message:
        """A message of an anonymous admin or a channel: `from` is a stand-in for nobody."""
        message = self.new(sender, chat, topic, None)
        message.text, message.entities = text, with_found(text, [])
        message.automatic_forward = sender.user_id == TELEGRAM_SERVICE
        return self._tg.post(message)

    def send_file(
        self,
        person: User,
        chat: Chat,
        name: str,
        content: bytes,
        *,
        mime: str = "",
        caption: str = "",
        photo: bool = False,
        topic: int | None = None,
        reply_to: int | None = None,
        album: str | None = None,
    ) -> Message:
        self.check_may_write(person, chat, topic)
        caption = typed(caption)
        if utf16_length(caption) > CAPTION_LIMIT:
            raise CannotWrite(f"a caption has at most {CAPTION_LIMIT} characters")
        file = self._tg.files.add(name, content, mime, photo=photo)
        message = self.new(Sender(person.id), chat, topic, reply_to)
        message.text = caption
        message.entities = with_found(message.text, [])
        if photo:
            message.photo = file.id
        else:
            message.document = file.id
        message.album = album
        return self._tg.post(message)

    def new(self, sender: Sender, chat: Chat, topic: int | None, reply_to: int | None) -> Message:
        if chat.is_private and not chat.started:
            chat.started = True
        return Message(
            id=self._tg.next_message_id(chat),
            chat_id=chat.id,
            date=self._tg.now(),
            sender_id=sender.user_id,
            sender_chat_id=sender.chat_id,
            topic=topic,
            reply_to=reply_to if self._tg.message(chat, reply_to) else None,
        )

    def check_may_write(self, person: User, chat: Chat, topic: int | None) -> None:
        if not chat.has(person.id):
            raise CannotWrite(f"{person.name} is not a member of {chat.title or 'this chat'}")
        if chat.migrated_to is not None or chat.deleted:
            raise CannotWrite(f"{chat.title} is closed")
        if topic is not None and topic not in chat.topics:
            raise CannotWrite("there is no such topic")
        if chat.is_private and chat.bot == "kicked":
            self._places.unblock(person)

    def _quote(self, chat: Chat, reply_to: int | None, quote: str) -> Json | None:
        target = self._tg.message(chat, reply_to)
        if target is None or not quote or quote not in target.text:
            return None
        position = utf16_length(target.text[: target.text.index(quote)])
        return {"text": quote, "position": position, "is_manual": True}

    def edit(self, message: Message, text: str) -> None:
        message.text = typed(text)
        message.entities = with_found(message.text, [])
        message.edited = self._tg.now()
        self._tg.changed(message)

    # Buttons

    def press(self, person: User, message: Message, data: str) -> CallbackQuery:
        """Presses a callback button; the bot has 150 seconds to answer."""
        state = self._tg.state
        if not state.chats[message.chat_id].has(person.id):
            raise CannotWrite(f"{person.name} does not see this message")
        state.last_callback += 1
        query_id = str((person.id << 31) + state.last_callback)
        query = CallbackQuery(
            query_id, self._tg.clock(), asyncio.get_running_loop().create_future()
        )
        self._forget_old_presses()
        self._tg.callbacks[query_id] = query
        chat = state.chats[message.chat_id]
        if self._tg.message(chat, message.id) is None:
            shown = inaccessible_json(state, chat, message.id)
        else:
            shown = message_json(state, message)
        content = {
            "id": query_id,
            "from": user_json(person),
            "message": shown,
            "chat_instance": str(-(7_000_000_000_000_000_000 + chat.id)),
            "data": data,
        }
        self._tg.queue.push("callback_query", content, chat.id)
        return query

    def _forget_old_presses(self) -> None:
        limit = self._tg.clock() - KEPT_SECONDS["callback_query"]
        for old in [one for one in self._tg.callbacks.values() if one.pressed < limit]:
            del self._tg.callbacks[old.id]


def anonymous(chat: Chat) -> Sender:
    return Sender(ANONYMOUS_ADMIN, chat.id)


def as_channel(channel: Chat, *, linked: bool) -> Sender:
    """Somebody who writes as a channel, or the linked channel's automatic forward."""
    return Sender(TELEGRAM_SERVICE if linked else CHANNEL_SENDER, channel.id)


def typed(text: str) -> str:
    """A text as a client sends it: half characters, control characters and outer space go."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return cleaned(whole).strip()


def split_text(text: str) -> list[str]:
    """Pieces of at most 4096 UTF-16 units, no character cut in two."""
    if utf16_length(text) <= TEXT_LIMIT:
        return [text]
    pieces = []
    while text:
        piece = utf16_slice(text, 0, TEXT_LIMIT).rstrip("\ufffd")
        pieces.append(piece)
        text = text[len(piece) :]
    return [piece for piece in (one.strip() for one in pieces) if piece]
