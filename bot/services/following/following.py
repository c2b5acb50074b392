"""Following jobs: the card, and stopping them."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import Busy, Unavailable, UserError
from bot.domain.jobs import Job, JobDetail, JobQuery, JobRef, JobState
from bot.domain.people import Person, Role, Token
from bot.domain.ports import Cluster
from bot.services.following.lists import Lists
from bot.services.following.logs import Kept, Logs
from bot.services.tokens import Tokens
from db import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class JobCard:
    """One job in full. `mine`: the person may act on it (own, or admin)."""

    detail: JobDetail
    note: str = ""
    image: str = ""
    mine: bool = False
    owner_view: bool = False
    """The person sees all of it; else only what a group may see."""
    as_of: datetime | None = None
    """Set when OpenPAI did not answer and our own memory speaks."""


class Following:
    """`lists` and `logs` are what it is made of, besides the card of a job."""

    def __init__(
        self,
        db: Database,
        cluster: Cluster,
        tokens: Tokens,
        clock: Callable[[], datetime],
        kept: Kept,
        *,
        logs_in_chat: bool = True,
    ) -> None:
        self._db = db
        self._cluster = cluster
        self._tokens = tokens
        self._clock = clock
        self.lists = Lists(db, cluster, tokens)
        self.logs = Logs(cluster, tokens, kept, in_chat=logs_in_chat)

    @property
    def portal(self) -> str:
        """Address of the web portal, empty when there is none."""
        return self._cluster.portal

    def now(self) -> datetime:
        """The time by which jobs' ages are counted: the cluster's own."""
        return self._cluster.now()

    async def card(self, person: Person, ref: JobRef) -> JobCard:
        """Everything about one job, as far as this person may see it. Raises NotFound."""
        token = await self._tokens.of(person)
        try:
            detail = await self._listed(await self._cluster.job(ref, token), token)
            as_of = None
        except (Unavailable, Busy):
            detail, as_of = await self._remembered(ref)
            if as_of is None:
                raise
        full = ref.user == person.openpai_user or person.role >= Role.ADMIN
        known = await self._db.read(lambda uow: uow.jobs.get(ref))
        return JobCard(
            detail,
            known.note if known and full else "",
            known.image if known and full else "",
            mine=full,
            owner_view=full,
            as_of=as_of,
        )

    async def _remembered(self, ref: JobRef) -> tuple[JobDetail, datetime | None]:
        """What the watcher last saw of it, and when; no time if it never did."""

        def look(uow: UnitOfWork) -> tuple[JobDetail, datetime | None]:
            known, last = uow.jobs.get(ref), uow.meta.time("watch.last")
            if known is None:
                return JobDetail(Job(ref, JobState.UNKNOWN)), None
            return JobDetail(known.job), last

        return await self._db.read(look)

    async def public(self, ref: JobRef) -> JobCard:
        """A job as a group may see it: name, owner, state, GPUs, age."""

        async def look(token: Token) -> JobDetail:
            return await self._listed(await self._cluster.job(ref, token), token)

        return JobCard(await self._tokens.anybody(look))

    async def stoppable(self, person: Person, ref: JobRef) -> Job:
        """The job, if this person may stop it and there is something to stop. Raises UserError, NotFound."""
        return _unstopped(await self._theirs(person, ref))

    async def stop(self, person: Person, ref: JobRef) -> None:
        """Ask OpenPAI to stop a job; a finished one is left alone (it would only change its mark).

        Who asked is written down before, so that the owner is not told of it by an alert, and hears no error
        when this is said once more (tapped twice, or answered again after a crash).
        """
        known = await self._db.read(lambda uow: uow.jobs.get(ref))
        before = known.stopped_by if known else None
        job = await self._theirs(person, ref)
        if before == person.id and _being_stopped(job):
            return
        _unstopped(job)
        now = self._clock()
        await self._db.write(lambda uow: uow.jobs.stopped_by(ref, person.id))
        try:
            await self._cluster.stop(ref, await self._tokens.of(person))
        except UserError:  # if it ends stopped all the same, that is news
            await self._db.write(lambda uow: uow.jobs.stopped_by(ref, before))
            raise
        await self._db.write(
            lambda uow: uow.audit.add(now, person.id, person.id, "stop", str(ref), "done")
        )

    async def asked_to_stop(self, refs: Collection[JobRef]) -> list[JobRef]:
        """Those of them that somebody stopped through Pailot."""
        rows = await self._db.read(lambda uow: [uow.jobs.get(ref) for ref in refs])
        return [row.ref for row in rows if row is not None and row.stopped_by is not None]

    async def _theirs(self, person: Person, ref: JobRef) -> Job:
        """A job this person may stop."""
        token = await self._tokens.of(person)
        if ref.user != token.user and person.role < Role.ADMIN:
            raise UserError("stop-not-yours", name=str(ref))
        return (await self._cluster.job(ref, token)).job

    async def _listed(self, detail: JobDetail, token: Token) -> JobDetail:
        """The detail with the GPU count, which only the list knows (contracts/openpai.md 3)."""
        known = await self._db.read(lambda uow: uow.jobs.get(detail.job.ref))
        if known is not None and known.gpus is not None:
            return replace(
                detail, job=replace(detail.job, gpus=known.gpus, priority=known.priority)
            )
        query = JobQuery(users=(detail.job.ref.user,), keyword=detail.job.ref.name, limit=50)
        try:
            async with asyncio.timeout(3):
                page = await self._cluster.jobs(query, token)
        except (UserError, TimeoutError):
            return detail
        for job in page.jobs:
            if job.ref == detail.job.ref:
                more = replace(detail.job, gpus=job.gpus, priority=job.priority, tasks=job.tasks)
                return replace(detail, job=more)
        return detail


def _unstopped(job: Job) -> Job:
    """The job, if nobody has stopped it and it has not ended."""
    if job.state.final:
        raise UserError("stop-already", name=job.ref.name, state=str(job.state))
    if job.stop_requested:
        raise UserError("stop-under-way", name=job.ref.name)
    return job


def _being_stopped(job: Job) -> bool:
    return job.state is JobState.STOPPED or (job.stop_requested and not job.state.final)
