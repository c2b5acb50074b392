"""The table of answered methods, by name in small letters as Telegram compares them."""

from collections.abc import Awaitable, Callable

from bot.demo.telegram.telegram import Telegram
from bot.demo.telegram.wire.validation import Params

Method = Callable[[Telegram, Params], Awaitable[object]]

METHODS: dict[str, tuple[str, Method]] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Registers the function that answers this Bot API method."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = (name, function)
        return function

    return register
