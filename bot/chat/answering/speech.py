"""What is said whatever the command: unknown, not allowed, too late, somewhere else."""

from datetime import datetime
from typing import Any

from bot.chat import nearest
from bot.chat.incoming import Incoming
from bot.chat.reply import Reply
from bot.chat.router import AGAIN, Chat, Command, Route, Router
from bot.domain.errors import LoginNeeded, UserError
from bot.domain.messages import Button, Rows
from bot.domain.people import Person, Role
from bot.domain.text import text
from db import UnitOfWork

TICKET_SECONDS = 86400
LINE_SHOWN = 200


def unknown(name: str, router: Router) -> Reply:
    close = nearest.nearest(name, router.names, 3)
    line = text("unknown-command", name=name[:32])
    if not close:
        return Reply.of(line, text("unknown-command-help"))
    buttons = tuple(
        Button(text("button-run-line", line=f"/{other}"), AGAIN, {"line": f"/{other}"})
        for other in close
    )
    return Reply((line, text("did-you-mean", name=f"/{close[0]}")), (buttons,))


def for_groups(command: Command) -> Reply:
    """A command of groups, asked for in private."""
    return Reply.of(text("only-in-groups", name=command.name), text(command.help))


def not_allowed(wanted: Command | Route) -> Reply:
    if wanted.role is Role.ADMIN:
        return Reply.of(text("only-admins")).with_(new=True)
    link = Button(text("button-login"), "login.start", style="primary")
    return Reply((text("only-members"),), ((link,),)).with_(new=True)


def way_out(error: UserError) -> Rows:
    """The button for what has to be done first, where one command does it."""
    if not isinstance(error, LoginNeeded):
        return ()
    line = "/login" if error.system == "openpai" else f"/login {error.system}"
    return ((Button(text("button-run-line", line=line), AGAIN, {"line": line}, style="primary"),),)


def ask_first(line: str, question: Incoming, now: datetime) -> Reply:
    """The preview of a command that came late: it is shown, and done at a press."""
    minutes = int((now - (question.at or now)).total_seconds() // 60)
    return Reply(
        (text("asked-late", line=line[:LINE_SHOWN], minutes=minutes),),
        ((Button(text("button-do-it-now"), AGAIN, {"line": line}, once=True),),),
    )


def invitation(person: Person, link: str) -> Reply:
    """One line with a deep link, for somebody the bot may not write to yet."""
    button = Button(text("button-open-private"), url=link)
    return Reply((text("come-to-private", name=person.name or "?"),), ((button,),)).with_(new=True)


def keep_ticket(
    uow: UnitOfWork, ticket: str, line: str, person: Person, chat: Chat, now: datetime
) -> Any:
    """What the deep link goes on with, for this person only."""
    uow.buttons.create(
        ticket,
        person.id,
        AGAIN,
        {"line": line},
        chat=chat.id,
        now=now,
        lives_seconds=TICKET_SECONDS,
    )
