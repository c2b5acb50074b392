"""Copies of images between registries: one after the other, with progress, taken up again after a restart."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.domain.errors import NotFound, Unavailable, UserError
from bot.domain.images.manifest import Copied
from bot.domain.images.ports import Registries
from bot.domain.images.reference import Reference
from bot.domain.messages import Button, Kind, Owed, Priority
from bot.domain.people import Person
from bot.domain.text import Text, text
from bot.services.images.careful import Careful
from bot.services.images.changing import Occupied
from bot.services.images.logins import Logins
from bot.services.images.names import HubNames
from bot.services.images.references import parse_reference
from db import Copy, Database, DatabaseRefused, UnitOfWork

log = structlog.get_logger()

TELL_SECONDS = 5.0
"""How often progress is told."""
LOOK_SECONDS = 5.0
"""How often it is looked for copies that another process began."""
WANTED_SECONDS = 1.0
"""How often it is looked whether the copy at work was stopped."""


class Stopped(Exception):
    """The person wanted no more of it, before its tag was set."""


class Copying:
    """`run` does the work, one copy at a time; everything else only writes down what is wanted."""

    def __init__(
        self,
        db: Database,
        registries: Registries,
        logins: Logins,
        careful: Careful,
        names: HubNames,
        project: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._registries = registries
        self._logins = logins
        self._careful = careful
        self._names = names
        self._project = project
        self._clock = clock
        self._wake = asyncio.Event()

    def target(self, source: Reference, words: str) -> Reference:
        """Where a copy goes: what is left out is Harbor, the site's project, the source's name and tag."""
        words = words.strip()
        if not words:
            if not (self._names.name and self._project):
                raise UserError("image-copy-where")
            leaf = source.path.removeprefix("library/").rpartition("/")[2]
            return Reference(self._names.name, f"{self._project}/{leaf}", source.tag or "latest")
        first = words.partition("/")[0]
        known = "." in first or ":" in first or first == "localhost"
        if not known and self._names.name:
            path = words if "/" in words or not self._project else f"{self._project}/{words}"
            words = f"{self._names.name}/{path}"
        made = parse_reference(words)
        return made.at(tag=made.tag or source.tag or "latest")

    async def begin(
        self, person: Person, source: Reference, target: Reference, key: str, *, over: str = ""
    ) -> Copy:
        """Write down that it is wanted. A tag that is there already raises Occupied, unless it is at `over`."""
        reading = await self._logins.reading(person, source.host)
        writing = await self._logins.writing(person, target.host)
        await self._careful.writable(target)
        seen = await self._registries.look(source, reading)
        try:
            there = (await self._registries.look(target, writing)).digest or "?"
        except NotFound:
            there = ""
        if there and there == seen.digest:
            raise UserError("image-copy-there", name=str(target))
        if there:
            await self._careful.movable(person, target)
        if there and there != over:
            raise Occupied(target, there)
        now = self._clock()
        made = await self._db.write(
            lambda uow: uow.images.begin_copy(key, person.id, str(source), str(target), now, there)
        )
        self._wake.set()
        return made

    async def cancel(self, copy: str) -> bool:
        """Stops soon, in whichever process it runs; what was brought stays until garbage collection.

        False when it was over already, or as good as: its tag is being set.
        """
        now = self._clock()

        def cancel(uow: UnitOfWork) -> bool:
            wanted = next((one for one in uow.images.open_copies() if one.id == copy), None)
            return wanted is not None and _settle(uow, wanted, "cancelled", now)

        return await self._db.write(cancel)

    async def run(self, stop: asyncio.Event, leading: Callable[[], bool]) -> None:
        """Until the stop: whatever is waiting, the oldest first; `leading`: of several processes one does it."""
        while not stop.is_set():
            self._wake.clear()
            copies = await self._db.read(lambda uow: uow.images.open_copies()) if leading() else []
            for copy in copies:
                if stop.is_set():
                    return
                await self._interruptible(copy, stop, leading)
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await _either(self._wake, stop)
            except TimeoutError:
                continue

    async def _interruptible(
        self, copy: Copy, stop: asyncio.Event, leading: Callable[[], bool]
    ) -> None:
        """A stop breaks it off; after the restart it goes on with the parts that have not arrived."""
        async with asyncio.TaskGroup() as group:
            work = group.create_task(self._carry_out(copy))
            end = group.create_task(stop.wait())
            while not (work.done() or end.done()) and leading() and await self._wanted(copy):
                await asyncio.wait(
                    {work, end}, timeout=WANTED_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
            end.cancel()
            work.cancel()

    async def _wanted(self, copy: Copy) -> bool:
        opened = await self._db.read(lambda uow: uow.images.open_copies())
        return any(one.id == copy.id for one in opened)

    async def _carry_out(self, copy: Copy) -> None:
        person = await self._db.read(lambda uow: uow.people.get(copy.person_id))
        begun = copy.state == "naming" or await self._db.write(
            lambda uow: uow.images.move_copy(copy.id, "running")
        )
        if person is None or not begun:
            return
        try:
            done = await self._copy(copy, person)
        except* DatabaseRefused as errors:
            log.warning("a copy waits for the database", copy=copy.id, error=str(errors.exceptions))
        except* Stopped:
            log.info("a copy was stopped before its last step", copy=copy.id)
        except* UserError as errors:
            await self._failed(person, copy, errors.exceptions[0])
        except* Exception:  # our own fault: it must not come again for ever, before all others
            log.exception("a copy of an image failed", copy=copy.id)
            await self._failed(person, copy, UserError("error-internal", ref=copy.id))
        else:
            size = done.sent_bytes + done.reused_bytes
            line = text(
                "image-copied",
                name=copy.target,
                digest=done.digest,
                size=size,
                sent=done.sent_bytes,
            )
            await self._end(person, copy, "done", line, ((_open(copy.target),),))

    async def _copy(self, copy: Copy, person: Person) -> Copied:
        source, target = parse_reference(copy.source), parse_reference(copy.target)
        state = [0, 0]

        def progress(done: int, total: int) -> None:
            state[:] = [done, total]

        async with asyncio.TaskGroup() as group:
            teller = group.create_task(self._tell(person, copy, state))
            try:
                return await self._registries.copy(
                    source,
                    target,
                    source_as=await self._logins.reading(person, source.host),
                    target_as=await self._logins.writing(person, target.host),
                    progress=progress,
                    over=copy.over,
                    last=lambda: self._no_way_back(copy),
                )
            finally:
                teller.cancel()

    async def _no_way_back(self, copy: Copy) -> None:
        """From here on nobody is told that the tag was not set. Called again after a death, it does nothing."""
        if not await self._db.write(lambda uow: uow.images.move_copy(copy.id, "naming")):
            raise Stopped

    async def _failed(self, person: Person, copy: Copy, error: BaseException) -> None:
        why = error.text if isinstance(error, UserError) else Unavailable("registry").text
        await self._end(
            person, copy, "failed", text("image-copy-failed", name=copy.target, why=why), ()
        )

    async def _end(
        self,
        person: Person,
        copy: Copy,
        state: str,
        line: Text,
        buttons: tuple[tuple[Button, ...], ...],
    ) -> None:
        now = self._clock()
        owed = Owed(
            f"copy:{copy.id}:{state}",
            person.id,
            (line,),
            person.language,
            buttons,
            person.id,
            kind=Kind.EDIT,
            priority=Priority.ALERT,
            card=f"copy:{copy.id}",
        )

        def finish(uow: UnitOfWork) -> None:
            if _settle(uow, copy, state, now):
                uow.outbox.owe(owed, now)

        await self._db.write(finish)

    async def _tell(self, person: Person, copy: Copy, state: list[int]) -> None:
        """Edits the card while bytes move; says nothing while none do."""
        told = 0
        while True:
            await asyncio.sleep(TELL_SECONDS)
            done, total = state
            if done == told:
                continue
            told, now = done, self._clock()
            edit = Owed(
                f"copy:{copy.id}:{done}",
                person.id,
                (text("image-copying", name=copy.target, done=done, total=total),),
                person.language,
                ((stop_button(copy.id),),),
                person.id,
                kind=Kind.EDIT,
                priority=Priority.CARD,
                card=f"copy:{copy.id}",
            )
            await self._owe(copy, edit, now)

    async def _owe(self, copy: Copy, edit: Owed, now: datetime) -> None:
        """Nothing comes after the words with which it was stopped."""

        def owe(uow: UnitOfWork) -> None:
            if any(one.id == copy.id for one in uow.images.open_copies()):
                uow.outbox.owe(edit, now)

        await self._db.write(owe)


def _settle(uow: UnitOfWork, copy: Copy, state: str, now: datetime) -> bool:
    """False when it was over already: whoever settled it told of it."""
    ours = uow.images.move_copy(copy.id, state)
    if ours:
        what = f"{copy.source} → {copy.target}"
        uow.audit.add(now, copy.person_id, copy.person_id, "image-copy", what, state)
    return ours


def stop_button(copy: str) -> Button:
    return Button(text("button-copy-stop"), "image.copy.stop", {"copy": copy}, once=True)


def _open(target: str) -> Button:
    return Button(text("button-image-card"), "image.open", {"image": target})


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        waits = {group.create_task(one.wait()), group.create_task(other.wait())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
