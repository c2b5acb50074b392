"""/images: which images has the lab?"""

from dataclasses import dataclass
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.people import Place, Role
from bot.domain.text import text
from handlers.images import views

router = Router()
GROUP_LINES = 5


@dataclass(frozen=True, slots=True)
class ImagesArgs:
    query: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Turn:
    word: str
    page: int


@dataclass(frozen=True, slots=True)
class Tags:
    path: str
    page: int


@router.command("images", place=Place.PRIVATE, takes=ImagesArgs, needs="harbor", how="how-images")
async def images(ask: Ask[ImagesArgs]) -> Reply:
    return await listed(ask, ask.args.query.strip(), 1)


@router.command("images", place=Place.GROUP, role=Role.STRANGER, needs="harbor")
async def in_group(ask: Ask[Any]) -> Reply:
    """A summary of what everybody may see."""
    browsing = ask.services.images.browsing
    found = await browsing.repositories(None)
    names = ", ".join(one.path for one in found.items[:GROUP_LINES])
    return Reply.of(text("images-group", count=found.total, names=names))


@router.button("images.page", takes=Turn, place=Place.PRIVATE)
async def turned(ask: Ask[Turn]) -> Reply:
    return await listed(ask, ask.args.word, ask.args.page)


async def listed(ask: Ask[ImagesArgs] | Ask[Turn], word: str, page: int) -> Reply:
    browsing = ask.services.images.browsing
    found = await browsing.repositories(ask.person, word, page)
    return views.repositories(found, word, page, browsing.now())


@router.button("images.tags", takes=Tags, place=Place.PRIVATE)
async def tags(ask: Ask[Tags]) -> Reply:
    browsing = ask.services.images.browsing
    project, _, name = ask.args.path.partition("/")
    found = await browsing.artifacts(ask.person, project, name, ask.args.page)
    return views.artifacts(browsing.hub_host, ask.args.path, found, ask.args.page, browsing.now())
