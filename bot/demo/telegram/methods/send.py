"""Methods that put something new into a chat."""

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.methods.outgoing import (
    attach,
    caption,
    formatted,
    keyboard,
    message_text,
    new_message,
    place,
)
from bot.demo.telegram.methods.registry import method
from bot.demo.telegram.state import Json, Message, Topic
from bot.demo.telegram.telegram import Event, Telegram
from bot.demo.telegram.wire.render import message_json, user_json
from bot.demo.telegram.wire.types import table
from bot.demo.telegram.wire.validation import Params

ACTION_SECONDS = 5


@method("sendMessage")
async def send_message(tg: Telegram, params: Params) -> Json:
    text, entities = message_text(tg, params)
    where = place(tg, params)
    message = new_message(tg, params, where)
    message.text, message.entities = text, entities
    return message_json(tg.state, tg.post(message))


@method("sendDocument")
async def send_document(tg: Telegram, params: Params) -> Json:
    return _send_file(tg, params, "document")


@method("sendPhoto")
async def send_photo(tg: Telegram, params: Params) -> Json:
    return _send_file(tg, params, "photo")


def _send_file(tg: Telegram, params: Params, kind: str) -> Json:
    text, entities = caption(tg, params)
    where = place(tg, params)
    keyboard(params, where.chat)
    file_id = attach(tg, params, params.values[kind], photo=kind == "photo")
    message = new_message(tg, params, where)
    message.text, message.entities = text, entities
    setattr(message, kind, file_id)
    return message_json(tg.state, tg.post(message))


@method("sendMediaGroup")
async def send_media_group(tg: Telegram, params: Params) -> list[Json]:
    where = place(tg, params)
    media = params.things("media") or []
    if len(media) < 2:
        raise bad_request("Too few messages to send as an album")
    if len(media) > 10:
        raise bad_request("Too many messages to send as an album")
    kinds = {item["type"] for item in media}
    if kinds - {"photo", "document"}:
        raise bad_request("Only photos and documents are emulated in an album")
    if len(kinds) > 1:
        raise bad_request("Document can't be mixed with other media types")
    captions = [caption(tg, params.inner(item)) for item in media]
    files = [attach(tg, params, item["media"], photo=item["type"] == "photo") for item in media]
    tg.flood.spend(where.chat.id, private=where.chat.is_private, messages=len(media) - 1)
    sent: list[Message] = []
    for (text, entities), file_id in zip(captions, files, strict=True):
        message = new_message(tg, params, where) if not sent else _like(tg, sent[0])
        message.text, message.entities = text, entities
        setattr(message, kinds.copy().pop(), file_id)
        message.album = str(10_000_000_000 + (sent[0].id if sent else message.id))
        sent.append(message)
    return [message_json(tg.state, tg.post(message)) for message in sent]


def _like(tg: Telegram, first: Message) -> Message:
    return Message(
        id=tg.next_message_id(tg.state.chats[first.chat_id]),
        chat_id=first.chat_id,
        date=first.date,
        sender_id=first.sender_id,
        sender_chat_id=first.sender_chat_id,
        topic=first.topic,
        reply_to=first.reply_to,
        silent=first.silent,
        protected=first.protected,
    )


@method("forwardMessage")
async def forward_message(tg: Telegram, params: Params) -> Json:
    source = _source(tg, params, "forward")
    message = _copied(tg, params, source)
    message.forward = source.forward or {
        "type": "user",
        "date": source.date,
        "sender_user": user_json(
            tg.state.bot
            if source.sender_id == tg.state.bot.id
            else tg.state.users[source.sender_id]
        ),
    }
    return message_json(tg.state, tg.post(message))


@method("copyMessage")
async def copy_message(tg: Telegram, params: Params) -> Json:
    source = _source(tg, params, "copy")
    message = _copied(tg, params, source)
    if source.has_media and params.has("caption"):
        message.text, message.entities = caption(tg, params)
    return {"message_id": tg.post(message).id}


