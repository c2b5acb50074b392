"""/copyimage, /tagimage, /rmimage: what changes something asks first, and says what it did."""

import re
from dataclasses import dataclass
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import UserError
from bot.domain.images.reference import Reference
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.images.browsing import Choices
from bot.services.images.care.deletions import Deletion, confirmed, deletion_buttons, told
from bot.services.images.changing import Occupied
from bot.services.images.copying import stop_button
from bot.services.images.references import parse_reference
from handlers import choosing
from handlers.images import views
from handlers.images.card import Target, choose

router = Router()
TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Words:
    words: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Agreed:
    image: str
    digest: str
    tags: str
    what: str
    asker: int


@dataclass(frozen=True, slots=True)
class Kept:
    image: str
    asker: int


@dataclass(frozen=True, slots=True)
class Moving:
    """A tag or copy that replaces what is at `over`."""

    source: str
    target: str
    over: str


@dataclass(frozen=True, slots=True)
class Begun:
    copy: str


@router.command("rmimage", place=Place.PRIVATE, takes=Words, needs="harbor", how="how-rmimage")
async def remove(ask: Ask[Words]) -> Reply:
    if not ask.args.words.strip():
        return await choosing.known_image(ask, text("image-how-rm"))
    meant = await ask.services.images.browsing.meant(ask.person, ask.args.words)
    if isinstance(meant, Choices):
        return choose(meant)
    return await dialog(ask, meant)


@router.button("image.delete", takes=Target, place=Place.PRIVATE)
async def remove_pressed(ask: Ask[Target]) -> Reply:
    return (await dialog(ask, parse_reference(ask.args.image))).with_(new=True)


async def dialog(ask: Ask[Any], image: Reference) -> Reply:
    """All that goes with it, before anybody says yes."""
    wanted = await ask.services.images.changing.deletion(ask.person, image)
    lines = about(wanted, ask)
    if wanted.running.jobs:
        jobs = ", ".join(str(job.ref) for job in wanted.running.jobs[:5])
        return Reply((*lines, text("image-in-use", jobs=jobs)))
    if wanted.only_tag:
        return Reply((*lines, text("image-delete-secret")), deletion_buttons(wanted))
    if wanted.allowed:
        rows = deletion_buttons(wanted)
        sure = (text("image-delete-sure"),) if len(rows) > 1 else ()
        return Reply((*lines, *sure), rows)
    asking = Button(text("button-ask-admin"), "image.delete.ask", {"image": str(image)}, once=True)
    cancel = Button(text("button-cancel"), "image.delete.no")
    return Reply((*lines, text("image-delete-no-right")), ((asking,), (cancel,)))


def about(wanted: Deletion, ask: Ask[Any]) -> tuple[Text, ...]:
    one, now = wanted.artifact, ask.services.images.browsing.now()
    lines = [
        text("image-delete-title", name=str(wanted.image)),
        text("image-digest", digest=one.digest),
        text("image-delete-tags", tags=", ".join(one.names), count=len(one.names), size=one.size),
        text(
            "image-pushed",
            age=views.ago(one.pushed_at, now),
            never=one.pulled_at is None,
            pulled=views.ago(one.pulled_at, now),
        ),
    ]
    if wanted.last_job is not None:
        used = views.ago(wanted.last_job.submitted_at, now)
        lines.append(text("image-delete-used", job=str(wanted.last_job.ref), age=used))
    if one.children:
        shown = ", ".join(child.platform for child in one.children)
        lines.append(text("image-delete-children", count=len(one.children), platforms=shown))
    if one.kept:
        lines.append(text("image-delete-kept", tags=", ".join(one.kept)))
    if wanted.catalogued:
        lines.append(text("image-delete-catalogued"))
    return tuple(lines)


@router.button("image.delete.yes", takes=Agreed, place=Place.PRIVATE)
async def remove_sure(ask: Ask[Agreed]) -> Reply:
    a = ask.args
    agreed = confirmed(a.image, a.digest, a.tags, a.what, a.asker)
    done = await ask.services.images.changing.delete(ask.person, agreed)
    lines = [told(done)]
    if done.there:
        lines.append(text("image-deleted-gc" if done.what == "all" else "image-deleted-tag"))
    return Reply(tuple(lines))


@router.button("image.delete.no", place=Place.PRIVATE)
async def remove_not(_ask: Ask[Any]) -> Reply:
    return Reply.of(text("image-delete-not"))


@router.button("image.delete.keep", takes=Kept, place=Place.PRIVATE, role=Role.ADMIN)
async def keep(ask: Ask[Kept]) -> Reply:
    changing = ask.services.images.changing
    await changing.keep(ask.person, ask.args.image, ask.args.asker, ask.key)
    return Reply.of(text("image-keep-told"))


@router.button("image.delete.ask", takes=Target, place=Place.PRIVATE)
async def ask_admin(ask: Ask[Target]) -> Reply:
    changing = ask.services.images.changing
    wanted = await changing.deletion(ask.person, parse_reference(ask.args.image))
    count = await changing.ask_admins(ask.person, wanted, about(wanted, ask))
    return Reply.of(text("image-asked-admins" if count else "image-no-admins"))


