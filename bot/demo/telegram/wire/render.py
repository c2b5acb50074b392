"""People, chats and messages as the Bot API sends them to the bot."""

from typing import Any

from bot.demo.telegram.state import (
    ANONYMOUS_ADMIN,
    CHANNEL_SENDER,
    TELEGRAM_SERVICE,
    Chat,
    Message,
    State,
    StoredFile,
    User,
)

Json = dict[str, Any]

FAKE_SENDERS = {
    ANONYMOUS_ADMIN: User(ANONYMOUS_ADMIN, "Group", username="GroupAnonymousBot", is_bot=True),
    CHANNEL_SENDER: User(CHANNEL_SENDER, "Channel", username="Channel_Bot", is_bot=True),
    TELEGRAM_SERVICE: User(TELEGRAM_SERVICE, "Telegram"),
}
ADMIN_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_pin_messages": True,
    "can_manage_topics": True,
}


def find_user(state: State, user_id: int) -> User:
    if user_id == state.bot.id:
        return state.bot
    return state.users.get(user_id) or FAKE_SENDERS[user_id]


def user_json(user: User) -> Json:
    body: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    if user.last_name:
        body["last_name"] = user.last_name
    if user.username:
        body["username"] = user.username
    if user.language_code and not user.is_bot:
        body["language_code"] = user.language_code
    return body


def chat_json(state: State, chat: Chat) -> Json:
    if chat.is_private:
        person = user_json(state.users[chat.id])
        kept: Json = {
            key: person[key] for key in ("first_name", "last_name", "username") if key in person
        }
        return {"id": chat.id, "type": "private", **kept}
    body: Json = {"id": chat.id, "type": chat.type, "title": chat.title}
    if chat.username:
        body["username"] = chat.username
    if chat.is_forum:
        body["is_forum"] = True
    return body


def member_json(state: State, chat: Chat, user_id: int) -> Json:
    standing = chat.bot if user_id == state.bot.id else chat.members.get(user_id, "left")
    body: Json = {"user": user_json(find_user(state, user_id)), "status": standing}
    match standing:
        case "creator":
            body["is_anonymous"] = False
        case "administrator":
            body |= ADMIN_RIGHTS
        case "kicked":
            body["until_date"] = 0
        case _:
            pass
    return body


def document_json(file: StoredFile) -> Json:
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime,
        "file_size": file.size,
    }


def photo_json(file: StoredFile) -> list[Json]:
    return [
        {
            "file_id": file.id,
            "file_unique_id": file.unique_id,
            "file_size": file.size,
            "width": file.width,
            "height": file.height,
        }
    ]


def message_json(state: State, message: Message, *, with_reply: bool = True) -> Json:
    """The message as the bot gets it; a replied-to message is shown without its own reply."""
    chat = state.chats[message.chat_id]
    body: Json = {"message_id": message.id, "date": message.date, "chat": chat_json(state, chat)}
    if chat.type != "channel":
        body["from"] = user_json(find_user(state, message.sender_id))
    if message.sender_chat_id is not None:
        body["sender_chat"] = chat_json(state, state.chats[message.sender_chat_id])
    if message.topic is not None:
        body["message_thread_id"] = message.topic
        body["is_topic_message"] = True
    if with_reply:
        body |= _reply(state, message)
    body |= _content(state, message)
    if message.keyboard:
        body["reply_markup"] = {"inline_keyboard": message.keyboard}
    if message.edited is not None:
        body["edit_date"] = message.edited
    if message.album is not None:
        body["media_group_id"] = message.album
    if message.protected:
        body["has_protected_content"] = True
    if message.forward is not None:
        body["forward_origin"] = message.forward
    if message.automatic_forward:
        body["is_automatic_forward"] = True
    return body


def _content(state: State, message: Message) -> Json:
    if message.service is not None:
        return message.service
    body: Json = {}
    if message.document is not None:
        body["document"] = document_json(state.files[message.document])
    if message.photo is not None:
        body["photo"] = photo_json(state.files[message.photo])
    if message.text:
        prefix = "caption" if message.has_media else "text"
        body[prefix] = message.text
        if message.entities:
            body["caption_entities" if message.has_media else "entities"] = [
                entity_json(state, entity) for entity in message.entities
            ]
    return body


def entity_json(state: State, entity: Json) -> Json:
    if entity["type"] != "text_mention":
        return entity
    user = user_json(find_user(state, entity["user_id"]))
    return {key: value for key, value in entity.items() if key != "user_id"} | {"user": user}


def _reply(state: State, message: Message) -> Json:
    # Every message of a topic that answers nothing "replies" to the topic's first message.
    target = message.reply_to or message.topic
    known = state.messages[message.chat_id]
    if target is None or target not in known:
        return {}
    body: Json = {"reply_to_message": message_json(state, known[target], with_reply=False)}
    if message.quote is not None:
        body["quote"] = message.quote
    return body


def inaccessible_json(state: State, chat: Chat, message_id: int) -> Json:
    """A message that is gone, as a callback query names it: its date is 0."""
    return {"chat": chat_json(state, chat), "message_id": message_id, "date": 0}
