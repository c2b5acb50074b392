"""Telegram's own menus and the bot's description, derived from the router."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.chat.router import Command, Router
from bot.domain.people import Person, Place, Role
from bot.domain.text import Text, text
from db import Database, UnitOfWork

log = structlog.get_logger(__name__)

MOST = 10
"""More than ten nobody reads; the rest is found through buttons and /help."""
FIRST = (
    "start", "run", "jobs", "logs", "free", "upload", "images", "gpu", "alerts", "stop", "job", "help",
)  # fmt: skip
"""The order of the menu, likeliest first; `help` keeps the last place."""
LANGUAGES = {"zh": "zh", "": "en"}
"""Telegram's language code ("" is everybody else's) and ours."""


@dataclass(frozen=True, slots=True)
class Menus:
    """Sets the menus that are not yet as they should be; what was set is remembered by its digest."""

    bot: Bot
    db: Database
    router: Router
    label: Callable[[Text, str], str]

    async def publish(self) -> None:
        """Menus of everybody, of groups, and of each person who is more than a stranger."""
        await self._set(BotCommandScopeAllPrivateChats(), Role.STRANGER, Place.PRIVATE, "private")
        await self._set(BotCommandScopeAllGroupChats(), Role.STRANGER, Place.GROUP, "groups")
        await self._describe()
        for person in await self.db.read(_with_a_role):
            await self._set_for(person)

    async def publish_for(self, person: int) -> None:
        """The role of this one changed."""
        known = await self.db.read(lambda uow: uow.people.get(person))
        if known is not None:
            await self._set_for(known)

    async def _set_for(self, person: Person) -> None:
        scope = BotCommandScopeChat(person.id)
        if person.role is Role.STRANGER:
            await self._forget(scope, str(person.id))
        else:
            await self._set(scope, person.role, Place.PRIVATE, str(person.id))

    def entries(self, role: Role, place: Place) -> list[Command]:
        """What the menu of such a reader shows, in order."""
        found: dict[str, Command] = {}
        for command in self.router:
            here = command.place is Place.ANY or command.place is place
            if here and not command.hidden and role >= command.role:
                found.setdefault(command.name, command)
        ranks = {name: rank for rank, name in enumerate(FIRST)}
        ordered = sorted(found.values(), key=lambda c: ranks.get(c.name, len(FIRST) - 2))
        if len(ordered) <= MOST:
            return ordered
        rest = [c for c in ordered if c.name != "help"][: MOST - 1]
        return [*rest, *(c for c in ordered if c.name == "help")]

    async def _set(self, scope: BotCommandScope, role: Role, place: Place, name: str) -> None:
        commands = self.entries(role, place)
        for code, language in LANGUAGES.items():
            menu = [(c.name, self.label(Text(c.help), language)[:256]) for c in commands]
            entries = [BotCommand(*entry) for entry in menu]
            call = partial(self.bot.set_my_commands, entries, scope, code or None)
            await self._once(f"menu:{name}:{code}", menu, call)

    async def _forget(self, scope: BotCommandScope, name: str) -> None:
        for code in LANGUAGES:
            call = partial(self.bot.delete_my_commands, scope, code or None)
            await self._once(f"menu:{name}:{code}", [], call)

    async def _describe(self) -> None:
        for code, language in LANGUAGES.items():
            long = self.label(text("bot-description"), language)
            short = self.label(text("bot-short-description"), language)
            describe = partial(self.bot.set_my_description, long, code or None)
            await self._once(f"description:{code}", [long], describe)
            introduce = partial(self.bot.set_my_short_description, short, code or None)
            await self._once(f"short-description:{code}", [short], introduce)

    async def _once(
        self, key: str, what: Sequence[object], call: Callable[[], Awaitable[object]]
    ) -> None:
        """Make the call unless it was made with the same content before. Menus are display only."""
        digest = hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]
        name = f"{self.bot.id}:{key}"
        if await self.db.read(lambda uow: uow.meta.get(name)) == digest:
            return
        try:
            await call()
        except TelegramError as error:
            log.info("a menu could not be set; tried again later", menu=key, why=str(error))
            return
        await self.db.write(lambda uow: uow.meta.set(name, digest))


def _with_a_role(uow: UnitOfWork) -> list[Person]:
    linked = uow.people.all_linked().values()
    return list({person.id: person for person in (*linked, *uow.people.admins())}.values())
