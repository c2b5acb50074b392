"""Methods about the bot itself: who it is, its command menus, descriptions, menu button."""

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.menus import COMMAND_NAME, scope_key
from bot.demo.telegram.methods.registry import method
from bot.demo.telegram.state import Json
from bot.demo.telegram.telegram import Event, Telegram
from bot.demo.telegram.wire.render import user_json
from bot.demo.telegram.wire.text import utf16_length
from bot.demo.telegram.wire.validation import Params

COMMANDS_LIMIT = 100
LIMITS = {"name": 64, "description": 512, "short_description": 120}


@method("getMe")
async def get_me(tg: Telegram, params: Params) -> Json:
    return user_json(tg.state.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not tg.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


@method("logOut")
async def log_out(tg: Telegram, params: Params) -> bool:
    """The bot leaves this server: every later call is refused until the emulator is reset."""
    tg.logged_out = True
    return True


@method("close")
async def close(tg: Telegram, params: Params) -> bool:
    return True


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.islower()):
        raise bad_request("Invalid language code specified")
    return code


def _scope(tg: Telegram, params: Params) -> str:
    scope = params.thing("scope") or {"type": "default"}
    if "chat_id" in scope:
        chat = tg.chat(scope["chat_id"])
        if scope["type"] == "chat_administrators" and chat.is_private:
            raise bad_request("Can't change commands in private chats of administrators")
        scope = scope | {"chat_id": chat.id}
    return scope_key(scope, _language(params))


@method("setMyCommands")
async def set_my_commands(tg: Telegram, params: Params) -> bool:
    commands = params.things("commands") or []
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_length(command["description"].strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    key = _scope(tg, params)
    if commands:
        tg.state.commands[key] = commands
    else:
        tg.state.commands.pop(key, None)
    tg.tell(Event("commands", 0))
    return True


@method("getMyCommands")
async def get_my_commands(tg: Telegram, params: Params) -> list[Json]:
    return tg.state.commands.get(_scope(tg, params), [])


@method("deleteMyCommands")
async def delete_my_commands(tg: Telegram, params: Params) -> bool:
    tg.state.commands.pop(_scope(tg, params), None)
    tg.tell(Event("commands", 0))
    return True


def _set_text(tg: Telegram, params: Params, name: str) -> bool:
    text = params.text(name)
    if utf16_length(text) > LIMITS[name]:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    key = f"{name}/{_language(params)}"
    if text:
        tg.state.profile[key] = text
    else:
        tg.state.profile.pop(key, None)
    return True


def _get_text(tg: Telegram, params: Params, name: str, default: str = "") -> Json:
    own = tg.state.profile.get(f"{name}/{_language(params)}")
    return {name: own or tg.state.profile.get(f"{name}/") or default}


@method("setMyName")
async def set_my_name(tg: Telegram, params: Params) -> bool:
    return _set_text(tg, params, "name")


@method("getMyName")
async def get_my_name(tg: Telegram, params: Params) -> Json:
    return _get_text(tg, params, "name", tg.state.bot.first_name)


@method("setMyDescription")
async def set_my_description(tg: Telegram, params: Params) -> bool:
    return _set_text(tg, params, "description")


@method("getMyDescription")
async def get_my_description(tg: Telegram, params: Params) -> Json:
    return _get_text(tg, params, "description")


@method("setMyShortDescription")
async def set_my_short_description(tg: Telegram, params: Params) -> bool:
    return _set_text(tg, params, "short_description")


@method("getMyShortDescription")
async def get_my_short_description(tg: Telegram, params: Params) -> Json:
    return _get_text(tg, params, "short_description")


@method("setChatMenuButton")
async def set_chat_menu_button(tg: Telegram, params: Params) -> bool:
    button = params.thing("menu_button") or {"type": "default"}
    if button["type"] == "web_app" and not button["web_app"]["url"].startswith("https://"):
        raise bad_request("Menu button Web App URL is invalid: Only HTTPS links are allowed")
    tg.state.menu_buttons[_private_chat(tg, params)] = button
    return True


@method("getChatMenuButton")
async def get_chat_menu_button(tg: Telegram, params: Params) -> Json:
    fallback = tg.state.menu_buttons.get(0, {"type": "default"})
    return tg.state.menu_buttons.get(_private_chat(tg, params), fallback)


def _private_chat(tg: Telegram, params: Params) -> int:
    """The chat of a menu button; 0 stands for all private chats."""
    chat_id = params.number("chat_id")
    if chat_id is None:
        return 0
    if not tg.chat(chat_id).is_private:
        raise ApiError(400, "Bad Request: PEER_ID_INVALID")
    return chat_id
