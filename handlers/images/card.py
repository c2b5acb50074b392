"""/image: what is in this image, who used it, and what can be done with it."""

from dataclasses import dataclass, replace
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Router
from bot.domain import runline
from bot.domain.errors import NotFound, UserError
from bot.domain.images.reference import Reference
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.images.browsing import Choices
from bot.services.images.references import parse_reference
from handlers import choosing, submit
from handlers.images import views

router = Router()


@dataclass(frozen=True, slots=True)
class ImageArgs:
    image: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Target:
    image: str


@dataclass(frozen=True, slots=True)
class Picked:
    image: str
    line: str = ""


@router.command("image", place=Place.PRIVATE, takes=ImageArgs, how="how-image")
async def image(ask: Ask[ImageArgs]) -> Reply:
    if not ask.args.image.strip():
        how = text("image-how", listed="yes" if ask.services.site.images else "no")
        return await choosing.known_image(ask, how, "image.open")
    meant = await ask.services.images.browsing.meant(ask.person, ask.args.image)
    if isinstance(meant, Choices):
        return choose(meant)
    return await show(ask, meant)


@router.command("image", place=Place.GROUP, role=Role.STRANGER, takes=ImageArgs, how="how-image")
async def in_group(ask: Ask[ImageArgs]) -> Reply:
    """What everybody may know, in a few lines; everything else in private."""
    browsing = ask.services.images.browsing
    link = Button(text("button-open-private"), url=ask.services.link("images"))
    if not ask.args.image.strip():
        return Reply((text("image-group-how"),), ((link,),))
    meant = await browsing.meant(None, ask.args.image)
    if isinstance(meant, Choices):
        names = ", ".join(str(one) for one in meant.references)
        return Reply((text("image-several", word=ask.args.image.strip()[:80], names=names),))
    try:
        found = await browsing.card(None, meant)
    except NotFound as missing:
        return Reply((missing.text,), ((link,),))
    return Reply((*views.summary(found), *await tested(ask, found.reference)), ((link,),))


@router.button("image.open", takes=Target, place=Place.PRIVATE)
async def opened(ask: Ask[Target]) -> Reply:
    return (await show(ask, parse_reference(ask.args.image))).with_(new=True)


def choose(found: Choices) -> Reply:
    rows = tuple(
        (Button(text("button-name", name=str(one)), "image.open", {"image": str(one)}),)
        for one in found.references
    )
    return Reply((text("image-which"),), rows)


async def show(ask: Ask[ImageArgs] | Ask[Target], wanted: Reference) -> Reply:
    browsing = ask.services.images.browsing
    try:
        found = await browsing.card(ask.person, wanted)
    except NotFound as missing:
        return await no_such(ask, wanted, missing)
    docker = ask.services.site.terminal(ask.person).docker
    shown = views.card(found, browsing.now(), docker, copies=copies(ask))
    return shown.with_(lines=(*shown.lines, *await tested(ask, found.reference)))


def copies(ask: Ask[Any]) -> str:
    """Where copies can go: `harbor`, else `registry`; empty where there is nothing to write to."""
    site = ask.services.site
    return "harbor" if site.harbor else "registry" if site.images else ""


async def tested(ask: Ask[Any], image: Reference) -> tuple[Text, ...]:
    """How its last test went, in a group without a name; nothing of an image that was never tested."""
    one = await ask.services.images.catalogue.tried(str(image))
    if one is None or one.tested_at is None:
        return ()
    at, by = one.tested_at.timestamp(), one.tested_by if ask.chat.place is Place.PRIVATE else ""
    return (text("image-tested", works=one.works, at=at, by=by, on=one.tested_on),)


async def no_such(ask: Ask[ImageArgs] | Ask[Target], wanted: Reference, missing: NotFound) -> Reply:
    """The likest tags are offered; of a repository without `latest`, what it has."""
    browsing = ask.services.images.browsing
    if browsing.names.own(wanted.host) and not (wanted.tag or wanted.digest):
        found = await browsing.artifacts(ask.person, wanted.project, wanted.repository)
        return views.artifacts(browsing.hub_host, wanted.path, found, 1, browsing.now())
    near = await browsing.nearest(ask.person, wanted)
    rows = tuple(
        (
            Button(
                text("button-name", name=one.tag if one.path == wanted.path else one.path),
                "image.open",
                {"image": str(one)},
            ),
        )
        for one in near
    )
    if not near:
        return Reply.of(missing.text)
    same = near[0].path == wanted.path
    return Reply((missing.text, text("image-near" if same else "image-near-names")), rows)


@router.button("image.use", takes=Target, place=Place.PRIVATE)
async def use(ask: Ask[Target]) -> Reply:
    return chosen(ask.args.image)


def chosen(image: str) -> Reply:
    """The image is chosen; the next message says what runs on it."""
    step = NextStep("image.command", {"image": image})
    return Reply((text("image-use", image=image),), then=step, new=True)


@router.button("run.image", takes=Picked, place=Place.PRIVATE)
async def picked(ask: Ask[Picked]) -> Reply:
    """Chosen for a line that named no image; without a line, the next message says what runs on it."""
    if not ask.args.line:
        return chosen(ask.args.image)
    return (await on_image(ask, ask.args.line, ask.args.image)).with_(new=True)


@router.step("run.image")
async def named(ask: Ask[str]) -> Reply:
    """The image was written instead of chosen."""
    line = str(ask.data["line"])
    try:
        meant = await ask.services.images.browsing.meant(ask.person, ask.args)
    except UserError as error:
        return Reply((error.text,), then=NextStep("run.image", {"line": line}))
    if not isinstance(meant, Choices):
        return (await on_image(ask, line, str(meant))).with_(done=True)
    rows = tuple(
        (
            Button(
                text("button-name", name=str(one)), "run.image", {"image": str(one), "line": line}
            ),
        )
        for one in meant.references
    )
    return Reply((text("image-which"),), rows, done=True)


async def on_image(ask: Ask[Any], words: str, image: str) -> Reply:
    """Shown first, even if the line said `now`: what it runs on was only chosen now."""
    line = replace(runline.parse(words), image=image, now=False)
    return submit.show(await ask.services.submitting.preview(ask.person, line, ask.key))


@router.step("image.command")
async def command(ask: Ask[str]) -> Reply:
    words = ask.args.removeprefix("/run").strip()
    try:
        line = runline.parse(f"image={ask.data['image']} {words}")
    except UserError as error:
        return Reply((error.text,), then=NextStep("image.command", dict(ask.data)))
    preview = await ask.services.submitting.preview(ask.person, line, ask.key)
    return submit.show(preview).with_(done=True)
