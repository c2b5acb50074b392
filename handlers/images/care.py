"""/staleimages, /gc: what keeps the registry tidy."""

from dataclasses import dataclass
from typing import Any

from bot.chat.arguments import arg
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.images.artifact import GcRun
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.images.care.offering import gc_buttons
from handlers.images import views

router = Router()


@dataclass(frozen=True, slots=True)
class StaleArgs:
    project: str = ""
    days: int = arg(90, least=1, most=3650)


@dataclass(frozen=True, slots=True)
class Again:
    project: str
    days: int


@router.command(
    "staleimages", place=Place.PRIVATE, takes=StaleArgs, needs="harbor", how="how-staleimages"
)
async def stale(ask: Ask[StaleArgs]) -> Reply:
    return await listed(ask, ask.args.project, ask.args.days)


async def listed(ask: Ask[Any], project: str, days: int) -> Reply:
    images = ask.services.images
    found = await images.tidying.stale(ask.person, days, project)
    if not found.items:
        return Reply.of(text("stale-none", days=days))
    now, host = images.browsing.now(), images.browsing.hub_host
    lines = [text("stale-title", count=found.seen, days=days, size=found.size)]
    rows = []
    for one in found.items:
        shown = views.reference(host, one.artifact)
        lines.append(
            text(
                "stale-line",
                name=f"{one.artifact.path}:{views.shown_name(one.artifact)}",
                size=one.artifact.size,
                age=views.ago(one.used_at, now),
                owner=one.owner,
            )
        )
        rows.append((Button(text("button-name", name=shown), "image.delete", {"image": shown}),))
    lines.append(text("stale-scan" if found.scanned else "stale-soft"))
    if ask.person.role is Role.ADMIN and any(one.owner for one in found.items):
        again: dict[str, str | int] = {"project": project, "days": days}
        rows.append((Button(text("button-ask-owners"), "stale.ask", again, once=True),))
    return Reply(tuple(lines), tuple(rows))


@router.button("stale.ask", takes=Again, role=Role.ADMIN, place=Place.PRIVATE)
async def ask_owners(ask: Ask[Again]) -> Reply:
    tidying = ask.services.images.tidying
    found = await tidying.stale(ask.person, ask.args.days, ask.args.project)
    return Reply.of(text("stale-asked", count=await tidying.ask_owners(ask.person, found))).with_(
        new=True
    )


@router.command("gc", place=Place.PRIVATE, role=Role.ADMIN, needs="harbor")
async def gc(ask: Ask[Any]) -> Reply:
    runs = await ask.services.images.tidying.collections(ask.person)
    lines = [text("gc-title"), *(run_line(run) for run in runs[:3])]
    return Reply(tuple(lines), gc_buttons())


@router.button("gc.dry", role=Role.ADMIN, place=Place.PRIVATE)
async def gc_dry(ask: Ask[Any]) -> Reply:
    return Reply.of(
        run_line(await ask.services.images.tidying.collect(ask.person, dry_run=True))
    ).with_(new=True)


@router.button("gc.run", role=Role.ADMIN, place=Place.PRIVATE)
async def gc_run(ask: Ask[Any]) -> Reply:
    return Reply.of(
        run_line(await ask.services.images.tidying.collect(ask.person, dry_run=False))
    ).with_(new=True)


def run_line(run: GcRun) -> Text:
    kind = "dry" if run.dry_run else "real"
    state = run.status.lower() if run.over else "running"
    told = run.freed_bytes is not None
    return text(
        "gc-run", number=str(run.id), kind=kind, state=state, told=told, freed=run.freed_bytes or 0
    )
