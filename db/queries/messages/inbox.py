"""The inbox: updates kept before they are confirmed to Telegram, and the lanes they wait in."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from db.lists import among, each
from db.models import inbox, lanes
from db.statements import Statement, Transaction, add


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update whose turn is to come."""

    bot_id: int
    update_id: int
    lane: int
    received_at: datetime
    body: bytes
    tries: int


_ROW = (inbox.c.bot_id == bindparam("bot"), inbox.c.update_id == bindparam("update"))
_MINE = (inbox.c.bot_id == bindparam("bot"), inbox.c.state == "new")
_WAITING = select(
    inbox.c.bot_id,
    inbox.c.update_id,
    inbox.c.lane,
    inbox.c.received_at,
    inbox.c.body,
    inbox.c.tries,
).where(*_MINE)
_ACCEPT = add(inbox)
_PENDING = Statement(_WAITING.order_by(inbox.c.update_id).limit(bindparam("most")))
_PENDING_IN = Statement(
    _WAITING.where(inbox.c.lane == bindparam("of"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
)
_UNANSWERED = Statement(select(inbox.c.update_id).where(*_ROW, inbox.c.state == "new"))
_DONE = Statement(
    update(inbox).where(*_ROW).values(state="done", body=None, done_at=bindparam("now"))
)
_FAILED = Statement(
    update(inbox)
    .where(*_ROW)
    .values(tries=inbox.c.tries + 1, error=bindparam("why"))
    .returning(inbox.c.tries)
)
_QUARANTINE = Statement(
    update(inbox)
    .where(*_ROW)
    .values(state="quarantined", done_at=bindparam("now"), error=bindparam("why"))
)
_COUNT = Statement(
    select(inbox.c.state, func.count()).where(inbox.c.bot_id == bindparam("bot")).group_by("state")
)
_WAITING_COUNT = Statement(select(func.count(), func.min(inbox.c.received_at)).where(*_MINE))
_SWEEP = Statement(
    delete(inbox).where(inbox.c.state != "new", inbox.c.done_at < bindparam("before"))
)


class Inbox:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def accept(
        self, bot_id: int, updates: Iterable[tuple[int, int, bytes]], now: datetime
    ) -> list[int]:
        """Keep (update_id, lane, body) each; the ids of those that were not here before."""
        return [
            update_id
            for update_id, lane, body in updates
            if self._tx.run(
                _ACCEPT,
                bot_id=bot_id,
                update_id=update_id,
                lane=lane,
                received_at=now,
                state="new",
                body=body,
                tries=0,
                error="",
                done_at=None,
            )
        ]

    def pending(self, bot_id: int, lane: int | None, limit: int) -> list[Waiting]:
        """The oldest first; of one lane, or of all."""
        if lane is None:
            return self._tx.all(Waiting, _PENDING, bot=bot_id, most=limit)
        return self._tx.all(Waiting, _PENDING_IN, bot=bot_id, of=lane, most=limit)

    def unanswered(self, key: str) -> bool:
        """Whether the update whose key (`<bot id>:<update id>:<n>`) this is has its turn still to come, or now."""
        bot, _, rest = key.partition(":")
        update_id = rest.partition(":")[0]
        if not (bot.isdecimal() and update_id.isdecimal()):
            return False
        return self._tx.row(_UNANSWERED, bot=int(bot), update=int(update_id)) is not None

    def done(self, bot_id: int, update_id: int, now: datetime) -> None:
        """Handled: belongs into the transaction that owes the answer."""
        self._tx.run(_DONE, bot=bot_id, update=update_id, now=now)

    def failed(self, bot_id: int, update_id: int, error: str) -> int:
        """Could not be handled this time. How often that happened by now."""
        row = self._tx.row(_FAILED, bot=bot_id, update=update_id, why=error)
        return row[0] if row else 0

    def quarantine(self, bot_id: int, update_id: int, error: str, now: datetime) -> None:
        """Will never be handled: kept for whoever looks after it, out of its lane's way."""
        self._tx.run(_QUARANTINE, bot=bot_id, update=update_id, why=error, now=now)

    def waiting(self, bot_id: int) -> tuple[int, datetime | None]:
        """How many updates wait, and since when the oldest does."""
        row = self._tx.row(_WAITING_COUNT, bot=bot_id)
        return (row[0], row[1]) if row else (0, None)

    def counts(self, bot_id: int) -> dict[str, int]:
        return dict(self._tx.rows(_COUNT, bot=bot_id))

    def sweep(self, before: datetime) -> int:
        """Forget what was done before then. Telegram repeats an update for 24 hours at most."""
        return self._tx.run(_SWEEP, before=before)


def _claim(dialect: Any, name: str) -> Any:
    wanted = each("lanes", BigInteger, name).subquery()
    claim = dialect.insert(lanes).from_select(
        ["lane", "owner", "until"],
        # "WHERE true" keeps SQLite from reading ON CONFLICT as the ON of a join.
        select(
            wanted.c.value,
            bindparam("by", type_=lanes.c.owner.type),
            bindparam("to", type_=lanes.c.until.type),
        ).where(true()),
    )
    return claim.on_conflict_do_update(
        index_elements=["lane"],
        set_={"owner": claim.excluded.owner, "until": claim.excluded.until},
        where=(lanes.c.owner == claim.excluded.owner)
        | (lanes.c.until <= bindparam("now", type_=lanes.c.until.type)),
    ).returning(lanes.c.lane)


_CLAIM = Statement(_claim(sqlite, "sqlite"), postgresql=_claim(postgresql, "postgresql"))
_OWNED = lanes.c.owner == bindparam("by")
_RENEW = Statement(update(lanes).where(_OWNED).values(until=bindparam("to")))
_RELEASE = Statement(delete(lanes).where(_OWNED, among(lanes.c.lane, "lanes")))
_RELEASE_ALL = Statement(delete(lanes).where(_OWNED))
_OWNERS = Statement(select(lanes.c.owner).distinct())


class Lanes:
    """Who works on which lane: a lease, so that a lane is handled in order by one process."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def claim(self, owner: str, lanes: Collection[int], now: datetime, until: datetime) -> set[int]:
        """Those of `lanes` that are ours now: free, run out, or ours before."""
        rows = self._tx.rows(_CLAIM, by=owner, lanes=lanes, now=now, to=until)
        return {lane for (lane,) in rows}

    def renew(self, owner: str, until: datetime) -> int:
        """Keep all we have a little longer; how many that are."""
        return self._tx.run(_RENEW, by=owner, to=until)

    def free(self, is_gone: Callable[[str], bool]) -> None:
        """Give back all that owners have who are gone for good, so that their time need not run out."""
        for (owner,) in self._tx.rows(_OWNERS):
            if is_gone(owner):
                self.release(owner)

    def release(self, owner: str, lanes: Collection[int] | None = None) -> None:
        """Give these back, or all."""
        if lanes is None:
            self._tx.run(_RELEASE_ALL, by=owner)
        else:
            self._tx.run(_RELEASE, by=owner, lanes=lanes)
