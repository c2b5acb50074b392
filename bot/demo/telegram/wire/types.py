"""Values of the Bot API's types, converted from what stands on the wire."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.demo.telegram.errors import bad_request

Fields = dict[str, tuple[bool, list[str]]]

ARRAY = "Array of "
TRUE_WORDS = ("true", "yes", "1")
FALSE_WORDS = ("false", "no", "0", "")
# Types that share their other fields and are told apart by `type` alone.
FIXED_TYPES = {
    "BotCommandScopeDefault": "default",
    "BotCommandScopeAllPrivateChats": "all_private_chats",
    "BotCommandScopeAllGroupChats": "all_group_chats",
    "BotCommandScopeAllChatAdministrators": "all_chat_administrators",
    "BotCommandScopeChat": "chat",
    "BotCommandScopeChatAdministrators": "chat_administrators",
    "BotCommandScopeChatMember": "chat_member",
    "MenuButtonCommands": "commands",
    "MenuButtonWebApp": "web_app",
    "MenuButtonDefault": "default",
    "ReactionTypeEmoji": "emoji",
    "ReactionTypeCustomEmoji": "custom_emoji",
    "ReactionTypePaid": "paid",
    "InputMediaAnimation": "animation",
    "InputMediaAudio": "audio",
    "InputMediaDocument": "document",
    "InputMediaLivePhoto": "live_photo",
    "InputMediaPhoto": "photo",
    "InputMediaVideo": "video",
}


@dataclass(frozen=True, slots=True)
class Table:
    """The reduced Bot API description of data/bot-api.json."""

    methods: dict[str, Fields]
    types: dict[str, Fields | list[str]]
    reactions: frozenset[str]
    actions: frozenset[str]
    entities: frozenset[str]


@cache
def table() -> Table:
    source = files("bot.demo.telegram").joinpath("data/bot-api.json").read_text("utf-8")
    raw = json.loads(source)
    return Table(
        methods=raw["methods"],
        types=raw["types"],
        reactions=frozenset(raw["reactions"]),
        actions=frozenset(raw["actions"]),
        entities=frozenset(raw["entities"]),
    )


class WrongValue(Exception):
    """A value that does not fit its type; the text says where and why."""


class Reading:
    """Converts values of one call, noting what the table does not know."""

    def __init__(self, odd: list[str], method: str) -> None:
        self._odd = odd
        self._method = method

    def value(self, value: object, types: list[str], path: str) -> Any:
        """The value by the first type that takes it; the last refusal if none does."""
        if len(types) == 1:
            return self._one(value, types[0], path)
        if all(kind.startswith(ARRAY) for kind in types):
            inner = [kind.removeprefix(ARRAY) for kind in types]
            items = self._array(unpacked(value, path), path)
            return [self.value(one, inner, f"{path}[{at}]") for at, one in enumerate(items)]
        best: tuple[int, Any, list[str]] | None = None
        problem: WrongValue | None = None
        for kind in types:
            odd: list[str] = []
            try:
                converted = Reading(odd, self._method)._one(value, kind, path)
            except WrongValue as error:
                if problem is None or meant(value, kind):
                    problem = error
                continue
            if best is None or len(odd) < best[0]:
                best = (len(odd), converted, odd)
            if not odd:
                break
        if best is None:
            raise problem or WrongValue(f"{path} is wrong")
        self._odd.extend(best[2])
        return best[1]

    def _one(self, value: object, kind: str, path: str) -> Any:
        match kind:
            case "String":
                return self._string(value, path)
            case "Integer":
                return self._integer(value, path)
            case "Float":
                return self._float(value, path)
            case "Boolean" | "True":
                return self._boolean(value, path)
            case "InputFile":
                return self._string(value, path)
        value = unpacked(value, path)
        if kind.startswith(ARRAY):
            inner = kind.removeprefix(ARRAY)
            items = self._array(value, path)
            return [self._one(one, inner, f"{path}[{at}]") for at, one in enumerate(items)]
        return self._object(value, kind, path)

    def _object(self, value: object, kind: str, path: str) -> Any:
        shape = table().types[kind]
        if isinstance(shape, list):
            return self.value(value, shape, path) if shape else value
        if not isinstance(value, dict):
            raise WrongValue(f"{path} must be of type Object")
        if kind in FIXED_TYPES and value.get("type") != FIXED_TYPES[kind]:
            raise WrongValue(f"{path} has wrong type")
        self._odd.extend(
            f"{self._method}: unknown field {path}.{name}" for name in value if name not in shape
        )
        converted = {}
        for name, (required, types) in shape.items():
            inner = value.get(name)
            if inner is None:
                if required:
                    raise WrongValue(f'Can\'t find field "{name}"')
                continue
            converted[name] = self.value(inner, types, f"{path}.{name}")
        return converted

    @staticmethod
    def _array(value: object, path: str) -> list[object]:
        if not isinstance(value, list):
            raise WrongValue(f"{path} must be of type Array")
        return value

    @staticmethod
    def _string(value: object, path: str) -> str:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise WrongValue(f'Field "{path}" must be of type String')
        text = str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("Strings must be encoded in UTF-8") from None
        return text

    @staticmethod
    def _integer(value: object, path: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            sign, digits = (value[:1], value[1:]) if value[:1] in ("-", "+") else ("", value)
            if digits.isascii() and digits.isdecimal() and len(digits) < 20:
                return int(sign + digits)
        raise WrongValue(f'Field "{path}" must be of type Number')

    @staticmethod
    def _float(value: object, path: str) -> float:
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            try:
                return float(value)
            except ValueError:
                pass
        raise WrongValue(f'Field "{path}" must be of type Number')

    @staticmethod
    def _boolean(value: object, path: str) -> bool:
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        raise WrongValue(f'Field "{path}" must be of type Boolean')


def unpacked(value: object, path: str) -> object:
    """Nested values are JSON in a form, and may be plain in a JSON body."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise WrongValue(f"{path} is not valid JSON") from None


def meant(value: object, kind: str) -> bool:
    """Whether an object has the marks of this type, so that its error is the one to tell."""
    if isinstance(value, str):
        return any(f'"{name}"' in value for name in table().types.get(kind, ()))
    if not isinstance(value, dict):
        return False
    if kind in FIXED_TYPES:
        return value.get("type") == FIXED_TYPES[kind]
    return any(name in value for name in table().types.get(kind, ()))
