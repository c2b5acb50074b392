"""Which jobs run, or ran, on which image."""

import asyncio
from dataclasses import dataclass

from bot.domain.errors import NotFound, UserError
from bot.domain.images.reference import Reference
from bot.domain.jobs import Job, JobRef, JobState
from bot.domain.ports import Cluster
from bot.services.images.references import parse_reference
from bot.services.tokens import Tokens
from db import Database, JobFilter, UnitOfWork

LOOKED_AT = 500
"""Of the newest jobs; older ones say little about an image."""
ASKED_AT_ONCE = 4
SECONDS = 20.0


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
    def __init__(self, db: Database, cluster: Cluster, tokens: Tokens) -> None:
        self._db = db
        self._cluster = cluster.yielding()
        self._tokens = tokens

    async def of(self, image: Reference, tags: tuple[str, ...] = (), digest: str = "") -> Usage:
        """By any of the tags or the digest; without both, by the reference's own version."""
        wanted = {*tags} | ({digest} if digest else set()) or {image.version}

        def look(uow: UnitOfWork) -> list[tuple[Job, str]]:
            leaf = image.path.removeprefix("library/")
            found = uow.jobs.newest(None, LOOKED_AT, 0, JobFilter(image=leaf))
            images = uow.jobs.images([job.ref for job in found])
            return [(job, images.get(job.ref, "")) for job in found]

        rows = await self._db.read(look)
        return Usage(tuple(job for job, words in rows if _meant(words, image, wanted)))

    async def running(self, image: Reference, tags: tuple[str, ...], digest: str) -> Usage:
        """Waiting and running jobs on it, asking the cluster for images nobody knows yet.

        Raises UserError when that can't be found out: then nothing may be deleted.
        """
        await self._learn()
        return Usage((await self.of(image, tags, digest)).unfinished)

    async def _learn(self) -> None:
        def unknown(uow: UnitOfWork) -> list[JobRef]:
            refs = list(uow.jobs.unfinished())
            known = uow.jobs.images(refs)
            return [ref for ref in refs if ref not in known]

        refs = await self._db.read(unknown)
        if not refs:
            return
        gate, found = asyncio.Semaphore(ASKED_AT_ONCE), dict[JobRef, str]()

        async def ask(ref: JobRef) -> None:
            async with gate:
                try:
                    config = await self._tokens.anybody(
                        lambda token: self._cluster.config(ref, token)
                    )
                except NotFound:
                    return
                found[ref] = image_of(config)

        try:
            async with asyncio.timeout(SECONDS):
                await asyncio.gather(*(ask(ref) for ref in refs))
        except (UserError, TimeoutError):
            raise UserError("image-use-unknown") from None
        await self._db.write(lambda uow: uow.jobs.set_images(found))


def image_of(config: dict[str, object]) -> str:
    """The first image of a job's protocol."""
    prerequisites = config.get("prerequisites")
    for row in prerequisites if isinstance(prerequisites, list) else ():
        if (
            isinstance(row, dict)
            and row.get("type") == "dockerimage"
            and isinstance(row.get("uri"), str)
        ):
            return str(row["uri"])
    return ""


def _meant(words: str, image: Reference, wanted: set[str]) -> bool:
    try:
        used = parse_reference(words)
    except UserError:
        return False
    same = (used.host, used.path) == (image.host, image.path)
    return same and bool({used.version, used.tag, used.digest} & wanted)
