"""From one update to everything that follows from it: who asks, may they, what is the answer, where does it go."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.chat import arguments, nearest, plainwords
from bot.chat.direct import Direct
from bot.chat.incoming import Incoming
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Chat, Command, Route, Router
from bot.domain.errors import UserError
from bot.domain.messages import Button, Kind, Owed, Priority
from bot.domain.people import Person, Place, Role, choose
from bot.domain.text import Text, text
from bot.services import Services
from db import ChatRow, Database, DatabaseRefused, Dialog, PersonRow, Pressed, UnitOfWork

log = structlog.get_logger(__name__)

STALE = timedelta(minutes=15)
TICKET_SECONDS = 86400
AGAIN = "again"
"""The button that runs a command line as if it had just been written."""


@dataclass(slots=True)
class Outcome:
    """What one update leads to, written in one transaction with "inbox done"."""

    owed: list[Owed] = field(default_factory=list)
    dialog: tuple[int, int, NextStep | None] | None = None
    """(person, chat, next step or None for none any more); untouched when it stays None."""
    toast: Text | None = None
    alert: bool = False
    url: str = ""
    react: bool = False
    language: str = "zh"
    also: list[Callable[[UnitOfWork], Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says about an update's people and places."""

    person: PersonRow | None
    chat: ChatRow | None
    dialog: Dialog | None
    pressed: Pressed | None


@dataclass(frozen=True, slots=True)
class Site:
    """What is fixed for this installation."""

    bot_id: int
    username: str
    language: str
    admins: frozenset[int]


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
        self._db = db
        self._router = router
        self._services = services
        self._direct = direct
        self._site = site
        self._clock = clock

    async def answer(self, question: Incoming) -> Outcome:
        """Never raises for what a person did; DatabaseRefused means: try this update again later."""
        known = await self._db.read(lambda uow: self._look(uow, question))
        if question.member or question.migrated_to is not None:
            return self._moved(question)
        person = await self._meet(question, known)
        place = Place.PRIVATE if question.private else Place.GROUP
        allowed = question.private or (known.chat is not None and known.chat.allowed)
        chat = Chat(question.chat, place, question.topic, question.title, allowed)
        turn = _Turn(self, question, person, chat, known)
        if question.press:
            return await turn.press()
        if not question.private:
            return await turn.group()
        return await turn.private()

    def _look(self, uow: UnitOfWork, question: Incoming) -> _Known:
        plain = question.private and not question.press
        return _Known(
            uow.people.row(question.sender.id) if not question.sender.nobody else None,
            None if question.private else uow.chats.get(question.chat),
            uow.dialogs.get(question.sender.id, question.chat) if plain else None,
            uow.buttons.open(question.data, self._clock()) if question.press else None,
        )

    async def _meet(self, question: Incoming, known: _Known) -> Person:
        """Who this is; what changed about them since we last met is written down."""
        sender, row = question.sender, known.person
        if sender.nobody:
            language = (
                known.chat.language if known.chat and known.chat.language else self._site.language
            )
            return Person(0, sender.name, language=language)
        started = question.private or bool(row and row.started)
        if (
            row is None
            or (row.name, row.username, row.client_language)
            != (sender.name, sender.username, sender.language_code)
            or (question.private and (not row.started or row.blocked_at))
        ):
            now = self._clock()
            row = await self._db.write(
                lambda uow: uow.people.meet(
                    sender.id,
                    sender.name,
                    sender.username,
                    sender.language_code,
                    now,
                    started=question.private,
                )
            )
        admin = sender.id in self._site.admins or row.admin
        role = Role.ADMIN if admin else Role.MEMBER if row.openpai_user else Role.STRANGER
        return Person(
            sender.id,
            sender.name,
            sender.username,
            choose(row.language, sender.language_code, self._site.language),
            role,
            row.openpai_user or "",
            row.linked_at,
            started,
        )

    def _moved(self, question: Incoming) -> Outcome:
        """A group became a supergroup, or the bot was blocked, let in, or shown the door."""
        now = self._clock()
        chat, status = question.chat, question.member
        outcome = Outcome()
        if (new := question.migrated_to) is not None:
            outcome.also.append(lambda uow: uow.chats.migrate(chat, new))
        elif question.private:
            blocked = status in {"kicked", "left"}
            outcome.also.append(lambda uow: uow.people.set_blocked(chat, now if blocked else None))
        elif status in {"kicked", "left"}:
            outcome.also.append(lambda uow: uow.chats.bury(chat, status, now))
        else:
            outcome.also.append(lambda uow: uow.chats.meet(chat, "group", question.title, now))
        return outcome


