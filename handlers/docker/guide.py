"""/docker: how images and containers are handled, with the reader's own values in every line."""

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from bot.chat.arguments import arg
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.docker.guide import example, lines
from bot.domain.files.paths import FilePath
from bot.domain.messages import Button, Rows
from bot.domain.people import Place
from bot.domain.text import Text, text
from bot.services.pushing import Destination

router = Router()

Topic = Literal[
    "",
    "image",
    "images",
    "ps",
    "run",
    "exec",
    "commit",
    "tag",
    "login",
    "push",
    "rm",
    "dockerfile",
    "build",
    "shell",
    "entrypoint",
]
TOPICS: tuple[str, ...] = tuple(topic for topic in get_args(Topic) if topic)
"""In the order in which somebody learns them."""
NAMED = {
    "镜像": "image",
    "容器": "ps",
    "运行": "run",
    "提交": "commit",
    "标签": "tag",
    "登录": "login",
    "推送": "push",
    "删除": "rm",
    "构建": "build",
    "container": "image",
    "pull": "images",
    "rmi": "rm",
    "cmd": "entrypoint",
    "attach": "exec",
    "logout": "login",
    "stop": "ps",
    "exit": "ps",
    "port": "run",
    "ports": "run",
    "from": "dockerfile",
    "scratch": "dockerfile",
    "maintainer": "dockerfile",
    "label": "dockerfile",
    "workdir": "dockerfile",
    "copy": "dockerfile",
    "add": "dockerfile",
    "env": "dockerfile",
    "arg": "dockerfile",
    "expose": "dockerfile",
}
"""Other words for them."""
PLACES = ("first", "second", "third")
ROW = 3
COPY_LIMIT = 256
"""Telegram's; a line cut there would do something else."""
_IMAGE = re.compile(r"\S+/\S+/\S+:\S+")


@dataclass(frozen=True, slots=True)
class DockerArgs:
    topic: Topic = arg(default="", values=NAMED)


@router.command("docker", place=Place.PRIVATE, takes=DockerArgs)
async def docker(ask: Ask[DockerArgs]) -> Reply:
    where = await destination(ask)
    if not ask.args.topic:
        return overview(where)
    reply = explain(ask.args.topic, where)
    if ask.args.topic in {"run", "commit"} and (line := await own_folder(ask)):
        return reply.with_(lines=(*reply.lines, line))
    return reply


@router.command("docker", place=Place.GROUP, takes=DockerArgs)
async def in_group(ask: Ask[DockerArgs]) -> Reply:
    topic = ask.args.topic
    link = ask.services.link(f"docker-{topic}" if topic else "docker")
    return Reply((text("docker-group"),), ((Button(text("button-open-private"), url=link),),))


@router.button("docker.topic", takes=DockerArgs, place=Place.PRIVATE)
async def turn(ask: Ask[DockerArgs]) -> Reply:
    return await docker(ask)


async def destination(ask: Ask[Any]) -> Destination:
    """Where this reader pushes to: the site's registry, by the names that docker takes there."""
    site = ask.services.site
    home = site.terminal(ask.person)
    return await ask.services.images.pushing.destination(
        ask.person, home, plain_http=site.plain_http
    )


async def own_folder(ask: Ask[Any]) -> Text | None:
    """What is at the mount point in a job of this reader, if they have a folder."""
    place = await ask.services.storage.folders.of(ask.person)
    if place is None:
        return None
    return text("docker-folder", folder=place.on_server(FilePath()), point=place.mount_point)


def overview(where: Destination) -> Reply:
    """The topics, and in the end what all of them lead to: the reader's own image in the registry."""
    buttons = [to(topic) for topic in TOPICS]
    rows = tuple(tuple(buttons[at : at + ROW]) for at in range(0, len(buttons), ROW))
    own = where.terminal
    image = example(own)
    whole = text("docker-whole", build=own.build(image), login=own.login(), push=own.push(image))
    return Reply((text("docker-overview"), whole), rows)


def explain(topic: str, where: Destination) -> Reply:
    """The topic with its lines, each of which can be copied, and the way to its neighbours."""
    own = where.terminal
    commands = lines(topic, own)
    said = [text(f"docker-topic-{topic}", **dict(zip(PLACES, commands, strict=False)))]
    if topic in {"login", "push"} and where.plain_http:
        said.append(text("docker-plain-http", registry=own.registry))
    if topic in {"login", "push", "tag", "dockerfile"} and not own.registry:
        said.append(text("docker-no-registry"))
    return Reply(tuple(said), (*copies(*commands), *neighbours(topic)))


def neighbours(topic: str) -> Rows:
    at = TOPICS.index(topic)
    row = [to(one) for one in (TOPICS[at - 1 : at] + TOPICS[at + 1 : at + 2])]
    everything = Button(text("docker-topics"), "docker.topic")
    return (tuple(row), (everything,))


def to(topic: str) -> Button:
    return Button(text(f"docker-name-{topic}"), "docker.topic", {"topic": topic})


def copies(*lines: str) -> Rows:
    """A button for each line that Telegram can copy whole; its label leaves out what all lines share."""
    return tuple(
        (Button(text("docker-copy", line=_IMAGE.sub("…", line.removeprefix("sudo "))), copy=line),)
        for line in lines
        if len(line) <= COPY_LIMIT
    )