def _source(tg: Telegram, params: Params, verb: str) -> Message:
    source = tg.message(tg.chat(params.values["from_chat_id"]), params.number("message_id"))
    if source is None:
        raise bad_request(f"Message to {verb} not found")
    if source.service is not None or source.protected:
        raise bad_request(f"Message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return source


def _copied(tg: Telegram, params: Params, source: Message) -> Message:
    message = new_message(tg, params, place(tg, params))
    message.text, message.entities = source.text, list(source.entities)
    message.document, message.photo = source.document, source.photo
    return message


@method("sendChatAction")
async def send_chat_action(tg: Telegram, params: Params) -> bool:
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    if params.text("action") not in table().actions:
        raise bad_request("Wrong parameter action in request")
    thread = params.number("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("Message thread not found")
    detail = {
        "topic": thread,
        "action": params.text("action"),
        "until": tg.now() + ACTION_SECONDS,
    }
    tg.tell(Event("typing", chat.id, detail=detail))
    return True


@method("sendMessageDraft")
async def send_message_draft(tg: Telegram, params: Params) -> bool:
    """A preview of a text being written: people see that the bot types, nothing is kept."""
    chat = tg.chat(params.values["chat_id"])
    if not chat.is_private:
        raise ApiError(400, "Bad Request: PEER_ID_INVALID")
    tg.check_writable(chat)
    if not params.number("draft_id"):
        raise bad_request("Invalid draft identifier specified")
    tg.drafts[chat.id], _ = formatted(params, "text", "entities")
    detail = {"topic": None, "action": "typing", "until": tg.now() + ACTION_SECONDS}
    tg.tell(Event("typing", chat.id, detail=detail))
    return True


@method("createForumTopic")
async def create_forum_topic(tg: Telegram, params: Params) -> Json:
    chat = tg.chat(params.values["chat_id"])
    if not chat.is_forum:
        raise bad_request("The chat is not a forum")
    if chat.bot != "administrator":
        raise bad_request("Not enough rights to create a topic")
    name = params.text("name").strip()
    if not 1 <= len(name) <= 128:
        raise bad_request("Topic name must be 1-128 characters long")
    message = Message(
        id=tg.next_message_id(chat), chat_id=chat.id, date=tg.now(), sender_id=tg.state.bot.id
    )
    topic = chat.topics[message.id] = Topic(message.id, name)
    body = {"name": name, "icon_color": topic.icon_color}
    message.topic, message.service = topic.id, {"forum_topic_created": body}
    tg.post(message)
    return {"message_thread_id": topic.id, **body}


@method("pinChatMessage")
async def pin_chat_message(tg: Telegram, params: Params) -> bool:
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    target = tg.message(chat, params.number("message_id"))
    if target is None:
        raise bad_request("Message to pin not found")
    if not chat.is_private and chat.bot != "administrator":
        raise bad_request("Not enough rights to manage pinned messages in the chat")
    if target.id in chat.pinned:
        return True
    chat.pinned.append(target.id)
    pinned = {"pinned_message": message_json(tg.state, target, with_reply=False)}
    tg.post(
        Message(
            id=tg.next_message_id(chat),
            chat_id=chat.id,
            date=tg.now(),
            sender_id=tg.state.bot.id,
            topic=target.topic,
            service=pinned,
            silent=params.flag("disable_notification"),
        )
    )
    return True


@method("unpinChatMessage")
async def unpin_chat_message(tg: Telegram, params: Params) -> bool:
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    which = params.number("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if which is None or which not in chat.pinned:
        raise bad_request("Message to unpin not found")
    chat.pinned.remove(which)
    tg.tell(Event("chat", chat.id))
    return True


@method("unpinAllChatMessages")
async def unpin_all_chat_messages(tg: Telegram, params: Params) -> bool:
    chat = tg.chat(params.values["chat_id"])
    tg.check_writable(chat)
    chat.pinned.clear()
    tg.tell(Event("chat", chat.id))
    return True
