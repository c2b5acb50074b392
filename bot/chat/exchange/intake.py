"""The one way in: raw updates become rows of the inbox before anybody confirms them to Telegram."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec
import structlog

from db import Database, UnitOfWork

log = structlog.get_logger()

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Pailot uses; Telegram keeps the rest to itself."""

_DECODER = msgspec.json.Decoder()
LARGEST_ID = 2**63 - 1


def _now() -> datetime:
    return datetime.now(UTC)


def decoded(raw: bytes) -> Any:
    """JSON as values, leniently; ValueError when it is none."""
    try:
        return _DECODER.decode(raw)
    except msgspec.DecodeError:
        # Half a surrogate pair in somebody's name: refused by msgspec, taken by the standard library.
        return json.loads(raw.decode("utf-8", "replace"))


def lane_of(update: dict[str, Any]) -> int:
    """The chat an update belongs to, in which order must be kept; 0 when it belongs to none."""
    for kind, content in update.items():
        if kind == "update_id" or not isinstance(content, dict):
            continue
        message = content.get("message")
        for place in (
            content.get("chat"),
            message.get("chat") if isinstance(message, dict) else None,
            content.get("from"),
        ):
            number = place.get("id") if isinstance(place, dict) else None
            if isinstance(number, int) and abs(number) <= LARGEST_ID:
                return number
    return 0


Row = tuple[int, int, Any]
"""An update's number, its lane, and itself: as JSON, or what was made of it when it was accepted."""
Look = Callable[[UnitOfWork, Sequence[int]], Callable[[], Mapping[int, Any]]]
"""Run in the accepting transaction with the new ones; what it returns, after the commit: what was made of them."""


def _nothing(_rows: Sequence[Row]) -> Look:
    return lambda _uow, _new: dict


class Answerer(Protocol):
    """What looks after accepted updates: the dispatcher."""

    def ahead(self, updates: Sequence[Row]) -> Look: ...

    def feed(self, updates: list[Row]) -> None: ...


class Intake:
    """Commits updates, then gives the new ones to `feed`, which must not block."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        feed: Callable[[list[Row]], None] = lambda _: None,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._feed = feed
        self._ahead: Callable[[Sequence[Row]], Look] = _nothing
        self._clock = clock

    def answered_by(self, answerer: Answerer) -> None:
        """Until then updates are only kept; whoever answers looks for what was left over first."""
        self._feed = answerer.feed
        self._ahead = answerer.ahead

    async def accept(self, batch: Sequence[bytes]) -> None:
        """When it returns, all that can be kept is on disk; DatabaseRefused means that nothing is."""
        rows: dict[int, tuple[Row, bytes]] = {}
        for body in batch:
            try:
                update = decoded(body)
            except (ValueError, RecursionError):
                update = None
            number = update.get("update_id") if isinstance(update, dict) else None
            if (
                not isinstance(number, int)
                or isinstance(number, bool)
                or not 0 <= number <= LARGEST_ID
            ):
                log.error("what Telegram sent is no update", size_bytes=len(body))
                continue
            rows[number] = ((number, lane_of(update), update), body)
        if not rows:
            return
        now, bot_id = self._clock(), self._bot_id
        stored = [(number, lane, body) for (number, lane, _), body in rows.values()]
        look = self._ahead([row for row, _ in rows.values()])

        def accept(uow: UnitOfWork) -> tuple[list[int], Callable[[], Mapping[int, Any]]]:
            new = uow.inbox.accept(bot_id, stored, now)
            return new, look(uow, new)

        new, after = await self._database.write(accept)
        made = after()
        if new:
            self._feed([(n, rows[n][0][1], made.get(n, rows[n][0][2])) for n in new])
