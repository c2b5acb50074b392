"""Parameters of a call, checked and converted by the Bot API table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, cast

from bot.demo.telegram.errors import ApiError, bad_request

Fields = dict[str, tuple[bool, list[str]]]

MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "from_chat_id is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "text": "message text is empty",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "media": "there is no media in the request",
    "action": "wrong parameter action in request",
    "file_id": "file_id is not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
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
# An empty address is how a webhook is taken away.
MAY_BE_EMPTY = ("url",)
TRUE_WORDS = ("true", "yes", "1")
FALSE_WORDS = ("false", "no", "0", "")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in the body of a call."""

    name: str
    content: bytes
    mime: str


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


@dataclass(slots=True)
class Params:
    """The parameters of one call after conversion; absent ones read as None or the default."""

    method: str
    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return cast("str", self.values.get(name) or "")

    def number(self, name: str) -> int | None:
        return cast("int | None", self.values.get(name))

    def flag(self, name: str) -> bool:
        return bool(self.values.get(name))

    def thing(self, name: str) -> dict[str, Any] | None:
        return cast("dict[str, Any] | None", self.values.get(name))

    def things(self, name: str) -> list[dict[str, Any]] | None:
        return cast("list[dict[str, Any]] | None", self.values.get(name))

    def has(self, name: str) -> bool:
        return name in self.values

    def inner(self, part: Mapping[str, Any]) -> "Params":
        """The parameters of a nested object (an item of an album), with the same uploads."""
        return Params(self.method, dict(part), self.uploads)


def convert(
    method: str, given: Mapping[str, object], uploads: Mapping[str, Upload]
) -> tuple[Params, list[str]]:
    """Checked parameters, and what Telegram would silently ignore; 400 for what it refuses."""
    fields = table().methods[method]
    odd = [f"{method}: unknown parameter {name!r}" for name in given if name not in fields]
    params = Params(method, {}, dict(uploads))
    for name, (required, types) in fields.items():
        if name in uploads and "InputFile" in types:
            params.values[name] = uploads[name]
            continue
        value = given.get(name)
        if value is None or value == "":
            if required and (value is None or name not in MAY_BE_EMPTY):
                raise missing(name)
            continue
        try:
            params.values[name] = Reading(odd, method).value(value, types, name)
        except WrongValue as error:
            raise bad_request(f"Can't parse {name}: {error}") from None
    return params, odd


def missing(name: str) -> ApiError:
    return bad_request(MISSING.get(name, f'Parameter "{name}" is required'))


class Reading:
    """Converts values of one call, noting what the table does not know."""

    def __init__(self, odd: list[str], method: str) -> None:
        self._odd = odd
        self._method = method

    def value(self, value: object, types: list[str], path: str) -> Any:
        """The value by the first type that takes it; the last refusal if none does."""
        if len(types) == 1:
            return self._one(value, types[0], path)
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
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise WrongValue(f"{path} is not valid JSON") from None
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                raise WrongValue(f"{path} must be of type Array")
            inner = kind.removeprefix("Array of ")
            return [self._one(item, inner, f"{path}[{index}]") for index, item in enumerate(value)]
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
            if digits.isascii() and digits.isdecimal():
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


def meant(value: object, kind: str) -> bool:
    """Whether an object has the marks of this type, so that its error is the one to tell."""
    if isinstance(value, str):
        return any(f'"{name}"' in value for name in table().types.get(kind, ()))
    if not isinstance(value, dict):
        return False
    if kind in FIXED_TYPES:
        return value.get("type") == FIXED_TYPES[kind]
    return any(name in value for name in table().types.get(kind, ()))
