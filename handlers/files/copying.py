"""/get, /put and sent files: between the chat and the folder; copy lines for what is too large for that."""

import shlex
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.chat.direct import DOWNLOAD_LIMIT_BYTES
from bot.chat.reply import Reply
from bot.chat.router import AGAIN, Ask, Router
from bot.domain import runline
from bot.domain.errors import UserError
from bot.domain.files import FilePath, Kind, Places
from bot.domain.files.errors import LeadsOut, WrongKind
from bot.domain.files.mentions import running
from bot.domain.messages import Attachment, Button
from bot.domain.people import Place
from bot.domain.text import Argument, Text, text
from bot.services.files import Found, NoSuchFile
from handlers import submit
from handlers.files import album
from handlers.files.browse import At, PathArgs, clean, how, near, opening, said
from handlers.files.folder import in_folder

router = Router()

SENDS_BYTES = 50 << 20


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that lies at Telegram, and where it is to go."""

    file: str
    path: str
    replace: bool = False
    run: bool = False


@router.command("get", place=Place.PRIVATE, takes=PathArgs, needs="storage", how="how-get")
@in_folder
async def get(ask: Ask[PathArgs], place: Places) -> Reply:
    if not ask.args.path.strip():
        return how("how-get")
    return await fetch(ask, place, said(place, ask.args.path))


@router.button("files.get", takes=At, place=Place.PRIVATE)
@in_folder
async def get_this(ask: Ask[At], place: Places) -> Reply:
    return await fetch(ask, place, FilePath.of(ask.args.path))


async def fetch(ask: Ask[PathArgs] | Ask[At], place: Places, path: FilePath) -> Reply:
    """The file as a document; it is read when it is sent, so that nothing of it is stored on the way."""
    try:
        found = await ask.services.storage.browsing.open(place, path)
    except NoSuchFile as missing:
        return near(missing)
    if not isinstance(found, Found):
        return Reply((text("get-directory"), *lines_down(ask, place, path)))
    if found.entry.kind is not Kind.FILE:
        raise LeadsOut(str(path)) if found.entry.kind is Kind.LINK else WrongKind(str(path))
    if found.entry.size_bytes > SENDS_BYTES:
        return await download(ask, place, found)
    if not found.entry.size_bytes:
        raise UserError("get-empty", path=str(path))
    recipe = ("file", str(ask.person.id), str(path))
    caption = text("get-file", path=place.in_job(path))
    return Reply((caption,), attachment=Attachment(clean(path.name), recipe=recipe), new=True)


async def download(ask: Ask[PathArgs] | Ask[At], place: Places, found: Found) -> Reply:
    """A link where people reach our pages; else what to type."""
    storage, size = ask.services.storage, found.entry.size_bytes
    if not (pages := storage.folders.site.pages_url):
        large = text("get-too-large", bytes=size)
        return Reply((large, *lines_down(ask, place, found.path)))
    await storage.browsing.try_reading(place, found.path)
    url = f"{pages}/d/{await storage.visits.offer(ask.person, found.path)}"
    lines = (
        text("get-link", bytes=size, path=place.in_job(found.path)),
        text("get-link-url", url=url),
        text("get-link-shell", url=shlex.quote(url), name=shlex.quote(found.path.name)),
    )
    return Reply(lines, ((Button(text("button-download"), url=url),),), new=True)


@router.command("put", place=Place.PRIVATE, needs="storage", how="how-put")
@in_folder
async def put(ask: Ask[PathArgs], place: Places) -> Reply:
    return Reply((text("put-how"), *lines_up(ask, place)))


@router.command("upload", place=Place.PRIVATE, takes=PathArgs, needs="storage", how="how-upload")
@in_folder
async def upload(ask: Ask[PathArgs], place: Places) -> Reply:
    """The page where there is one; else what to type on the computer where the data is."""
    storage = ask.services.storage
    url = storage.folders.site.pages_url
    if not url:
        return Reply((text("upload-lines"), *lines_up(ask, place)))
    path = said(place, ask.args.path)
    found = await storage.visits.invite(ask.person, path)
    link = f"{url}/u/{found.token}"
    lines = (
        text("upload-page", path=place.in_job(path)),
        text("upload-link", url=link),
        text("upload-code", url=f"{url}/u", code=f"{found.code[:4]} {found.code[4:]}"),
    )
    buttons = (
        (Button(text("button-upload-page"), url=link),),
        (Button(text("button-copy-lines"), "files.lines"),),
    )
    return Reply(lines, buttons)


@router.button("files.lines", place=Place.PRIVATE)
@in_folder
async def copy_lines(ask: Ask[PathArgs], place: Places) -> Reply:
    return Reply((text("upload-lines"), *lines_up(ask, place)), new=True)


def lines_up(ask: Ask[Any], place: Places) -> tuple[Text, ...]:
    """What to type on the computer where the data is, and what to fill in where nobody types."""
    target = f"{place.on_server(FilePath())}/"
    return (text("copy-up", **address(ask, target)), *how_in(ask, place))


def lines_down(ask: Ask[PathArgs] | Ask[At], place: Places, path: FilePath) -> tuple[Text, ...]:
    return (text("copy-down", **address(ask, place.on_server(path))), *how_in(ask, place))


def address(ask: Ask[Any], path: str) -> dict[str, str]:
    site = ask.services.storage.folders.site
    account = f"{site.username}@{site.host}"
    return {"port": str(site.port), "account": account, "there": shlex.quote(f"{account}:{path}")}


def how_in(ask: Ask[Any], place: Places) -> tuple[Text, ...]:
    """For Windows, and for whoever has no key yet."""
    site = ask.services.storage.folders.site
    windows = text(
        "copy-windows",
        host=site.host,
        port=str(site.port),
        user=site.username,
        path=place.on_server(FilePath()),
    )
    return (windows, text("copy-key"))


@router.document()
async def document(ask: Ask[str]) -> Reply:
    """A `.yaml` is a job, everything else a file to keep."""
    file = ask.file
    yaml = file is None or (file.name.lower().endswith(submit.YAML) and not file.album)
    if yaml or not ask.services.storage.folders.configured:
        return await submit.document(ask)
    return await offer(ask)


@in_folder
async def offer(ask: Ask[str], place: Places) -> Reply:
    """Where to? The caption may say; else into the folder itself."""
    file = ask.file
    if file is not None and file.album:
        return await album.offer(ask, place)
    name = (file.name if file else "").replace("/", "_") or "file"
    if file is None or file.size > DOWNLOAD_LIMIT_BYTES:
        large = text("put-too-large", bytes=file.size if file else 0)
        return Reply((large, *lines_up(ask, place)))
    path = said(place, ask.args)
    if not ask.args.strip() or ask.args.rstrip().endswith("/"):
        path = place.read(name, path)
    target: dict[str, Argument] = {"file": file.id, "path": str(path)}
    row = [Button(text("button-save"), "files.save", target, style="success", once=True)]
    if running(place.in_job(path)):
        then_run: dict[str, Argument] = {**target, "run": True}
        row.append(Button(text("button-save-run"), "files.save", then_run, once=True))
    return Reply((text("put-offer", path=place.in_job(path), bytes=file.size),), (tuple(row),))


@router.button("files.save", takes=Sent, place=Place.PRIVATE)
@in_folder
async def save(ask: Ask[Sent], place: Places) -> Reply:
    args, storage = ask.args, ask.services.storage
    path = FilePath.of(args.path)
    content = await ask.services.files(args.file)
    there = await storage.browsing.look(place, path) is not None
    if not (there and await storage.browsing.holds(place, path, content)):
        if there and not args.replace:
            return replacing(place, path, args)
        old = partial(storage.trash.throw, ask.person, place, path, ask.key) if there else None
        await storage.uploads.room.make(place, len(content))
        await storage.browsing.save(place, path, content, old)
    inside = place.in_job(path)
    row = [opening(path.parent, text("button-files"))]
    command = running(inside)
    if not command:
        return Reply((text("put-done", path=inside),), (tuple(row),))
    row.insert(0, Button(text("button-run-it"), AGAIN, {"line": f"/run {command}"}))
    saved = Reply((text("put-done", path=inside),), (tuple(row),))
    return saved.with_(also=(await preview(ask, command),)) if args.run else saved


async def preview(ask: Ask[Sent], command: str) -> Reply:
    """The job that would run what was saved; what is missing for it does not undo the saving."""
    try:
        drafted = await ask.services.submitting.preview(ask.person, runline.parse(command), ask.key)
    except UserError as error:
        return Reply((error.text,))
    return submit.show(drafted)


def replacing(place: Places, path: FilePath, sent: Sent) -> Reply:
    """Something is there: the old one may go to the trash."""
    payload: dict[str, Argument] = {
        "file": sent.file,
        "path": sent.path,
        "replace": True,
        "run": sent.run,
    }
    row = (
        Button(text("button-replace"), "files.save", payload, style="danger", once=True),
        Button(text("button-cancel"), "trash.keep"),
    )
    return Reply((text("put-exists", path=place.in_job(path)),), (row,))
