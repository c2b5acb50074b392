"""Several files sent at once: one question for all of them."""

from dataclasses import dataclass
from functools import partial

from bot.chat.direct import DOWNLOAD_LIMIT_BYTES
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import UserError
from bot.domain.files import FilePath, Places
from bot.domain.messages import Button
from bot.domain.people import Place
from bot.domain.text import Text, text
from bot.services.files import AlbumFile
from handlers.files.browse import clean, opening, said
from handlers.files.folder import in_folder

router = Router()


@dataclass(frozen=True, slots=True)
class Album:
    """`replace` are the numbers of those files that were there and are to go to the trash."""

    album: str
    replace: str = ""


async def offer(ask: Ask[str], place: Places) -> Reply:
    """The question grows with each file that comes; a caption names the directory."""
    file = ask.file
    if file is None:
        raise UserError("button-expired")
    path = said(place, ask.args)
    one = AlbumFile(file.id, file.name.replace("/", "_") or "file", file.size, str(path))
    files = await ask.services.storage.albums.add(ask.person, file.album, one)
    into = place.in_job(FilePath.of(files[0].directory))
    total = sum(one.size for one in files)
    lines: list[Text] = [text("album-offer", count=len(files), bytes=total, path=into)]
    lines += large(files)
    save = Button(
        text("button-save"), "files.album", {"album": file.album}, style="success", once=True
    )
    card = f"album:{ask.person.id}:{file.album}"
    return Reply(tuple(lines), ((save,),), card=card, again=len(files) > 1)


def large(files: tuple[AlbumFile, ...]) -> list[Text]:
    """Those that Telegram does not hand over."""
    names = [clean(one.name) for one in files if one.size > DOWNLOAD_LIMIT_BYTES]
    return [text("album-large", names=", ".join(names))] if names else []


@router.button("files.album", takes=Album, place=Place.PRIVATE)
@in_folder
async def save(ask: Ask[Album], place: Places) -> Reply:
    """All that can be saved is; what is there already is asked about, once for all of it."""
    storage = ask.services.storage
    files = await storage.albums.files(ask.person, ask.args.album)
    if not files:
        raise UserError("button-expired")
    await storage.uploads.room.make(place, sum(one.size for one in files))
    directory = FilePath.of(files[0].directory)
    replaced = {int(number) for number in ask.args.replace.split()}
    saved, there = 0, []
    for number, one in enumerate(files):
        if one.size > DOWNLOAD_LIMIT_BYTES or (replaced and number not in replaced):
            continue
        path, content = place.read(one.name, directory), await ask.services.files(one.file)
        old = None
        if await storage.browsing.look(place, path) is not None:
            if await storage.browsing.holds(place, path, content):
                saved += 1
                continue
            if number not in replaced:
                there.append(number)
                continue
            old = partial(storage.trash.throw, ask.person, place, path, f"{ask.key}:{one.name}")
        await storage.browsing.save(place, path, content, old)
        saved += 1
    lines = [text("album-saved", count=saved, path=place.in_job(directory)), *large(files)]
    row = [opening(directory, text("button-files"))]
    if there:
        names = ", ".join(clean(files[number].name) for number in there)
        lines.append(text("album-exists", names=names, count=len(there)))
        again = {"album": ask.args.album, "replace": " ".join(map(str, there))}
        row.append(Button(text("button-replace"), "files.album", again, style="danger", once=True))
    return Reply(tuple(lines), (tuple(row),))
