"""Feeds of groups: which events each chose, and the lines that wait for its next message.

`Chats` ends the feed of a group that is denied or gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from db.models import chats, feed_lines, feeds
from db.statements import Statement, Transaction, add, put


@dataclass(frozen=True, slots=True)
class Feed:
    """What a group chose. `topic` is where it was chosen."""

    chat: int
    topic: int | None
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One thing that happened, kept for one group."""

    id: int
    event: str
    body: Any


_GET = Statement(
    select(feeds.c.chat, feeds.c.topic, feeds.c.events).where(feeds.c.chat == bindparam("of"))
)
_ALLOWED = Statement(
    select(feeds.c.chat, feeds.c.events)
    .join(chats, chats.c.id == feeds.c.chat)
    .where(chats.c.allowed_at.is_not(None), chats.c.dead_at.is_(None))
    .order_by(feeds.c.chat)
)
_PUT = put(feeds, change=["topic", "events"])
_KEEP = add(feed_lines, without=["id"])
_WAITING = Statement(select(feed_lines.c.chat).distinct().order_by(feed_lines.c.chat))
_LINES = Statement(
    select(feed_lines.c.id, feed_lines.c.event, feed_lines.c.body)
    .where(feed_lines.c.chat == bindparam("of"))
    .order_by(feed_lines.c.id)
)
_TAKE = Statement(delete(feed_lines).where(feed_lines.c.chat == bindparam("of")))


class Feeds:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def get(self, chat: int) -> Feed:
        """Empty until somebody chose."""
        row = self._tx.row(_GET, of=chat)
        return Feed(row[0], row[1], frozenset(row[2])) if row else Feed(chat, None, frozenset())

    def put(self, chat: int, topic: int | None, events: Iterable[str]) -> None:
        self._tx.run(_PUT, chat=chat, topic=topic, events=sorted(events))

    def following(self, event: str) -> list[int]:
        """The groups that chose this event, and may be told."""
        return [chat for chat, events in self._tx.rows(_ALLOWED) if event in events]

    def keep(self, chat: int, event: str, body: Any, now: datetime) -> None:
        """`body` is anything that is JSON."""
        self._tx.run(_KEEP, chat=chat, event=event, body=body, at=now)

    def waiting(self) -> list[int]:
        """The groups for which lines are kept."""
        return [chat for (chat,) in self._tx.rows(_WAITING)]

    def take(self, chat: int) -> list[FeedLine]:
        """All of them, oldest first; they are not kept any longer."""
        found = self._tx.all(FeedLine, _LINES, of=chat)
        if found:
            self._tx.run(_TAKE, of=chat)
        return found
