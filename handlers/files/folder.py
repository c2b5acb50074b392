"""The first time: which folder is yours?"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Router
from bot.domain.files import FilePath, Places
from bot.domain.files.errors import NoRight, explained
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import text
from handlers.start import run_button

router = Router()


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Application:
    person: int
    name: str


def in_folder(
    run: Callable[[Ask[Any], Places], Awaitable[Reply]],
) -> Callable[[Ask[Any]], Awaitable[Reply]]:
    """Gives a handler the person's folder; who has none yet is asked for its name first.

    What the server's permissions forbid is told with the commands that mend it.
    """

    @wraps(run)
    async def handler(ask: Ask[Any]) -> Reply:
        storage = ask.services.storage
        place = await storage.folders.of(ask.person)
        if place is None:
            return propose(ask)
        try:
            return await run(ask, place)
        except NoRight as error:
            account = await storage.own_keys.account(ask.person) or storage.folders.site.username
            raise explained(error, place, account) from error

    return handler


def propose(ask: Ask[Any]) -> Reply:
    folders = ask.services.storage.folders
    names = folders.proposals(ask.person)
    rows = tuple(
        (Button(text("button-folder-take", name=name), "folder.take", {"name": name}),)
        for name in names
    )
    own = (Button(text("button-folder-other"), "folder.other"),)
    line = text("folder-propose", root=folders.site.root)
    return Reply((line,), (*rows, own))


@router.button("folder.take", takes=Name, place=Place.PRIVATE)
async def take(ask: Ask[Name]) -> Reply:
    return await chosen(ask, ask.args.name)


@router.button("folder.other", place=Place.PRIVATE)
async def other(ask: Ask[Any]) -> Reply:
    return Reply((text("folder-which"),), then=NextStep("folder.name"))


@router.step("folder.name")
async def named(ask: Ask[str]) -> Reply:
    return await chosen(ask, ask.args)


async def chosen(ask: Ask[Any], name: str) -> Reply:
    place = await ask.services.storage.folders.choose(ask.person, name)
    if place is None:
        return Reply((text("folder-asked", name=name.strip()),), done=True)
    here = place.on_server(FilePath())
    lines = (text("folder-yours", path=here, inside=place.in_job(FilePath())),)
    buttons = ((run_button("/ls", "button-files"), run_button("/put", "button-put")),)
    return Reply(lines, buttons, done=True)


@router.button("folder.grant", takes=Application, role=Role.ADMIN, place=Place.PRIVATE)
async def grant(ask: Ask[Application]) -> Reply:
    args = ask.args
    await ask.services.storage.folders.grant(ask.person, args.person, args.name)
    return Reply.of(text("folder-grant-done", name=args.name))


@router.button("folder.refuse", takes=Application, role=Role.ADMIN, place=Place.PRIVATE)
async def refuse(ask: Ask[Application]) -> Reply:
    args = ask.args
    await ask.services.storage.folders.refuse(ask.person, args.person, args.name)
    return Reply.of(text("folder-refuse-done", name=args.name))
