"""/gpu: what is free, and where?"""

from typing import Any

from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.cluster import Gpus

router = Router()

BAR = 10
"""Cells of a usage bar: fits a phone beside the numbers."""


@router.command("gpu", role=Role.STRANGER, place=Place.GROUP)
async def in_group(ask: Ask[Any]) -> Reply:
    return view(await ask.services.cluster.gpus(None))


@router.command("gpu", role=Role.MEMBER, place=Place.PRIVATE)
async def in_private(ask: Ask[Any]) -> Reply:
    return view(await ask.services.cluster.gpus(ask.person))


@router.button("gpu.refresh", role=Role.STRANGER)
async def refresh(ask: Ask[Any]) -> Reply:
    person = ask.person if ask.chat.place is Place.PRIVATE else None
    return view(await ask.services.cluster.gpus(person))


def view(gpus: Gpus) -> Reply:
    lines: list[Text] = [text("gpu-title", free=gpus.free)]
    for vc in gpus.clusters:
        if vc.gpus_total == 0:
            continue
        full = round(BAR * vc.gpus_used / max(1, vc.gpus_guaranteed))
        lines.append(
            text(
                "gpu-vc",
                name=vc.name,
                bar="▓" * min(BAR, full) + "░" * (BAR - min(BAR, full)),
                free=vc.gpus_free,
                total=vc.gpus_total,
                broken=vc.gpus_total - vc.gpus_guaranteed,
            )
        )
    if gpus.nodes:
        lines.append(text("gpu-one-node", count=gpus.most_on_one_node))
    if gpus.waiting is not None:
        lines.append(text("gpu-waiting", count=gpus.waiting))
    again = Button(text("button-refresh"), "gpu.refresh", anyone=True)
    return Reply(tuple(lines), ((again,),))
