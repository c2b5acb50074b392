"""Turns what the cluster says into messages we owe people."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import TokenRefused, UserError
from bot.domain.jobs import Change, Event, Exit, Job, JobRef, Listing, transitions
from bot.domain.messages import Kind, Owed, Priority
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.services import announcing, feeds
from bot.services.alerts import Alert, Alerts
from bot.services.tokens import Tokens
from db import Database, UnitOfWork

log = structlog.get_logger(__name__)

FINISHED_LOOKED_AT = 200
"""Newest finished jobs in each look, besides all unfinished ones."""
PAGES_OF_CATCH_UP = 40
MARGIN = timedelta(seconds=120)
"""How late OpenPAI may show an end after a later one was shown already (its poller runs every 120 s)."""
TOLERANCE = timedelta(seconds=2)
JUST_BEFORE = timedelta(seconds=30)
EXPLAIN_SECONDS = 3.0
EXPLAIN_AT_ONCE = 4
EXPLAIN_LATER = timedelta(hours=6)
"""How long an alert told without log lines may still be completed."""

Explanations = Mapping[JobRef, Exit | None]


@dataclass(slots=True)
class _Memory:
    """What the last look showed, so that a look costs what has changed. Lost without harm."""

    jobs: dict[JobRef, Job] = field(default_factory=dict)
    unfinished: frozenset[JobRef] | None = None
    """None before the first look: then the database knows."""
    etag: str = ""
    limit: int = 1000
    token: int = 0


class Watcher:
    """Learns what changed on the cluster and records who must be told.

    One tick is one list request, whatever the number of people. Safe to run twice: a job's state moves by
    compare-and-set, and the messages owed are written in the same transaction.
    """

    def __init__(
        self,
        db: Database,
        cluster: Cluster,
        tokens: Tokens,
        alerts: Alerts,
        clock: Callable[[], datetime],
        *,
        logs_in_chat: bool = True,
    ) -> None:
        """`logs_in_chat`: whether this lab lets log text into Telegram."""
        self._db = db
        self._cluster = cluster
        self._tokens = tokens
        self._alerts = alerts
        self._clock = clock
        self._logs_in_chat = logs_in_chat
        self._memory = _Memory()
        self._looking = asyncio.Lock()
        self._trouble = ""
        self._refused = False

    async def tick(self) -> None:
        """One look. Raises nothing of OpenPAI's: an unanswered look is tried again at the next tick.

        Asked for while another is going on, it comes after that: of two at once, the one that saw less might
        be noted, and the other would have looked in vain.
        """
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        candidates = await self._tokens.watching()
        if not candidates:
            return
        token = candidates[self._memory.token % len(candidates)]
        try:
            listing = await self._cluster.listing(
                token, limit=self._memory.limit, etag=self._memory.etag
            )
        except TokenRefused:
            await self._note_refusal(token, len(candidates))
            return
        except UserError as trouble:
            self._note_trouble(str(getattr(trouble, "detail", "")) or type(trouble).__name__)
            return
        self._note_trouble("")
        if self._refused:
            self._refused = False
            await self._tokens.worked(token)
        if listing is not None:
            await self._take_in(listing, token)
        now = self._clock()
        await self._db.write(lambda uow: uow.meta.set_time("watch.last", now))
        await self._explain_later(token)

    def _note_trouble(self, what: str) -> None:
        """A line for each new trouble and for its end: a look comes every few seconds."""
        if what and what != self._trouble:
            log.warning("the cluster can't be watched just now", reason=what)
        elif self._trouble and not what:
            log.info("the cluster is watched again")
        self._trouble = what

    async def _note_refusal(self, token: Token, candidates: int) -> None:
        """A refused token stays (OpenPAI refuses all of them while Kubernetes hiccups); the next one tries."""
        self._note_trouble("OpenPAI refuses the watching token; it is kept")
        self._memory.token = (self._memory.token + 1) % candidates
        self._memory.etag = ""
        if not self._refused:
            self._refused = True
            await self._tokens.refused(token)

    async def _take_in(self, listing: Listing, token: Token) -> None:
        """Compare, explain, record: the network first, then one plain function."""
        seen = await self._complete(listing, token)
        before = self._memory.jobs
        fresh = [job for job in seen if before.get(job.ref) is not job]
        known = await self._db.read(lambda uow: uow.jobs.known([job.ref for job in fresh]))
        changes = transitions(known, fresh)
        failed = [c.job.ref for c in changes if Event.FAILED in c.events]
        heard = await self._heard(failed)
        explained = await self._explain(heard, token)
        missed = await self._db.write(lambda uow: self._record(uow, changes, fresh, explained))
        # Somebody wrote the row in between (a submission just noted): looked at again, even if nothing changes.
        self._memory.jobs = {job.ref: job for job in seen if job.ref not in missed}
        self._memory.etag = "" if missed else listing.etag
        self._memory.unfinished = frozenset(job.ref for job in seen if not job.state.final)
        self._memory.limit = _round_up(len(self._memory.unfinished) + FINISHED_LOOKED_AT)

    async def _complete(self, listing: Listing, token: Token) -> Sequence[Job]:
        """The listing, with further pages while something may be missing from it.

        That is so when an unfinished job we know is not in it, or when even its oldest end is newer than
        the last one we saw (after a long absence).
        """
        jobs = {job.ref: job for job in listing.jobs}
        last = listing.jobs
        if len(last) < self._memory.limit:
            return last
        mark, stored = await self._db.read(
            lambda uow: (
                uow.meta.time("watch.mark"),
                frozenset(uow.jobs.unfinished()) if self._memory.unfinished is None else None,
            )
        )
        unfinished = self._memory.unfinished if stored is None else stored
        offset = len(last)
        for _ in range(PAGES_OF_CATCH_UP):
            oldest = last[-1].completed_at if last else None
            missing = any(ref not in jobs for ref in unfinished or ())
            newer = mark is not None and (oldest is None or oldest > mark - MARGIN)
            if len(last) < self._memory.limit or not (missing or newer):
                break
            page = await self._cluster.listing(token, limit=self._memory.limit, offset=offset)
            last = page.jobs if page else ()
            offset += len(last)
            jobs.update((job.ref, job) for job in last)
        return list(jobs.values())

    async def _heard(self, refs: Collection[JobRef]) -> list[JobRef]:
        """Those of `refs` whose owner listens: only they are worth a call."""
        if not refs:
            return []
        users = {ref.user for ref in refs}
        linked = await self._db.read(lambda uow: uow.people.all_linked(users))
        return [ref for ref in refs if ref.user in linked]

    async def _explain(self, refs: Sequence[JobRef], token: Token) -> dict[JobRef, Exit | None]:
        """Why jobs failed, as far as OpenPAI answers in 3 s; None for those it did not."""
        found: dict[JobRef, Exit | None] = dict.fromkeys(refs)
        gate = asyncio.Semaphore(EXPLAIN_AT_ONCE)

        async def ask(ref: JobRef) -> None:
            async with gate:
                try:
                    why = (await self._cluster.job(ref, token)).exit
                except UserError:
                    return
                if why is not None and not self._logs_in_chat:
                    why = replace(why, log=())
                found[ref] = why

        try:
            async with asyncio.timeout(EXPLAIN_SECONDS), asyncio.TaskGroup() as group:
                for ref in refs:
                    group.create_task(ask(ref))
        except TimeoutError:
            log.warning("some failures are told without their log for now")
        return found

    def _record(
        self,
        uow: UnitOfWork,
        changes: Sequence[Change],
        fresh: Sequence[Job],
        explained: Explanations,
    ) -> frozenset[JobRef]:
        """Move the states that changed, and owe what must be told. Runs inside one transaction.

        Those are returned whose row was not as it was read.
        """
        now = self._clock()
        mark, last = uow.meta.time("watch.mark"), uow.meta.time("watch.last")
        linked = uow.people.all_linked({c.job.ref.user for c in changes})
        tests = uow.trials.untold() if changes else ()
        alerts: list[Alert] = []
        missed: set[JobRef] = set()
        for change in changes:
            if not uow.jobs.move(change, now):
                missed.add(change.job.ref)
                continue
            if self._old(change, mark):
                continue
            if last is not None:  # all that the first look shows is history
                self._tell_groups(uow, change, tests, now)
            person = linked.get(change.job.ref.user)
            if person is None:
                continue
            known = uow.jobs.get(change.job.ref)
            for event in change.events:
                if self._before_link(person, change, event, last):
                    continue
                if event is Event.STOPPED and known and known.stopped_by == person.id:
                    continue  # they did it themselves, here
                if event is Event.FAILED and uow.folders.of(person.id) is not None:
                    uow.kept_logs.owe(change.job.ref, person.id, now)
                if event in {Event.SUCCEEDED, Event.FAILED} and change.job.ref in tests:
                    continue  # a test of an image: its result is told instead, by `trying`
                exit_ = explained.get(change.job.ref)
                note = known.note if known else ""
                alerts.append(announcing.alert(person, change.job, event, note, exit_))
        for alert in self._alerts.tell(uow, alerts, now):
            if alert.event == Event.FAILED and alert.ref is not None:
                uow.jobs.set_explained(alert.ref, explained.get(alert.ref) is not None)
        changed = {change.job.ref for change in changes}
        uow.jobs.upsert_many([job for job in fresh if job.ref not in changed], now)
        # In the same transaction: after a death between two, the next look would take news for history.
        uow.meta.set_time("watch.last", now)
        ends = [job.completed_at for job in fresh if job.completed_at]
        if ends and (mark is None or max(ends) > mark):
            uow.meta.set_time("watch.mark", max(ends))
        return frozenset(missed)

    @staticmethod
    def _tell_groups(
        uow: UnitOfWork, change: Change, tests: Collection[JobRef], now: datetime
    ) -> None:
        if change.job.ref not in tests:  # tests of images are Pailot's own
            for event in change.events:
                feeds.tell_of_job(uow, change.job, event, now)

    @staticmethod
    def _old(change: Change, mark: datetime | None) -> bool:
        """An end from before our time, which only now came into view."""
        ended = change.job.completed_at
        return (
            change.before is None
            and change.job.state.final
            and mark is not None
            and (ended is None or ended < mark - MARGIN)
        )

    def _before_link(
        self, person: Person, change: Change, event: Event, last: datetime | None
    ) -> bool:
        """Whether it happened before the person linked: nobody is told of their past.

        Only the first look after the link can show such a thing; later ones can't, whatever the clocks say.
        Nor can it when the look before was just before the link: what is new since then is news.
        """
        linked, happened = person.linked_at, change.happened_at(event)
        if (
            linked is None
            or happened is None
            or (last is not None and linked <= last + JUST_BEFORE)
        ):
            return False
        ahead = self._cluster.now() - self._clock()
        return happened - ahead < linked - TOLERANCE

    async def _explain_later(self, token: Token) -> None:
        """Complete alerts that were told without log lines, by editing them."""
        now = self._clock()
        rows = await self._db.read(lambda uow: uow.jobs.unexplained(EXPLAIN_AT_ONCE))
        waiting = [row.ref for row in rows if now - row.changed_at < EXPLAIN_LATER]
        if not waiting:
            return
        found = {r: e for r, e in (await self._explain(waiting, token)).items() if e is not None}
        if found:
            await self._db.write(lambda uow: self._edit(uow, found, now))

    def _edit(self, uow: UnitOfWork, found: Mapping[JobRef, Exit], now: datetime) -> None:
        linked = uow.people.all_linked({ref.user for ref in found})
        for ref, exit_ in found.items():
            uow.jobs.set_explained(ref, True)
            person, job = linked.get(ref.user), uow.jobs.get(ref)
            if person is None or job is None:
                continue
            alert = announcing.alert(person, job.job, Event.FAILED, job.note, exit_)
            if not (uow.cards.get(alert.owed.card) or uow.outbox.waits(alert.owed.card)):
                continue  # it was told to who had this account before: another's past is no news
            uow.outbox.owe(
                Owed(
                    f"{alert.owed.once}:explained",
                    person.id,
                    alert.owed.lines,
                    person.language,
                    alert.owed.buttons,
                    person.id,
                    Kind.EDIT,
                    Priority.CARD,
                    card=alert.owed.card,
                ),
                now,
            )


def _round_up(count: int) -> int:
    """Steps of 100, so that the request (and so its ETag) stays the same while a few jobs come and go."""
    return -(-count // 100) * 100