class _Turn:
    """One update on its way: what every step needs, in one place."""

    def __init__(
        self, own: Answering, question: Incoming, person: Person, chat: Chat, known: _Known
    ) -> None:
        self._own = own
        self._question = question
        self._person = person
        self._chat = chat
        self._known = known
        self._key = f"{own._site.bot_id}:{question.update_id}:0"
        self._now = own._clock()
        group = known.chat.language if known.chat else None
        self._group_language = group or own._site.language
        self._left_in_sight = False
        """A password could not be deleted from the chat."""

    async def private(self) -> Outcome:
        question = self._question
        if question.file is not None:
            return await self._route(self._own._router.for_document, question.text)
        words = question.text
        if words.startswith("/"):
            return await self._command(words)
        if (dialog := self._known.dialog) is not None and dialog.expires_at > self._now:
            step = self._own._router.find_step(dialog.name)
            if step is not None:
                return await self._route(step, words, data=dialog.data)
        if (line := plainwords.command(words)) is not None:
            return await self._command(line)
        return await self._route(self._own._router.for_anything_else, words)

    async def group(self) -> Outcome:
        question = self._question
        name, addressed, _ = self._split(question.text)
        if not name or (addressed and addressed != self._own._site.username.lower()):
            return Outcome()
        command = self._own._router.find(name, Place.GROUP)
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
            owner = await self._own._db.read(lambda uow: uow.people.get(pressed.owner or 0))
            outcome.toast = text("button-not-yours", name=owner.name if owner else "?")
            outcome.alert = True
            return outcome
        if pressed.once and not await self._own._db.write(
            lambda uow: uow.buttons.use(self._question.data, self._key)
        ):
            outcome.toast = text("button-used")
            return outcome
        if pressed.action == AGAIN:
            return await self._command(str(pressed.payload.get("line", "")), again=True)
        route = self._own._router.find_button(pressed.action)
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
        router = self._own._router
        if name == "start" and raw and not again:
            resumed = await self._resume(raw.strip())
            if resumed is not None:
                return resumed
        command = router.find(name, self._chat.place)
        if command is None:
            return self._say(self._unknown(name), private=False)
        private = command.place is Place.PRIVATE and self._chat.place is Place.GROUP
        if self._person.role < command.role:
            return self._say(Reply.of(*self._not_allowed(command)), private=private)
        if private and not self._person.started:
            return self._invite_to_private(line)
        if command.secret and raw.strip():
            await self._delete_question()
        if raw.strip().lower() in {"help", "帮助"}:
            usage = arguments.usage(command.takes, name)
            return self._say(Reply.of(text(command.help), *usage), private=private)
        late = self._late() and not again
        if late and command.changes:
            return self._say(self._ask_first(line), private=private)

        async def run() -> Reply:
            args: Any = arguments.parse(command.takes, raw, name)
            return await command.run(self._ask(args, late=late))

        return self._say(await self._guarded(name, run), private=private)

    async def _route(self, route: Route | None, args: Any, data: Any = None) -> Outcome:
        if route is None:
            return Outcome()
        if self._person.role < route.role:
            return self._say(Reply.of(*self._not_allowed(route)), private=False)
        private = route.place is Place.PRIVATE and self._chat.place is Place.GROUP
        if private and not self._person.started:
            return self._invite_to_private("/start")
        if route.secret:
            await self._delete_question()
        late = self._late()
        reply = await self._guarded(
            route.name, lambda: route.run(self._ask(args, late=late, data=data or {}))
        )
        return self._say(reply, private=private)

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
            self._person, args, own._services, self._key, self._chat, self._now,
            self._question.message, self._question.file, data or {}, late, own._router,
        )  # fmt: skip

    def _say(self, reply: Reply, *, private: bool) -> Outcome:
        """Where each message of a reply goes, as rows that are owed."""
        outcome = Outcome(
            language=self._language(private), toast=reply.toast, alert=reply.alert, react=private
        )
        if private and self._question.press and outcome.toast is None:
            outcome.toast = text("answered-privately")
        for index, part in enumerate((reply.with_(also=()), *reply.also)):
            if part.lines or part.attachment:
                outcome.owed.append(self._owed(part, index, private))
            if part.then is not None:
                outcome.dialog = (self._person.id, self._person.id, part.then)
            elif part.done:
                outcome.dialog = (self._person.id, self._person.id, None)
        if reply.toast is not None and not self._question.press and not outcome.owed:
            outcome.owed.append(self._owed(Reply.of(reply.toast), 0, private))
        return outcome

    def _owed(self, reply: Reply, index: int, private: bool) -> Owed:
        question, group = self._question, self._chat.place is Place.GROUP and not private
        owed = Owed(
            f"{self._key}:{index}",
            self._person.id if private else self._chat.id,
            reply.lines,
            self._language(private),
            reply.buttons,
            self._person.id or None,
            priority=Priority.ANSWER,
            topic=self._chat.topic if group else None,
            silent=group,
            card=reply.card,
            attachment=reply.attachment,
        )
        if reply.attachment is not None:
            return replace(owed, kind=Kind.DOCUMENT, reply_to=question.message if group else None)
        edits = question.press and not reply.new and not private and index == 0
        if edits and question.reachable:
            return replace(owed, kind=Kind.EDIT, message=question.message)
        return replace(owed, reply_to=question.message if group and not question.press else None)

    def _language(self, private: bool) -> str:
        if self._chat.place is Place.PRIVATE or private:
            return self._person.language
        return self._group_language

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
        close = nearest.nearest(name, self._own._router.names, 3)
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
        outcome = Outcome(language=self._group_language)
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
        link = f"https://t.me/{self._own._site.username}?start={ticket}"
        reply = Reply(
            (text("come-to-private", name=person.name or "?"),),
            ((Button(text("button-open-private"), url=link),),),
        ).with_(new=True)
        outcome.owed.append(self._owed(reply, 0, private=False))
        if self._question.press:
            outcome.url = link
        return outcome

    async def _resume(self, ticket: str) -> Outcome | None:
        """`/start <ticket>` from such a deep link goes on with what was asked in the group."""
        pressed = await self._own._db.read(lambda uow: uow.buttons.open(ticket, self._now))
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
            self._left_in_sight = not await self._own._direct.delete(
                question.chat, question.message
            )

    async def _password_in_group(self, command: Command) -> Outcome:
        """Never used: deleted where possible, and its owner is told to change it."""
        await self._delete_question()
        key = "secret-in-group-left" if self._left_in_sight else "secret-in-group"
        warning = Reply.of(text(key, command=f"/{command.name}"))
        if self._person.id and self._person.started:
            return replace(self._say(warning, private=True), react=False)
        if not self._chat.allowed:
            return Outcome()
        owed = replace(self._owed(warning, 0, private=False), reply_to=None)
        return Outcome([owed], language=self._group_language)
