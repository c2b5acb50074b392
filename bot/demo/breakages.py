"""What a visitor may break, and what it breaks; each mends by itself after a while."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.openpai import OpenPaiEmulator
from bot.demo.telegram import TelegramEmulator
from bot.demo.words import Words

NODE = "worker-gpu-1"
SLOW_LOG_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Systems:
    tg: TelegramEmulator
    pai: OpenPaiEmulator


Mend = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Breakage:
    """`begin` breaks it and returns what mends it."""

    id: str
    title: Words
    text: Words
    seconds: float
    begin: Callable[[Systems], Mend]


def telegram_away(systems: Systems) -> Mend:
    systems.tg.faults.away()
    return systems.tg.faults.back


def unauthorized(systems: Systems) -> Mend:
    return systems.pai.faults.unauthorized().end


def bad_gateway(systems: Systems) -> Mend:
    return systems.pai.faults.html(502).end


def node_down(systems: Systems) -> Mend:
    systems.pai.node_down(NODE)
    return lambda: systems.pai.node_up(NODE)


def slow_log(systems: Systems) -> Mend:
    return systems.pai.faults.slow(SLOW_LOG_SECONDS, path="log").end


BREAKAGES: tuple[Breakage, ...] = (
    Breakage(
        "telegram",
        {"en": "Telegram goes away", "zh": "Telegram 断开"},
        {
            "en": "Pailot can't reach Telegram. What it owes is sent when Telegram is back.",
            "zh": "Pailot 连不上 Telegram。该发的消息等它回来再发。",
        },
        20.0,
        telegram_away,
    ),
    Breakage(
        "unauthorized",
        {"en": "OpenPAI refuses every token", "zh": "OpenPAI 拒绝所有令牌"},
        {
            "en": "As when Kubernetes does not answer. Pailot throws no account away.",
            "zh": "就像 Kubernetes 没有响应时那样。Pailot 不会因此丢掉账号。",
        },
        30.0,
        unauthorized,
    ),
    Breakage(
        "gateway",
        {"en": "The portal answers 502", "zh": "OpenPAI 的网页返回 502"},
        {
            "en": "No job is called lost because the portal is.",
            "zh": "网页打不开，不等于任务丢了：Pailot 不会误报。",
        },
        30.0,
        bad_gateway,
    ),
    Breakage(
        "node",
        {"en": "A machine goes down", "zh": "一台机器宕机"},
        {
            "en": f"{NODE} is gone; jobs on it are lost and started again elsewhere.",
            "zh": f"{NODE} 掉线，上面的任务会丢失并重新排队。",
        },
        60.0,
        node_down,
    ),
    Breakage(
        "log",
        {"en": "Logs come slowly", "zh": "日志很慢"},
        {
            "en": "Each log takes eight seconds. Everything else stays quick.",
            "zh": "每次读日志要八秒，其它一切照常。",
        },
        60.0,
        slow_log,
    ),
)


class Repairs:
    """What is broken now, and until when."""

    def __init__(self, systems: Systems, changed: Callable[[], None]) -> None:
        self._systems = systems
        self._changed = changed
        self._active: dict[str, tuple[Mend, asyncio.TimerHandle]] = {}

    def turn(self, breakage_id: str, *, on: bool) -> None:
        """Breaks or mends; twice the same is once. KeyError for an unknown id."""
        breakage = {one.id: one for one in BREAKAGES}[breakage_id]
        if on and breakage.id not in self._active:
            loop = asyncio.get_running_loop()
            mend = breakage.begin(self._systems)
            timer = loop.call_later(breakage.seconds, self._mend, breakage.id)
            self._active[breakage.id] = (mend, timer)
        elif not on:
            self._mend(breakage.id)
        self._changed()

    def _mend(self, breakage_id: str) -> None:
        mend, timer = self._active.pop(breakage_id, (None, None))
        if mend is not None and timer is not None:
            timer.cancel()
            mend()
            self._changed()

    def mend_all(self) -> None:
        for breakage_id in list(self._active):
            self._mend(breakage_id)

    def view(self) -> list[dict[str, Any]]:
        now = asyncio.get_running_loop().time()
        return [
            {
                "id": one.id,
                "title": one.title,
                "text": one.text,
                "active": one.id in self._active,
                "left": max(0.0, self._active[one.id][1].when() - now)
                if one.id in self._active
                else None,
            }
            for one in BREAKAGES
        ]
