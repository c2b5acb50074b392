"""The feed of a group: what its admins chose, and how what happens becomes one message now and then."""

from collections.abc import Callable, Collection
from datetime import datetime

from bot.domain.jobs import Event, Job
from bot.domain.messages import Owed, Priority
from bot.domain.people import Person
from bot.domain.text import Text, text
from db import Database, UnitOfWork

JOB_EVENTS = (Event.STARTED.value, Event.SUCCEEDED.value, Event.STOPPED.value)
"""Without failures: a group reads no names on them unless their owner wants it."""
HUB_EVENTS = ("image_pushed", "quota")
STORAGE_EVENTS = ("storage_low", "storage_full")
SHOWN = 15
LONGEST = 100
"""Characters of a name: 15 lines with two of them are one message."""


class Feeds:
    def __init__(
        self,
        db: Database,
        offered: tuple[str, ...],
        language: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`offered` are the events that can happen in this lab, `language` is that of its groups."""
        self.offered = offered
        self._db = db
        self._language = language
        self._clock = clock

    async def chosen(self, chat: int) -> frozenset[str]:
        return await self._db.read(lambda uow: uow.feeds.get(chat).events)

    async def choose(
        self,
        person: Person,
        chat: int,
        topic: int | None,
        on: Collection[str],
        off: Collection[str] = (),
    ) -> frozenset[str]:
        """Switch events; the feed comes to the topic in which that was done. What is chosen then."""
        now = self._clock()

        def choose(uow: UnitOfWork) -> frozenset[str]:
            before = uow.feeds.get(chat).events
            events = (before | set(on)) - set(off)
            uow.feeds.put(chat, topic, events)
            if events != before:
                uow.audit.add(now, person.id, chat, "feed", " ".join(sorted(events)), "done")
            return events

        return await self._db.write(choose)

    async def release(self) -> None:
        """Owe every group one message with all that happened since the last."""
        now = self._clock()

        def release(uow: UnitOfWork) -> None:
            for chat in uow.feeds.waiting():
                if (owed := self._message(uow, chat)) is not None:
                    uow.outbox.owe(owed, now)

        if await self._db.read(lambda uow: uow.feeds.waiting()):
            await self._db.write(release)

    def _message(self, uow: UnitOfWork, chat: int) -> Owed | None:
        """None where nothing is left to say: switched off meanwhile, or the group is no longer allowed."""
        feed, row = uow.feeds.get(chat), uow.chats.get(chat)
        kept = uow.feeds.take(chat)
        lines = [Text.from_json(line.body) for line in kept if line.event in feed.events]
        if not lines or row is None or not row.allowed:
            return None
        return Owed(
            f"feed:{kept[-1].id}",
            chat,
            shortened(lines),
            row.language or self._language,
            priority=Priority.ALERT,
            topic=feed.topic,
            silent=True,
        )


def tell(uow: UnitOfWork, event: str, line: Text, now: datetime) -> None:
    """Keep a line for every group that wants it, inside the transaction that recorded what happened."""
    for chat in uow.feeds.following(event):
        uow.feeds.keep(chat, event, line.to_json(), now)


def tell_of_job(uow: UnitOfWork, job: Job, event: Event, now: datetime) -> None:
    if event.value in JOB_EVENTS:
        line = text(
            "feed-job",
            state=job.state.value,
            name=cut(job.ref.name),
            owner=cut(job.ref.user),
            gpus=job.gpus,
        )
        tell(uow, event.value, line, now)


def cut(name: str) -> str:
    """Names of images and jobs may be as long as a paragraph; a line of a feed is not."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def shortened(lines: list[Text]) -> tuple[Text, ...]:
    """At most 15 lines, and how many more there were."""
    rest = len(lines) - SHOWN
    if rest <= 0:
        return tuple(lines)
    return (*lines[:SHOWN], text("feed-more", count=rest))
