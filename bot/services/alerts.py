"""Who is told what, and when: preferences, quiet hours, and the messages kept back during them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.jobs import JobRef
from bot.domain.messages import Button, Owed, Priority, Rows
from bot.domain.people import Person
from bot.domain.text import Text, text
from db import Database, UnitOfWork

EVENTS = ("started", "succeeded", "failed", "stopped", "retrying")
STORAGE_EVENTS = ("quota", "storage_full")
ADMINS_EVENTS = ("storage_low",)
"""Where there is a storage server; the last for admins only."""
HUB_EVENTS = ("image_pushed",)
ADMINS_HUB_EVENTS = ("registry_full",)
"""Where Harbor tells what happens in it; the last for admins only."""
URGENT = frozenset({"failed", "retry_loop"})
"""Told even in quiet hours, without sound."""
SHOWN_IN_DIGEST = 30
LOGS_IN_DIGEST = 6
TO_JOBS = (Button(text("button-jobs"), "again", {"line": "/jobs"}),)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Minutes of the day at the site; equal or missing ends mean no quiet hours."""

    muted: frozenset[str] = field(default_factory=frozenset)
    quiet_from: int | None = None
    quiet_to: int | None = None

    def quiet_at(self, minute: int) -> bool:
        """Whether it is quiet at this minute of the day; 23:00-07:00 goes over midnight."""
        start, end = self.quiet_from, self.quiet_to
        if start is None or end is None or start == end:
            return False
        return start <= minute < end if start < end else minute >= start or minute < end


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell one person. `short` is its line in a digest."""

    event: str
    owed: Owed
    short: Text
    person: Person
    ref: JobRef | None = None
    """The job it is about, if it is about one."""


class Alerts:
    def __init__(self, db: Database, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._zone = zone
        self._clock = clock

    async def preferences(self, person: Person) -> Preferences:
        return await self._db.read(lambda uow: stored(uow, person.id))

    async def switch(self, person: Person, event: str, on: bool) -> Preferences:
        def change(uow: UnitOfWork) -> Preferences:
            old = stored(uow, person.id)
            new = replace(old, muted=old.muted - {event} if on else old.muted | {event})
            store(uow, person.id, new)
            return new

        return await self._db.write(change)

    async def quiet(self, person: Person, start: int | None, end: int | None) -> Preferences:
        """Set quiet hours, or end them with None; what was kept back comes with the next tick."""

        def change(uow: UnitOfWork) -> Preferences:
            new = replace(stored(uow, person.id), quiet_from=start, quiet_to=end)
            store(uow, person.id, new)
            return new

        return await self._db.write(change)

    def tell(self, uow: UnitOfWork, alerts: Sequence[Alert], now: datetime) -> list[Alert]:
        """Owe alerts, or keep them back, inside the transaction that recorded what happened.

        More than 5 of one person at once become one digest. Nothing is owed to who blocked the bot: each
        would be refused. Returns those that became messages of their own: only they can be completed later.
        """
        own: list[Alert] = []
        by_person: dict[int, list[Alert]] = {}
        for alert in alerts:
            by_person.setdefault(alert.person.id, []).append(alert)
        minute = self._minute(now)
        for person_id, theirs in by_person.items():
            row = uow.people.row(person_id)
            if row is not None and row.blocked_at:
                continue
            wishes = stored(uow, person_id)
            wanted = [a for a in theirs if a.event not in wishes.muted]
            quiet = wishes.quiet_at(minute)
            now_told = [a for a in wanted if not quiet or a.event in URGENT]
            for alert in wanted:
                if alert not in now_told:
                    uow.held.keep(
                        person_id, alert.event, alert.owed.once, alert.short.to_json(), now
                    )
            if len(now_told) > 5:
                uow.outbox.owe(digest(now_told, silent=quiet), now)
                continue
            for alert in now_told:
                uow.outbox.owe(replace(alert.owed, silent=quiet or alert.owed.silent), now)
            own += now_told
        return own

    async def release(self) -> None:
        """Deliver what was kept back to everybody whose quiet hours are over, as one digest each."""
        now = self._clock()
        minute = self._minute(now)

        def release(uow: UnitOfWork) -> None:
            for person_id in uow.held.people():
                if stored(uow, person_id).quiet_at(minute):
                    continue
                person = uow.people.get(person_id)
                kept = uow.held.take(person_id)
                if person is None or not kept:
                    continue
                lines = [Text.from_json(item.body) for item in kept]
                uow.outbox.owe(
                    Owed(
                        f"held:{person_id}:{kept[-1].once}",  # numbers of rows come again
                        person_id,
                        (text("digest-quiet", count=len(lines)), *shortened(lines)),
                        language=person.language,
                        buttons=(TO_JOBS,),
                        owner=person_id,
                        priority=Priority.ALERT,
                    ),
                    now,
                )

        if await self._db.read(lambda uow: uow.held.people()):
            await self._db.write(release)

    def quiet_now(self, uow: UnitOfWork, person: int, now: datetime) -> bool:
        """Whether what this person is told now should make no sound."""
        return stored(uow, person).quiet_at(self._minute(now))

    def _minute(self, now: datetime) -> int:
        local = now.astimezone(self._zone)
        return local.hour * 60 + local.minute


def digest(alerts: Sequence[Alert], *, silent: bool) -> Owed:
    """Several alerts of one person as one message; its `once` is that of its parts."""
    first = alerts[0]
    return replace(
        first.owed,
        once=f"digest:{first.owed.once}:{len(alerts)}",
        lines=(text("digest-many", count=len(alerts)), *shortened([a.short for a in alerts])),
        buttons=(*_logs_of_failures(alerts), TO_JOBS),
        card="",
        silent=silent,
    )


def _logs_of_failures(alerts: Sequence[Alert]) -> Rows:
    """What people look for first: what went wrong, two in a row."""
    failed = [a.ref for a in alerts if a.event == "failed" and a.ref is not None][:LOGS_IN_DIGEST]
    logs = [
        Button(text("digest-log", name=ref.name), "log.show", {"user": ref.user, "name": ref.name})
        for ref in failed
    ]
    return tuple(tuple(logs[at : at + 2]) for at in range(0, len(logs), 2))


def shortened(lines: Sequence[Text]) -> tuple[Text, ...]:
    """At most 30 lines, and how many more there were."""
    rest = len(lines) - SHOWN_IN_DIGEST
    if rest <= 0:
        return tuple(lines)
    return (*lines[:SHOWN_IN_DIGEST], text("digest-more", count=rest))


def stored(uow: UnitOfWork, person_id: int) -> Preferences:
    kept = uow.preferences.get(person_id)
    return Preferences(kept.muted_events, kept.quiet_from, kept.quiet_to)


def store(uow: UnitOfWork, person_id: int, wishes: Preferences) -> None:
    uow.preferences.put(person_id, sorted(wishes.muted), wishes.quiet_from, wishes.quiet_to)
