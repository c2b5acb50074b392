"""/staleimages, /gc, /catalog, /push: what keeps the registry tidy and its images known."""

from dataclasses import dataclass
from typing import Any

from bot.chat.arguments import Rest, arg
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.docker.lines import repository
from bot.domain.errors import UserError
from bot.domain.images.artifact import GcRun
from bot.domain.images.reference import Reference
from bot.domain.images.versions import says_nothing, tag_of
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.images.catalogue import Known
from bot.services.images.references import parse_reference
from handlers.docker.guide import copies
from handlers.images import views

router = Router()
NOTE_AFTER = " "


@dataclass(frozen=True, slots=True)
class StaleArgs:
    project: str = ""
    days: int = arg(90, least=1, most=3650)


@dataclass(frozen=True, slots=True)
class Again:
    project: str
    days: int


@dataclass(frozen=True, slots=True)
class CatalogArgs:
    words: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class PushArgs:
    name: str = ""


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
    row = (
        Button(text("button-gc-dry"), "gc.dry", style="primary"),
        Button(text("button-gc-run"), "gc.run", style="danger", once=True),
    )
    return Reply(tuple(lines), (row,))


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


@router.command("catalog", place=Place.PRIVATE, takes=CatalogArgs, how="how-catalog")
async def catalogue(ask: Ask[CatalogArgs]) -> Reply:
    """`/catalog`, and for admins `/catalog add IMAGE note` and `/catalog remove IMAGE`."""
    verb, _, rest = ask.args.words.strip().partition(" ")
    known = ask.services.images.catalogue
    if verb in {"add", "加"}:
        image, _, note = rest.strip().partition(NOTE_AFTER)
        return Reply.of(
            text("catalog-added", name=await known.add(ask.person, image, note.strip()))
        )
    if verb in {"remove", "删"}:
        return Reply.of(text("catalog-removed", name=await known.remove(ask.person, rest)))
    if verb:
        raise UserError("catalog-word", word=verb)
    return shown(await known.known(ask.person))


@router.command("catalog", place=Place.GROUP, role=Role.STRANGER)
async def catalogue_in_group(ask: Ask[Any]) -> Reply:
    """One line: the long list is for the private chat."""
    found = await ask.services.images.catalogue.known(None)
    link = Button(text("button-open-private"), url=ask.services.link("catalog"))
    return Reply((text("catalog-group", count=len(found.tried)),), ((link,),))


def shown(found: Known) -> Reply:
    if not (found.own or found.tried or found.learned):
        return Reply.of(text("catalog-empty"))
    lines: list[Text] = []
    if found.own:
        lines += [text("catalog-own"), *(text("catalog-name", name=name) for name in found.own[:5])]
    if found.tried:
        lines.append(text("catalog-tried"))
        for one in found.tried[:12]:
            inside = " · ".join(" ".join(pair) for pair in one.versions)
            lines.append(
                text(
                    "catalog-line",
                    name=one.image,
                    note=one.note,
                    works=one.works,
                    inside=inside,
                    by=one.tested_by,
                    at=one.tested_at.timestamp() if one.tested_at else 0,
                    on=one.tested_on,
                )
            )
    if found.learned:
        lines.append(text("catalog-learned"))
        lines += [
            text(
                "catalog-good",
                name=one.image,
                jobs=one.jobs,
                people=one.people,
                at=one.last_at.timestamp(),
                sku=one.sku,
            )
            for one in found.learned
        ]
    names = dict.fromkeys(
        (*(t.image for t in found.tried), *found.own, *(one.image for one in found.learned))
    )
    rows = [
        (Button(text("button-name", name=name), "image.open", {"image": name}),)
        for name in list(names)[:6]
    ]
    return Reply(tuple(lines), tuple(rows))


@router.command("push", place=Place.PRIVATE, takes=PushArgs, how="how-push")
async def push(ask: Ask[PushArgs]) -> Reply:
    """The lines for this registry, project and person; the tag says what is inside, if that is known."""
    if not ask.args.name:
        return Reply.of(text("push-how"))
    local = parse_reference(ask.args.name)
    terminal = ask.services.site.terminal(ask.person)
    leaf = local.path.rpartition("/")[2]
    tag = await better_tag(ask, local)
    target = terminal.image(repository(leaf, ask.person.openpai_user), tag or local.tag or "latest")
    lines = [
        text(
            "push-lines",
            login=terminal.login(),
            tag=terminal.tag(str(local), target),
            push=terminal.push(target),
        )
    ]
    if says_nothing(tag or local.tag or "latest"):
        lines.append(text("push-tag", tag=tag or local.tag or "latest"))
    if ask.services.site.plain_http:
        lines.append(text("push-http", registry=terminal.registry))
    every = (terminal.login(), terminal.tag(str(local), target), terminal.push(target))
    return Reply(tuple(lines), copies(*every))


@router.command("push", place=Place.GROUP)
async def push_in_group(ask: Ask[Any]) -> Reply:
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
