"""Messages that are owed to a chat: said once, delivered until Telegram has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from bot.domain.text import Argument, Text


class Priority(IntEnum):
    """Lower goes first. Answers are never paced; alerts go before edits of cards."""

    ANSWER = 0
    ALERT = 1
    BROADCAST = 2
    CARD = 3


class Kind(StrEnum):
    SEND = "send"
    EDIT = "edit"
    DOCUMENT = "document"
    PHOTO = "photo"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: exactly one of `action`, `url` and `copy`.

    `action` names a button route (`job.stop`); `payload` is what its dataclass is made from. The row that
    stands behind it carries the owner, so that nobody else can press it, and survives restarts.
    """

    label: Text
    action: str = ""
    payload: Mapping[str, Argument] = field(default_factory=dict)
    url: str = ""
    copy: str = ""
    style: str = ""
    """`danger`, `success` or `primary`; clients that do not know it show a plain button."""
    once: bool = False
    """Acts a single time; the update that used it may continue, others are told that it was used."""
    anyone: bool = False
    """May be pressed by everybody in the chat; for views only."""
    lives_seconds: int = 7 * 86400


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message: up to 4 MiB of bytes, or a recipe by which the sender fetches it."""

    name: str
    data: bytes = b""
    mime: str = "application/octet-stream"
    recipe: tuple[str, ...] = ()
    """`("log", "ann", "ann~job", "stdout")`: what to fetch when sending (services/attachments)."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One message owed to one chat.

    `once` is unique per occurrence: owing it again changes nothing. `card` names the message, so that a
    later Owed of kind EDIT with the same card changes it (and replaces an edit not sent yet); if the card's
    message was never sent or is gone, an edit is sent as a new message.
    """

    once: str
    chat: int
    lines: tuple[Text, ...] = ()
    language: str = "zh"
    buttons: Rows = ()
    owner: int | None = None
    """Telegram id of the person whose buttons these are."""
    kind: Kind = Kind.SEND
    priority: Priority = Priority.ANSWER
    topic: int | None = None
    reply_to: int | None = None
    silent: bool = False
    card: str = ""
    message: int | None = None
    """For EDIT and DELETE of a message that is no card: its id."""
    attachment: Attachment | None = None
    """The lines become its caption."""
