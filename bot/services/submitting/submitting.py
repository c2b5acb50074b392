"""From a draft to a job on the cluster, exactly once."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from bot.domain import protocol
from bot.domain.errors import Busy, NotFound, Taken, TokenRefused, Unavailable, UserError
from bot.domain.files.mentions import replaced
from bot.domain.jobs import Job, JobRef, JobState
from bot.domain.messages import Button, Owed, Priority
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.domain.protocol import JobSpec
from bot.domain.runline import RunLine
from bot.domain.text import text
from bot.services.files import FileChecks
from bot.services.images.checking import ImageChecks
from bot.services.submitting.completing import Defaults
from bot.services.submitting.drafts import (
    Preview,
    Protocols,
    Submitted,
    fresh_name,
    shown,
    spec_values,
)
from bot.services.submitting.previewing import Previewing
from bot.services.tokens import OPENPAI, Tokens
from db import Database, Draft, UnitOfWork

GIVE_UP_AFTER = timedelta(hours=24)
RECOVER_AFTER = timedelta(seconds=30)
PASSING = (Unavailable, Busy, TokenRefused)
"""OpenPAI refuses good tokens, too, while Kubernetes does not answer it."""


class Submitting:
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
        self._previews = Previewing(db, cluster, tokens, protocols, defaults, clock, images, files)
        self._clock = clock

    async def preview(self, person: Person, line: RunLine, key: str) -> Preview:
        """A draft of the job that this line describes. The same key makes the same draft."""
        return await self._previews.of_line(person, line, key)

    async def preview_document(self, person: Person, data: bytes, key: str) -> Preview:
        """A draft of a job protocol somebody wrote; it is checked, and submitted exactly as it is.

        Raises BadProtocol, whose problems name their places in the file.
        """
        return await self._previews.of_document(person, data, key)

    async def change(self, person: Person, draft_id: str, words: str, key: str) -> Preview:
        """A new draft in place of the old one, with options or a command said anew."""
        return await self._anew(person, draft_id, lambda _: words, key)

    async def change_path(
        self, person: Person, draft_id: str, old: str, new: str, key: str
    ) -> Preview:
        """A new draft in place of the old one, whose command names another path."""

        def words(preview: Preview) -> str:
            return f"-- {replaced(preview.command, old, new) or preview.command}"

        return await self._anew(person, draft_id, words, key)

    async def _anew(
        self, person: Person, draft_id: str, words: Callable[[Preview], str], key: str
    ) -> Preview:
        """The same key makes the same draft, though the old one is gone by then."""
        if (made := await self._db.read(lambda uow: uow.drafts.by_key(key))) is not None:
            return await self._instead(draft_id, shown(made), key)
        draft = await self._mine(person, draft_id)
        if draft.state == "submitting":
            raise UserError("draft-under-way", name=draft.job_name)
        if not draft.body:  # submitted
            raise UserError("draft-gone")
        fresh = await self._previews.changed(person, draft, words(shown(draft)), key)
        return await self._instead(draft_id, fresh, key)

    async def _instead(self, draft_id: str, fresh: Preview, key: str) -> Preview:
        await self._db.write(lambda uow: uow.drafts.cancel(draft_id, key))
        return fresh

    async def find(self, person: Person, draft_id: str) -> Preview:
        """A draft of this person. Raises UserError when there is none (any more)."""
        draft = await self._mine(person, draft_id)
        if not draft.body:  # submitted: what was in it is emptied
            raise UserError("draft-gone")
        return shown(draft)

    async def cancel(self, person: Person, draft_id: str, key: str) -> None:
        """Raises UserError when it is too late for that. The same key may say it again."""
        draft = await self._mine(person, draft_id, key)
        if not await self._db.write(lambda uow: uow.drafts.cancel(draft.id, key)):
            if draft.state == "cancelled":  # by this very update
                return
            submitted = draft.state == "submitted"
            key = "draft-submitted" if submitted else "draft-under-way"
            raise UserError(key, name=draft.job_name)

    async def submit(self, person: Person, draft_id: str, key: str) -> Submitted:
        """Submit a draft exactly once, however often this is called with however many keys.

        A second key is told that it was submitted. The same key (the update handled again after a crash)
        goes on where it was: it asks for the job before submitting it. When the answer was lost and OpenPAI
        can't be asked, the person is told so, and `recover` finds out.
        """
        draft = await self._mine(person, draft_id)
        if draft.state == "submitted":
            ref = JobRef(draft.job_user, draft.job_name)
            known = await self._db.read(lambda uow: uow.jobs.get(ref))
            return Submitted(ref, known.note if known else "")
        token, now = await self._tokens.of(person), self._clock()
        if token.user != draft.job_user:  # checked for another account than the one linked now
            raise UserError("draft-gone")
        if draft.state == "submitting" and now - draft.created_at > GIVE_UP_AFTER:
            raise UserError("submit-unsure", name=draft.job_name)  # `recover` gives it up
        started = await self._db.write(lambda uow: uow.drafts.start(draft.id, key, now))
        if not started:
            raise UserError("draft-under-way", name=draft.job_name)
        try:
            return await self._carry_out(draft, token, first=draft.state == "open")
        except PASSING as trouble:
            now_is = await self._db.read(lambda uow: uow.drafts.get(draft.id))
            if now_is is not None and now_is.state == "submitting":
                raise UserError("submit-unsure", name=now_is.job_name) from trouble
            raise

    async def recover(self) -> None:
        """Finish submissions whose answer was lost, by asking for the job first. Called by the clock.

        One whose update is still to be answered (OpenPAI is slow, or Pailot died before the answer) goes on
        with that: else its owner would be told twice.
        """
        before = self._clock() - RECOVER_AFTER

        def left(uow: UnitOfWork) -> list[Draft]:
            begun = uow.drafts.recoverable(before)
            return [d for d in begun if not uow.inbox.unanswered(d.submit_key or "")]

        for draft in await self._db.read(left):
            await self._recover(draft)

    async def _recover(self, draft: Draft) -> None:
        now = self._clock()

        def look(uow: UnitOfWork) -> tuple[Person | None, Token | None]:
            return uow.people.get(draft.person_id), uow.credentials.get(draft.person_id, OPENPAI)

        person, token = await self._db.read(look)
        if person is None:
            await self._db.write(lambda uow: uow.drafts.fail(draft.id))
            return
        try:
            if (
                token is None
                or token.user != draft.job_user
                or now - draft.created_at > GIVE_UP_AFTER
            ):
                await self._db.write(lambda uow: uow.drafts.fail(draft.id))
                raise UserError("submit-given-up")
            done = await self._carry_out(draft, token, first=False)
            line = text("submit-done-later", name=done.ref.name)
        except PASSING:
            return
        except UserError as error:
            line = text("submit-failed-later", name=draft.job_name, why=error.text)
        owed = Owed(
            f"recovered:{draft.id}:{draft.submit_key}",  # refused once, it may be tried again
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
            except Unavailable as trouble:
                if await self._exists(ref, words, token):
                    return await self._done(draft, ref, token)
                if (
                    trouble.answered
                ):  # an unknown SKU does that (contracts/openpai.md 1.2), each time
                    await self._db.write(lambda uow: uow.drafts.reopen(draft.id))
                    raise UserError("submit-error", name=name, detail=trouble.detail) from trouble
                raise
            except UserError as refusal:  # nothing was submitted
                if first or not isinstance(refusal, PASSING):
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
            if preview.test:
                uow.trials.begin(ref, draft.person_id, preview.image, spec.sku if spec else "", now)
            uow.audit.add(now, draft.person_id, draft.chat_id, "submit", str(ref), "done")

        await self._db.write(finish)
        renamed = draft.job_name if draft.job_name != ref.name else ""
        return Submitted(ref, preview.note, renamed)

    async def _rename(self, draft: Draft) -> tuple[str, str]:
        """A name of our own making was taken: the next one, kept before it is used."""
        spec = JobSpec(**spec_values(draft.body["spec"]))
        stem = spec.name.rpartition("-")[0] or spec.name
        fresh = replace(spec, name=fresh_name(stem))
        words = protocol.write(fresh)
        body = {**draft.body, "spec": asdict(fresh), "protocol": words}
        await self._db.write(lambda uow: uow.drafts.rename(draft.id, fresh.name, body))
        return fresh.name, words

    async def _mine(self, person: Person, draft_id: str, key: str = "") -> Draft:
        """An open, submitted or begun draft; with `key` also one that this very update cancelled."""
        draft = await self._db.read(lambda uow: uow.drafts.get(draft_id))
        if (
            draft is None
            or draft.person_id != person.id
            or draft.expires_at < self._clock()
            or draft.state == "failed"
        ):
            raise UserError("draft-gone")
        if draft.state == "cancelled" and draft.submit_key != (key or None):
            raise UserError("draft-cancelled")
        return draft
