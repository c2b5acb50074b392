"""/ls, /mkdir, /mv, /du: looking around in one's folder, and putting it in order."""

from dataclasses import dataclass

from bot.chat import markup
from bot.chat.arguments import Rest
from bot.chat.nearest import nearest
from bot.chat.reply import Reply
from bot.chat.router import AGAIN, Ask, Router
from bot.domain.files import Entry, FilePath, Kind, Places
from bot.domain.files.archives import SUFFIXES
from bot.domain.files.mentions import running
from bot.domain.files.textfiles import LARGEST_BYTES
from bot.domain.messages import Button, Rows
from bot.domain.people import Place
from bot.domain.text import Argument, Text, text
from bot.services.files import Found, Listing, NoSuchFile
from handlers.files.folder import in_folder

router = Router()

NAME_SHOWN = 120
LABEL = 28


@dataclass(frozen=True, slots=True)
class PathArgs:
    path: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class MoveArgs:
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class At:
    path: str = ""
    page: int = 1


def said(place: Places, words: str) -> FilePath:
    """The path somebody wrote after a command, with or without quotes around all of it."""
    words = words.strip("\n").strip()
    if len(words) > 1 and words[0] == words[-1] and words[0] in "'\"":
        words = words[1:-1]
    return place.read(words)


@router.command("ls", place=Place.PRIVATE, takes=PathArgs, needs="storage", how="how-ls")
@in_folder
async def ls(ask: Ask[PathArgs], place: Places) -> Reply:
    return await look(ask, place, said(place, ask.args.path), 1)


@router.button("files.open", takes=At, place=Place.PRIVATE)
@in_folder
async def turn(ask: Ask[At], place: Places) -> Reply:
    return await look(ask, place, FilePath.of(ask.args.path), ask.args.page)


async def look(ask: Ask[PathArgs] | Ask[At], place: Places, path: FilePath, page: int) -> Reply:
    try:
        found = await ask.services.storage.browsing.open(place, path, page)
    except NoSuchFile as missing:
        return near(missing)
    return listing(ask, found) if isinstance(found, Listing) else card(ask, found)


def near(missing: NoSuchFile) -> Reply:
    """Not found: the nearest names beside it."""
    close = nearest(missing.place.name, missing.siblings, 3)
    buttons = tuple(
        (opening(missing.place.parent / name, text("button-name", name=name)),) for name in close
    )
    return Reply((missing.text, *((text("files-near"),) if close else ())), buttons)


def listing(ask: Ask[PathArgs] | Ask[At], found: Listing) -> Reply:
    path, place = found.path, found.place
    lines = [
        text(
            "files-listing",
            path=str(path),
            total=found.total,
            page=found.page,
            pages=found.pages,
        ),
        text("files-in-job", path=place.in_job(path)),
    ]
    if not found.total:
        lines.append(text("files-empty"))
    lines += [line(place, path, entry, ask.now.timestamp()) for entry in found.entries]
    named = [entry for entry in found.entries if entry.can_be_named]
    buttons = [opening(path / one.name, label(one)) for one in named]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    return Reply(tuple(lines), (*rows, *around(found)))


def around(found: Listing) -> Rows:
    """Pages, upwards, and what can be done here."""
    path, row = found.path, []
    if found.page > 1:
        row.append(opening(path, text("button-previous"), found.page - 1))
    if found.page < found.pages:
        row.append(opening(path, text("button-next"), found.page + 1))
    up = (opening(path.parent, text("button-up")),) if path.parts else ()
    again = opening(path, text("button-refresh"), found.page)
    counting = Button(text("button-du"), "files.du", {"path": str(path)})
    return tuple(one for one in (tuple(row), (*up, again, counting)) if one)


def line(place: Places, path: FilePath, entry: Entry, now: float) -> Text:
    shown = place.in_job(path / entry.name) if entry.can_be_named else clean(entry.name)
    args: dict[str, Argument] = {
        "kind": entry.kind.value,
        "path": markup.cut(shown, NAME_SHOWN, tail=True),
        "bytes": entry.size_bytes,
        "age": age(entry, now),
        "odd": not entry.can_be_named,
    }
    return Text("files-entry", args)


def label(entry: Entry) -> Text:
    return text("button-entry", kind=entry.kind.value, name=markup.cut(clean(entry.name), LABEL))


def clean(name: str) -> str:
    return name.encode("utf-8", "replace").decode().replace("\n", "␤")


def age(entry: Entry, now: float) -> float:
    return max(0.0, now - entry.modified.timestamp()) if entry.modified else 0.0


def opening(path: FilePath, name: Text, page: int = 1) -> Button:
    return Button(name, "files.open", {"path": str(path), "page": page})


def how(key: str) -> Reply:
    """Nothing named: what to write, and where to pick it instead."""
    return Reply((text(key),), ((opening(FilePath(), text("button-files")),),))


def card(ask: Ask[PathArgs] | Ask[At], found: Found) -> Reply:
    """One file: what it is, where a job finds it, and what can be done with it."""
    entry, path, place = found.entry, found.path, found.place
    inside = place.in_job(path)
    lines = (
        text("files-card", name=clean(entry.name), kind=entry.kind.value, bytes=entry.size_bytes),
        text("files-changed", age=age(entry, ask.now.timestamp())),
        text("files-in-job", path=inside),
        text("files-on-server", path=place.on_server(path)),
    )
    target = {"path": str(path)}
    first = [Button(text("button-copy-path"), copy=inside)]
    if entry.kind is Kind.FILE:
        first.insert(0, Button(text("button-get"), "files.get", target))
    if entry.kind is Kind.FILE and (command := running(inside)):
        first.append(Button(text("button-run-it"), AGAIN, {"line": f"/run {command}"}))
    packed = path.name.lower().endswith(SUFFIXES)
    if entry.kind is Kind.FILE and packed:
        first.append(Button(text("button-unpack"), "files.unpack", target))
    if entry.kind is Kind.FILE and entry.size_bytes <= LARGEST_BYTES and not packed:
        first.append(Button(text("button-edit-file"), "files.edit", target))
    second = (
        opening(path.parent, text("button-up")),
        Button(text("button-trash"), "files.rm", target, style="danger"),
    )
    return Reply(lines, (tuple(first), second))


@router.command(
    "mkdir", place=Place.PRIVATE, takes=PathArgs, needs="storage", changes=True, how="how-mkdir"
)
@in_folder
async def mkdir(ask: Ask[PathArgs], place: Places) -> Reply:
    path = said(place, ask.args.path)
    if not path.parts:
        return how("how-mkdir")
    made = await ask.services.storage.browsing.make_directory(place, path)
    lines = (text("files-made" if made else "files-there", path=place.in_job(path)),)
    return Reply(lines, ((opening(path, text("button-files")),),))


@router.command(
    "mv", place=Place.PRIVATE, takes=MoveArgs, needs="storage", changes=True, how="how-mv"
)
@in_folder
async def mv(ask: Ask[MoveArgs], place: Places) -> Reply:
    source, target = place.read(ask.args.source), place.read(ask.args.target)
    into = ask.args.target.endswith("/")
    now = await ask.services.storage.browsing.move(place, source, target, into=into)
    lines = (text("files-moved", old=place.in_job(source), new=place.in_job(now)),)
    return Reply(lines, ((opening(now.parent, text("button-files")),),))
