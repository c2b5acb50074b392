"""Lists of jobs: one's own by filters and pages, the lab's, and what is remembered when OpenPAI is away."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.errors import Busy, NotFound, Unavailable, UserError
from bot.domain.jobs import Job, JobPage, JobQuery, JobRef, JobState
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.domain.protocol import image_of
from bot.services.tokens import Tokens
from db import Database, UnitOfWork

PAGE = 8
"""Jobs on one page of a list: what a phone shows without scrolling."""
LOOKED_THROUGH = 400
"""How many of the newest jobs a filter that OpenPAI does not know looks through."""


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What `/jobs` can be narrowed to."""

    states: tuple[JobState, ...] = ()
    vcs: tuple[str, ...] = ()
    since: timedelta | None = None
    image: str = ""
    words: str = ""

    @property
    def local(self) -> bool:
        """Whether part of it is beyond OpenPAI's own list call."""
        return self.since is not None or bool(self.image) or not _plain(self.words)


@dataclass(frozen=True, slots=True)
class Listed:
    """A job with what Pailot itself knows of it."""

    job: Job
    note: str = ""


@dataclass(frozen=True, slots=True)
class JobList:
    """One page. `as_of` is set when OpenPAI did not answer and our own memory speaks."""

    items: tuple[Listed, ...]
    page: int
    pages: int
    total: int
    as_of: datetime | None = None


class Lists:
    def __init__(self, db: Database, cluster: Cluster, tokens: Tokens) -> None:
        self._db = db
        self._cluster = cluster
        self._tokens = tokens

    async def mine(self, person: Person, wanted: JobFilter, page: int) -> JobList:
        """The person's own jobs, newest first."""
        token = await self._tokens.of(person)
        try:
            found = await self._find(token, (token.user,), wanted, page)
        except (Unavailable, Busy):
            if (as_of := await self._last_look()) is None:
                raise
            return await self._remembered(token.user, wanted, page, as_of)
        return await self._with_notes(found, wanted, page)

    async def lab(self, page: int) -> JobList:
        """Everybody's waiting and running jobs, as a group may see them."""
        query = JobQuery(
            states=(JobState.WAITING, JobState.RUNNING, JobState.STOPPING),
            offset=(page - 1) * PAGE,
            limit=PAGE,
        )
        found = await self._tokens.anybody(lambda token: self._cluster.jobs(query, token))
        items = tuple(Listed(job) for job in found.jobs)
        return JobList(items, page, max(1, -(-found.total // PAGE)), found.total)

    async def meant(self, name: str, own: str) -> JobRef:
        """The job meant by a bare name: one's own, else the only one of that name in the lab.

        Raises NotFound, and UserError when several people have one of that name.
        """
        ref = JobRef.parse(name, own)
        if "~" in name or await self._db.read(lambda uow: uow.jobs.get(ref)) is not None:
            return ref
        others = await self._db.read(lambda uow: uow.jobs.named(name))
        if len(others) > 1:
            known = ", ".join(str(other) for other in others[:5])
            raise UserError("job-of-several", name=name, jobs=known)
        if not others and not own:
            raise NotFound("job", name)
        return others[0] if others else ref

    async def nearest(self, person: Person) -> tuple[str, ...]:
        """Names of the person's newest jobs, to choose from or to suggest."""
        user = person.openpai_user
        known = await self._db.read(lambda uow: uow.jobs.newest(user, limit=50))
        return tuple(job.ref.name for job in known)

    async def _find(
        self, token: Token, users: tuple[str, ...], wanted: JobFilter, page: int
    ) -> JobPage:
        query = JobQuery(
            users=users,
            vcs=wanted.vcs,
            states=wanted.states,
            keyword=wanted.words if _plain(wanted.words) else "",
            offset=(page - 1) * PAGE,
            limit=PAGE,
        )
        if not wanted.local:
            return await self._cluster.jobs(query, token)
        found = await self._cluster.jobs(replace(query, offset=0, limit=LOOKED_THROUGH), token)
        images = await self._images(token, [job.ref for job in found.jobs]) if wanted.image else {}
        since = self._cluster.now() - wanted.since if wanted.since else None
        kept = tuple(
            job
            for job in found.jobs
            if (since is None or (job.submitted_at is not None and job.submitted_at >= since))
            and (not wanted.image or wanted.image.lower() in images.get(job.ref, "").lower())
            and (not wanted.words or wanted.words.lower() in job.ref.name.lower())
        )
        return JobPage(kept[(page - 1) * PAGE : page * PAGE], len(kept))

    async def _images(self, token: Token, refs: Collection[JobRef]) -> dict[JobRef, str]:
        """Which image each job ran on; what is not remembered is asked for, 4 at once, 40 at most."""
        known = await self._db.read(lambda uow: uow.jobs.images(refs))
        missing = [ref for ref in refs if not known.get(ref)][:40]
        gate = asyncio.Semaphore(4)

        async def learn(ref: JobRef) -> None:
            async with gate:
                try:
                    known[ref] = image_of(await self._cluster.config(ref, token))
                except UserError:
                    return

        async with asyncio.TaskGroup() as group:
            for ref in missing:
                group.create_task(learn(ref))
        learned = {ref: known[ref] for ref in missing if known.get(ref)}
        if learned:
            await self._db.write(lambda uow: uow.jobs.set_images(learned))
        return known

    async def _with_notes(self, found: JobPage, wanted: JobFilter, page: int) -> JobList:
        refs = [job.ref for job in found.jobs]
        notes = await self._db.read(lambda uow: uow.jobs.notes(refs))
        items = tuple(Listed(job, notes.get(job.ref, "")) for job in found.jobs)
        return JobList(items, page, max(1, -(-found.total // PAGE)), found.total)

    async def _last_look(self) -> datetime | None:
        """When the watcher last heard from OpenPAI."""
        return await self._db.read(lambda uow: uow.meta.time("watch.last"))

    async def _remembered(
        self, user: str, wanted: JobFilter, page: int, as_of: datetime
    ) -> JobList:
        """Our own memory of a person's jobs, for the time OpenPAI is away."""

        def look(uow: UnitOfWork) -> JobList:
            jobs = [
                job
                for job in uow.jobs.newest(user, limit=LOOKED_THROUGH)
                if (not wanted.states or job.state in wanted.states)
                and (not wanted.vcs or job.vc in wanted.vcs)
                and wanted.words.lower() in job.ref.name.lower()
            ]
            notes = uow.jobs.notes([job.ref for job in jobs])
            shown = jobs[(page - 1) * PAGE : page * PAGE]
            return JobList(
                tuple(Listed(job, notes.get(job.ref, "")) for job in shown),
                page,
                max(1, -(-len(jobs) // PAGE)),
                len(jobs),
                as_of,
            )

        return await self._db.read(look)


def _plain(words: str) -> bool:
    """Whether OpenPAI's keyword means the same: no LIKE wildcard in it, and case does not matter to it."""
    return not words or (words == words.lower() and not {"%", "_", "\\"} & set(words))
