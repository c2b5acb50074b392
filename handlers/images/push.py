"""/push: the docker lines for somebody's own image, and a robot account to do it with."""

from dataclasses import dataclass
from typing import Any

from bot.chat.reply import Reply
from bot.chat.router import Anything, Ask, Router
from bot.domain.docker.lines import Terminal
from bot.domain.errors import UserError
from bot.domain.images.reference import DOCKER_HUB, Reference
from bot.domain.images.versions import says_nothing, tag_of
from bot.domain.messages import Button, Rows
from bot.domain.people import Place
from bot.domain.text import text
from bot.services.images.references import parse_reference
from bot.services.pushing import Destination, MadeRobot
from handlers.docker.guide import copies

router = Router()


@dataclass(frozen=True, slots=True)
class PushArgs:
    name: str = ""
    registry: str = ""


@dataclass(frozen=True, slots=True)
class One:
    robot: str


@router.command("push", place=Place.PRIVATE, takes=PushArgs, how="how-push")
async def push(ask: Ask[PushArgs]) -> Reply:
    """The lines for this registry, project and person; the tag says what is inside, if that is known."""
    if not ask.args.name:
        names = ", ".join(ask.services.images.pushing.names)
        return Reply((text("push-how", names=names),), await robot_row(ask))
    local = parse_reference(ask.args.name)
    where = await destination(ask)
    terminal = where.terminal
    tag = await better_tag(ask, local) or local.tag or "latest"
    leaf = local.path.rpartition("/")[2]
    target = terminal.image(where.repository(leaf, ask.person.openpai_user), tag)
    every = (terminal.login(), terminal.tag(str(local), target), terminal.push(target))
    lines = [text("push-lines", login=every[0], tag=every[1], push=every[2])]
    if says_nothing(tag):
        lines.append(text("push-tag", tag=tag))
    if terminal.project in {"", "USER"}:
        lines.append(text("push-project", public=terminal.registry == DOCKER_HUB))
    if where.plain_http:
        lines.append(text("push-http", registry=terminal.registry))
    rows = await robot_row(ask) if where.harbor else ()
    return Reply(tuple(lines), (*copies(*every), *rows))


async def destination(ask: Ask[PushArgs]) -> Destination:
    site = ask.services.site
    home = site.terminal(ask.person)
    return await ask.services.images.pushing.destination(
        ask.person, home, ask.args.registry, plain_http=site.plain_http
    )


@router.command("push", place=Place.GROUP, takes=Anything)
async def push_in_group(ask: Ask[Anything]) -> Reply:
    link = Button(text("button-open-private"), url=ask.services.link("push"))
    return Reply((text("push-group"),), ((link,),))


async def better_tag(ask: Ask[PushArgs], local: Reference) -> str:
    """Composed of the versions inside, when the image is in a registry; a tag that says something stays."""
    if local.tag and not says_nothing(local.tag):
        return local.tag
    try:
        return tag_of((await ask.services.images.browsing.card(ask.person, local)).versions)
    except UserError:
        return ""


async def robot_row(ask: Ask[Any]) -> Rows:
    project = await ask.services.images.robots.offered(ask.person)
    return ((Button(text("button-robot"), "robot.ask"),),) if project else ()


@router.button("robot.ask", place=Place.PRIVATE)
async def ask_robot(ask: Ask[Any]) -> Reply:
    """What it will be, and what becomes of the one before; nothing is made yet."""
    robots = ask.services.images.robots
    project = await robots.offered(ask.person)
    if not project:
        raise UserError("robot-none-here")
    mine = await robots.mine(ask.person)
    lines = [text("robot-about", project=project)]
    lines += [text("robot-yours", name=one.name, at=one.expires_at.timestamp()) for one in mine]
    make = Button(text("button-robot-make"), "robot.make", style="primary", once=True)
    drop = tuple(
        (Button(text("button-robot-delete"), "robot.delete", {"robot": one.id}, style="danger"),)
        for one in mine[:1]
    )
    return Reply(tuple(lines), ((make,), *drop), new=True)


@router.button("robot.make", place=Place.PRIVATE)
async def make_robot(ask: Ask[Any]) -> Reply:
    made = await ask.services.images.robots.make(ask.person, ask.key)
    home = ask.services.site.terminal(ask.person)
    where = await ask.services.images.pushing.destination(ask.person, home)
    return shown(made, where.terminal)


def shown(made: MadeRobot, terminal: Terminal) -> Reply:
    """The only time anybody sees the secret. No button copies it: the payload would stay with Telegram."""
    line = terminal.as_user(made.name).login()
    said = text(
        "robot-made",
        name=made.name,
        secret=made.secret,
        login=line,
        ends=made.expires_at.timestamp(),
        until=made.shown_until.timestamp(),
        replaced=made.replaced,
    )
    return Reply((said,), card=made.card, new=True)


@router.button("robot.delete", takes=One, place=Place.PRIVATE)
async def delete_robot(ask: Ask[One]) -> Reply:
    name = await ask.services.images.robots.delete(ask.person, ask.args.robot)
    return Reply.of(text("robot-deleted", name=name))
