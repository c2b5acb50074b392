"""/start, /help, /lang: what is this, and what can it do?"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.chat import arguments
from bot.chat.arguments import Rest
from bot.chat.nearest import nearest
from bot.chat.reply import Reply
from bot.chat.router import AGAIN, Ask, Command, Router, explanation
from bot.domain.errors import UserError
from bot.domain.messages import Button, Rows
from bot.domain.people import Place, Role
from bot.domain.text import Text, text

router = Router()

TOPIC = re.compile(r"[a-z0-9_]{1,32}")


@dataclass(frozen=True, slots=True)
class StartArgs:
    ticket: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class HelpArgs:
    topic: str = ""


@dataclass(frozen=True, slots=True)
class LangArgs:
    language: Literal["", "zh", "en"] = ""


@dataclass(frozen=True, slots=True)
class Language:
    language: str


def run_button(line: str, label: str) -> Button:
    """A button that does what writing the command would do."""
    return Button(text(label), AGAIN, {"line": line})


def next_steps(ask: Ask[Any]) -> Rows:
    """The likeliest next buttons of this reader."""
    if not ask.person.openpai_user:
        return ((Button(text("button-login"), "login.start", style="primary"),), (HELP,))
    return (
        (run_button("/jobs", "button-jobs"), run_button("/gpu", "button-gpus")),
        (run_button("/run", "button-run"), HELP),
    )


HELP = run_button("/help", "button-help")


LONG_TOPICS = frozenset({"docker", "dockerfile", "help", "push", "catalog", "images"})
"""What a group answers with one line and a link: `/start docker-run` there means `/docker run` here."""


@router.command("start", role=Role.STRANGER, takes=StartArgs)
async def start(ask: Ask[StartArgs]) -> Reply:
    if ask.chat.place is Place.GROUP:
        return in_private("help", ask)
    if (topic := await linked_topic(ask)) is not None:
        return topic
    name, site = ask.person.name, ask.services.site.name
    if not ask.person.openpai_user:
        greeting = text("start-stranger", name=name, site=site, named=bool(site))
        lines = (greeting, text("start-link"))
    else:
        greeting = text("start-member", name=name, site=site, named=bool(site))
        lines = (greeting, text("start-next"))
    return Reply(lines, (*await first_job(ask), *next_steps(ask)))


async def first_job(ask: Ask[Any]) -> Rows:
    """For who has never run anything: a job that can't go wrong by their own fault."""
    if not await ask.services.images.trying.newcomer(ask.person):
        return ()
    return ((Button(text("button-first-job"), "job.first", style="primary"),),)


async def linked_topic(ask: Ask[StartArgs]) -> Reply | None:
    """What a link in a group led to; everybody may make such links, so only long topics are followed."""
    name, _, words = ask.args.ticket.strip().partition("-")
    found = ask.router.find(name, Place.PRIVATE) if ask.router and name in LONG_TOPICS else None
    if found is None or ask.person.role < found.role:
        return None
    args: Any = arguments.parse(found.takes, words, name)
    return await found.run(replace(ask, args=args))


@router.command("help", role=Role.STRANGER, takes=HelpArgs, how="how-help")
async def show_help(ask: Ask[HelpArgs]) -> Reply:
    topic = ask.args.topic.removeprefix("/").lower()
    if ask.chat.place is Place.GROUP:
        return in_private(f"help-{topic}" if TOPIC.fullmatch(topic) else "help", ask)
    if topic:
        return explain(ask, topic)
    lines = [text("help-line", name=c.name, help=Text(c.help)) for c in commands_for(ask)]
    if not ask.person.openpai_user:
        link = text("help-after-link")
        return Reply((text("help-title"), *lines, link), (next_steps(ask)[0],))
    return Reply((text("help-title"), *lines, text("help-more")))


def in_private(word: str, ask: Ask[Any]) -> Reply:
    """Long topics are one line in a group, with a link that goes on in private."""
    link = Button(text("button-open-private"), url=ask.services.link(word))
    return Reply((text("start-group"),), ((link,),))


def commands_for(ask: Ask[HelpArgs]) -> list[Command]:
    """What this reader may use in this place, each name once."""
    found: dict[str, Command] = {}
    for command in ask.router or ():
        here = command.place is Place.ANY or command.place is ask.chat.place
        if here and not command.hidden and ask.person.role >= command.role:
            found.setdefault(command.name, command)
    return list(found.values())


def explain(ask: Ask[HelpArgs], topic: str) -> Reply:
    """One command in full. Whoever may not use it yet may still read about it, but for the admins' own."""
    known = [c for c in ask.router or () if c.role < Role.ADMIN or ask.person.role is Role.ADMIN]
    for place in (ask.chat.place, Place.ANY, Place.PRIVATE, Place.GROUP):
        for command in known:
            if (command.name, command.place) == (topic, place):
                return explanation(command)
    close = nearest(topic, [c.name for c in known], 1)
    if not close:
        raise UserError("help-unknown-topic", topic=topic[:32])
    raise UserError("help-unknown", topic=topic[:32], nearest=close[0])


@router.command("cancel", place=Place.PRIVATE, role=Role.STRANGER, hidden=True)
async def cancel(_ask: Ask[Any]) -> Reply:
    """What is typed by habit where a dialog waits; its password is not asked for any more then."""
    return Reply((text("cancel-done"),), done=True)


@router.command("lang", role=Role.STRANGER, takes=LangArgs, changes=True, how="how-lang")
async def lang(ask: Ask[LangArgs]) -> Reply:
    if not ask.args.language:
        return Reply((text("lang-choose"),), (language_buttons(),))
    return await choose_language(ask, ask.args.language)


@router.button("lang.choose", takes=Language, role=Role.STRANGER)
async def chosen(ask: Ask[Language]) -> Reply:
    return await choose_language(ask, ask.args.language)


def language_buttons() -> tuple[Button, ...]:
    return tuple(
        Button(text(f"lang-name-{code}"), "lang.choose", {"language": code})
        for code in ("zh", "en")
    )


async def choose_language(ask: Ask[Any] | Ask[LangArgs] | Ask[Language], language: str) -> Reply:
    """A person's own language; a group's is its admins' to choose."""
    private = ask.chat.place is Place.PRIVATE
    if not private and ask.person.role is not Role.ADMIN:
        raise UserError("only-admins")
    await ask.services.admin.choose_language(ask.person, ask.chat.id, private, language)
    return Reply.of(text("lang-set", language=language))
