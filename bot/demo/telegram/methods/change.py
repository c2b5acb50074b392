"""Methods that change or remove what is already there, and reactions."""

from dataclasses import replace

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.methods.outgoing import attach, caption, keyboard, message_text
from bot.demo.telegram.methods.registry import method
from bot.demo.telegram.state import Chat, Json, Message
from bot.demo.telegram.telegram import Telegram
from bot.demo.telegram.wire.render import message_json
from bot.demo.telegram.wire.types import table
from bot.demo.telegram.wire.validation import Params

DELETABLE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def _own_message(tg: Telegram, params: Params) -> tuple[Chat, Message]:
    if params.has("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    if not params.has("chat_id"):
        raise bad_request("Chat_id is empty")
    if not params.has("message_id"):
        raise bad_request("Message identifier is not specified")
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    message = tg.message(chat, params.number("message_id"))
    if message is None:
        raise bad_request("Message to edit not found")
    if message.sender_id != tg.state.bot.id or message.service is not None:
        raise bad_request("Message can't be edited")
    return chat, message


def _settle(tg: Telegram, chat: Chat, message: Message, wanted: Message) -> Json:
    """Makes the message what is wanted, unless it is that already."""
    if wanted == message:
        raise bad_request(NOT_MODIFIED)
    tg.flood.spend(chat.id, private=chat.is_private)
    only_buttons = replace(wanted, keyboard=message.keyboard) == message
    message.text, message.entities = wanted.text, wanted.entities
    message.document, message.photo = wanted.document, wanted.photo
    message.keyboard = wanted.keyboard
    if not only_buttons:
        message.edited = tg.now()
    tg.changed(message)
    return message_json(tg.state, message)


@method("editMessageText")
async def edit_message_text(tg: Telegram, params: Params) -> Json:
    if params.has("rich_message"):
        raise bad_request("Rich messages are not emulated")
    text, entities = message_text(tg, params)
    chat, message = _own_message(tg, params)
    if message.has_media:
        raise bad_request("There is no text in the message to edit")
    wanted = replace(message, text=text, entities=entities, keyboard=keyboard(params, chat))
    return _settle(tg, chat, message, wanted)


@method("editMessageCaption")
async def edit_message_caption(tg: Telegram, params: Params) -> Json:
    chat, message = _own_message(tg, params)
    if not message.has_media:
        raise bad_request("There is no caption in the message to edit")
    text, entities = caption(tg, params)
    wanted = replace(message, text=text, entities=entities, keyboard=keyboard(params, chat))
    return _settle(tg, chat, message, wanted)


@method("editMessageMedia")
async def edit_message_media(tg: Telegram, params: Params) -> Json:
    chat, message = _own_message(tg, params)
    media = params.thing("media") or {}
    if media["type"] not in ("photo", "document"):
        raise bad_request("Only photos and documents are emulated")
    if not message.has_media:
        raise bad_request("There is no media in the message to edit")
    photo = media["type"] == "photo"
    text, entities = caption(tg, params.inner(media))
    file_id = attach(tg, params, media["media"], photo=photo)
    wanted = replace(
        message,
        text=text,
        entities=entities,
        document=None if photo else file_id,
        photo=file_id if photo else None,
        keyboard=keyboard(params, chat),
    )
    return _settle(tg, chat, message, wanted)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(tg: Telegram, params: Params) -> Json:
    chat, message = _own_message(tg, params)
    return _settle(tg, chat, message, replace(message, keyboard=keyboard(params, chat)))


def _check_deletable(tg: Telegram, chat: Chat, message: Message) -> None:
    own = message.sender_id == tg.state.bot.id
    if chat.bot == "administrator":
        return
    if not own and not chat.is_private:
        raise bad_request("Message can't be deleted")
    if tg.clock() - message.date > DELETABLE_SECONDS:
        raise bad_request("Message can't be deleted for everyone")


@method("deleteMessage")
async def delete_message(tg: Telegram, params: Params) -> bool:
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    message = tg.message(chat, params.number("message_id"))
    if message is None:
        raise bad_request("Message to delete not found")
    _check_deletable(tg, chat, message)
    tg.delete(message)
    return True


@method("deleteMessages")
async def delete_messages(tg: Telegram, params: Params) -> bool:
    """Messages that are gone already are skipped."""
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    ids: list[int] = params.values["message_ids"]
    if not 1 <= len(ids) <= 100:
        raise bad_request("Message identifiers are not specified" if not ids else "Too many")
    found = [message for one in ids if (message := tg.message(chat, one)) is not None]
    for message in found:
        _check_deletable(tg, chat, message)
    for message in found:
        tg.delete(message)
    return True


@method("setMessageReaction")
async def set_message_reaction(tg: Telegram, params: Params) -> bool:
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    message = tg.message(chat, params.number("message_id"))
    if message is None:
        raise bad_request("Message to react not found")
    wanted = params.things("reaction") or []
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = []
    for reaction in wanted:
        # The heavy heart may carry a variation selector; Telegram takes both.
        plain = str(reaction.get("emoji", "")).replace("\ufe0f", "")
        if reaction["type"] != "emoji" or plain not in table().reactions:
            raise bad_request("REACTION_INVALID")
        emoji.append(plain)
    tg.react(message, tg.state.bot.id, emoji)
    return True
