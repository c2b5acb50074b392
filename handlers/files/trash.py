"""/rm and /trash: what is deleted can come back for a week."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.chat import markup
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.files import FilePath, Places, Trashed
from bot.domain.messages import Button
from bot.domain.people import Place
from bot.domain.text import Argument, text
from bot.services.files.trash import HOME
from handlers.files.browse import LABEL, At, PathArgs, clean, how, opening, said
from handlers.files.folder import in_folder
from handlers.start import run_button

router = Router()

SHOWN = 12
FAILED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TrashArgs:
    what: Literal["", "empty"] = ""


@dataclass(frozen=True, slots=True)
class Thing:
    id: str


@dataclass(frozen=True, slots=True)
class Until:
    """What was in the trash when it was asked whether to empty it; no more than that goes."""

    until: int
    """Milliseconds since 1970."""


@router.command(
    "rm", place=Place.PRIVATE, takes=PathArgs, needs="storage", changes=True, how="how-rm"
)
@in_folder
async def rm(ask: Ask[PathArgs], place: Places) -> Reply:
    path = said(place, ask.args.path)
    if not ask.args.path.strip():
        return how("how-rm")
    return thrown(place, await ask.services.storage.trash.throw(ask.person, place, path, ask.key))


@router.button("files.rm", takes=At, place=Place.PRIVATE)
@in_folder
async def throw(ask: Ask[At], place: Places) -> Reply:
    path = FilePath.of(ask.args.path)
    return thrown(place, await ask.services.storage.trash.throw(ask.person, place, path, ask.key))


def thrown(place: Places, thing: Trashed) -> Reply:
    restore = Button(text("button-restore"), "trash.restore", {"id": thing.id}, once=True)
    rows = ((restore, opening(thing.origin.parent, text("button-files"))),)
    return Reply((text("trash-thrown", path=place.in_job(thing.origin)),), rows)


@router.command("trash", place=Place.PRIVATE, takes=TrashArgs, needs="storage", how="how-trash")
@in_folder
async def trash(ask: Ask[TrashArgs], place: Places) -> Reply:
    things = await ask.services.storage.trash.contents(ask.person)
    if not things:
        return Reply((text("trash-nothing"),), ((run_button("/ls", "button-files"),),))
    until: dict[str, Argument] = {"until": int(ask.now.timestamp() * 1000) + 1}
    sure = Button(text("button-empty-yes"), "trash.empty", until, style="danger", once=True)
    if ask.args.what == "empty":
        keep = Button(text("button-cancel"), "trash.keep")
        return Reply((text("trash-sure", count=len(things)),), ((sure, keep),))
    now = ask.now.timestamp()
    lines = [
        text("trash-thing", path=place.in_job(one.origin), age=now - one.at.timestamp())
        for one in things[:SHOWN]
    ]
    restoring = [
        Button(
            text("button-restore-this", name=markup.cut(clean(one.origin.name), LABEL)),
            "trash.restore",
            {"id": one.id},
        )
        for one in things[:SHOWN]
    ]
    rows = [tuple(restoring[i : i + 2]) for i in range(0, len(restoring), 2)]
    empty = run_button("/trash empty", "button-empty")
    return Reply((text("trash-title", count=len(things)), *lines), (*rows, (empty,)))


@router.button("trash.restore", takes=Thing, place=Place.PRIVATE)
@in_folder
async def restore(ask: Ask[Thing], place: Places) -> Reply:
    path = await ask.services.storage.trash.restore(ask.person, place, ask.args.id)
    button = opening(path.parent, text("button-files"))
    return Reply((text("trash-restored", path=place.in_job(path)),), ((button,),))


@router.button("trash.empty", takes=Until, place=Place.PRIVATE)
@in_folder
async def empty(ask: Ask[Until], place: Places) -> Reply:
    until = datetime.fromtimestamp(ask.args.until / 1000, UTC)
    done = await ask.services.storage.trash.empty(ask.person, place, until)
    lines = [text("trash-emptied", count=done.things)]
    if done.failed:
        shown = done.failed[:FAILED_SHOWN]
        paths = ", ".join(place.in_job(one.origin) for one in shown)
        there = " ".join(shlex.quote(place.on_server(HOME / one.id)) for one in shown)
        lines.append(text("trash-failed", paths=paths, admin=f"sudo rm -rf -- {there}"))
    return Reply(tuple(lines))


@router.button("trash.keep", place=Place.PRIVATE)
async def keep(ask: Ask[Any]) -> Reply:
    return Reply.of(text("cancelled"))
