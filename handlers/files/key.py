"""/login storage, /logout storage: a key of one's own, limited to file transfer, in place of the site's account."""

from typing import Any

from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import LoginNeeded
from bot.domain.files import FilePath, Places
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.files.ownkeys import admission
from handlers.files.folder import in_folder
from handlers.start import run_button

router = Router()


async def login(ask: Ask[Any], words: str) -> Reply:
    """`/login storage` shows the key and what is to be done with it; `/login storage ACCOUNT` for another one."""
    if ask.person.role is Role.STRANGER:
        raise LoginNeeded("openpai")
    account = words.strip()

    @in_folder
    async def offer(ask: Ask[Any], place: Places) -> Reply:
        return await show(ask, place, account)

    return await offer(ask)


async def show(ask: Ask[Any], place: Places, account: str) -> Reply:
    storage = ask.services.storage
    offered = await storage.own_keys.offer(ask.person, place, account)
    key, site = offered.key, storage.folders.site
    try_ = Button(text("button-own-key-try"), "storage.key.try", style="success")
    out = Button(text("button-own-key-drop"), "storage.key.drop", style="danger")
    if offered.used:
        return Reply((text("own-key-used", account=key.account),), ((try_, out),))
    lines = (
        text("own-key-made", account=key.account, host=site.host),
        *admission(key, site.root),
        text("own-key-next", account=key.account),
    )
    ask_admin = Button(text("button-own-key-ask"), "storage.key.ask")
    return Reply(lines, ((try_, ask_admin), (out,)))


@router.button("storage.key.try", place=Place.PRIVATE)
@in_folder
async def tried(ask: Ask[Any], place: Places) -> Reply:
    """What is refused stays untried: nothing changes until the server lets it in."""
    key, server = await ask.services.storage.own_keys.try_(ask.person, place)
    lines = (text("own-key-good", account=key.account, shell=server.shell),)
    return Reply(lines, ((run_button("/ls", "button-files"),),))


@router.button("storage.key.ask", place=Place.PRIVATE)
@in_folder
async def asked(ask: Ask[Any], place: Places) -> Reply:
    await ask.services.storage.own_keys.ask_admins(ask.person, place)
    return Reply((text("own-key-asked"),), new=True)


@router.button("storage.key.drop", place=Place.PRIVATE)
async def dropped(ask: Ask[Any]) -> Reply:
    return await logout(ask)


async def logout(ask: Ask[Any]) -> Reply:
    place = await ask.services.storage.folders.of(ask.person)
    gone = place and await ask.services.storage.own_keys.give_up(ask.person, place)
    if not gone:
        return Reply.of(text("own-key-none"))
    return Reply.of(text("own-key-gone", account=gone.account, line=gone.public))


async def about(ask: Ask[Any]) -> tuple[Text, ...]:
    """For /me: which folder is theirs, and by which account it is reached."""
    storage = ask.services.storage
    place = await storage.folders.of(ask.person)
    if place is None:
        return ()
    account = await storage.own_keys.account(ask.person)
    return (text("me-storage", path=place.on_server(FilePath()), account=account),)
