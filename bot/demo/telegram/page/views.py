"""Chats and messages as the chat page shows them to one reader."""

from typing import Any

from bot.demo.telegram.state import Chat, Message, State, StoredFile, User
from bot.demo.telegram.wire.render import entity_json, find_user

Json = dict[str, Any]

BOT_COLOR = "#3a78c2"
SERVICE_KINDS = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "pinned_message",
)


def person_view(user: User) -> Json:
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "language_code": user.language_code,
        "color": user.color,
        "role": user.role,
    }


def visible_chats(state: State, reader: User) -> list[Chat]:
    """The private chat with the bot first, then the groups this person is in."""
    groups = [
        chat
        for chat in state.chats.values()
        if chat.type in ("group", "supergroup")
        and chat.has(reader.id)
        and chat.migrated_to is None
        and not chat.deleted
    ]
    return [state.chats[reader.id], *groups]


def chat_view(state: State, chat: Chat, reader: User) -> Json:
    messages = state.messages[chat.id]
    seen = chat.read.get(reader.id, 0)
    unread = [
        message
        for message in messages.values()
        if message.id > seen and message.sender_id != reader.id and message.service is None
    ]
    last = next(reversed(messages.values()), None)
    return {
        "id": chat.id,
        "type": chat.type,
        "title": state.bot.name if chat.is_private else chat.title,
        "topics": [{"id": topic.id, "name": topic.name} for topic in chat.topics.values()],
        "unread": len(unread),
        "silent_unread": sum(message.silent for message in unread),
        "last": None if last is None else last_view(state, last),
        "started": chat.started or not chat.is_private,
        "blocked": chat.is_private and chat.bot == "kicked",
        "members": 2 if chat.is_private else 1 + sum(map(chat.has, chat.members)),
    }


def last_view(state: State, message: Message) -> Json:
    sender = sender_view(state, message)
    text = shown_text(message)
    if message.document is not None:
        text = f"📎 {state.files[message.document].name} {text}".strip()
    elif message.photo is not None:
        text = f"🖼 {text}".strip()
    return {"id": message.id, "text": text, "date": message.date, "from": sender["name"]}


def shown_text(message: Message) -> str:
    """Clients show a pressed deep link as the bare command; what it carries is between it and the bot."""
    followed = message.chat_id > 0 and message.text.startswith("/start ")
    return "/start" if followed and message.sender_id == message.chat_id else message.text


def sender_view(state: State, message: Message) -> Json:
    if message.sender_chat_id is not None:
        chat = state.chats[message.sender_chat_id]
        return {"id": chat.id, "name": chat.title, "is_bot": False, "color": BOT_COLOR}
    user = find_user(state, message.sender_id)
    color = BOT_COLOR if user.is_bot else user.color
    return {"id": user.id, "name": user.name, "is_bot": user.is_bot, "color": color}


def message_view(state: State, message: Message, reader_id: int) -> Json:
    return {
        "id": message.id,
        "chat": message.chat_id,
        "topic": message.topic,
        "from": sender_view(state, message),
        "date": message.date,
        "text": shown_text(message),
        "entities": [entity_json(state, entity) for entity in message.entities],
        "edited": message.edited is not None,
        "silent": message.silent,
        "reply_to": _reply(state, message),
        "keyboard": keyboard_view(message),
        "reactions": reactions_view(message, reader_id),
        "document": None if message.document is None else _document(state.files[message.document]),
        "photo": None if message.photo is None else _photo(state.files[message.photo]),
        "service": _service(state, message),
    }


def reactions_view(message: Message, reader_id: int) -> list[Json]:
    counted: dict[str, list[int]] = {}
    for user_id, emoji in message.reactions.items():
        for one in emoji:
            counted.setdefault(one, []).append(user_id)
    return [
        {"emoji": emoji, "count": len(people), "mine": reader_id in people}
        for emoji, people in counted.items()
    ]


def keyboard_view(message: Message) -> list[list[Json]] | None:
    if not message.keyboard:
        return None
    return [[_button(button) for button in row] for row in message.keyboard]


def _button(button: Json) -> Json:
    view: Json = {"text": button["text"]}
    if "callback_data" in button:
        view |= {"kind": "callback", "data": button["callback_data"]}
    elif "copy_text" in button:
        view |= {"kind": "copy", "copy": button["copy_text"]["text"]}
    elif "web_app" in button:
        view |= {"kind": "web_app", "url": button["web_app"]["url"]}
    else:
        view |= {"kind": "url", "url": button.get("url", "")}
    if "style" in button:
        view["style"] = button["style"]
    return view


def _reply(state: State, message: Message) -> Json | None:
    if message.reply_to is None:
        return None
    target = state.messages[message.chat_id].get(message.reply_to)
    if target is None:
        return None
    view: Json = {
        "id": target.id,
        "name": sender_view(state, target)["name"],
        "text": last_view(state, target)["text"],
    }
    if message.quote is not None:
        view["quote"] = message.quote["text"]
    return view


def _document(file: StoredFile) -> Json:
    return {"file_id": file.id, "name": file.name, "size": file.size, "mime": file.mime}


def _photo(file: StoredFile) -> Json:
    return {"file_id": file.id, "width": file.width, "height": file.height}


def _service(state: State, message: Message) -> Json | None:
    """What happened: its kind, whom it concerns, and the name of a topic."""
    if message.service is None:
        return None
    kind = next((name for name in SERVICE_KINDS if name in message.service), "other")
    detail: Any = message.service.get(kind)
    view: Json = {"kind": kind}
    if kind == "new_chat_members":
        view["who"] = ", ".join(_full_name(user) for user in detail)
    elif kind == "left_chat_member":
        view["who"] = _full_name(detail)
    elif isinstance(detail, dict) and "name" in detail:
        view["name"] = detail["name"]
    return view


def _full_name(user: Json) -> str:
    return f"{user['first_name']} {user.get('last_name', '')}".strip()
