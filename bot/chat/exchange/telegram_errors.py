"""What a failed call to Telegram means for the message it carried."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

import msgspec
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.redaction import Redactor

redacted = Redactor()
"""Without bot tokens and proxy passwords, which live in URLs."""


class NotSent(NetworkError):
    """Telegram was not reached, so it certainly did nothing."""


class NotSentInTime(NotSent, TimedOut):
    """No connection within the time given."""


class Unanswered(NetworkError):
    """The request left, the answer did not arrive: Telegram may have done it or not."""


class UnansweredInTime(Unanswered, TimedOut):
    """No answer within the time given."""


class TooFast(RetryAfter):
    """A 429. Its parent's initialiser cannot be used: it warns of its own deprecated attribute."""

    def __init__(self, seconds: float) -> None:
        TelegramError.__init__(self, f"Too many requests: retry after {seconds:g} s")
        self._retry_after = timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Telegram answered when it did not do as asked."""

    status: int
    description: str
    retry_after: float = 0
    migrated_to: int | None = None


def refusal_of(error: BaseException) -> Refusal | None:
    """The answer behind one of python-telegram-bot's exceptions; None when there was no answer.

    `Bot.initialize` raises its own exception from ours when the token is refused.
    """
    for each in (error, error.__cause__):
        found = None if each is None else vars(each).get("refusal")
        if isinstance(found, Refusal):
            return found
    return None


def refused(status: int, payload: bytes) -> TelegramError:
    """python-telegram-bot's exception for an answer that is not 2xx, with the Refusal on it."""
    answer = _described(payload)
    description = answer.get("description")
    if not isinstance(description, str):
        description = f"HTTP status {status}"
    parameters = answer.get("parameters")
    if not isinstance(parameters, dict):
        parameters = {}
    retry_after = parameters.get("retry_after")
    migrated_to = parameters.get("migrate_to_chat_id")
    refusal = Refusal(
        status,
        redacted(description),
        float(retry_after) if isinstance(retry_after, int | float) else 0,
        migrated_to if isinstance(migrated_to, int) else None,
    )
    error = _exception(refusal)
    vars(error)["refusal"] = refusal
    return error


def _described(payload: bytes) -> dict[str, Any]:
    try:
        answer = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _exception(refusal: Refusal) -> TelegramError:
    match refusal:
        case Refusal(migrated_to=int(chat)):
            return ChatMigrated(chat)
        case Refusal(status=429):
            return TooFast(refusal.retry_after)
        case Refusal(status=400):
            return BadRequest(refusal.description)
        case Refusal(status=401 | 404):
            return InvalidToken(refusal.description)
        case Refusal(status=403):
            return Forbidden(refusal.description)
        case Refusal(status=409):
            return Conflict(refusal.description)
        case _:
            return NetworkError(refusal.description)


class Fault(Enum):
    PERMANENT = "permanent"
    """Telegram will never take this call; sending it again changes nothing."""
    PASSING = "passing"
    """Telegram has trouble of its own (5xx, nonsense); it did nothing."""
    NOT_SENT = "not sent"
    """Telegram was not reached."""
    UNANSWERED = "unanswered"
    """It may have been done: the connection broke between acceptance and our knowing it."""
    FLOOD = "flood"
    MIGRATED = "migrated"
    GONE = "gone"
    """The chat is dead for us: blocked, deactivated, kicked, deleted, or never opened."""
    UNAUTHORISED = "unauthorised"
    """The token or the address of the Bot API is wrong: no message is to blame."""
    CONFLICT = "conflict"
    """Another poller, or a webhook, takes our updates."""
    UNMODIFIED = "unmodified"
    MARKUP = "markup"
    KEYBOARD = "keyboard"
    """A button is refused; the words are not."""
    TOO_LONG = "too long"
    TOO_LARGE = "too large"
    REPLY_MISSING = "reply missing"
    THREAD_MISSING = "thread missing"
    MESSAGE_MISSING = "message missing"
    """The message to change or delete is gone, or out of reach for ever."""
    NO_TEXT = "no text"
    """The message to edit is a picture or document: only its caption can change."""
    STALE_QUERY = "stale query"


@dataclass(frozen=True, slots=True)
class Failure:
    fault: Fault
    words: str
    """Telegram's own, or the network's; without token, fit for logs."""
    retry_after: float = 0
    new_chat: int | None = None
    blocked: bool = False
    """GONE because this person blocked the bot: they may come back."""


