"""Who asks, as far as the database and the update tell."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.answering.outcome import Outcome
from bot.chat.incoming import Incoming
from bot.domain.people import Person, Role, choose
from db import ChatRow, Database, Dialog, PersonRow, Pressed, UnitOfWork, Unreadable


@dataclass(frozen=True, slots=True)
class Site:
    """What is fixed for this installation."""

    bot_id: int
    username: str
    language: str
    admins: frozenset[int]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says about an update's people and places."""

    person: PersonRow | None
    chat: ChatRow | None
    dialog: Dialog | None
    pressed: Pressed | None


def look(uow: UnitOfWork, question: Incoming, now: datetime) -> Known:
    return Known(
        uow.people.row(question.sender.id) if not question.sender.nobody else None,
        None if question.private else uow.chats.get(question.chat),
        uow.dialogs.get(question.sender.id, question.chat) if question.private else None,
        uow.buttons.open(question.data, now) if question.press else None,
    )


def acquaint(uow: UnitOfWork, question: Incoming, now: datetime) -> Known | None:
    """`look`, and what changed about them is written down at once; None if there is something unreadable."""
    try:
        known = look(uow, question, now)
    except Unreadable:  # no reason not to accept the update: its turn will tell
        return None
    if question.member or question.migrated_to is not None or not _is_news(question, known.person):
        return known
    return replace(known, person=_meet(uow, question, now))


async def meet(db: Database, site: Site, question: Incoming, known: Known, now: datetime) -> Person:
    """Who this is; what changed about them since we last met is written down."""
    sender, row = question.sender, known.person
    if sender.nobody:
        language = known.chat.language if known.chat and known.chat.language else site.language
        return Person(0, sender.name, language=language)
    if row is None or _is_news(question, row):
        row = await db.write(lambda uow: _meet(uow, question, now))
    admin = sender.id in site.admins or row.admin
    role = Role.ADMIN if admin else Role.MEMBER if row.openpai_user else Role.STRANGER
    return Person(
        sender.id,
        sender.name,
        sender.username,
        choose(row.language, sender.language_code, site.language),
        role,
        row.openpai_user or "",
        row.linked_at,
        question.private or row.started,
    )


def _is_news(question: Incoming, row: PersonRow | None) -> bool:
    """Whether the sender is not as they stand in the database."""
    sender = question.sender
    if sender.nobody:
        return False
    if row is None or (question.private and (not row.started or row.blocked_at)):
        return True
    shown = (sender.name, sender.username, sender.language_code)
    return (row.name, row.username, row.client_language) != shown


def _meet(uow: UnitOfWork, question: Incoming, now: datetime) -> PersonRow:
    sender = question.sender
    return uow.people.meet(
        sender.id,
        sender.name,
        sender.username,
        sender.language_code,
        now,
        started=question.private,
    )


def moved(question: Incoming, now: datetime) -> Outcome:
    """A group became a supergroup, or the bot was blocked, let in, or shown the door."""
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
