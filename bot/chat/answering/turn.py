"""One update on its way: from a message or a press to the command, step or button it means."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from bot.chat import arguments, nearest, plainwords
from bot.chat.answering.outcome import Addressing, Outcome
from bot.chat.answering.who import Known, Site
from bot.chat.direct import Direct
from bot.chat.incoming import Incoming
from bot.chat.reply import Reply
from bot.chat.router import Ask, Chat, Command, Route, Router
from bot.domain.errors import UserError
from bot.domain.messages import Button
from bot.domain.people import Person, Place, Role
from bot.domain.text import Text, text
from bot.services import Services
from db import Database, DatabaseRefused

log = structlog.get_logger(__name__)

STALE = timedelta(minutes=15)
TICKET_SECONDS = 86400
AGAIN = "again"
"""The button that runs a command line as if it had just been written."""


class Parts(Protocol):
    """What a turn needs of the house."""

    db: Database
    router: Router
    services: Services
    direct: Direct
    site: Site


class Turn:
    """One update on its way: what every step needs, in one place."""

    def __init__(
        self,
        own: Parts,
        question: Incoming,
        person: Person,
        chat: Chat,
        known: Known,
        group_language: str,
        now: datetime,
    ) -> None:
        self._own = own
        self._question = question
        self._person = person
        self._chat = chat
        self._known = known
        self._key = f"{own.site.bot_id}:{question.update_id}:0"
        self._to = Addressing(question, person, chat, self._key, group_language)
        self._now = now
        self._left_in_sight = False
        """A password could not be deleted from the chat."""

    async def private(self) -> Outcome:
        question = self._question
        if question.file is not None:
            return await self._route(self._own.router.for_document, question.text)
        words = question.text
        if words.startswith("/"):
            return await self._command(words)
        if (dialog := self._known.dialog) is not None and dialog.expires_at > self._now:
            step = self._own.router.find_step(dialog.name)
            if step is not None:
                return await self._route(step, words, data=dialog.data)
        if (line := plainwords.command(words)) is not None:
            return await self._command(line)
        return await self._route(self._own.router.for_anything_else, words)

    async def group(self) -> Outcome:
        question = self._question
        name, addressed, _ = self._split(question.text)
        if not name or (addressed and addressed != self._own.site.username.lower()):
            return Outcome()
        command = self._own.router.find(name, Place.GROUP)
        if command is not None and command.secret and self._has_words(question.text):
            return await self._password_in_group(command)
        if not self._chat.allowed and not (
            name in {"allow", "deny"} and self._person.role is Role.ADMIN
        ):
            return Outcome()
        if command is None and not addressed:
            return Outcome()  # another bot's, most likely
        return await self._command(question.text)

    async def press(self) -> Outcome:
        pressed, person = self._known.pressed, self._person
        outcome = Outcome(language=person.language)
        if not self._chat.allowed:
            return outcome
        if pressed is None or pressed.expired:
            outcome.toast = text("button-expired")
            return outcome
        if pressed.owner is not None and pressed.owner != person.id and not pressed.anyone:
            owner = await self._own.db.read(lambda uow: uow.people.get(pressed.owner or 0))
            outcome.toast = text("button-not-yours", name=owner.name if owner else "?")
            outcome.alert = True
            return outcome
        if pressed.once and not await self._own.db.write(
            lambda uow: uow.buttons.use(self._question.data, self._key)
        ):
            outcome.toast = text("button-used")
            return outcome
        if pressed.action == AGAIN:
            return await self._command(str(pressed.payload.get("line", "")), again=True)
        route = self._own.router.find_button(pressed.action)
        if route is None:
            outcome.toast = text("button-expired")
            return outcome
        try:
            args: Any = arguments.load(route.takes, pressed.payload)
        except (ValueError, TypeError, KeyError):  # a button from before an upgrade
            outcome.toast = text("button-expired")
            return outcome
        return await self._route(route, args)

    async def _command(self, line: str, *, again: bool = False) -> Outcome:
        name, _, raw = self._split(line)
        router = self._own.router
        if name == "start" and raw and not again:
            resumed = await self._resume(raw.strip())
            if resumed is not None:
                return resumed
        command = router.find(name, self._chat.place)
        if command is None:
            return self._to.say(self._unknown(name), private=False)
        private = command.place is Place.PRIVATE and self._chat.place is Place.GROUP
        if self._person.role < command.role:
            return self._to.say(Reply.of(*self._not_allowed(command)), private=private)
        if private and not self._person.started:
            return self._invite_to_private(line)
        if command.secret and raw.strip():
            await self._delete_question()
        if raw.strip().lower() in {"help", "帮助"}:
            usage = arguments.usage(command.takes, name)
            return self._to.say(Reply.of(text(command.help), *usage), private=private)
        late = self._late() and not again
        if late and command.changes:
            return self._to.say(self._ask_first(line), private=private)

        async def run() -> Reply:
            args: Any = arguments.parse(command.takes, raw, name)
            return await command.run(self._ask(args, late=late))

        return self._to.say(await self._guarded(name, run), private=private)

    async def _route(self, route: Route | None, args: Any, data: Any = None) -> Outcome:
        if route is None:
            return Outcome()
        if self._person.role < route.role:
            return self._to.say(Reply.of(*self._not_allowed(route)), private=False)
        private = route.place is Place.PRIVATE and self._chat.place is Place.GROUP
        if private and not self._person.started:
            return self._invite_to_private("/start")
        if route.secret:
            await self._delete_question()
        late = self._late()
        reply = await self._guarded(
            route.name, lambda: route.run(self._ask(args, late=late, data=data or {}))
        )
        return self._to.say(reply, private=private)

    async def _guarded(self, name: str, run: Callable[[], Any]) -> Reply:
        """A UserError is an answer; anything else is ours, and the person sees a reference to it."""
        try:
            reply: Reply = await run()
        except UserError as error:
            reply = Reply(
                (error.text,),
                toast=error.text if self._question.press else None,
                alert=True,
                new=True,
            )
        except DatabaseRefused:
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("handler failed", handler=name, reference=reference)
            reply = Reply.of(text("error-internal", ref=reference)).with_(new=True)
        if self._left_in_sight:
            reply = reply.with_(lines=(*reply.lines, text("secret-not-deleted")))
        return reply

    def _ask(self, args: Any, *, late: bool, data: Any = None) -> Ask[Any]:
        own = self._own
        return Ask(
            self._person, args, own.services, self._key, self._chat, self._now,
            self._question.message, self._question.file, data or {}, late, own.router,
        )  # fmt: skip

    def _late(self) -> bool:
        at = self._question.at
        return at is not None and self._now - at > STALE

    @staticmethod
    def _split(words: str) -> tuple[str, str, str]:
        """(`command`, `bot it is addressed to`, `the rest, byte for byte`) of a command line."""
        head, _, _ = words.partition(" ")
        head = head.split("\n", 1)[0]
        if not head.startswith("/"):
            return "", "", ""
        name, _, bot = head[1:].partition("@")
        rest = words[len(head) :]
        return name.lower(), bot.lower(), rest[1:] if rest[:1] == " " else rest.removeprefix("\n")

    def _has_words(self, words: str) -> bool:
        return bool(self._split(words)[2].strip())

    def _unknown(self, name: str) -> Reply:
        close = nearest.nearest(name, self._own.router.names, 3)
        line = text("unknown-command", name=name)
        if not close:
            return Reply.of(line, text("unknown-command-help"))
        buttons = tuple(
            Button(text("button-run-line", line=f"/{other}"), AGAIN, {"line": f"/{other}"})
            for other in close
        )
        return Reply((line, text("did-you-mean", name=f"/{close[0]}")), (buttons,))

    def _not_allowed(self, wanted: Command | Route) -> tuple[Text, ...]:
        if wanted.role is Role.ADMIN:
            return (text("only-admins"),)
        return (text("only-members"),)

    def _ask_first(self, line: str) -> Reply:
        at = self._question.at or self._now
        minutes = int((self._now - at).total_seconds() // 60)
        return Reply(
            (text("asked-late", line=line[:200], minutes=minutes),),
            ((Button(text("button-do-it-now"), AGAIN, {"line": line}, once=True),),),
        )

    def _invite_to_private(self, line: str) -> Outcome:
        """One line with a deep link, for somebody the bot may not write to yet."""
        outcome = Outcome(language=self._to.group_language)
        ticket = "p" + secrets.token_hex(7)
        person, chat, now = self._person, self._chat.id, self._now
        outcome.also.append(
            lambda uow: uow.buttons.create(
                ticket,
                person.id,
                AGAIN,
                {"line": line},
                chat=chat,
                now=now,
                lives_seconds=TICKET_SECONDS,
            )
        )
        link = f"https://t.me/{self._own.site.username}?start={ticket}"
        reply = Reply(
            (text("come-to-private", name=person.name or "?"),),
            ((Button(text("button-open-private"), url=link),),),
        ).with_(new=True)
        outcome.owed.append(self._to.owed(reply, 0, private=False))
        if self._question.press:
            outcome.url = link
        return outcome

    async def _resume(self, ticket: str) -> Outcome | None:
        """`/start <ticket>` from such a deep link goes on with what was asked in the group."""
        pressed = await self._own.db.read(lambda uow: uow.buttons.open(ticket, self._now))
        if (
            pressed is None
            or pressed.expired
            or pressed.action != AGAIN
            or pressed.owner != self._person.id
        ):
            return None
        return await self._command(str(pressed.payload.get("line", "")), again=True)

    async def _delete_question(self) -> None:
        question = self._question
        if question.message is not None and not question.press:
            self._left_in_sight = not await self._own.direct.delete(question.chat, question.message)

    async def _password_in_group(self, command: Command) -> Outcome:
        """Never used: deleted where possible, and its owner is told to change it."""
        await self._delete_question()
        key = "secret-in-group-left" if self._left_in_sight else "secret-in-group"
        warning = Reply.of(text(key, command=f"/{command.name}"))
        if self._person.id and self._person.started:
            return replace(self._to.say(warning, private=True), react=False)
        if not self._chat.allowed:
            return Outcome()
        owed = replace(self._to.owed(warning, 0, private=False), reply_to=None)
        return Outcome([owed], language=self._to.group_language)
