"""Registry care: images nobody uses, their owners, and garbage collection."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.domain.errors import Denied, LoginNeeded, Unavailable, UserError
from bot.domain.images.artifact import GcRun
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.domain.images.stale import Stale, StaleImages, StaleScan, age_limit, all_names
from bot.domain.messages import Button, Owed, Priority
from bot.domain.people import Person
from bot.domain.text import text
from bot.services.images.browsing import Browsing
from bot.services.images.care.offering import forget_deleted, offer
from bot.services.images.logins import HARBOR, Logins
from bot.services.images.references import parse_reference
from bot.services.images.usage import ImageUsage
from db import Database, JobFilter, UnitOfWork

SHOWN = 10
JOBS_LOOKED_AT = 5000
GC_SECONDS = 60.0
"""So long an answer waits for a run; later it is told by asking again."""
ASK_AGAIN = timedelta(days=7)


class Tidying:
    def __init__(
        self,
        db: Database,
        browsing: Browsing,
        logins: Logins,
        usage: ImageUsage,
        project: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._browsing = browsing
        self._logins = logins
        self._usage = usage
        self._project = project
        self._clock = clock

    async def stale(self, person: Person, days: int, project: str = "") -> StaleImages:
        """Unused by pull and by job for so many days, and not in the catalogue; the largest are listed.

        Memory does not grow with the number of artifacts; one request for every hundred of them.
        """
        project = project or self._project
        if not project:
            raise UserError("images-which-project")
        as_ = await self._logins.reading(person, self._browsing.hub_host)
        if not as_.user and not await self._open(project):
            raise LoginNeeded(HARBOR)
        limit = age_limit(self._clock(), days)
        words = await self._db.read(lambda uow: _wanted_since(uow, limit))
        spared = self._references(words) | await self._in_use()
        scan, host = StaleScan(limit, SHOWN), self._browsing.hub_host
        async for one in self._browsing.hub.everything(project, as_, limit):
            image = Reference(host, one.path)
            parts = (one.digest, *(child.digest for child in one.children))
            named = {image.at(tag=name) for name in one.names}
            named |= {image.at(digest=digest) for digest in parts}
            scan.take(one, spared=not spared.isdisjoint(named))
        names = all_names(scan.kept)
        owners = dict(await self._db.read(lambda uow: uow.images.pushers(names)))
        if len(owners) < len(scan.kept):
            try:
                told = await self._browsing.hub.pushers(project, as_)
                owners = {**told, **owners}
            except UserError:
                pass
        return scan.result(owners)

    async def _open(self, project: str) -> bool:
        """Whether everybody may look into it."""
        try:
            await self._browsing.hub.project(project, ANONYMOUS)
        except Denied:
            return False
        return True

    def _references(self, written: Iterable[str]) -> set[Reference]:
        """By digest where there is one, else by tag; both if both were written."""
        found = set()
        for words in written:
            try:
                image = self._browsing.names.one_name(parse_reference(words))
            except UserError:
                continue
            if image.digest:
                found.add(image.at(digest=image.digest))
            found.add(image.at(tag=image.tag or ("" if image.digest else "latest")))
        return found

    async def _in_use(self) -> set[Reference]:
        """Waiting and running jobs began before anybody's limit, too. When nobody tells: what is known."""
        try:
            return self._references(map(str, await self._usage.in_use()))
        except UserError:
            return set()

    async def ask_owners(self, person: Person, found: StaleImages) -> int:
        """Whoever pushed it is asked, if Pailot knows who that is; how many people were."""
        now = self._clock()
        by_owner: dict[str, list[Stale]] = {}
        for one in found.items:
            if one.owner:
                by_owner.setdefault(one.owner, []).append(one)

        def owe(uow: UnitOfWork) -> int:
            asked = 0
            for owner, items in by_owner.items():
                for other in people_called(uow, owner):
                    uow.outbox.owe(self._question(other, items, now), now)
                    asked += 1
            uow.audit.add(now, person.id, person.id, "stale-ask", str(len(found.items)), "done")
            return asked

        return await self._db.write(owe)

    def _question(self, owner: Person, items: list[Stale], now: datetime) -> Owed:
        rows = []
        for one in items[:SHOWN]:
            image = Reference(self._browsing.hub_host, one.artifact.path)
            name = one.artifact.names[0] if one.artifact.names else ""
            shown = str(image.at(tag=name) if name else image.at(digest=one.artifact.digest))
            rows.append(
                (Button(text("button-name", name=shown), "image.delete", {"image": shown}),)
            )
        size = sum(one.artifact.size for one in items)
        # The same images are asked about once a week; others of another project are another question.
        week = now.toordinal() // ASK_AGAIN.days
        about = "\n".join(sorted(f"{one.artifact.path}@{one.artifact.digest}" for one in items))
        return Owed(
            f"stale:{owner.id}:{week}:{hashlib.sha256(about.encode()).hexdigest()[:16]}",
            owner.id,
            (text("stale-yours", count=len(items), size=size),),
            owner.language,
            tuple(rows),
            owner.id,
            priority=Priority.ALERT,
        )

    async def collect(self, person: Person, *, dry_run: bool) -> GcRun:
        """Start garbage collection, and wait a while for its end."""
        as_ = self._logins.caring(person)
        hub, now = self._browsing.hub, self._clock()
        number = await hub.start_gc(as_, dry_run=dry_run)
        action = "gc-dry-run" if dry_run else "gc"

        def begun(uow: UnitOfWork) -> None:
            uow.audit.add(now, person.id, person.id, action, str(number), "begun")
            if not dry_run:
                forget_deleted(uow)

        await self._db.write(begun)
        run = await hub.gc(number, as_)
        try:
            async with asyncio.timeout(GC_SECONDS):
                while not run.over:
                    await asyncio.sleep(1)
                    run = await hub.gc(number, as_)
        except (TimeoutError, Unavailable):
            pass
        return run

    async def offer_collection(self) -> bool:
        """To the admins, two hours after many images were deleted; whether it was. Called by the clock."""
        now = self._clock()
        return self._logins.has_caretaker and await self._db.write(lambda uow: offer(uow, now))

    async def collections(self, person: Person) -> tuple[GcRun, ...]:
        """The last runs, the newest first."""
        return await self._browsing.hub.gc_runs(self._logins.caring(person))


def _wanted_since(uow: UnitOfWork, since: datetime) -> set[str]:
    """What is in the catalogue, and what jobs have used since, as they wrote it."""
    recent = uow.jobs.newest(None, JOBS_LOOKED_AT, 0, JobFilter(since=since))
    refs = {job.ref for job in recent} | set(uow.jobs.unfinished())
    return {one.image for one in uow.images.catalogue()} | set(uow.jobs.images(refs).values())


def people_called(uow: UnitOfWork, user: str) -> list[Person]:
    """Who is linked to Harbor as that user; else who has that name on OpenPAI, or that robot account."""
    found = []
    for row in uow.people.all():
        known = {one.system: one.username for one in uow.credentials.accounts(row.id)}
        if known.get(HARBOR, row.openpai_user) == user:
            found.append(uow.people.as_person(row))
    if not found and (owner := uow.robots.owner(user)) is not None:
        person = uow.people.get(owner)
        return [person] if person is not None else []
    return found
