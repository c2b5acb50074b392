"""Chats: which groups are allowed, which are gone, and what to do when one gets a new id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.sql.elements import BindParameter

from db.models import CHAT, cards, chats, dialogs, feed_lines, feeds, metadata, outbox
from db.statements import Statement, Transaction, put


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat as it is stored. `language` is what the chat's admins chose, empty if nothing."""

    id: int
    type: str
    title: str
    language: str
    allowed_at: datetime | None
    allowed_by: int | None
    dead_at: datetime | None
    dead_reason: str
    created_at: datetime

    @property
    def allowed(self) -> bool:
        return self.allowed_at is not None and self.dead_at is None


_ID = chats.c.id == bindparam("chat")
_GET = Statement(select(chats).where(_ID))
_ALLOWED = Statement(
    select(chats)
    .where(chats.c.allowed_at.is_not(None), chats.c.dead_at.is_(None))
    .order_by(chats.c.id)
)
_MEET = put(chats, change=["type", "title"])
_ALLOW = Statement(
    update(chats)
    .where(_ID, chats.c.allowed_at.is_(None))
    .values(allowed_at=bindparam("now"), allowed_by=bindparam("by"))
)
_DENY = Statement(
    update(chats)
    .where(_ID, chats.c.allowed_at.is_not(None))
    .values(allowed_at=None, allowed_by=None)
)
_SET_LANGUAGE = Statement(update(chats).where(_ID).values(language=bindparam("chosen")))
_BURY = put(chats, change=["dead_at", "dead_reason"], where=lambda _new: chats.c.dead_at.is_(None))
_EMPTY_FEED = Statement(delete(feed_lines).where(feed_lines.c.chat == bindparam("chat")))
_FORGET_FEED = Statement(delete(feeds).where(feeds.c.chat == bindparam("chat")))
_REVIVE = Statement(update(chats).where(_ID).values(dead_at=None, dead_reason=""))


class Chats:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def meet(self, chat: int, type_: str, title: str, now: datetime) -> ChatRow:
        """Writes only what changed since the last time. A chat that speaks is not dead."""
        known = self.get(chat)
        if known is not None and (known.type, known.title) == (type_, title) and not known.dead_at:
            return known
        self._tx.run(
            _MEET,
            id=chat,
            type=type_,
            title=title,
            language="",
            allowed_at=None,
            allowed_by=None,
            dead_at=None,
            dead_reason="",
            created_at=now,
        )
        if known is not None and known.dead_at:
            self.revive(chat)
        met = self.get(chat)
        assert met is not None  # noqa: S101 - just written
        return met

    def get(self, chat: int) -> ChatRow | None:
        return self._tx.one(ChatRow, _GET, chat=chat)

    def allowed(self) -> list[ChatRow]:
        """The groups in which Pailot may speak."""
        return self._tx.all(ChatRow, _ALLOWED)

    def allow(self, chat: int, title: str, by: int, now: datetime) -> bool:
        """False if it already was."""
        known = self.get(chat)
        self.meet(chat, known.type if known else "group", title, now)
        return self._tx.run(_ALLOW, chat=chat, by=by, now=now) == 1

    def deny(self, chat: int) -> bool:
        """False if it already was. Its feed ends: allowed again, it starts empty."""
        self._tx.run(_EMPTY_FEED, chat=chat)
        self._tx.run(_FORGET_FEED, chat=chat)
        return self._tx.run(_DENY, chat=chat) == 1

    def set_language(self, chat: int, language: str) -> None:
        self._tx.run(_SET_LANGUAGE, chat=chat, chosen=language)

    def bury(self, chat: int, reason: str, now: datetime) -> None:
        """Nothing can be sent there any more. What is still owed there is for `Outbox.bury_chat`."""
        self._tx.run(_EMPTY_FEED, chat=chat)
        self._tx.run(
            _BURY,
            id=chat,
            type="private" if chat > 0 else "group",
            title="",
            language="",
            allowed_at=None,
            allowed_by=None,
            dead_at=now,
            dead_reason=reason,
            created_at=now,
        )

    def revive(self, chat: int) -> None:
        self._tx.run(_REVIVE, chat=chat)

    def migrate(self, old: int, new: int) -> None:
        """The group became a supergroup: every stored id of it changes, in this one transaction.

        Messages of the old group have no counterpart in the new one, so nothing refers to them any more.
        """
        for statement in _LEAVE_MESSAGES:
            self._tx.run(statement, old=old)
        for yield_, move in _MOVES:
            if yield_ is not None:
                self._tx.run(yield_, old=old, new=new)
            self._tx.run(move, old=old, new=new)


_OLD: BindParameter[int] = bindparam("old")
_NEW: BindParameter[int] = bindparam("new")

_LEAVE_MESSAGES = (
    Statement(delete(cards).where(cards.c.chat == _OLD)),
    Statement(update(dialogs).where(dialogs.c.chat == _OLD).values(message=None)),
    Statement(update(feeds).where(feeds.c.chat == _OLD).values(topic=None)),
    Statement(
        update(outbox)
        .where(outbox.c.chat == _OLD, outbox.c.state == "due")
        .values(reply_to=None, message=None, topic=None, not_before=None)
    ),
    Statement(
        update(outbox)
        .where(outbox.c.chat == _OLD, outbox.c.state == "due", outbox.c.kind == "delete")
        .values(state="dead", body=None, error="the message stayed in the old group")
    ),
)


def _move(chat: Column[int]) -> tuple[Statement | None, Statement]:
    """How one column follows, and what has to make room for it first."""
    table = chat.table
    move = Statement(update(table).where(chat == _OLD).values({chat.name: _NEW}))
    if not chat.primary_key:
        return None, move
    moving = table.alias("moving")
    same: list[ColumnElement[bool]] = [
        moving.c[column.name] == column for column in table.primary_key if column is not chat
    ]
    room = delete(table).where(chat == _NEW, exists().where(moving.c[chat.name] == _OLD, *same))
    return Statement(room), move


_MOVES = tuple(
    _move(column)
    for table in metadata.sorted_tables
    for column in table.columns
    if column.info == CHAT
)
