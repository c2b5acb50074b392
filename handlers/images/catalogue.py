"""/catalog: images that are known to work here, and admins' care for the list."""

from dataclasses import dataclass
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import Reply
from bot.chat.router import Anything, Ask, Router
from bot.domain.errors import NotFound, UserError
from bot.domain.images.reference import Reference
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.images.browsing import Choices
from bot.services.images.catalogue import Known

router = Router()
ADD, REMOVE = frozenset({"add", "加", "添加"}), frozenset({"remove", "rm", "delete", "删", "删除"})
SHOWN = 6


@dataclass(frozen=True, slots=True)
class CatalogArgs:
    words: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Entry:
    image: str
    note: str = ""


@router.command("catalog", place=Place.PRIVATE, takes=CatalogArgs, changes=True, how="how-catalog")
async def catalogue(ask: Ask[CatalogArgs]) -> Reply:
    """`/catalog`, and for admins `/catalog add IMAGE note` and `/catalog remove IMAGE`."""
    verb, _, rest = ask.args.words.strip().partition(" ")
    if not verb:
        listed = ask.services.site.images
        return shown(await ask.services.images.catalogue.known(ask.person), listed=listed)
    if verb not in ADD | REMOVE:
        raise UserError("catalog-word", word=verb[:40])
    if ask.person.role is not Role.ADMIN:
        raise UserError("catalog-admins")
    image, _, note = rest.strip().partition(" ")
    if not image:
        return Reply.of(text("catalog-how-add" if verb in ADD else "catalog-how-remove"))
    return await (add(ask, image, note.strip()) if verb in ADD else remove(ask, image))


async def add(ask: Ask[Any], words: str, note: str) -> Reply:
    """Only what is there; of what no registry would tell, the admin is told so."""
    meant = await ask.services.images.browsing.meant(ask.person, words)
    if isinstance(meant, Choices):
        rows = tuple(entry_button(one, note) for one in meant.references)
        return Reply((text("image-which"),), (*rows,))
    findings = (await ask.services.images.checks.check(ask.person, str(meant))).findings
    wrong = [one for one in findings if one.grade == "bad"]
    if wrong:
        near = await ask.services.images.browsing.nearest(ask.person, meant)
        rows = tuple(entry_button(one, note) for one in near)
        return Reply((wrong[0].text, text("catalog-not-added")), rows)
    name = await ask.services.images.catalogue.add(ask.person, str(meant), note)
    unsure = [one.text for one in findings if one.grade == "unknown"]
    return Reply((text("catalog-added", name=name), *unsure), (opening(name),))


@router.button("catalog.add", takes=Entry, role=Role.ADMIN, place=Place.PRIVATE)
async def add_pressed(ask: Ask[Entry]) -> Reply:
    return await add(ask, ask.args.image, ask.args.note)


async def remove(ask: Ask[Any], words: str) -> Reply:
    """By its full name; a part of it shows what it may mean."""
    known = ask.services.images.catalogue
    try:
        return Reply.of(text("catalog-removed", name=await known.remove(ask.person, words)))
    except NotFound as missing:
        fitting = [one.image for one in (await known.known(None)).tried if words in one.image]
        rows = tuple(
            (Button(text("button-name", name=name), "catalog.remove", {"image": name}),)
            for name in fitting[:SHOWN]
        )
        return Reply((text("catalog-which"),) if rows else (missing.text,), rows)


@router.button("catalog.remove", takes=Entry, role=Role.ADMIN, place=Place.PRIVATE)
async def remove_pressed(ask: Ask[Entry]) -> Reply:
    known = ask.services.images.catalogue
    return Reply.of(text("catalog-removed", name=await known.remove(ask.person, ask.args.image)))


@router.command("catalog", place=Place.GROUP, role=Role.STRANGER, takes=Anything)
async def in_group(ask: Ask[Anything]) -> Reply:
    """One line: the long list is for the private chat."""
    found = await ask.services.images.catalogue.known(None)
    link = Button(text("button-open-private"), url=ask.services.link("catalog"))
    return Reply((text("catalog-group", count=len(found.tried)),), ((link,),))


def shown(found: Known, *, listed: bool) -> Reply:
    if not (found.own or found.tried or found.learned):
        return Reply.of(text("catalog-empty", listed="yes" if listed else "no"))
    lines: list[Text] = []
    if found.own:
        lines += [text("catalog-own"), *(text("catalog-name", name=name) for name in found.own[:5])]
    if found.tried:
        lines += [text("catalog-tried"), *tried_lines(found)]
    if found.learned:
        lines.append(text("catalog-learned"))
        lines += [
            text(
                "catalog-good",
                name=one.image,
                jobs=one.jobs,
                people=one.people,
                at=one.last_at.timestamp(),
                sku=one.sku,
            )
            for one in found.learned
        ]
    names = dict.fromkeys(
        (*(t.image for t in found.tried), *found.own, *(one.image for one in found.learned))
    )
    return Reply(tuple(lines), tuple(opening(name) for name in list(names)[:SHOWN]))


def tried_lines(found: Known) -> list[Text]:
    return [
        text(
            "catalog-line",
            name=one.image,
            note=one.note,
            works=one.works,
            inside=" · ".join(" ".join(pair) for pair in one.versions),
            by=one.tested_by,
            at=one.tested_at.timestamp() if one.tested_at else 0,
            on=one.tested_on,
        )
        for one in found.tried[:12]
    ]


def opening(name: str) -> tuple[Button, ...]:
    return (Button(text("button-name", name=name), "image.open", {"image": name}),)


def entry_button(image: Reference, note: str) -> tuple[Button, ...]:
    payload = {"image": str(image), "note": note}
    return (Button(text("button-name", name=str(image)), "catalog.add", payload),)
