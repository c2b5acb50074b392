"""/du: what takes the space, in one's folder and, for admins, by person."""

from typing import Any

from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.files import FilePath, Places
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.files import KEPT_DAYS, Bill, Share
from handlers.files.browse import At, PathArgs, clean, opening, said
from handlers.files.folder import in_folder

router = Router()

BIGGEST, OLDEST = 8, 5
OLD_SECONDS = 60 * 86400
PEOPLE = 40
ALL = frozenset({"all", "全部", "所有人"})
"""A directory of that name is `./all`."""


@router.command("du", place=Place.PRIVATE, takes=PathArgs, needs="storage", how="how-du")
async def du(ask: Ask[PathArgs]) -> Reply:
    if ask.args.path.strip() in ALL and ask.person.role >= Role.ADMIN:
        return await by_person(ask)
    return await own(ask)


@in_folder
async def own(ask: Ask[PathArgs], place: Places) -> Reply:
    return bill(ask, await ask.services.storage.browsing.count(place, said(place, ask.args.path)))


@router.button("files.du", takes=At, place=Place.PRIVATE)
@in_folder
async def counted(ask: Ask[At], place: Places) -> Reply:
    path = FilePath.of(ask.args.path)
    return bill(ask, await ask.services.storage.browsing.count(place, path)).with_(new=True)


def bill(ask: Ask[PathArgs] | Ask[At], found: Bill) -> Reply:
    """What a directory holds: the biggest and the longest untouched parts of it."""
    usage, now = found.usage, ask.now.timestamp()
    inside = found.place.in_job(found.path)
    lines = [text("du-total", path=inside, bytes=usage.total_bytes, complete=usage.complete)]
    if found.quota_bytes:
        share = round(100 * usage.total_bytes / found.quota_bytes)
        lines.append(text("du-quota", bytes=found.quota_bytes, percent=share))
    if found.space is not None:
        space = found.space
        lines.append(text("du-space", free=space.free_bytes, total=space.total_bytes))
    ranked = sorted(usage.parts, key=lambda part: -part.size_bytes)[:BIGGEST]
    if ranked:
        lines.append(text("du-biggest"))
        lines += [text("du-part", name=clean(p.name), bytes=p.size_bytes) for p in ranked]
    old = [
        (now - part.modified.timestamp(), part)
        for part in usage.parts
        if part.modified is not None and now - part.modified.timestamp() > OLD_SECONDS
    ]
    if old:
        lines.append(text("du-oldest"))
        aged = sorted(old, key=lambda one: -one[0])[:OLDEST]
        lines += [
            text("du-old", name=clean(p.name), bytes=p.size_bytes, age=age) for age, p in aged
        ]
    row = [opening(found.path, text("button-files"))]
    if ask.person.role >= Role.ADMIN:
        row.append(Button(text("button-du-all"), "files.du.all"))
    return Reply(tuple(lines), (tuple(row),))


@router.button("files.du.all", role=Role.ADMIN, place=Place.PRIVATE)
async def of_all(ask: Ask[Any]) -> Reply:
    return (await by_person(ask)).with_(new=True)


async def by_person(ask: Ask[Any]) -> Reply:
    """How much each member's folder held when the clock counted it last."""
    shares, space = await ask.services.storage.measuring.shares()
    total = sum(one.used_bytes for one in shares)
    lines = [text("du-all-title", count=len(shares), bytes=total)]
    if space is not None:
        lines.append(text("du-space", free=space.free_bytes, total=space.total_bytes))
    now = ask.now.timestamp()
    lines += [person_line(one, now) for one in shares[:PEOPLE]]
    if len(shares) > PEOPLE:
        lines.append(text("du-all-more", count=len(shares) - PEOPLE))
    return Reply(tuple(lines))


def person_line(one: Share, now: float) -> Text:
    return text(
        "du-all-one",
        name=one.person.name,
        folder=one.folder,
        bytes=one.used_bytes,
        complete=one.complete,
        age=max(0.0, now - one.counted_at.timestamp()),
    )


@router.button("files.keep", place=Place.PRIVATE)
async def keep(ask: Ask[Any]) -> Reply:
    """What lies unread is still needed: no reminder for half a year."""
    await ask.services.storage.measuring.keep(ask.person, KEPT_DAYS)
    return Reply.of(text("unread-kept", days=KEPT_DAYS))
