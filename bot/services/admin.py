"""What admins decide: which groups may see the lab."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.people import Person
from db import Database, UnitOfWork


class Admin:
    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    async def allow(self, person: Person, chat: int, title: str) -> bool:
        """Let a group use the bot; False if it already might."""
        now = self._clock()

        def allow(uow: UnitOfWork) -> bool:
            changed = uow.chats.allow(chat, title, person.id, now)
            if changed:
                uow.audit.add(now, person.id, chat, "allow", title, "done")
            return changed

        return await self._db.write(allow)

    async def deny(self, person: Person, chat: int, title: str) -> bool:
        """Make the bot silent in a group again; False if it already was."""
        now = self._clock()

        def deny(uow: UnitOfWork) -> bool:
            changed = uow.chats.deny(chat)
            if changed:
                uow.audit.add(now, person.id, chat, "deny", title, "done")
            return changed

        return await self._db.write(deny)

    async def choose_language(
        self, person: Person, chat: int, private: bool, language: str
    ) -> None:
        """A person's own language, or a group's."""

        def choose(uow: UnitOfWork) -> None:
            if private:
                uow.people.set_language(person.id, language)
            else:
                uow.chats.set_language(chat, language)

        await self._db.write(choose)
