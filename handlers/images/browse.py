"""/images: which images has the lab?"""

from dataclasses import dataclass
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.people import Place, Role
from bot.domain.text import text
from bot.services.images.references import parse_reference
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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    host: str
    word: str
    page: int


@dataclass(frozen=True, slots=True)
class ElsewhereTags:
    image: str
    page: int


@router.command("images", place=Place.PRIVATE, takes=ImagesArgs, needs="registry", how="how-images")
async def images(ask: Ask[ImagesArgs]) -> Reply:
    """Harbor's; `/images REGISTRY word` looks into another registry of the settings."""
    query = ask.args.query.strip()
    first, _, rest = query.partition(" ")
    others = ask.services.images.others
    if host := others.named(first):
        return await elsewhere(ask, host, rest.strip(), 1)
    if not ask.services.images.browsing.has_hub:
        return views.registries(others.hosts)
    return await listed(ask, query, 1)


async def elsewhere(
    ask: Ask[ImagesArgs] | Ask[Elsewhere], host: str, word: str, page: int
) -> Reply:
    found = await ask.services.images.others.repositories(ask.person, host, word, page)
    return views.elsewhere(host, found, word, page)


@router.button("images.elsewhere", takes=Elsewhere, place=Place.PRIVATE)
async def elsewhere_turned(ask: Ask[Elsewhere]) -> Reply:
    return await elsewhere(ask, ask.args.host, ask.args.word, ask.args.page)


@router.button("images.elsewhere.tags", takes=ElsewhereTags, place=Place.PRIVATE)
async def elsewhere_tags(ask: Ask[ElsewhereTags]) -> Reply:
    image = parse_reference(ask.args.image)
    found = await ask.services.images.others.tags(ask.person, image, ask.args.page)
    return views.elsewhere_tags(image, found, ask.args.page)


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
