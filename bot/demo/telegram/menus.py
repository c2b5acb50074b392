"""Which command menu a reader sees: Telegram's order of scopes and languages."""

import re

from bot.demo.telegram.state import Chat, Json, State, User

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")


def scope_key(scope: Json, language: str) -> str:
    return f"{scope['type']}/{scope.get('chat_id', '')}/{scope.get('user_id', '')}/{language}"


def commands_for(state: State, chat: Chat, reader: User) -> list[Json]:
    """The first list set in the narrowest scope that fits, the reader's language before none."""
    language = reader.language_code[:2].lower()
    for scope in _scopes(chat, reader):
        for code in (language, ""):
            commands = state.commands.get(scope_key(scope, code))
            if commands:
                return commands
    return []


def _scopes(chat: Chat, reader: User) -> list[Json]:
    if chat.is_private:
        return [
            {"type": "chat", "chat_id": chat.id},
            {"type": "all_private_chats"},
            {"type": "default"},
        ]
    admin = chat.is_admin(reader.id)
    return [
        {"type": "chat_member", "chat_id": chat.id, "user_id": reader.id},
        *([{"type": "chat_administrators", "chat_id": chat.id}] if admin else []),
        {"type": "chat", "chat_id": chat.id},
        *([{"type": "all_chat_administrators"}] if admin else []),
        {"type": "all_group_chats"},
        {"type": "default"},
    ]
