"""/feed: what a group is told of."""

import re
from dataclasses import dataclass

from bot.chat.arguments import Rest
from bot.chat.nearest import nearest
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import UserError
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import text

router = Router()

WORD = re.compile(r"([+＋]|[-－−–—]+)?\s*([^\s,，、;；+＋－−–—-][^\s,，、;；+＋]*)")
"""`+started`, `-quota`; `started` alone is switched on."""
CALLED = {
    "开始": "started", "成功": "succeeded", "停止": "stopped", "镜像": "image_pushed", "配额": "quota",
    "磁盘快满": "storage_low", "磁盘已满": "storage_full",
}  # fmt: skip
ALL = frozenset({"all", "全部"})
NEVER = frozenset({"failed", "retrying", "失败", "重试"})


@dataclass(frozen=True, slots=True)
class FeedArgs:
    """`/feed`, `/feed +image_pushed -quota`."""

    words: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Switch:
    event: str
    on: bool


@router.command(
    "feed", place=Place.GROUP, role=Role.ADMIN, takes=FeedArgs, changes=True, how="how-feed"
)
async def feed(ask: Ask[FeedArgs]) -> Reply:
    on, off = understood(ask.args.words, ask.services.feeds.offered)
    if not on and not off:
        return view(ask, await ask.services.feeds.chosen(ask.chat.id))
    return view(
        ask, await ask.services.feeds.choose(ask.person, ask.chat.id, ask.chat.topic, on, off)
    )


@router.button("feed.switch", takes=Switch, role=Role.ADMIN)
async def switch(ask: Ask[Switch]) -> Reply:
    event = ask.args.event
    if ask.chat.place is not Place.GROUP or event not in ask.services.feeds.offered:
        raise UserError("button-expired")
    on, off = ({event}, set[str]()) if ask.args.on else (set[str](), {event})
    return view(
        ask, await ask.services.feeds.choose(ask.person, ask.chat.id, ask.chat.topic, on, off)
    )


def understood(words: str, offered: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """What to switch on and what off; one wrong word and nothing is switched."""
    on: set[str] = set()
    off: set[str] = set()
    for sign, word in WORD.findall(words):
        target, other = (on, off) if sign in {"", "+", "＋"} else (off, on)
        events = set(offered) if word.lower() in ALL else {event_called(word, offered)}
        target |= events
        other -= events
    return on, off


def event_called(word: str, offered: tuple[str, ...]) -> str:
    name = CALLED.get(word, word.lower().replace("-", "_"))
    if name in offered:
        return name
    if name in NEVER:
        raise UserError("feed-no-failures")
    near = nearest(name, offered)
    raise UserError(
        "feed-unknown", word=word[:32], nearest=near[0] if near else "", events=" ".join(offered)
    )


def view(ask: Ask[FeedArgs] | Ask[Switch], chosen: frozenset[str]) -> Reply:
    offered = ask.services.feeds.offered
    shown = [(event, "yes" if event in chosen else "no") for event in offered]
    switches = [
        Button(
            text("feed-switch", event=event, on=on),
            "feed.switch",
            {"event": event, "on": event not in chosen},
        )
        for event, on in shown
    ]
    return Reply(
        (
            text("feed-title"),
            *(text("feed-event", event=event, on=on) for event, on in shown),
            text("feed-no-failures"),
        ),
        tuple(tuple(switches[at : at + 2]) for at in range(0, len(switches), 2)),
    )
