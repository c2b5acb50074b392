"""Reply markup: the limits of inline keyboards, and the form Telegram keeps them in."""

from typing import Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.wire.links import link_fault
from bot.demo.telegram.wire.text import cleaned, utf16_length

Button = dict[str, Any]

BUTTONS_LIMIT = 100
ROW_LIMIT = 8
CALLBACK_DATA_LIMIT_BYTES = 64
COPY_TEXT_LIMIT = 256
STYLES = ("danger", "success", "primary")
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def inline_keyboard(markup: dict[str, Any] | None, *, private: bool) -> list[list[Button]] | None:
    """The rows of an inline keyboard; None for no keyboard, an empty one, or another markup."""
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows: list[list[Button]] = [
        [_button(button, private=private) for button in row]
        for row in markup["inline_keyboard"]
        if row
    ]
    if sum(map(len, rows)) > BUTTONS_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad_request("Reply markup is too long")
    return rows or None


def _button(button: Button, *, private: bool) -> Button:
    text = cleaned(button["text"]).strip()
    if not text:
        raise bad_request("Can't parse inline keyboard button: Text must be non-empty")
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise bad_request(
            "Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(
            "Can't parse inline keyboard button: Exactly one of the optional fields must be used"
        )
    if button.get("style") not in (None, *STYLES):
        raise bad_request("Can't parse inline keyboard button: Invalid button style specified")
    _check_action(actions[0], button[actions[0]], private=private)
    return button | {"text": text}


def _check_action(action: str, value: Any, *, private: bool) -> None:
    match action:
        case "callback_data":
            if not 1 <= len(value.encode("utf-8", "surrogatepass")) <= CALLBACK_DATA_LIMIT_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
        case "url":
            if fault := link_fault(value):
                raise bad_request(f"Inline keyboard button URL '{value}' is invalid: {fault}")
        case "web_app":
            if not private:
                raise bad_request("BUTTON_TYPE_INVALID")
            if not value["url"].lower().startswith("https://"):
                raise bad_request(
                    f"Inline keyboard button Web App URL '{value['url']}' is invalid: "
                    "Only HTTPS links are allowed"
                )
        case "copy_text":
            if not 1 <= utf16_length(value["text"]) <= COPY_TEXT_LIMIT:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
        case "callback_game" | "pay" | "login_url":
            raise bad_request("BUTTON_TYPE_INVALID")
        case _:
            pass
