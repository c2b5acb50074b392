"""Methods about chats and members, files to download, and answers to button presses."""

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.filestore import DOWNLOAD_LIMIT_BYTES
from bot.demo.telegram.methods.registry import method
from bot.demo.telegram.state import ADMIN_STANDINGS, PRESENT_STANDINGS, Chat, Json, Message, Topic
from bot.demo.telegram.telegram import Event, Telegram
from bot.demo.telegram.traffic.updates import KEPT_SECONDS
from bot.demo.telegram.wire.links import deep_link
from bot.demo.telegram.wire.render import chat_json, member_json, message_json
from bot.demo.telegram.wire.text import utf16_length
from bot.demo.telegram.wire.validation import Params

TOO_OLD = "Query is too old and response timeout expired or query ID is invalid"
CALLBACK_TEXT_LIMIT = 200


@method("getChat")
async def get_chat(tg: Telegram, params: Params) -> Json:
    chat = tg.chat(params.values["chat_id"])
    if not chat.is_private:
        tg.check_writable(chat)
    body = chat_json(tg.state, chat) | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.pinned and (message := tg.message(chat, chat.pinned[-1])) is not None:
        body["pinned_message"] = message_json(tg.state, message, with_reply=False)
    return body


def _group(tg: Telegram, params: Params) -> Chat:
    chat = tg.chat(params.values["chat_id"])
    if not chat.is_private:
        tg.check_writable(chat)
    return chat


@method("getChatMember")
async def get_chat_member(tg: Telegram, params: Params) -> Json:
    chat = _group(tg, params)
    user_id = params.number("user_id") or 0
    if user_id != tg.state.bot.id and user_id not in tg.state.users:
        raise bad_request("User not found")
    if chat.is_private:
        return member_json(tg.state, chat, user_id) | {"status": "member"}
    return member_json(tg.state, chat, user_id)


@method("getChatAdministrators")
async def get_chat_administrators(tg: Telegram, params: Params) -> list[Json]:
    chat = _group(tg, params)
    if chat.is_private:
        raise bad_request("There are no administrators in the private chat")
    admins = [member for member, standing in chat.members.items() if standing in ADMIN_STANDINGS]
    if chat.bot == "administrator":
        admins.append(tg.state.bot.id)
    return [member_json(tg.state, chat, member) for member in admins]


@method("getChatMemberCount")
async def get_chat_member_count(tg: Telegram, params: Params) -> int:
    chat = _group(tg, params)
    if chat.is_private:
        return 2
    return 1 + sum(standing in PRESENT_STANDINGS for standing in chat.members.values())


@method("leaveChat")
async def leave_chat(tg: Telegram, params: Params) -> bool:
    chat = _group(tg, params)
    if chat.is_private:
        raise bad_request("Chat member status can't be changed in private chats")
    tg.set_bot_standing(chat, "left", tg.state.bot)
    return True


@method("exportChatInviteLink")
async def export_chat_invite_link(tg: Telegram, params: Params) -> str:
    chat = _group(tg, params)
    if chat.is_private or chat.bot != "administrator":
        raise bad_request("Not enough rights to manage chat invite link")
    return f"https://t.me/+emulated{abs(chat.id)}"


def _topic(tg: Telegram, params: Params) -> tuple[Chat, Topic]:
    chat = _group(tg, params)
    topic = chat.topics.get(params.number("message_thread_id") or 0)
    if topic is None:
        raise bad_request("Message thread not found")
    if chat.bot != "administrator":
        raise bad_request("Not enough rights to manage topics")
    return chat, topic


def _topic_service(tg: Telegram, chat: Chat, topic: Topic, service: Json) -> bool:
    tg.post(
        Message(
            id=tg.next_message_id(chat),
            chat_id=chat.id,
            date=tg.now(),
            sender_id=tg.state.bot.id,
            topic=topic.id,
            service=service,
        )
    )
    tg.tell(Event("chat", chat.id))
    return True


@method("editForumTopic")
async def edit_forum_topic(tg: Telegram, params: Params) -> bool:
    chat, topic = _topic(tg, params)
    topic.name = params.text("name") or topic.name
    return _topic_service(tg, chat, topic, {"forum_topic_edited": {"name": topic.name}})


@method("closeForumTopic")
async def close_forum_topic(tg: Telegram, params: Params) -> bool:
    chat, topic = _topic(tg, params)
    topic.closed = True
    return _topic_service(tg, chat, topic, {"forum_topic_closed": {}})


@method("reopenForumTopic")
async def reopen_forum_topic(tg: Telegram, params: Params) -> bool:
    chat, topic = _topic(tg, params)
    topic.closed = False
    return _topic_service(tg, chat, topic, {"forum_topic_reopened": {}})


@method("deleteForumTopic")
async def delete_forum_topic(tg: Telegram, params: Params) -> bool:
    chat, topic = _topic(tg, params)
    tg.delete_topic(chat, topic.id)
    return True


@method("getFile")
async def get_file(tg: Telegram, params: Params) -> Json:
    file = tg.files.find(params.text("file_id"))
    if file.size > DOWNLOAD_LIMIT_BYTES:
        raise bad_request("File is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


@method("answerCallbackQuery")
async def answer_callback_query(tg: Telegram, params: Params) -> bool:
    query = tg.callbacks.pop(params.text("callback_query_id"), None)
    if query is None or tg.clock() - query.pressed > KEPT_SECONDS["callback_query"]:
        raise bad_request(TOO_OLD)
    text, url = params.text("text"), params.text("url")
    if utf16_length(text) > CALLBACK_TEXT_LIMIT:
        tg.callbacks[query.id] = query
        raise bad_request("MESSAGE_TOO_LONG")
    if url and deep_link(url, tg.state.bot.username) is None:
        tg.callbacks[query.id] = query
        raise bad_request("URL_INVALID")
    if not query.answer.done():
        query.answer.set_result({"text": text, "show_alert": params.flag("show_alert"), "url": url})
    return True
