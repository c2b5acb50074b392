"""What all messages of the bot have in common: text, target chat, topic, reply, keyboard."""

from dataclasses import dataclass
from typing import Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.state import GENERAL_TOPIC, Chat, Json, Message
from bot.demo.telegram.telegram import Telegram
from bot.demo.telegram.wire.html import parse_html
from bot.demo.telegram.wire.markup import inline_keyboard
from bot.demo.telegram.wire.text import (
    Entity,
    cleaned,
    settled,
    trimmed,
    utf16_length,
    utf16_slice,
    with_found,
)
from bot.demo.telegram.wire.types import table
from bot.demo.telegram.wire.validation import Params, Upload

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT_BYTES = 1 << 15
QUOTE_LIMIT = 1024
ENTITIES_SHOWN = 100
# Files of other people's servers can't be had without a network.
NOT_FETCHED = "failed to get HTTP URL content"


def formatted(
    params: Params, name: str, entities: str, mode: str = "parse_mode"
) -> tuple[str, list[Entity]]:
    """A text parameter with its entities, parsed, cleaned and trimmed."""
    raw = cleaned(params.text(name))
    given = params.things(entities)
    parse_mode = params.text(mode)
    if parse_mode:
        if len(raw.encode("utf-8", "surrogatepass")) > RAW_LIMIT_BYTES:
            raise bad_request("Text is too long")
        match parse_mode.lower():
            case "html":
                raw, found = parse_html(raw)
            case "markdown" | "markdownv2":
                raise bad_request(f"Can't parse entities: {parse_mode} is not emulated, use HTML")
            case _:
                raise bad_request("Unsupported parse_mode")
    else:
        found = [_checked(entity, raw) for entity in given or []]
    text, found = trimmed(raw, settled(found))
    return text, with_found(text, found)[:ENTITIES_SHOWN]


def _checked(entity: Entity, text: str) -> Entity:
    if entity["type"] not in table().entities:
        raise bad_request("Can't parse MessageEntity: Unsupported type specified")
    end = entity["offset"] + entity["length"]
    if entity["offset"] < 0 or entity["length"] < 0 or end > utf16_length(text):
        raise bad_request("ENTITY_BOUNDS_INVALID")
    if "user" in entity:
        entity = entity | {"user_id": entity["user"]["id"]}
        del entity["user"]
    return dict(entity)


def known_people(tg: Telegram, entities: list[Entity]) -> list[Entity]:
    """A mention of somebody the bot never met stays plain text."""
    return [
        entity
        for entity in entities
        if entity["type"] != "text_mention" or entity["user_id"] in tg.state.users
    ]


def message_text(tg: Telegram, params: Params) -> tuple[str, list[Entity]]:
    text, entities = formatted(params, "text", "entities")
    if not text:
        raise bad_request("Message text is empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("Message is too long")
    return text, known_people(tg, entities)


def caption(tg: Telegram, params: Params) -> tuple[str, list[Entity]]:
    text, entities = formatted(params, "caption", "caption_entities")
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("Message caption is too long")
    return text, known_people(tg, entities)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes, resolved and allowed."""

    chat: Chat
    topic: int | None = None
    reply_to: int | None = None
    quote: Json | None = None


def place(tg: Telegram, params: Params) -> Place:
    """The chat, topic and replied-to message of a send, in the order Telegram checks them."""
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    topic = _topic(chat, params.number("message_thread_id"))
    reply = params.thing("reply_parameters")
    if reply is None:
        return Place(chat, topic)
    target = tg.message(chat, reply["message_id"])
    if reply.get("chat_id") not in (None, chat.id, str(chat.id)):
        raise bad_request("Replies to messages of other chats are not emulated")
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return Place(chat, topic)
        raise bad_request("Message to be replied not found")
    if target.topic != topic and chat.is_forum:
        if topic is not None:
            raise bad_request("Message to be replied not found")
        topic = target.topic
    return Place(chat, topic, target.id, _quote(tg, params, reply, target))


def _topic(chat: Chat, thread: int | None) -> int | None:
    if thread is None or thread == 0:
        return None
    if not chat.is_forum or thread == GENERAL_TOPIC or thread not in chat.topics:
        raise bad_request("Message thread not found")
    if chat.topics[thread].closed and chat.bot != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return thread


def _quote(tg: Telegram, params: Params, reply: Json, target: Message) -> Json | None:
    if not reply.get("quote"):
        return None
    quoted = params.inner(reply)
    text, entities = formatted(quoted, "quote", "quote_entities", "quote_parse_mode")
    length = utf16_length(text)
    if length > QUOTE_LIMIT or text not in target.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    at = utf16_length(target.text[: target.text.index(text)])
    asked = reply.get("quote_position")
    if asked is not None and utf16_slice(target.text, asked, length) == text:
        at = asked
    quote: Json = {"text": text, "position": at, "is_manual": True}
    if entities:
        quote["entities"] = entities
    return quote


def keyboard(params: Params, chat: Chat) -> list[list[Json]] | None:
    return inline_keyboard(params.thing("reply_markup"), private=chat.is_private)


def new_message(tg: Telegram, params: Params, where: Place) -> Message:
    """A message of the bot without its content; counts against the flood limits."""
    if params.has("message_effect_id") and not where.chat.is_private:
        raise bad_request("MESSAGE_EFFECT_INVALID")
    rows = keyboard(params, where.chat)
    tg.flood.spend(where.chat.id, private=where.chat.is_private)
    return Message(
        id=tg.next_message_id(where.chat),
        chat_id=where.chat.id,
        date=tg.now(),
        sender_id=tg.state.bot.id,
        sender_chat_id=where.chat.id if where.chat.type == "channel" else None,
        topic=where.topic,
        reply_to=where.reply_to,
        quote=where.quote,
        keyboard=rows,
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content"),
    )


def attach(tg: Telegram, params: Params, value: Any, *, photo: bool) -> str:
    """The file id of what was uploaded, attached, or named by its id."""
    if isinstance(value, str) and value.startswith("attach://"):
        name = value.removeprefix("attach://")
        if name not in params.uploads:
            raise bad_request(f'Can\'t parse media: attached file "{name}" not found')
        value = params.uploads[name]
    if isinstance(value, Upload):
        if not value.content:
            raise bad_request("File must be non-empty")
        return tg.files.add(value.name, value.content, value.mime, photo=photo).id
    if value.startswith(("http://", "https://")):
        raise bad_request(NOT_FETCHED)
    file = tg.files.find(value)
    if photo != bool(file.width):
        raise bad_request("Can't use file of type Document as Photo" if photo else "Type mismatch")
    return file.id
