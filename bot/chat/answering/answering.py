"""Takes one update and finds out everything that follows from it."""

from collections.abc import Callable
from datetime import datetime

from bot.chat.answering import who
from bot.chat.answering.outcome import Outcome
from bot.chat.answering.turn import Turn
from bot.chat.answering.who import Known, Site
from bot.chat.direct import Direct
from bot.chat.incoming import Incoming
from bot.chat.router import Chat, Router
from bot.domain.people import Place
from bot.services import Services
from db import Database, UnitOfWork


class Answering:
    """Answers one update at a time; has no state of its own, so many may run side by side."""

    def __init__(
        self,
        db: Database,
        router: Router,
        services: Services,
        direct: Direct,
        site: Site,
        clock: Callable[[], datetime],
    ) -> None:
        self.db = db
        self.router = router
        self.services = services
        self.direct = direct
        self.site = site
        self.clock = clock

    @staticmethod
    def acquaint(uow: UnitOfWork, question: Incoming, now: datetime) -> Known | None:
        """What `answer` would look up and write down about who asks; None where that has to wait for it."""
        return who.acquaint(uow, question, now)

    async def answer(self, question: Incoming, known: Known | None = None) -> Outcome:
        """Never raises for what a person did; DatabaseRefused means: try this update again later.

        `known` is what `acquaint` found, if that was just now and nothing of this chat was answered since.
        """
        now = self.clock()
        if known is None:
            known = await self.db.read(lambda uow: who.look(uow, question, now))
        if question.member or question.migrated_to is not None:
            return who.moved(question, now)
        person = await who.meet(self.db, self.site, question, known, now)
        place = Place.PRIVATE if question.private else Place.GROUP
        allowed = question.private or (known.chat is not None and known.chat.allowed)
        chat = Chat(question.chat, place, question.topic, question.title, allowed)
        group = known.chat.language if known.chat else None
        turn = Turn(self, question, person, chat, known, group or self.site.language, now)
        if question.press:
            return await turn.press()
        if not question.private:
            return await turn.group()
        return await turn.private()
