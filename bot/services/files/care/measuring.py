"""How much everybody's folder holds, counted by the clock; who passes a limit is told once.

A count walks a whole tree on the server, so folders are counted one after another, each every few hours, and
never while somebody's own /du runs. The last counts are kept: views for admins cost the server nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.entries import Space, Usage
from bot.domain.files.levels import FINE, FULL, NEAR, OVER, level
from bot.domain.files.paths import OWN, FilePath
from bot.domain.messages import Owed, Priority
from bot.domain.people import Person
from bot.domain.text import Argument, Text, text
from bot.services import feeds
from bot.services.alerts import Alert, Alerts
from bot.services.files.browsing import Browsing
from bot.services.files.care.reminding import UNREAD_DAYS, Unread, due, reminder
from bot.services.files.folders import Folders
from db import Database, FolderSize, UnitOfWork

log = structlog.get_logger(__name__)

EVERY = timedelta(hours=6)
DISK = "storage.level"


@dataclass(frozen=True, slots=True)
class Share:
    """One folder among all: whose, and how much it held when it was counted last."""

    person: Person
    folder: str
    used_bytes: int
    complete: bool
    counted_at: datetime


class Measuring:
    def __init__(
        self,
        db: Database,
        folders: Folders,
        browsing: Browsing,
        alerts: Alerts,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._folders = folders
        self._browsing = browsing
        self._alerts = alerts
        self._clock = clock

    async def tick(self) -> None:
        """Look at the disk, and count the folders whose turn it is. Called by the clock, never twice at once."""
        if not self._folders.configured:
            return
        try:
            await self._look_at_disk()
        except Unavailable:
            return  # tried again at the next tick
        except UserError as error:  # an SFTP server need not tell
            log.info("the storage server does not tell how full it is", why=error.text.key)
        before = self._clock() - EVERY
        for person, folder in await self._db.read(lambda uow: uow.folder_sizes.to_count(before)):
            if self._browsing.counts(folder):
                continue
            try:
                await self._count(person, folder)
            except Unavailable:
                return
            except UserError as error:
                log.warning("a folder can't be counted", folder=folder, why=error.text.key)

    async def shares(self) -> tuple[tuple[Share, ...], Space | None]:
        """All folders that were counted, the largest first, and the disk."""

        def look(uow: UnitOfWork) -> list[Share]:
            found = []
            for folder, size in uow.folder_sizes.all():
                person = uow.people.get(size.person_id)
                if person is not None:
                    found.append(
                        Share(person, folder, size.used_bytes, size.complete, size.counted_at)
                    )
            return found

        shares = await self._db.read(look)
        return tuple(shares), await self._browsing.space()

    async def keep(self, person: Person, days: int) -> None:
        """They want what lies unread, and no reminder of it for so long."""
        until = self._clock() + timedelta(days=days)
        await self._db.write(lambda uow: uow.folder_sizes.not_reminded(person.id, until))

    async def _count(self, person: int, folder: str) -> None:
        """The network first, then one plain function: what is new is told in the transaction that notes it."""
        place, store = self._folders.places(folder), self._folders.store
        bill = await self._browsing.count(place, FilePath())
        kept = await self._db.read(lambda uow: uow.folder_sizes.get(person))
        unread: tuple[Unread, ...] = ()
        if due(kept, self._clock()):
            names = set(await store.unread(folder, UNREAD_DAYS)) - {OWN}
            parts = (part for part in bill.usage.parts if part.name in names)
            unread = tuple(Unread(part.name, part.size_bytes) for part in parts)
        await self._db.write(lambda uow: self._record(uow, person, bill.usage, unread))

    def _record(
        self, uow: UnitOfWork, person_id: int, usage: Usage, unread: tuple[Unread, ...]
    ) -> None:
        now, quota = self._clock(), self._folders.site.quota_bytes
        person, before = uow.people.get(person_id), uow.folder_sizes.get(person_id)
        if person is None:
            return
        was = before.level if before else FINE
        is_ = level(usage.total_bytes / quota, self._folders.site.warn_at, 1.0, was) if quota else 0
        told: list[Alert] = []
        if is_ > was:
            args: dict[str, Argument] = {
                "used": usage.total_bytes, "quota": quota, "over": is_ == OVER,
            }  # fmt: skip
            told.append(_alert("quota", person, Text("alert-quota", args), now))
            for admin in uow.people.admins():
                if admin.id != person_id:
                    line = Text("alert-quota-of", {**args, "name": person.name})
                    told.append(_alert("quota", admin, line, now, about=person_id))
        reminded = before.reminded_at if before else None
        if due(before, now):  # asked again in a month, also where nothing was found
            reminded = now
            if (alert := reminder(person, unread, now)) is not None:
                told.append(alert)
        size = FolderSize(person_id, usage.total_bytes, usage.complete, is_, now, reminded)
        uow.folder_sizes.put(size)
        self._alerts.tell(uow, told, now)

    async def _look_at_disk(self) -> None:
        space = await self._folders.store.space()
        share = 1 - space.free_bytes / max(1, space.total_bytes)
        now, near = self._clock(), self._folders.site.warn_at

        def record(uow: UnitOfWork) -> None:
            was = int(uow.meta.get(DISK) or FINE)
            is_ = level(share, near, max(near, FULL), was)
            if is_ == was:
                return
            uow.meta.set(DISK, str(is_))
            if is_ < was:
                return
            event = "storage_low" if is_ == NEAR else "storage_full"
            line = text(f"alert-{event}", free=space.free_bytes, total=space.total_bytes)
            feeds.tell(uow, event, Text("feed-storage", {**line.args, "full": is_ == OVER}), now)
            people = {admin.id: admin for admin in uow.people.admins()}
            if is_ == OVER:  # nobody's job can save anything now
                for person_id, _ in uow.folders.all():
                    if (person := uow.people.get(person_id)) is not None:
                        people.setdefault(person_id, person)
            self._alerts.tell(uow, [_alert(event, one, line, now) for one in people.values()], now)

        await self._db.write(record)


def _alert(event: str, person: Person, line: Text, now: datetime, about: int = 0) -> Alert:
    once = f"{event}:{about}:{person.id}:{now.isoformat()}"
    owed = Owed(once, person.id, (line,), person.language, owner=person.id, priority=Priority.ALERT)
    return Alert(event, owed, line, person)
