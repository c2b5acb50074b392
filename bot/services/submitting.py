"""From a line or a document to a job on the cluster, exactly once."""

import asyncio
import secrets
import string
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain import names, preflight, protocol, protocolcheck
from bot.domain.errors import Busy, NotFound, Taken, Unavailable, UserError
from bot.domain.jobs import Job, JobRef, JobState, Sku, VirtualCluster
from bot.domain.messages import Button, Owed, Priority
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.domain.preflight import Finding
from bot.domain.protocol import JobSpec
from bot.domain.runline import RunLine
from bot.domain.text import text
from bot.services.tokens import OPENPAI, Tokens
from db import Database, Draft, LastChoice, UnitOfWork

DRAFT_LIVES = timedelta(days=7)
GIVE_UP_AFTER = timedelta(hours=24)
PREFLIGHT_SECONDS = 3.0
RECOVER_AFTER = timedelta(seconds=30)
LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class Defaults:
    """The site's own, from the settings; empty or 0 leaves it to the cluster's SKU."""

    image: str = ""
    vc: str = ""
    sku: str = ""
    gpus: int = 1
    cpu_per_gpu: int = 0
    memory_mb_per_gpu: int = 0
    shm_mb: int = 0
    priority: str = ""
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """A job about to be submitted: what it is, and what was assumed about it."""

    draft: str
    name: str
    image: str
    gpus: int
    vc: str
    command: str
    protocol: str
    """The YAML that will be sent, byte for byte."""
    note: str = ""
    spec: JobSpec | None = None
    """None for a person's own document."""
    inherited: tuple[str, ...] = ()
    """Which of `image`, `vc`, `sku` were taken from the person's last job."""
    findings: tuple[Finding, ...] = ()

    @property
    def bad(self) -> bool:
        return any(f.grade == "bad" for f in self.findings)


@dataclass(frozen=True, slots=True)
class Submitted:
    ref: JobRef
    note: str = ""
    renamed_from: str = ""
    """The name that was taken, when a fresh one had to be found."""


class Protocols(Protocol):
    """Job protocols that people send, as text and as values."""

    def read(self, data: bytes) -> dict[str, Any]: ...
    def same(self, ours: str, theirs: dict[str, Any]) -> bool: ...