# Telegram's texts as its server has them (tdlib/telegram-bot-api, Client.cpp), in lower case, without
# the leading "Bad Request: " or "Forbidden: ". The first line that fits decides.
_TEXTS: tuple[tuple[str, Fault], ...] = (
    ("message is not modified", Fault.UNMODIFIED),
    ("can't parse entities", Fault.MARKUP),
    ("unsupported start tag", Fault.MARKUP),
    ("entity_bounds_invalid", Fault.MARKUP),
    ("message is too long", Fault.TOO_LONG),
    ("message_too_long", Fault.TOO_LONG),
    ("text is too long", Fault.TOO_LONG),
    ("message caption is too long", Fault.TOO_LONG),
    ("media_caption_too_long", Fault.TOO_LONG),
    ("message to be replied not found", Fault.REPLY_MISSING),
    ("replied message not found", Fault.REPLY_MISSING),
    ("message to reply not found", Fault.REPLY_MISSING),
    ("quote_text_invalid", Fault.REPLY_MISSING),
    ("message thread not found", Fault.THREAD_MISSING),
    ("topic_deleted", Fault.THREAD_MISSING),
    ("topic_closed", Fault.THREAD_MISSING),
    ("message to edit not found", Fault.MESSAGE_MISSING),
    ("message to delete not found", Fault.MESSAGE_MISSING),
    ("message can't be edited", Fault.MESSAGE_MISSING),
    ("message can't be deleted", Fault.MESSAGE_MISSING),
    ("message_id_invalid", Fault.MESSAGE_MISSING),
    ("message identifier is not specified", Fault.MESSAGE_MISSING),
    ("there is no text in the message to edit", Fault.NO_TEXT),
    ("button_", Fault.KEYBOARD),
    ("inline keyboard", Fault.KEYBOARD),
    ("reply markup is too long", Fault.KEYBOARD),
    ("reply_markup_", Fault.KEYBOARD),
    ("can't parse inline keyboard", Fault.KEYBOARD),
    ("can't parse reply keyboard markup", Fault.KEYBOARD),
    ("query is too old", Fault.STALE_QUERY),
    ("chat not found", Fault.GONE),
    ("user not found", Fault.GONE),
    ("peer_id_invalid", Fault.GONE),
    ("bot was blocked by the user", Fault.GONE),
    ("user is deactivated", Fault.GONE),
    ("can't initiate conversation with a user", Fault.GONE),
    ("bot was kicked from", Fault.GONE),
    ("bot is not a member of", Fault.GONE),
    ("group chat was deleted", Fault.GONE),
    ("group chat was deactivated", Fault.GONE),
    ("chat was deleted", Fault.GONE),
    ("file is too big", Fault.TOO_LARGE),
    ("request entity too large", Fault.TOO_LARGE),
)


def classify(error: BaseException) -> Failure:
    """Judges by HTTP status first, then by Telegram's text; what is unknown and 4xx is permanent."""
    refusal = refusal_of(error)
    if refusal is not None:
        return _of_refusal(refusal)
    words = redacted(str(error) or type(error).__name__)
    if isinstance(error, NotSent):
        return Failure(Fault.NOT_SENT, words)
    if isinstance(error, Unanswered):
        return Failure(Fault.UNANSWERED, words)
    return Failure(Fault.PASSING, words)


def _of_refusal(refusal: Refusal) -> Failure:
    words = refusal.description
    match refusal.status:
        case 429:
            # Without a number Telegram's own servers mean "soon".
            return Failure(Fault.FLOOD, words, retry_after=refusal.retry_after or 1)
        case 401 | 404:
            # Every method we call exists, so a 404 is a malformed token or a wrong api_url.
            return Failure(Fault.UNAUTHORISED, words)
        case 409:
            return Failure(Fault.CONFLICT, words)
        case 413:
            return Failure(Fault.TOO_LARGE, words)
    if refusal.migrated_to is not None:
        return Failure(Fault.MIGRATED, words, new_chat=refusal.migrated_to)
    if refusal.status in {400, 403}:
        lower = words.lower()
        for fragment, fault in _TEXTS:
            if fragment in lower:
                return Failure(fault, words, blocked="blocked by the user" in lower)
        return Failure(Fault.PERMANENT, words)
    # 408 and everything else that is not ours to mend: 5xx, redirects of a proxy.
    permanent = 400 <= refusal.status < 500 and refusal.status not in {407, 408, 425}
    return Failure(Fault.PERMANENT if permanent else Fault.PASSING, words)
