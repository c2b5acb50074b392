"""From a line or a document to a checked draft."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import preflight, protocol, runline
from bot.domain.errors import NotFound, Unavailable, UserError
from bot.domain.images import smoke
from bot.domain.jobs import JobRef, Sku, Storage, VirtualCluster
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.domain.preflight import Finding
from bot.domain.protocol import JobSpec, RegistryAuth
from bot.domain.runline import RunLine
from bot.services.files import FileChecks
from bot.services.images.checking import ImageChecks
from bot.services.submitting.completing import Defaults, complete
from bot.services.submitting.drafts import BadProtocol, Preview, Protocols, fresh_name, shown
from bot.services.tokens import Tokens
from db import Database, Draft

DRAFT_LIVES = timedelta(days=7)
PREFLIGHT_SECONDS = 2.8
"""For all that a preview asks of other systems together; what did not answer by then is unknown."""
FIRST_SECONDS = 1.4
"""Of them, for what has to be known before a job can be completed at all."""


class Previewing:
    def __init__(
        self,
        db: Database,
        cluster: Cluster,
        tokens: Tokens,
        protocols: Protocols,
        defaults: Defaults,
        clock: Callable[[], datetime],
        images: ImageChecks,
        files: FileChecks,
    ) -> None:
        self._db = db
        self._cluster = cluster
        self._tokens = tokens
        self._protocols = protocols
        self._defaults = defaults
        self._clock = clock
        self._images = images
        self._files = files

    async def of_line(self, person: Person, line: RunLine, key: str) -> Preview:
        """A draft of the job that this line describes. The same key makes the same draft."""
        token = await self._tokens.of(person)
        if (old := await self._db.read(lambda uow: uow.drafts.by_key(key))) is not None:
            return shown(old)
        last = await self._db.read(lambda uow: uow.jobs.last_choice(token.user))
        ends = _in(PREFLIGHT_SECONDS)
        (skus, clusters), allowed, meant = await asyncio.gather(
            self._told(token), self._allowed(token), self._meant(person, line.image)
        )
        line = replace(line, image=meant)
        spec, inherited = complete(line, last, self._defaults, skus, clusters)
        brought = await self._files.brought(
            person, spec.command, line.mount, lambda: self._storages(token, ends)
        )
        words = spec.command
        spec = replace(spec, before=brought.script, storages=brought.storages)
        if line.test:  # the folder is brought in by the test itself, which goes on when that fails
            lines = brought.script or ("true" if brought.storages else "")
            script = smoke.script(lines, self._files.mount_point)
            spec = replace(spec, command=script, before="")
        findings, image, paths = await asyncio.gather(
            self._check(replace(spec, command=words), skus, clusters, allowed, token, ends),
            self._images.check(
                person, spec.image, f"{brought.script}\n{words}", seconds=ends - _in(0)
            ),
            self._files.check(person, words, seconds=ends - _in(0)),
        )
        findings += [*image.findings, *paths]
        if (brought.script or brought.storages) and not line.test:
            findings.append(Finding("ok", "mount.on"))
        if image.login is not None:  # not public: the job pulls it with the person's own login
            auth = RegistryAuth(image.host, image.login.user, image.login.secret)
            spec = replace(spec, auth=auth)
        body = {
            "line": asdict(line),
            "spec": asdict(spec),
            "note": line.note or "",
            "inherited": list(inherited),
            "own_name": bool(line.name),
            "findings": [[f.grade, f.code, dict(f.args)] for f in findings],
            "protocol": protocol.write(spec),
        }
        return await self._draft(person, key, token.user, spec.name, body)

    async def changed(self, person: Person, draft: Draft, words: str, key: str) -> Preview:
        """A new draft, which differs from the old one by these words. Raises UserError for bad words."""
        said = draft.body.get("line")
        if said is None:  # somebody's own document, or a draft that was submitted
            raise UserError("draft-gone")
        old = RunLine(**{**said, "env": tuple((name, value) for name, value in said["env"])})
        return await self.of_line(person, runline.change(old, words), key)

    async def of_document(self, person: Person, data: bytes, key: str) -> Preview:
        """A draft of a job protocol somebody wrote; it is checked, and submitted exactly as it is."""
        token = await self._tokens.of(person)
        if (old := await self._db.read(lambda uow: uow.drafts.by_key(key))) is not None:
            return shown(old)
        document = await asyncio.to_thread(self._protocols.read, data)
        problems = protocol.validate(document)
        if problems:
            raise BadProtocol(tuple(problems))
        summary = protocol.summary(document)
        ends = _in(PREFLIGHT_SECONDS)
        (_, clusters), allowed = await asyncio.gather(self._told(token), self._allowed(token))
        spec = JobSpec(
            summary.name, summary.image, summary.command, gpus=summary.gpus, vc=summary.vc
        )
        findings, image, paths = await asyncio.gather(
            self._check(spec, (), clusters, allowed, token, ends),
            self._images.check(person, spec.image, spec.command, seconds=ends - _in(0)),
            self._files.check(person, spec.command, seconds=ends - _in(0)),
        )
        findings += [*image.findings, *paths]
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
            "findings": [[f.grade, f.code, dict(f.args)] for f in findings],
            "protocol": data.decode("utf-8-sig"),
        }
        return await self._draft(person, key, token.user, summary.name, body)

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

    async def _told(
        self, token: Token
    ) -> tuple[tuple[Sku, ...], tuple[VirtualCluster, ...] | None]:
        """What the cluster says of itself, within the time a preview may take."""
        skus: tuple[Sku, ...] = ()
        clusters: tuple[VirtualCluster, ...] | None = None
        with suppress(UserError, TimeoutError):
            async with asyncio.timeout(FIRST_SECONDS):
                skus, clusters = await asyncio.gather(
                    self._cluster.skus(token), self._cluster.virtual_clusters(token)
                )
        return skus, clusters

    async def _allowed(self, token: Token) -> tuple[str, ...] | None:
        """The virtual clusters the person may use, if the cluster tells."""
        with suppress(UserError, TimeoutError):
            async with asyncio.timeout(FIRST_SECONDS):
                return (await self._cluster.account(token.user, token)).vcs
        return None

    async def _meant(self, person: Person, words: str | None) -> str | None:
        return words and await self._images.meant(person, words)

    async def _storages(self, token: Token, ends: float) -> tuple[Storage, ...]:
        try:
            async with asyncio.timeout_at(ends):
                return await self._cluster.storages(token)
        except TimeoutError:
            raise Unavailable("openpai") from None

    async def _check(
        self,
        spec: JobSpec,
        skus: tuple[Sku, ...],
        clusters: tuple[VirtualCluster, ...] | None,
        allowed: tuple[str, ...] | None,
        token: Token,
        ends: float,
    ) -> list[Finding]:
        taken: bool | None = None
        with suppress(UserError, TimeoutError):
            async with asyncio.timeout_at(ends):
                taken = await self._taken(spec.name, token)
        findings = preflight.check_vc(spec, clusters, allowed)
        findings += preflight.check_sku(spec, skus)
        findings += preflight.check_command(spec.command)
        findings += preflight.check_name(spec.name, fresh_name(spec.name), taken=bool(taken))
        return findings

    async def _taken(self, name: str, token: Token) -> bool:
        try:
            await self._cluster.job(JobRef(token.user, name), token)
        except NotFound:
            return False
        return True


def _in(seconds: float) -> float:
    """A moment by the event loop's clock."""
    return asyncio.get_running_loop().time() + seconds