class Submitting:
    def __init__(
        self,
        db: Database,
        cluster: Cluster,
        tokens: Tokens,
        protocols: Protocols,
        defaults: Defaults,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._cluster = cluster
        self._tokens = tokens
        self._protocols = protocols
        self._defaults = defaults
        self._clock = clock

    async def preview(self, person: Person, line: RunLine, key: str) -> Preview:
        """A draft of the job that this line describes. The same key makes the same draft."""
        token = await self._tokens.of(person)
        if (old := await self._db.read(lambda uow: uow.drafts.by_key(key))) is not None:
            return shown(old)
        last = await self._db.read(lambda uow: uow.jobs.last_choice(token.user))
        skus, clusters = await self._told(token)
        spec, inherited = self._complete(line, last, skus, clusters)
        findings = await self._check(spec, skus, clusters, token)
        body = {
            "spec": asdict(spec),
            "note": line.note or "",
            "inherited": list(inherited),
            "own_name": bool(line.name),
            "findings": [[f.grade, f.code, dict(f.args)] for f in findings],
            "protocol": protocol.write(spec),
        }
        return await self._draft(person, key, token.user, spec.name, body)

    async def preview_document(self, person: Person, data: bytes, key: str) -> Preview:
        """A draft of a job protocol somebody wrote; it is checked, and submitted exactly as it is."""
        token = await self._tokens.of(person)
        if (old := await self._db.read(lambda uow: uow.drafts.by_key(key))) is not None:
            return shown(old)
        document = await asyncio.to_thread(self._protocols.read, data)
        problems = protocolcheck.validate(document)
        if problems:
            raise BadProtocol(tuple(problems))
        summary = protocolcheck.summary(document)
        body = {
            "document": {
                "name": summary.name,
                "image": summary.image,
                "gpus": summary.gpus,
                "vc": summary.vc,
                "command": summary.command,
            },
            "note": "",
            "inherited": [],
            "own_name": True,
            "findings": [],
            "protocol": data.decode("utf-8-sig"),
        }
        return await self._draft(person, key, token.user, summary.name, body)

    async def find(self, person: Person, draft_id: str) -> Preview:
        """A draft of this person. Raises UserError when there is none (any more)."""
        return shown(await self._mine(person, draft_id))

    async def cancel(self, person: Person, draft_id: str) -> None:
        draft = await self._mine(person, draft_id)
        await self._db.write(lambda uow: uow.drafts.cancel(draft.id))

    async def submit(self, person: Person, draft_id: str, key: str) -> Submitted:
        """Submit a draft exactly once, however often this is called with however many keys.

        A second key is told that it was submitted. The same key (the update handled again after a crash)
        goes on where it was: it asks for the job before submitting it. Raises Unavailable when the answer
        was lost and OpenPAI can't be asked; `recover` then finds out.
        """
        draft = await self._mine(person, draft_id)
        if draft.state == "submitted":
            return Submitted(JobRef(draft.job_user, draft.job_name), draft.body["note"])
        token = await self._tokens.of(person)
        now = self._clock()
        started = await self._db.write(lambda uow: uow.drafts.start(draft.id, key, now))
        if not started:
            raise UserError("draft-under-way", name=draft.job_name)
        return await self._carry_out(draft, token, first=draft.state == "open")

    async def recover(self) -> None:
        """Finish submissions whose answer was lost, by asking for the job first. Called by the clock."""
        before = self._clock() - RECOVER_AFTER
        for draft in await self._db.read(lambda uow: uow.drafts.recoverable(before)):
            await self._recover(draft)

    async def _recover(self, draft: Draft) -> None:
        now = self._clock()

        def look(uow: UnitOfWork) -> tuple[Person | None, Token | None]:
            return uow.people.get(draft.person_id), uow.credentials.get(draft.person_id, OPENPAI)

        person, token = await self._db.read(look)
        if person is None or token is None or now - draft.created_at > GIVE_UP_AFTER:
            await self._db.write(lambda uow: uow.drafts.fail(draft.id))
            return
        try:
            done = await self._carry_out(draft, token, first=False)
            line = text("submit-done-later", name=done.ref.name)
        except (Unavailable, Busy):
            return
        except UserError as error:
            line = text("submit-failed-later", name=draft.job_name, why=error.text)
        owed = Owed(
            f"recovered:{draft.id}",
            person.id,
            (line,),
            person.language,
            ((Button(text("button-jobs"), "again", {"line": "/jobs"}),),),
            person.id,
            priority=Priority.ALERT,
        )
        await self._db.write(lambda uow: uow.outbox.owe(owed, now))

    async def _carry_out(self, draft: Draft, token: Token, *, first: bool) -> Submitted:
        """Until the job exists under a name of ours, or OpenPAI refused it."""
        name, words = draft.job_name, draft.body["protocol"]
        fresh = first
        for _ in range(5):
            ref = JobRef(token.user, name)
            if not fresh and await self._exists(ref, words, token):
                return await self._done(draft, ref, token)
            try:
                await self._cluster.submit(words, token)
            except Taken:
                if await self._exists(ref, words, token):
                    return await self._done(draft, ref, token)
                if draft.body["own_name"]:
                    await self._db.write(lambda uow: uow.drafts.reopen(draft.id))
                    raise
                name, words = await self._rename(draft)
                fresh = True
                continue
            except Unavailable:
                if await self._exists(ref, words, token):
                    return await self._done(draft, ref, token)
                raise
            except UserError:  # refused for good, or for now: nothing was submitted
                await self._db.write(lambda uow: uow.drafts.reopen(draft.id))
                raise
            return await self._done(draft, ref, token)
        raise Unavailable("openpai")

    async def _exists(self, ref: JobRef, words: str, token: Token) -> bool:
        """Whether *our* job exists: the name alone proves nothing. Raises Unavailable if nobody can say."""
        try:
            theirs = await self._cluster.config(ref, token)
        except NotFound:
            return False
        return self._protocols.same(words, theirs)

    async def _done(self, draft: Draft, ref: JobRef, token: Token) -> Submitted:
        now = self._clock()
        preview = shown(draft)
        spec = preview.spec
        job = Job(
            ref,
            JobState.WAITING,
            submitted_at=self._cluster.now(),
            vc=preview.vc,
            gpus=preview.gpus,
            priority=spec.priority if spec else "",
        )

        def finish(uow: UnitOfWork) -> None:
            uow.drafts.finish(draft.id, ref.name)
            uow.jobs.submitted(
                job, draft.person_id, preview.note, preview.image, spec.sku if spec else "", now
            )
            uow.audit.add(now, draft.person_id, draft.chat_id, "submit", str(ref), "done")

        await self._db.write(finish)
        renamed = draft.job_name if draft.job_name != ref.name else ""
        return Submitted(ref, preview.note, renamed)

    async def _rename(self, draft: Draft) -> tuple[str, str]:
        """A name of our own making was taken: the next one, kept before it is used."""
        spec = JobSpec(**_spec_values(draft.body["spec"]))
        stem = spec.name.rpartition("-")[0] or spec.name
        fresh = replace(spec, name=names.make_name(stem, suffix()))
        words = protocol.write(fresh)
        body = {**draft.body, "spec": asdict(fresh), "protocol": words}
        await self._db.write(lambda uow: uow.drafts.rename(draft.id, fresh.name, body))
        return fresh.name, words

    async def _mine(self, person: Person, draft_id: str) -> Draft:
        draft = await self._db.read(lambda uow: uow.drafts.get(draft_id))
        if draft is None or draft.person_id != person.id or draft.expires_at < self._clock():
            raise UserError("draft-gone")
        if draft.state == "cancelled":
            raise UserError("draft-cancelled")
        return draft

    async def _draft(
        self, person: Person, key: str, user: str, name: str, body: dict[str, Any]
    ) -> Preview:
        now = self._clock()
        draft = await self._db.write(
            lambda uow: uow.drafts.create(
                key, person.id, person.id, user, name, body, now, now + DRAFT_LIVES
            )
        )
        return shown(draft)

    def _complete(
        self,
        line: RunLine,
        last: LastChoice | None,
        skus: tuple[Sku, ...],
        clusters: tuple[VirtualCluster, ...] | None,
    ) -> tuple[JobSpec, tuple[str, ...]]:
        """Fill what the line leaves open: the person's last job, then the site, then the cluster."""
        site, inherited = self._defaults, []
        image, vc, sku = line.image or "", line.vc or "", line.sku or ""
        if not image and last is not None and last.image:
            image = last.image
            inherited.append("image")
        image = image or site.image
        if not image:
            raise UserError("run-no-image")
        if not vc and last is not None and last.vc:
            vc = last.vc
            inherited.append("vc")
        if not sku and not line.vc and last is not None and last.sku:
            sku = last.sku
            inherited.append("sku")
        vc = vc or site.vc or (clusters[0].name if clusters else "default")
        sku = sku or site.sku
        gpus = site.gpus if line.gpus is None else line.gpus
        cpus, memory_mb = self._share(gpus, sku, skus)
        name = line.name or names.make_name(names.stem_of(line.command), suffix())
        spec = JobSpec(
            name=name,
            image=image,
            command=line.command,
            gpus=gpus,
            cpus=cpus if line.cpus is None else line.cpus,
            memory_mb=memory_mb if line.memory_mb is None else line.memory_mb,
            shm_mb=(site.shm_mb or None) if line.shm_mb is None else line.shm_mb,
            vc=vc,
            sku=sku,
            priority=line.priority or site.priority,
            retries=site.retries if line.retries is None else line.retries,
            note=line.note or "",
            env=line.env,
        )
        return spec, tuple(inherited)

    def _share(self, gpus: int, sku: str, skus: tuple[Sku, ...]) -> tuple[int, int]:
        """CPUs and host memory (MB) that go with so many GPUs, so that no further cell is taken."""
        cell = next((s for s in skus if s.name == sku), None)
        if cell is None:  # the smallest values of all: that is what OpenPAI counts with then
            sized = [s for s in skus if bool(s.gpus) == bool(gpus)]
            cpus = min((s.cpus // max(1, s.gpus) for s in sized), default=4)
            memory_mb = min((s.memory_mb // max(1, s.gpus) for s in sized), default=8192)
        else:
            cpus, memory_mb = cell.cpus // max(1, cell.gpus), cell.memory_mb // max(1, cell.gpus)
        cpus = self._defaults.cpu_per_gpu or cpus
        memory_mb = self._defaults.memory_mb_per_gpu or memory_mb
        return cpus * max(1, gpus), memory_mb * max(1, gpus)

    async def _told(
        self, token: Token
    ) -> tuple[tuple[Sku, ...], tuple[VirtualCluster, ...] | None]:
        """What the cluster says of itself, within the time a preview may take."""
        skus: tuple[Sku, ...] = ()
        clusters: tuple[VirtualCluster, ...] | None = None
        try:
            async with asyncio.timeout(PREFLIGHT_SECONDS):
                skus, clusters = await asyncio.gather(
                    self._cluster.skus(token), self._cluster.virtual_clusters(token)
                )
        except (UserError, TimeoutError):
            pass
        return skus, clusters

    async def _check(
        self,
        spec: JobSpec,
        skus: tuple[Sku, ...],
        clusters: tuple[VirtualCluster, ...] | None,
        token: Token,
    ) -> list[Finding]:
        allowed: tuple[str, ...] | None = None
        taken: bool | None = None
        try:
            async with asyncio.timeout(PREFLIGHT_SECONDS):
                account, taken = await asyncio.gather(
                    self._cluster.account(token.user, token), self._taken(spec.name, token)
                )
                allowed = account.vcs
        except (UserError, TimeoutError):
            pass
        findings = preflight.check_vc(spec, clusters, allowed)
        findings += preflight.check_sku(spec, skus)
        findings += preflight.check_command(spec.command)
        if taken:
            findings.append(Finding("bad", "name.taken", {"name": spec.name}))
        return findings

    async def _taken(self, name: str, token: Token) -> bool:
        try:
            await self._cluster.job(JobRef(token.user, name), token)
        except NotFound:
            return False
        return True


class BadProtocol(UserError):
    """A document that is no job; `problems` name the place in it and what is wrong there."""

    def __init__(self, problems: "tuple[protocolcheck.Problem, ...]") -> None:
        super().__init__("protocol-bad", count=len(problems))
        self.problems = problems


def suffix() -> str:
    """Four letters that make a name new: names are used up for ever."""
    return "".join(secrets.choice(LETTERS) for _ in range(4))


def shown(draft: Draft) -> Preview:
    """A stored draft as people see it."""
    body = draft.body
    findings = tuple(Finding(grade, code, args) for grade, code, args in body["findings"])
    if "document" in body:
        document = body["document"]
        return Preview(
            draft.id, draft.job_name, document["image"], document["gpus"], document["vc"],
            document["command"], body["protocol"], body["note"], None, (), findings,
        )  # fmt: skip
    spec = JobSpec(**_spec_values(body["spec"]))
    return Preview(
        draft.id, spec.name, spec.image, spec.gpus, spec.vc, spec.command, body["protocol"],
        body["note"], spec, tuple(body["inherited"]), findings,
    )  # fmt: skip


def _spec_values(raw: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no tuples; a JobSpec has nothing else."""
    pairs = ("env", "ports", "secrets")
    auth = protocol.RegistryAuth(**raw["auth"]) if raw.get("auth") else None
    return {**raw, **{k: tuple(tuple(p) for p in raw[k]) for k in pairs}, "auth": auth}
