"""/unpack: what is in an archive, and after a yes its content as files."""

import shlex
from dataclasses import dataclass

from bot.chat import markup
from bot.chat.arguments import Rest
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import UserError
from bot.domain.files import FilePath, Places
from bot.domain.messages import Button
from bot.domain.people import Place
from bot.domain.text import text
from bot.services.files.unpacking import Plan
from handlers.files.browse import LABEL, At, clean, how
from handlers.files.folder import in_folder
from handlers.files.transfer import begin_button, not_button

router = Router()
TOPS = 8


@dataclass(frozen=True, slots=True)
class UnpackArgs:
    what: Rest = Rest("")


def read(words: str, place: Places) -> tuple[FilePath, FilePath | None]:
    """`PATH [into]`; a path with spaces needs quotes only when both are given."""
    try:
        parts = shlex.split(words)
    except ValueError:
        raise UserError("unpack-quotes") from None
    if len(parts) > 2:
        parts = [words.strip()]
    return place.read(parts[0]), place.read(parts[1]) if len(parts) == 2 else None


@router.command("unpack", place=Place.PRIVATE, takes=UnpackArgs, needs="storage", how="how-unpack")
@in_folder
async def unpack(ask: Ask[UnpackArgs], place: Places) -> Reply:
    if not ask.args.what.strip():
        return how("how-unpack")
    return await planned(ask, place, *read(ask.args.what, place))


@router.button("files.unpack", takes=At, place=Place.PRIVATE)
@in_folder
async def unpack_this(ask: Ask[At], place: Places) -> Reply:
    return (await planned(ask, place, FilePath.of(ask.args.path), None)).with_(new=True)


async def planned(
    ask: Ask[UnpackArgs] | Ask[At], place: Places, source: FilePath, into: FilePath | None
) -> Reply:
    storage = ask.services.storage
    plan = await storage.unpacking.plan(place, source, into)
    errand = await storage.errands.plan(ask.person, "unpack", plan.spec, ask.key)
    return preview(place, plan, errand.id)


def preview(place: Places, plan: Plan, id_: str) -> Reply:
    found = plan.contents
    lines = [
        text(
            "unpack-plan",
            name=clean(plan.source.name),
            files=found.files,
            bytes=found.bytes,
            complete=found.complete,
        )
    ]
    tops = [markup.cut(clean(name), LABEL * 2) for name in found.tops[:TOPS]]
    lines += [text("unpack-top", name=name) for name in tops]
    if len(found.tops) > TOPS:
        lines.append(text("unpack-more", count=len(found.tops) - TOPS))
    if found.left_out:
        lines.append(text("unpack-left-out", count=found.left_out))
    lines.append(text("unpack-into", path=place.in_job(plan.target)))
    if plan.exists:
        lines.append(text("transfer-exists", path=place.in_job(plan.target)))
    buttons: tuple[Button, ...] = (begin_button(id_, replace=plan.exists), not_button(id_))
    return Reply(tuple(lines), (buttons,))
