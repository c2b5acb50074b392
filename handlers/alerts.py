"""/alerts: what shall I be told, and when not?"""

import re
from dataclasses import dataclass
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import UserError
from bot.domain.messages import Button, Rows
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.alerts import (
    ADMINS_EVENTS,
    ADMINS_HUB_EVENTS,
    EVENTS,
    HUB_EVENTS,
    STORAGE_EVENTS,
    Preferences,
)

router = Router()

TIMES = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|–|—|~|～|to|到|至|\s)\s*(\d{1,2})[:：](\d{2})")
SIGNS = re.compile(r"\s*[=＝:：]\s*|\s+")
"""`quiet=23:00-07:00` and `failed: off` are meant well, too."""
PRESETS = ((22, 7), (23, 8), (0, 9))
OFF = frozenset({"off", "no", "关", "关闭"})
ON = frozenset({"on", "yes", "开", "打开"})
CALLED = {
    "开始": "started", "开始运行": "started", "成功": "succeeded", "失败": "failed", "停止": "stopped",
    "已停止": "stopped", "重试": "retrying", "重试中": "retrying",
}  # fmt: skip
"""As the buttons call them."""


@dataclass(frozen=True, slots=True)
class AlertsArgs:
    """`/alerts`, `/alerts quiet 23:00-07:00`, `/alerts quiet off`, `/alerts failed off`."""

    words: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Switch:
    event: str
    on: bool


@dataclass(frozen=True, slots=True)
class Quiet:
    start: int
    end: int


@router.command("alerts", place=Place.PRIVATE, takes=AlertsArgs, changes=True, how="how-alerts")
async def alerts(ask: Ask[AlertsArgs]) -> Reply:
    words = ask.args.words.strip().lower()
    first, *said = SIGNS.split(words, maxsplit=1)
    rest = "".join(said)
    if not words:
        return view(ask, await ask.services.alerts.preferences(ask.person))
    if TIMES.fullmatch(words):
        return await set_quiet(ask, words)
    if first in {"quiet", "免打扰"}:
        return await set_quiet(ask, rest)
    event = CALLED.get(first, first)
    if event in events(ask) and rest.strip() in ON | OFF:
        return view(ask, await ask.services.alerts.switch(ask.person, event, rest.strip() in ON))
    raise UserError("alerts-usage", events=", ".join(events(ask)))


@router.button("alerts.switch", takes=Switch, place=Place.PRIVATE)
async def switch(ask: Ask[Switch]) -> Reply:
    if ask.args.event not in events(ask):
        raise UserError("button-expired")
    return view(ask, await ask.services.alerts.switch(ask.person, ask.args.event, ask.args.on))


@router.button("alerts.quiet", place=Place.PRIVATE)
async def choose_quiet(ask: Ask[Any]) -> Reply:
    rows: Rows = (
        tuple(
            Button(
                text("quiet-preset", start=clock(start * 60), end=clock(end * 60)),
                "alerts.quiet.set",
                {"start": start * 60, "end": end * 60},
            )
            for start, end in PRESETS
        ),
        (
            Button(text("button-quiet-own"), "alerts.quiet.own"),
            Button(text("button-quiet-off"), "alerts.quiet.set", {"start": 0, "end": 0}),
        ),
        (Button(text("button-back"), "alerts.show"),),
    )
    return Reply((text("quiet-choose"),), rows)


@router.button("alerts.show", place=Place.PRIVATE)
async def show(ask: Ask[Any]) -> Reply:
    return view(ask, await ask.services.alerts.preferences(ask.person)).with_(done=True)


@router.button("alerts.quiet.set", takes=Quiet, place=Place.PRIVATE)
async def quiet_set(ask: Ask[Quiet]) -> Reply:
    return await store_quiet(ask, ask.args.start, ask.args.end)


@router.button("alerts.quiet.own", place=Place.PRIVATE)
async def quiet_own(ask: Ask[Any]) -> Reply:
    back = Button(text("button-back"), "alerts.show")
    return Reply((text("quiet-ask"),), ((back,),), then=NextStep("alerts.quiet"))


@router.step("alerts.quiet")
async def got_quiet(ask: Ask[str]) -> Reply:
    try:
        return (await set_quiet(ask, ask.args)).with_(done=True)
    except UserError as error:
        return Reply((error.text,), then=NextStep("alerts.quiet"))


async def set_quiet(ask: Ask[str] | Ask[AlertsArgs], words: str) -> Reply:
    if words.strip().lower() in OFF:
        return await store_quiet(ask, 0, 0)
    found = TIMES.fullmatch(words.strip())
    hours = [int(part) for part in found.groups()] if found else []
    if not found or max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59:
        raise UserError("quiet-bad", words=words.strip() or "…")
    return await store_quiet(ask, hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])


async def store_quiet(
    ask: Ask[Any] | Ask[str] | Ask[AlertsArgs] | Ask[Quiet], start: int, end: int
) -> Reply:
    if start == end:
        return view(ask, await ask.services.alerts.quiet(ask.person, None, None))
    return view(ask, await ask.services.alerts.quiet(ask.person, start, end))


def events(ask: Ask[Any]) -> tuple[str, ...]:
    """Those that can happen to this person in this lab."""
    admin = ask.person.role >= Role.ADMIN
    found: tuple[str, ...] = EVENTS
    if ask.services.storage.folders.configured:
        found += STORAGE_EVENTS + (ADMINS_EVENTS if admin else ())
    if set(HUB_EVENTS) <= set(ask.services.feeds.offered):
        found += HUB_EVENTS + (ADMINS_HUB_EVENTS if admin else ())
    return found


def view(ask: Ask[Any], wishes: Preferences) -> Reply:
    lines: list[Text] = [text("alerts-title")]
    if wishes.quiet_from is not None and wishes.quiet_to is not None:
        lines.append(
            text("alerts-quiet", start=clock(wishes.quiet_from), end=clock(wishes.quiet_to))
        )
    else:
        lines.append(text("alerts-not-quiet"))
    switches = [
        Button(
            text("alerts-switch", event=event, on="no" if event in wishes.muted else "yes"),
            "alerts.switch",
            {"event": event, "on": event in wishes.muted},
        )
        for event in events(ask)
    ]
    rows = [tuple(switches[i : i + 2]) for i in range(0, len(switches), 2)]
    return Reply(tuple(lines), (*rows, (Button(text("button-quiet"), "alerts.quiet"),)))


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
