"""/edit: one small text file, on a page of its own; without pages, as a document there and back."""

from typing import Any

from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import UserError
from bot.domain.files import FilePath, Kind, Places
from bot.domain.messages import Attachment, Button
from bot.domain.people import Place
from bot.domain.text import text
from bot.services.files import Found, NoSuchFile
from bot.services.files.editing import card
from handlers.files.browse import At, PathArgs, clean, how, near, said
from handlers.files.folder import in_folder

router = Router()


@router.command("edit", place=Place.PRIVATE, takes=PathArgs, needs="storage", how="how-edit")
@in_folder
async def edit(ask: Ask[PathArgs], place: Places) -> Reply:
    if not ask.args.path.strip():
        return how("how-edit")
    return await opened(ask, place, said(place, ask.args.path))


@router.button("files.edit", takes=At, place=Place.PRIVATE)
@in_folder
async def edit_this(ask: Ask[At], place: Places) -> Reply:
    return (await opened(ask, place, FilePath.of(ask.args.path))).with_(new=True)


async def opened(ask: Ask[Any], place: Places, path: FilePath) -> Reply:
    """Read once already here: what can't be edited is said before anybody opens a page."""
    storage = ask.services.storage
    try:
        found = await storage.browsing.open(place, path)
    except NoSuchFile as missing:
        return near(missing)
    if not isinstance(found, Found) or found.entry.kind is not Kind.FILE:
        raise UserError("edit-directory", path=str(path))
    await storage.editing.open(place, path)
    inside, url = place.in_job(path), storage.folders.site.pages_url
    if not url:
        recipe = ("file", str(ask.person.id), str(path))
        line = text("edit-by-chat", path=inside, caption=str(path))
        return Reply((line,), attachment=Attachment(clean(path.name), recipe=recipe), new=True)
    token = await storage.visits.edit(ask.person, path)
    link = f"{url}/e/{token}"
    row = (Button(text("button-edit-page"), url=link),)
    return Reply(
        (text("edit-page", path=inside), text("edit-link", url=link)), (row,), card=card(token)
    )
