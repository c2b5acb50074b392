"""One update on its way: from a message or a press to the command, step or button it means."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from bot.chat import arguments, plainwords
from bot.chat.answering import speech
from bot.chat.answering.line import HELP, SLASHES, holds_secret, split
from bot.chat.answering.outcome import Addressing, Outcome
from bot.chat.answering.who import Known, Site
from bot.chat.direct import Direct
from bot.chat.incoming import Incoming
from bot.chat.reply import Reply
from bot.chat.router import AGAIN, Ask, Chat, Command, Nothing, Route, Router, explanation
from bot.domain.errors import UserError
from bot.domain.messages import Kind
from bot.domain.people import Person, Place, Role
from bot.domain.text import text
from bot.services import Services
from db import Database, DatabaseRefused, Dialog, Pressed

log = structlog.get_logger(__name__)

STALE = timedelta(minutes=15)
FRESH = timedelta(minutes=1)


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
        self._failed = False
        """The handler had nothing but bad news."""
        self._left_in_sight = False
        """A password could not be deleted from the chat."""
        self._awaited = False
        """The words are the answer to a question, which stays open when they are no good."""

    async def private(self) -> Outcome:
        question = self._question
        words, dialog = question.text, self._known.dialog
        if question.file is not None:
            return await self._route(self._own.router.for_document, words)
        if dialog is not None and (step := self._own.router.find_step(dialog.name)) is not None:
            meant = self._is_command(words) and not (step.secret and not self._is_known(words))
            if not meant and dialog.expires_at > (question.at or self._now):
                self._awaited = True
                return await self._route(step, words, data=dialog.data)
            if not meant and step.secret:
                return await self._too_late(dialog)
        name, named = split(words)[0], self._is_command(words)
        if not (name and name.isascii()):  # no command at all, or `/任务`, `/ jobs`
            line = plainwords.command(words[named:].strip(), self._own.router.names)
            if line is not None:
                return await self._command(line)
        if named:
            return await self._command(words)
        return await self._route(self._own.router.for_anything_else, words)

    async def group(self) -> Outcome:
        question = self._question
        name, addressed, rest = split(question.text)
        if not name or (addressed and addressed != self._own.site.username.lower()):
            return Outcome()
        command = self._own.router.find(name, Place.GROUP)
        if command is not None and command.secret and holds_secret(rest):
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
        if pressed is None or pressed.expired or pressed.chat != self._question.chat:
            outcome.toast = text("button-expired")
            return outcome
        if pressed.owner != person.id and not pressed.anyone:
            owner = await self._own.db.read(lambda uow: uow.people.get(pressed.owner or 0))
            outcome.toast = text("button-not-yours", name=owner.name if owner else "?")
            outcome.alert = True
            return outcome
        if pressed.once and not await self._own.db.write(
            lambda uow: uow.buttons.use(self._question.data, self._key)
        ):
            outcome.toast = text("button-used")
            return outcome
        outcome = await self._pressed(pressed)
        if pressed.once and self._failed:  # nothing was done, and "try again" must be possible
            button, key = self._question.data, self._key
            outcome.also.append(lambda uow: uow.buttons.release(button, key))
        return outcome

    async def _pressed(self, pressed: Pressed) -> Outcome:
        if pressed.action == AGAIN:
            line = str(pressed.payload.get("line", ""))
            return await self._command(line, again=True, beside=not pressed.once)
        route = self._own.router.find_button(pressed.action)
        try:
            args: Any = None if route is None else arguments.load(route.takes, pressed.payload)
        except (ValueError, TypeError, KeyError):
            route = None
        if route is None:  # a button from before an upgrade
            return Outcome(language=self._person.language, toast=text("button-expired"))
        return await self._route(route, args)

    async def _command(self, line: str, *, again: bool = False, beside: bool = False) -> Outcome:
        """`again`: a button or a deep link says it; `beside`: the pressed message stays as it is."""
        name, _, raw = split(line)
        if name == "start" and raw and not again:
            resumed = await self._resume(raw.strip())
            if resumed is not None:
                return resumed
        command = self._own.router.find(name, self._chat.place)
        if command is None:
            elsewhere = self._own.router.find(name, Place.GROUP)
            known = speech.for_groups(elsewhere) if elsewhere else None
            said = known or speech.unknown(name, self._own.router)
            return self._to.say(said, private=False)
        private = command.place is Place.PRIVATE and self._chat.place is Place.GROUP
        if self._unseen(command.role, private=private):
            return self._to.say(Reply.of(text("nobody-asks")), private=False)
        if private and not self._person.started:
            return self._invite_to_private(line)
        if self._person.role < command.role:
            return self._refuse(command, private=private)
        if raw.strip().lower() in HELP:
            return self._to.say(explanation(command), private=private)
        if command.secret and holds_secret(raw):
            await self._delete_question()
        late = self._late() and not again
        if late and command.changes and (raw.strip() or command.takes is Nothing):
            if not command.secret:
                reply = speech.ask_first(line, self._question, self._now)
                return self._to.say(reply, private=private)
            raw = ""  # a password is not kept for a later press: the command asks for it again

        async def run() -> Reply:
            args: Any = arguments.parse(command.takes, raw, name)
            reply = await command.run(self._ask(args, late=late))
            return reply.with_(new=True) if beside else reply

        outcome = self._to.say(await self._guarded(name, run), private=private)
        is_view = command.role is Role.STRANGER and not command.changes and not private
        if is_view and self._chat.place is Place.GROUP:
            await self._refresh(outcome, f"{name} {' '.join(raw.split())}")
        return outcome

    async def _refresh(self, outcome: Outcome, view: str) -> None:
        """A view asked for again in a group within a minute changes the one that stands there."""
        if len(outcome.owed) != 1 or outcome.owed[0].attachment is not None:
            return
        card = f"view:{self._chat.id}:{self._chat.topic or 0}:{view[:200]}"
        stands = await self._own.db.read(lambda uow: uow.cards.get(card))
        fresh = stands is not None and self._now - stands.updated_at < FRESH
        kind = Kind.EDIT if fresh else outcome.owed[0].kind
        outcome.owed[0] = replace(outcome.owed[0], card=card, kind=kind)
        outcome.react = fresh

    async def _route(self, route: Route | None, args: Any, data: Any = None) -> Outcome:
        if route is None:
            return Outcome()
        private = route.place is Place.PRIVATE and self._chat.place is Place.GROUP
        if private and not self._person.started:
            return self._invite_to_private("/start")
        if self._person.role < route.role:
            return self._refuse(route, private=private)
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
            self._failed = True
            still = (text("dialog-open"),) if self._awaited else ()
            reply = self._aside(Reply((error.text, *still), speech.way_out(error)))
        except DatabaseRefused:
            raise
        except Exception:
            self._failed = True
            reference = secrets.token_hex(4)
            log.exception("handler failed", handler=name, reference=reference)
            reply = self._aside(Reply.of(text("error-internal", ref=reference)))
        if self._left_in_sight:
            reply = reply.with_(lines=(*reply.lines, text("secret-not-deleted")))
        return reply

    def _aside(self, reply: Reply) -> Reply:
        """Bad news leaves the pressed message as it is; in a group only who pressed sees it."""
        if self._question.press and self._chat.place is Place.GROUP:
            return Reply(toast=reply.lines[0], alert=True)
        return reply.with_(new=True)

    def _refuse(self, wanted: Command | Route, *, private: bool) -> Outcome:
        return self._to.say(self._aside(speech.not_allowed(wanted)), private=private)

    def _unseen(self, role: Role, *, private: bool) -> bool:
        """Somebody who hides behind a group or a channel asks for what depends on who asks."""
        return self._person.id == 0 and (private or self._person.role < role)

    def _ask(self, args: Any, *, late: bool, data: Any = None) -> Ask[Any]:
        own, dialog = self._own, self._known.dialog
        waits = dialog is not None and dialog.expires_at > self._now
        return Ask(
            self._person, args, own.services, self._key, self._chat, self._now,
            self._question.message, self._question.file, data or {}, late, own.router,
            dialog.name if dialog is not None and waits else "",
        )  # fmt: skip

    def _late(self) -> bool:
        at = self._question.at
        return at is not None and self._now - at > STALE

    def _is_command(self, words: str) -> bool:
        return words.startswith(SLASHES)

    def _is_known(self, words: str) -> bool:
        return self._own.router.find(split(words)[0], Place.PRIVATE) is not None

    def _invite_to_private(self, line: str) -> Outcome:
        ticket = "p" + secrets.token_hex(7)
        person, chat, now = self._person, self._chat, self._now
        link = f"https://t.me/{self._own.site.username}?start={ticket}"
        outcome = self._to.say(speech.invitation(person, link), private=False)
        outcome.also.append(lambda uow: speech.keep_ticket(uow, ticket, line, person, chat, now))
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

    async def _too_late(self, dialog: Dialog) -> Outcome:
        """A password sent after its dialog ended is not used, but it does not stay in sight either."""
        await self._delete_question()
        line = text("secret-not-deleted" if self._left_in_sight else "secret-too-late")
        return self._to.say(Reply((line,), done=True), private=False)

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
