"""Errands: begun by a tap, carried out in the background, told about in one message, taken up after a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.paths import FilePath, Places
from bot.domain.messages import Priority, Rows
from bot.domain.people import Person
from bot.domain.text import Text, text
from bot.services.files.errands.telling import Cancelled, Teller, Told, card, said
from bot.services.files.folders import Folders
from db import Database, DatabaseRefused, Errand, UnitOfWork

log = structlog.get_logger(__name__)

LOOK_SECONDS = 3.0
"""How often it is looked for errands that another process wrote down."""
AGAIN_SECONDS = 10.0
"""How long to wait for a storage server that does not answer."""
GIVE_UP = timedelta(days=2)
PER_PERSON = 4
AT_ONCE = 8
KEPT = timedelta(days=7)
RESERVE_BYTES = 1 << 30
"""Left free on the disk, for jobs that are writing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an errand ended well."""

    line: Text
    path: FilePath
    buttons: Rows = ()


class Carrying(Protocol):
    """One kind of errand. Whatever it did before a death it finds again by the errand's id."""

    async def carry_out(self, errand: Errand, person: Person, place: Places, tell: Told) -> Outcome:
        """To the end. Raises UserError when there is none; Unavailable is tried again."""
        ...

    async def clean(self, errand: Errand, place: Places) -> None:
        """Nothing of it runs or lies about any more."""
        ...


