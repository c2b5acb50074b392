"""/login harbor: the dialog and the one line, reached from the login of all systems."""

from typing import Any

from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import LoginNeeded, UserError, WrongLogin
from bot.domain.images.artifact import HubAccount
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from handlers.start import run_button

router = Router()


async def login(ask: Ask[Any], words: str) -> Reply:
    """`/login harbor` asks; `/login harbor USER SECRET` does it. A secret may have spaces in it."""
    if ask.person.role is Role.STRANGER:
        raise LoginNeeded("openpai")
    if not ask.services.images.browsing.has_hub:
        raise UserError("harbor-none")  # before anybody writes a password
    user, _, secret = words.strip().partition(" ")
    if not user:
        return begin()
    if not secret:
        return ask_secret(user)
    return linked(await ask.services.images.logins.link(ask.person, user, secret))


def begin() -> Reply:
    cancel = Button(text("button-cancel"), "login.cancel")
    return Reply((text("harbor-ask-user"),), ((cancel,),), then=NextStep("harbor.user"))


def ask_secret(user: str) -> Reply:
    cancel = Button(text("button-cancel"), "login.cancel")
    step = NextStep("harbor.secret", {"user": user})
    return Reply((text("harbor-ask-secret", user=user),), ((cancel,),), then=step)


@router.button("harbor.login", place=Place.PRIVATE)
async def start(_ask: Ask[Any]) -> Reply:
    return begin().with_(new=True)


@router.step("harbor.user")
async def got_user(ask: Ask[str]) -> Reply:
    user = ask.args.strip()
    if not user or any(c.isspace() for c in user):
        return Reply((text("login-bad-user"),), then=NextStep("harbor.user"))
    return ask_secret(user)


@router.step("harbor.secret", secret=True)
async def got_secret(ask: Ask[str]) -> Reply:
    user = str(ask.data["user"])
    try:
        return linked(await ask.services.images.logins.link(ask.person, user, ask.args))
    except WrongLogin as error:
        cancel = Button(text("button-cancel"), "login.cancel")
        step = NextStep("harbor.secret", {"user": user})
        return Reply((error.text,), ((cancel,),), then=step)


def linked(account: HubAccount) -> Reply:
    lines = (text("harbor-linked", user=account.name, kind=account.kind),)
    return Reply(lines, ((run_button("/images", "button-all-images"),),), done=True, new=True)


async def about(ask: Ask[Any]) -> tuple[Text, ...]:
    """For /me: as whom they are linked to Harbor."""
    logins = ask.services.images.logins
    own = await logins.own(ask.person, logins.hub_host)
    return (text("me-harbor", user=own.user),) if own is not None else ()


async def logout(ask: Ask[Any]) -> Reply:
    gone = await ask.services.images.logins.unlink(ask.person)
    return Reply.of(text("harbor-unlinked" if gone else "logout-nothing"))