@router.command("tagimage", place=Place.PRIVATE, takes=Words, needs="registry", how="how-tagimage")
async def tag(ask: Ask[Words]) -> Reply:
    words = ask.args.words.rsplit(maxsplit=1)
    if len(words) == 1 or not words:
        return await choosing.known_image(ask, text("image-how-tag"))
    image, name = words
    meant = await ask.services.images.browsing.meant(ask.person, image)
    if isinstance(meant, Choices):
        return choose(meant)
    return await tagged(ask, meant, name, "")


@router.button("image.tag", takes=Target, place=Place.PRIVATE)
async def tag_pressed(ask: Ask[Target]) -> Reply:
    step = NextStep("image.tag", {"image": ask.args.image})
    return Reply((text("image-which-tag", name=ask.args.image),), then=step, new=True)


@router.step("image.tag")
async def tag_named(ask: Ask[str]) -> Reply:
    image = parse_reference(str(ask.data["image"]))
    return (await tagged(ask, image, ask.args.strip(), "")).with_(done=True)


@router.button("image.tag.over", takes=Moving, place=Place.PRIVATE)
async def tag_over(ask: Ask[Moving]) -> Reply:
    return await tagged(ask, parse_reference(ask.args.source), ask.args.target, ask.args.over)


async def tagged(
    ask: Ask[Words] | Ask[Moving] | Ask[str], image: Reference, name: str, over: str
) -> Reply:
    if not TAG.fullmatch(name):
        raise UserError("image-bad-tag", tag=name)
    try:
        await ask.services.images.changing.tag(ask.person, image, name, over=over)
    except Occupied as taken:
        payload = {"source": str(image), "target": name, "over": taken.digest}
        return replacing(
            taken,
            Button(
                text("button-image-replace"), "image.tag.over", payload, style="danger", once=True
            ),
        )
    return Reply(
        (text("image-tagged", name=str(image), tag=name),), ((opening(image.at(tag=name)),),)
    )


@router.command(
    "copyimage", place=Place.PRIVATE, takes=Words, needs="registry", how="how-copyimage"
)
async def copy(ask: Ask[Words]) -> Reply:
    words = ask.args.words.split(maxsplit=1)
    if not words:
        return await choosing.known_image(ask, text("image-how-copy"), "image.copy.to")
    source, where = words[0], " ".join(words[1:])
    meant = await ask.services.images.browsing.meant(ask.person, source)
    if isinstance(meant, Choices):
        return choose(meant)
    target = ask.services.images.copying.target(meant, where)
    return await copied(ask, meant, target, "")


@router.button("image.copy", takes=Target, place=Place.PRIVATE)
async def copy_pressed(ask: Ask[Target]) -> Reply:
    source = parse_reference(ask.args.image)
    target = ask.services.images.copying.target(source, "")
    return (await copied(ask, source, target, "")).with_(new=True)


@router.button("image.copy.to", takes=Target, place=Place.PRIVATE)
async def copy_to(ask: Ask[Target]) -> Reply:
    step = NextStep("image.copy.to", {"image": ask.args.image})
    return Reply((text("image-which-copy", name=ask.args.image),), then=step, new=True)


@router.step("image.copy.to")
async def copy_named(ask: Ask[str]) -> Reply:
    source = parse_reference(str(ask.data["image"]))
    target = ask.services.images.copying.target(source, ask.args)
    return (await copied(ask, source, target, "")).with_(done=True)


@router.button("image.copy.over", takes=Moving, place=Place.PRIVATE)
async def copy_over(ask: Ask[Moving]) -> Reply:
    source, target = parse_reference(ask.args.source), parse_reference(ask.args.target)
    return await copied(ask, source, target, ask.args.over)


async def copied(
    ask: Ask[Words] | Ask[Target] | Ask[Moving] | Ask[str],
    source: Reference,
    target: Reference,
    over: str,
) -> Reply:
    try:
        begun = await ask.services.images.copying.begin(
            ask.person, source, target, ask.key, over=over
        )
    except Occupied as taken:
        payload = {"source": str(source), "target": str(target), "over": taken.digest}
        return replacing(
            taken,
            Button(
                text("button-image-replace"), "image.copy.over", payload, style="danger", once=True
            ),
        )
    line = text("image-copy-begun", source=str(source), name=str(target))
    return Reply((line,), ((stop_button(begun.id),),), card=f"copy:{begun.id}")


@router.button("image.copy.stop", takes=Begun, place=Place.PRIVATE)
async def copy_stopped(ask: Ask[Begun]) -> Reply:
    stopped = await ask.services.images.copying.cancel(ask.args.copy)
    if not stopped:  # the message says by itself how it ended
        return Reply(toast=text("image-copy-over"))
    return Reply.of(text("image-copy-stopped"))


def replacing(taken: Occupied, yes: Button) -> Reply:
    no = Button(text("button-cancel"), "image.delete.no")
    return Reply((taken.text,), ((yes, no),))


def opening(image: Reference) -> Button:
    return Button(text("button-image-card"), "image.open", {"image": str(image)})
