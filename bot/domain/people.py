"""Who asks, from where, and what that allows."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum


class Role(IntEnum):
    """In order of power: each may do what the ones below may."""

    STRANGER = 0
    MEMBER = 1
    ADMIN = 2


class Place(Enum):
    """Where a command may be asked *and* where its answer goes."""

    PRIVATE = "private"
    GROUP = "group"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram account as Pailot knows it."""

    id: int
    name: str
    """The name Telegram shows; anything at all, markup included."""
    username: str = ""
    """Without the `@`; empty when there is none."""
    language: str = "zh"
    """What the person reads: own choice, else Telegram's, else the site's."""
    role: Role = Role.STRANGER
    openpai_user: str = ""
    """The linked OpenPAI account; empty for strangers (and for admins who have linked none)."""
    linked_at: datetime | None = None
    started: bool = False
    """Has opened a private chat with the bot, so that the bot may write there."""


LANGUAGES = ("zh", "en")


def choose(own: str, telegram_code: str, site: str) -> str:
    """The reader's language: own choice, else Telegram's (`zh-hant`, `en-GB`), else the site's."""
    for code in (own, telegram_code, site):
        for language in LANGUAGES:
            if code.lower().startswith(language):
                return language
    return LANGUAGES[0]


@dataclass(frozen=True, slots=True)
class Token:
    """A secret opened for one call. Never logged: its repr is empty of it."""

    system: str
    user: str
    secret: str

    def __repr__(self) -> str:
        return f"Token({self.system}, {self.user})"
