"""Following jobs: lists, cards, logs, and stopping them."""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import regex

from bot.domain.errors import NotFound, Unavailable, UserError
from bot.domain.jobs import Job, JobDetail, JobPage, JobQuery, JobRef, JobState, LogText
from bot.domain.people import Person, Role, Token
from bot.domain.ports import Cluster
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
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class JobCard:
    """One job in full. `mine`: the person may act on it (own, or admin)."""

    detail: JobDetail
    note: str = ""
    image: str = ""
    mine: bool = False
    owner_view: bool = False
    """The person sees all of it; else only what a group may see."""
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class LogTail:
    ref: JobRef
    stream: str
    lines: tuple[str, ...]
    cut: bool
    """There is more before the first line."""
    state: JobState


class Following:
    def __init__(
        self, db: Database, cluster: Cluster, tokens: Tokens, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._cluster = cluster
        self._tokens = tokens
        self._clock = clock

    @property
    def portal(self) -> str:
        """Address of the web portal, empty when there is none."""
        return self._cluster.portal

    def now(self) -> datetime:
        """The time by which jobs' ages are counted: the cluster's own."""
        return self._cluster.now()

    async def mine(self, person: Person, wanted: JobFilter, page: int) -> JobList:
        """The person's own jobs, newest first."""
        token = await self._tokens.of(person)
        try:
            found = await self._find(token, (token.user,), wanted, page)
        except Unavailable:
            return await self._remembered(token.user, wanted, page)
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

    async def card(self, person: Person, ref: JobRef) -> JobCard:
        """Everything about one job, as far as this person may see it. Raises NotFound."""
        token = await self._tokens.of(person)
        detail = await self._cluster.job(ref, token)
        full = ref.user == person.openpai_user or person.role >= Role.ADMIN
        known = await self._db.read(lambda uow: uow.jobs.get(ref))
        return JobCard(
            await self._listed(detail, token),
            known.note if known and full else "",
            known.image if known and full else "",
            mine=full,
            owner_view=full,
        )

    async def public(self, ref: JobRef) -> JobCard:
        """A job as a group may see it: name, owner, state, GPUs, age."""
        detail = await self._tokens.anybody(lambda token: self._cluster.job(ref, token))
        return JobCard(await self._tokens.anybody(lambda token: self._listed(detail, token)))

    async def owner_of(self, name: str, own: str) -> JobRef:
        """The job meant by a bare name: one's own, else the only one of that name in the lab."""
        ref = JobRef.parse(name, own)
        if "~" in name or await self._db.read(lambda uow: uow.jobs.get(ref)) is not None:
            return ref
        others = await self._db.read(lambda uow: uow.jobs.named(name))
        return others[0] if len(others) == 1 and not own else ref

    async def nearest(self, person: Person) -> tuple[str, ...]:
        """Names of the person's newest jobs, to choose from or to suggest."""
        user = person.openpai_user
        known = await self._db.read(lambda uow: uow.jobs.newest(user, limit=50))
        return tuple(job.ref.name for job in known)

    async def log(
        self,
        person: Person,
        ref: JobRef,
        *,
        stream: str,
        count: int,
        pattern: str = "",
        role: str = "",
        task: int = 0,
        attempt: int | None = None,
    ) -> LogTail:
        """The last lines of a job's log, narrowed to those that match `pattern`."""
        token, detail, where = await self._log_of(person, ref, role, task, attempt)
        tail = await self._cluster.log(ref, token, name=stream, tail=True, **where)
        lines = tail.data.decode("utf-8", "replace").split("\n")
        cut = tail.start > 0
        if cut:  # the first line is only its end
            lines = lines[1:]
        lines = [line.rsplit("\r", 1)[-1].rstrip() for line in lines]  # progress bars: as seen last
        while lines and not lines[-1]:
            lines.pop()
        if pattern:
            lines = [line for line in lines if _matcher(pattern)(line)]
        return LogTail(
            ref, stream, tuple(lines[-count:]), cut or len(lines) > count, detail.job.state
        )

    async def whole_log(
        self,
        person: Person,
        ref: JobRef,
        stream: str,
        role: str = "",
        task: int = 0,
        attempt: int | None = None,
        max_bytes: int = 48 << 20,
    ) -> LogText:
        """The log from its beginning, for a document; at most `max_bytes` (Telegram takes 50 MB)."""
        token, _, where = await self._log_of(person, ref, role, task, attempt)
        return await self._cluster.log(
            ref, token, name=stream, tail=False, max_bytes=max_bytes, **where
        )

    async def stop(self, person: Person, ref: JobRef) -> Job:
        """Ask OpenPAI to stop a job; a finished one is left alone (it would only change its mark)."""
        token = await self._tokens.of(person)
        detail = await self._cluster.job(ref, token)
        if detail.job.state.final:
            raise UserError("stop-already", name=ref.name, state=str(detail.job.state))
        await self._cluster.stop(ref, token)
        now = self._clock()

        def note(uow: UnitOfWork) -> None:
            uow.jobs.stopped_by(ref, person.id)
            uow.audit.add(now, person.id, person.id, "stop", str(ref), "done")

        await self._db.write(note)
        return detail.job

    async def _log_of(
        self, person: Person, ref: JobRef, role: str, task: int, attempt: int | None
    ) -> tuple[Token, JobDetail, dict[str, Any]]:
        """Whose log, and the path to it: the role as OpenPAI spells it in paths, the attempts' indices."""
        if ref.user != person.openpai_user and person.role < Role.ADMIN:
            raise UserError("log-not-yours", name=str(ref))
        token = await self._tokens.of(person)
        detail = (
            await self._cluster.job(ref, token)
            if attempt is None
            else await self._cluster.attempt(ref, attempt, token)
        )
        wanted = re.sub(r"[^a-z0-9]", "", role.lower())
        tasks = [t for t in detail.tasks if t.index == task and wanted in {"", t.role}]
        if not tasks:
            if not detail.tasks:
                raise UserError("log-not-yet", name=ref.name, state=str(detail.job.state))
            raise NotFound("task", f"{role or detail.tasks[0].role}:{task}")
        found = tasks[0]
        return (
            token,
            detail,
            {
                "role": found.role,
                "index": found.index,
                "attempt": found.attempt,
                "job_attempt": detail.attempt or 0,
            },
        )

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
                    known[ref] = _image_of(await self._cluster.config(ref, token))
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

    async def _remembered(self, user: str, wanted: JobFilter, page: int) -> JobList:
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
                as_of=uow.meta.time("watch.last"),
            )

        return await self._db.read(look)


def _plain(words: str) -> bool:
    """Whether OpenPAI's keyword means the same: no LIKE wildcard in it, and case does not matter to it."""
    return not words or (words == words.lower() and not {"%", "_", "\\"} & set(words))


def _image_of(config: Mapping[str, object]) -> str:
    """The first docker image of a job's protocol; empty if it has none."""
    prerequisites = config.get("prerequisites")
    for item in prerequisites if isinstance(prerequisites, list) else []:
        if isinstance(item, dict) and item.get("type") == "dockerimage":
            return str(item.get("uri", ""))
    return ""


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Lines that match a person's pattern, which may be hostile: a search gives up after 50 ms."""
    try:
        compiled = regex.compile(pattern, regex.IGNORECASE)
    except regex.error as cause:
        raise UserError("log-bad-pattern", pattern=pattern, detail=str(cause)) from cause

    def matches(line: str) -> bool:
        try:
            return compiled.search(line, timeout=0.05) is not None
        except TimeoutError as cause:
            raise UserError("log-slow-pattern", pattern=pattern) from cause

    return matches