class Errands:
    """`run` does the work; everything else only writes down what is wanted."""

    def __init__(
        self,
        db: Database,
        folders: Folders,
        kinds: Mapping[str, Carrying],
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._folders = folders
        self._kinds = kinds
        self._clock = clock
        self._wake = asyncio.Event()
        self._driven: set[str] = set()
        self._free = asyncio.Semaphore(AT_ONCE)

    async def plan(self, person: Person, kind: str, spec: dict[str, Any], key: str) -> Errand:
        now = self._clock()
        return await self._db.write(lambda uow: uow.errands.plan(key, person.id, kind, spec, now))

    async def find(self, person: Person, id_: str) -> Errand:
        """Raises UserError for one that is not theirs, or forgotten by now."""
        found = await self._db.read(lambda uow: uow.errands.get(id_))
        if found is None or found.person_id != person.id:
            raise UserError("errand-gone")
        return found

    async def begin(self, person: Person, id_: str, *, replace: bool) -> Errand:
        """It is wanted now. Doing it twice is harmless."""
        errand, now = await self.find(person, id_), self._clock()

        if errand.state != "planned":
            return errand

        def begin(uow: UnitOfWork) -> bool:
            if uow.errands.count(person.id) >= PER_PERSON:
                return False
            if replace:
                uow.errands.change(id_, {**errand.spec, "replace": True})
            if uow.errands.move(id_, "planned", "waiting"):
                what = str(errand.spec.get("shown", ""))[:500]
                uow.audit.add(now, person.id, person.id, errand.kind, what, "begun", id_)
            return True

        if not await self._db.write(begin):
            raise UserError("errand-many", count=PER_PERSON)
        self._wake.set()
        return errand

    async def shown(self, id_: str) -> bool:
        """Whether its message stands already, or is about to: whatever comes there next may be its last words."""
        name = card(id_)
        return await self._db.read(
            lambda uow: uow.cards.get(name) is not None or uow.outbox.waits(name)
        )

    async def cancel(self, person: Person, id_: str) -> bool:
        """False: it was over already, or as good as. What was fetched until now is removed."""
        found, now = await self.find(person, id_), self._clock()
        stopping = said(f"errand:{id_}:stopping", id_, person, text("errand-stopping"))

        def cancel(uow: UnitOfWork) -> bool:
            if uow.errands.move(id_, "planned", "cancelled"):
                return True
            if any(uow.errands.move(id_, state, "cancelling") for state in ("waiting", "running")):
                uow.outbox.owe(stopping, now)  # before what is said at its end
                return True
            return found.state == "cancelling"

        done = await self._db.write(cancel)
        self._wake.set()
        return done

    async def run(self, stop: asyncio.Event, leading: Callable[[], bool]) -> None:
        """Until the stop, each open errand on its own; `leading`: of several processes one does it."""
        if not self._folders.configured:
            await stop.wait()
            return
        async with asyncio.TaskGroup() as group:
            end = group.create_task(stop.wait())
            driving: set[asyncio.Task[None]] = set()
            while not stop.is_set():
                self._wake.clear()
                opened = []
                if leading():
                    opened = await self._db.read(lambda uow: uow.errands.open())
                else:  # another process goes on with them
                    for task in driving:
                        task.cancel()
                for errand in opened:
                    if errand.id not in self._driven:
                        self._driven.add(errand.id)
                        task = group.create_task(self._drive(errand))
                        driving.add(task)
                        task.add_done_callback(driving.discard)
                wake = group.create_task(self._wake.wait())
                await asyncio.wait(
                    {end, wake}, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                wake.cancel()
            for task in driving:  # taken up again after the restart
                task.cancel()

    async def sweep(self) -> None:
        before = self._clock() - KEPT
        await self._db.write(lambda uow: uow.errands.sweep(before))

    async def _drive(self, errand: Errand) -> None:
        try:
            async with self._free:
                await self._to_the_end(errand)
        except* DatabaseRefused as errors:
            why = str(errors.exceptions)
            log.warning("an errand waits for the database", id=errand.id, error=why)
        except* Exception:
            log.exception("an errand broke", id=errand.id, kind=errand.kind)
            person = await self._db.read(lambda uow: uow.people.get(errand.person_id))
            if person is not None:
                await self._finish(errand, person, "failed", text("errand-broken"), ())
        finally:
            self._driven.discard(errand.id)

    async def _to_the_end(self, errand: Errand) -> None:
        person = await self._db.read(lambda uow: uow.people.get(errand.person_id))
        place = None if person is None else await self._folders.of(person)
        if person is None or place is None:
            await self._db.write(lambda uow: uow.errands.end(errand.id, "failed"))
            return
        await self._db.write(lambda uow: uow.errands.move(errand.id, "waiting", "running"))
        work = self._kinds[errand.kind]
        try:
            outcome = await self._unless_cancelled(errand, person, place, work)
        except UserError as error:
            why = text("errand-failed", name=_name(errand), why=error.text)
            await self._finish(errand, person, "failed", why, ())
            await self._clean(errand, place, work)
            return
        if outcome is None:
            await self._clean(errand, place, work)
            line = text("errand-cancelled", name=_name(errand))
            await self._finish(errand, person, "cancelled", line, ())
            return
        # Noted before it is cleaned: what is not there any more would be begun anew after a death.
        await self._finish(errand, person, "done", outcome.line, outcome.buttons)
        await self._clean(errand, place, work)

    async def _clean(self, errand: Errand, place: Places, work: Carrying) -> None:
        """What can't be removed now is removed later, by the clock."""
        with suppress(UserError):
            await work.clean(errand, place)

    async def _unless_cancelled(
        self, errand: Errand, person: Person, place: Places, work: Carrying
    ) -> Outcome | None:
        """None: the person wanted no more of it."""
        if errand.state == "cancelling":
            return None
        tell = Teller(self._db, errand, person, self._clock)
        async with asyncio.TaskGroup() as group:
            doing = group.create_task(_caught(self._patiently(errand, person, place, work, tell)))
            watching = group.create_task(self._cancelled(errand.id))
            await asyncio.wait({doing, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                doing.cancel()
                await asyncio.wait({doing})
            watching.cancel()
        if doing.cancelled():
            return None
        found = doing.result()
        if isinstance(found, UserError):
            raise found
        return found

    async def _patiently(
        self, errand: Errand, person: Person, place: Places, work: Carrying, tell: Told
    ) -> Outcome:
        """A storage server that does not answer is waited for."""
        while True:
            now = await self._db.read(lambda uow: uow.errands.get(errand.id))
            try:
                return await work.carry_out(now or errand, person, place, tell)
            except Unavailable:
                if self._clock() - errand.created_at > GIVE_UP:
                    raise
                await asyncio.sleep(AGAIN_SECONDS)

    async def _cancelled(self, id_: str) -> None:
        while True:
            errand = await self._db.read(lambda uow: uow.errands.get(id_))
            if errand is None or errand.state == "cancelling":
                return
            await asyncio.sleep(1)

    async def _finish(
        self, errand: Errand, person: Person, state: str, line: Text, buttons: Rows
    ) -> None:
        now = self._clock()
        once = f"errand:{errand.id}:{state}"
        owed = said(once, errand.id, person, line, buttons, Priority.ALERT)

        def finish(uow: UnitOfWork) -> None:
            if uow.errands.end(errand.id, state):
                uow.audit.add(now, person.id, person.id, errand.kind, "", state, errand.id)
                uow.outbox.owe(owed, now)

        await self._db.write(finish)


async def _caught(work: Awaitable[Outcome]) -> Outcome | UserError | None:
    """What a person can be told is no reason to end the group it runs in; None: cancelled."""
    try:
        return await work
    except UserError as error:
        return error
    except Cancelled:
        return None


def _name(errand: Errand) -> str:
    return str(errand.spec.get("shown", ""))


async def room(folders: Folders, place: Places) -> int:
    """How many bytes may still come; walks the folder where there is a quota."""
    store, quota = folders.store, folders.site.quota_bytes
    left = 1 << 50
    if quota:
        used = (await store.usage(place.folder, FilePath())).total_bytes
        left = quota - used
        if left <= 0:
            raise UserError("errand-quota", used=used, quota=quota)
    try:
        free = (await store.space()).free_bytes - RESERVE_BYTES
    except Unavailable:
        raise
    except UserError:  # an SFTP server need not tell
        return left
    if free <= 0:
        raise UserError("errand-no-room", free=free + RESERVE_BYTES)
    return min(left, free)
