"""Parameters of a call, checked and converted by the Bot API table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.wire.types import Reading, WrongValue, table

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
# An empty address is how a webhook is taken away.
MAY_BE_EMPTY = ("url",)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in the body of a call."""

    name: str
    content: bytes
    mime: str


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
