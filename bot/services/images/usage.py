"""Which jobs run, or ran, on which image."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import NotFound, UserError
from bot.domain.images.artifact import Artifact
from bot.domain.images.reference import Reference
from bot.domain.jobs import Job, JobQuery, JobRef, JobState
from bot.domain.people import Token
from bot.domain.ports import Cluster
from bot.domain.protocol import images_of
from bot.services.images.names import HubNames
from bot.services.images.references import parse_reference
from bot.services.tokens import Tokens
from db import Database, JobFilter, UnitOfWork

LOOKED_AT = 500
"""Of the newest jobs; older ones say little about an image."""
ASKED_AT_ONCE = 4
SECONDS = 20.0
PAGE, MOST_UNFINISHED = 500, 5000
UNFINISHED = (JobState.WAITING, JobState.RUNNING, JobState.STOPPING, JobState.UNKNOWN)
JUST_NOW = timedelta(minutes=2)
"""Jobs that were submitted so lately may be missing in OpenPAI's list."""
REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Usage:
    """Jobs with this image, the newest first."""

    jobs: tuple[Job, ...] = ()

    def count(self, state: JobState) -> int:
        return sum(job.state is state for job in self.jobs)

    @property
    def unfinished(self) -> tuple[Job, ...]:
        return tuple(job for job in self.jobs if not job.state.final)


class ImageUsage:
    def __init__(self, db: Database, cluster: Cluster, tokens: Tokens, names: HubNames) -> None:
        self._db = db
        self._cluster = cluster.yielding()
        self._tokens = tokens
        self._names = names
        self._images: dict[JobRef, tuple[str, ...]] = {}

    async def of(self, image: Reference, tags: tuple[str, ...] = (), digest: str = "") -> Usage:
        """By any of the tags or the digest; without both, by the reference's own version."""
        wanted = {*tags} | ({digest} if digest else set()) or {image.version}

        def look(uow: UnitOfWork) -> list[tuple[Job, str]]:
            leaf = image.path.removeprefix("library/")
            found = uow.jobs.newest(None, LOOKED_AT, 0, JobFilter(image=leaf))
            images = uow.jobs.images([job.ref for job in found])
            return [(job, images.get(job.ref, "")) for job in found]

        rows = await self._db.read(look)
        return Usage(tuple(job for job, words in rows if self._meant(words, image, wanted)))

    async def running(self, image: Reference, artifact: Artifact) -> Usage:
        """Waiting and running jobs on any tag or part of it, whoever submitted them and however they wrote it.

        OpenPAI is asked now: what the watcher saw last may be old. Raises UserError when it can't be found
        out: then nothing may be deleted.
        """
        wanted = {*artifact.names, artifact.digest, *(one.digest for one in artifact.children)}
        found = []
        for job, images in (await self._unfinished()).items():
            if any(self._meant(words, image, wanted) for words in images):
                found.append(job)
        return Usage(tuple(found))

    async def in_use(self) -> frozenset[Reference]:
        """The images of all waiting and running jobs, as `names.one_name` writes them. Raises UserError."""
        found = set()
        for images in (await self._unfinished()).values():
            for words in images:
                try:
                    found.add(self._names.one_name(parse_reference(words)))
                except UserError:
                    continue
        return frozenset(found)

    async def _unfinished(self) -> dict[Job, tuple[str, ...]]:
        """Each with all its images: a job may have one for each of its task roles."""
        try:
            async with asyncio.timeout(SECONDS):
                jobs = await self._tokens.anybody(self._list)
                for job in await self._db.read(self._just_submitted):
                    jobs.setdefault(job.ref, job)
                await self._learn(jobs)
        except (UserError, TimeoutError):
            raise UserError("image-use-unknown") from None
        return {job: self._images.get(ref, ()) for ref, job in jobs.items()}

    async def _list(self, token: Token) -> dict[JobRef, Job]:
        found: dict[JobRef, Job] = {}
        for offset in range(0, MOST_UNFINISHED, PAGE):
            query = JobQuery(states=UNFINISHED, offset=offset, limit=PAGE)
            page = await self._cluster.jobs(query, token)
            found.update({job.ref: job for job in page.jobs if not job.state.final})
            if len(page.jobs) < PAGE:
                return found
        raise UserError("image-use-unknown")

    def _just_submitted(self, uow: UnitOfWork) -> list[Job]:
        since = self._cluster.now() - JUST_NOW
        recent = uow.jobs.newest(None, PAGE, 0, JobFilter(since=since))
        return [job for job in recent if not job.state.final]

    async def _learn(self, jobs: Iterable[JobRef]) -> None:
        """A job's protocol never changes, so it is asked for once."""
        gate, found = asyncio.Semaphore(ASKED_AT_ONCE), dict[JobRef, str]()

        async def ask(ref: JobRef) -> None:
            async with gate:
                try:
                    config = await self._tokens.anybody(
                        lambda token: self._cluster.config(ref, token)
                    )
                except NotFound:
                    return
                images = images_of(config)
                found[ref] = images[0] if images else ""
                self._images[ref] = images

        unknown = [ref for ref in jobs if ref not in self._images]
        await asyncio.gather(*(ask(ref) for ref in unknown))
        if found:
            await self._db.write(lambda uow: uow.jobs.set_images(found))
        for ref in list(self._images)[: max(0, len(self._images) - REMEMBERED)]:
            del self._images[ref]

    def _meant(self, words: str, image: Reference, wanted: set[str]) -> bool:
        try:
            used = self._names.one_name(parse_reference(words))
        except UserError:
            return False
        image = self._names.one_name(image)
        same = (used.host, used.path) == (image.host, image.path)
        return same and bool({used.version, used.tag, used.digest} & wanted)
