"""What the emulated Telegram remembers: people, chats, messages, files, menus, pending updates."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

GENERAL_TOPIC = 1
ANONYMOUS_ADMIN = 1087968824
CHANNEL_SENDER = 136817688
TELEGRAM_SERVICE = 777000

ADMIN_STANDINGS = ("creator", "administrator")
PRESENT_STANDINGS = (*ADMIN_STANDINGS, "member")


@dataclass(slots=True)
class User:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    color: str = "#4a90d9"
    role: str = ""
    deactivated: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Topic:
    id: int
    name: str
    closed: bool = False
    icon_color: int = 7322096


@dataclass(slots=True)
class Chat:
    """A place for messages; a private chat has its person's id.

    `bot` is the bot's own standing (in a private chat `kicked` means blocked), `members` that of
    people. `started` says that the person of a private chat has written to the bot at least once.
    """

    id: int
    type: str
    title: str = ""
    username: str = ""
    members: dict[int, str] = field(default_factory=dict)
    bot: str = "member"
    started: bool = False
    deleted: bool = False
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    last_message_id: int = 0
    bot_wrote_last: bool = True
    read: dict[int, int] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def has(self, user_id: int) -> bool:
        if self.is_private:
            return self.id == user_id
        return self.members.get(user_id) in PRESENT_STANDINGS

    def is_admin(self, user_id: int) -> bool:
        return self.members.get(user_id) in ADMIN_STANDINGS


@dataclass(slots=True)
class StoredFile:
    id: str
    unique_id: str
    name: str
    mime: str
    size: int
    path: str
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Message:
    """One message as it stands now; `edits` counts how often it changed."""

    id: int
    chat_id: int
    date: int
    sender_id: int
    sender_chat_id: int | None = None
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    topic: int | None = None
    reply_to: int | None = None
    quote: Json | None = None
    keyboard: list[list[Json]] | None = None
    document: str | None = None
    photo: str | None = None
    album: str | None = None
    service: Json | None = None
    forward: Json | None = None
    automatic_forward: bool = False
    edited: int | None = None
    edits: int = 0
    silent: bool = False
    protected: bool = False
    reactions: dict[int, list[str]] = field(default_factory=dict)

    @property
    def has_media(self) -> bool:
        return self.document is not None or self.photo is not None


@dataclass(slots=True)
class PendingUpdate:
    """An update not yet confirmed; `lane` keeps the order of one chat in webhook delivery."""

    id: int
    kind: str
    content: Json
    expires: float
    lane: int

    def body(self) -> Json:
        return {"update_id": self.id, self.kind: self.content}


@dataclass(slots=True)
class Webhook:
    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass(slots=True)
class State:
    """Everything that survives a restart of the emulator, in one value."""

    bot: User
    next_update_id: int
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[int, dict[int, Message]] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    pending: dict[int, PendingUpdate] = field(default_factory=dict)
    allowed_updates: list[str] = field(default_factory=list)
    webhook: Webhook = field(default_factory=Webhook)
    last_message_id: int = 0
    last_user_id: int = 5_000_000_000
    last_group_id: int = 4_000_000_000
    last_file: int = 0
    last_callback: int = 0
