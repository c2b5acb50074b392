"""What one update leads to, and where each message of it goes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.chat.incoming import Incoming
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Chat
from bot.domain.messages import Kind, Owed, Priority
from bot.domain.people import Person, Place
from bot.domain.text import Text, text
from db import UnitOfWork


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
class Addressing:
    """Turns replies into messages that are owed, each with its chat, language, topic and card."""

    question: Incoming
    person: Person
    chat: Chat
    key: str
    group_language: str

    def say(self, reply: Reply, *, private: bool) -> Outcome:
        """Where each message of a reply goes; `private` when a group's question is answered in private."""
        outcome = Outcome(
            language=self.language(private), toast=reply.toast, alert=reply.alert, react=private
        )
        if private and self.question.press and outcome.toast is None:
            outcome.toast = text("answered-privately")
        for index, part in enumerate((reply.with_(also=()), *reply.also)):
            if part.lines or part.attachment:
                outcome.owed.append(self.owed(part, index, private=private))
            if part.then is not None:
                outcome.dialog = (self.person.id, self.person.id, part.then)
            elif part.done:
                outcome.dialog = (self.person.id, self.person.id, None)
        if reply.toast is not None and not self.question.press and not outcome.owed:
            outcome.owed.append(self.owed(Reply.of(reply.toast), 0, private=private))
        return outcome

    def owed(self, reply: Reply, index: int, *, private: bool) -> Owed:
        question, group = self.question, self.chat.place is Place.GROUP and not private
        owed = Owed(
            f"{self.key}:{index}",
            self.person.id if private else self.chat.id,
            reply.lines,
            self.language(private),
            reply.buttons,
            self.person.id or None,
            priority=Priority.ANSWER,
            topic=self.chat.topic if group else None,
            silent=group,
            card=reply.card,
            attachment=reply.attachment,
        )
        if reply.attachment is not None:
            return replace(owed, kind=Kind.DOCUMENT, reply_to=question.message if group else None)
        if reply.card and reply.again:
            return replace(owed, kind=Kind.EDIT)
        edits = question.press and not reply.new and not private and index == 0
        if edits and question.reachable:
            return replace(owed, kind=Kind.EDIT, message=question.message)
        return replace(owed, reply_to=question.message if group and not question.press else None)

    def language(self, private: bool) -> str:
        if self.chat.place is Place.PRIVATE or private:
            return self.person.language
        return self.group_language
