"""/transfer: the storage server fetches something by itself, after a look at what it would do."""

from dataclasses import dataclass

from bot.chat.arguments import Rest
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.files import Places
from bot.domain.messages import Button
from bot.domain.people import Place
from bot.domain.text import Argument, text
from bot.services.files.errands import card, stop_button
from bot.services.files.errands.transfers import Plan
from handlers.files.folder import in_folder

router = Router()


@dataclass(frozen=True, slots=True)
class TransferArgs:
    what: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Agreed:
    id: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Which:
    id: str


@router.command(
    "transfer", place=Place.PRIVATE, takes=TransferArgs, needs="storage", how="how-transfer"
)
@in_folder
async def transfer(ask: Ask[TransferArgs], place: Places) -> Reply:
    if not ask.args.what.strip():
        return Reply.of(text("how-transfer"))
    storage = ask.services.storage
    plan = await storage.transfers.plan(ask.person, place, ask.args.what)
    errand = await storage.errands.plan(ask.person, "transfer", plan.spec, ask.key)
    return preview(place, plan, errand.id)


def preview(place: Places, plan: Plan, id_: str) -> Reply:
    """What would be fetched from where, and what there is to know before a yes."""
    source = plan.source
    lines = [
        text("transfer-plan", way=source.way, name=source.shown),
        text("transfer-into", path=place.in_job(plan.target), server=place.on_server(plan.target)),
    ]
    if plan.size_bytes is not None:
        lines.append(text("transfer-size", bytes=plan.size_bytes))
    if plan.hops:
        lines.append(text("transfer-hops", hosts=" → ".join(plan.hops)))
    if source.password:
        lines.append(text("transfer-login"))
    if plan.fingerprint:
        lines.append(text("transfer-host-key", host=source.netloc, key=plan.fingerprint))
        lines.append(
            text("transfer-own-key", account=f"{source.user}@{source.host}", key=plan.public_key)
        )
    if plan.exists:
        lines.append(text("transfer-exists", path=place.in_job(plan.target)))
    return Reply(tuple(lines), ((begin_button(id_, replace=plan.exists), not_button(id_)),))


def begin_button(id_: str, *, replace: bool) -> Button:
    label = text("button-replace" if replace else "button-errand-begin")
    payload: dict[str, Argument] = {"id": id_, "replace": replace}
    style = "danger" if replace else "success"
    return Button(label, "files.errand.begin", payload, style=style)


def not_button(id_: str) -> Button:
    return Button(text("button-cancel"), "files.errand.stop", {"id": id_})


@router.button("files.errand.begin", takes=Agreed, place=Place.PRIVATE)
async def begin(ask: Ask[Agreed]) -> Reply:
    errands, args = ask.services.storage.errands, ask.args
    errand = await errands.begin(ask.person, args.id, replace=args.replace)
    if errand.state in {"done", "failed", "cancelled"}:  # its message says how it ended
        return Reply(toast=text("errand-over"))
    if errand.state != "planned" and await errands.shown(args.id):
        return Reply(toast=text("errand-under-way"))
    line = text("errand-begun", name=str(errand.spec.get("shown", "")))
    return Reply((line,), ((stop_button(args.id),),), card=card(args.id))


@router.button("files.errand.stop", takes=Which, place=Place.PRIVATE)
async def stop(ask: Ask[Which]) -> Reply:
    """What runs says itself that it was ended."""
    errand = await ask.services.storage.errands.find(ask.person, ask.args.id)
    if not await ask.services.storage.errands.cancel(ask.person, ask.args.id):
        return Reply(toast=text("errand-over"))
    if errand.state == "planned":
        return Reply.of(text("cancelled"))
    return Reply(toast=text("errand-stopping"))
