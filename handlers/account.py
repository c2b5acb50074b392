"""/login, /logout, /me: who am I on the cluster?"""

from dataclasses import dataclass, replace
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import UserError, WrongLogin
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import text
from bot.services.accounts import Linked, Unlinked
from handlers.files import key
from handlers.images import login as harbor
from handlers.start import first_job, next_steps, run_button

router = Router()

SYSTEMS = frozenset({"openpai"})
DIALOGS = ("login.", "logout.", "harbor.")
JWT_PARTS = 3


@dataclass(frozen=True, slots=True)
class LoginArgs:
    words: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class Claimant:
    claimant: int = 0
    user: str = ""


@router.command(
    "login",
    place=Place.PRIVATE,
    role=Role.STRANGER,
    takes=LoginArgs,
    secret=True,
    changes=True,
    how="how-login",
)
async def login(ask: Ask[LoginArgs]) -> Reply:
    """`/login`, `/login openpai`, `/login openpai USER PASSWORD`, `/login openpai TOKEN`."""
    words = ask.args.words.strip()
    first, _, rest = words.partition(" ")
    if first.lower() == "harbor":
        return await harbor.login(ask, rest)
    if first.lower() == "storage":
        return await key.login(ask, rest)
    if first.lower() in SYSTEMS:
        words = rest.strip()
    if not words:
        return await begin(ask)
    user, _, password = words.partition(" ")
    if looks_like_token(user) and not password:
        return await linked(ask, await ask.services.accounts.link_token(ask.person, user))
    if not password:
        raise UserError("login-usage")
    return await linked(ask, await ask.services.accounts.link(ask.person, user, password))


@router.button("login.start", role=Role.STRANGER, place=Place.PRIVATE)
async def start(ask: Ask[Any]) -> Reply:
    return (await begin(ask)).with_(new=True)


async def begin(ask: Ask[Any] | Ask[LoginArgs]) -> Reply:
    """Ask for the user name; on clusters without passwords, for an application token."""
    if not await ask.services.accounts.password_login():
        return await ask_token(ask)
    cancel = Button(text("button-cancel"), "login.cancel")
    by_token = Button(text("button-login-token"), "login.token")
    return Reply((text("login-ask-user"),), ((by_token, cancel),), then=NextStep("login.user"))


@router.button("login.token", role=Role.STRANGER, place=Place.PRIVATE)
async def ask_token(ask: Ask[Any] | Ask[LoginArgs]) -> Reply:
    portal = ask.services.following.portal
    cancel = Button(text("button-cancel"), "login.cancel")
    rows = ((Button(text("button-portal"), url=f"{portal}/user-profile.html"),),) if portal else ()
    return Reply((text("login-ask-token"),), (*rows, (cancel,)), then=NextStep("login.secret"))


@router.button("login.cancel", role=Role.STRANGER)
async def cancel_login(ask: Ask[Any]) -> Reply:
    """Pressed while the password was tried, or on a question of yesterday: it must not say "cancelled"."""
    if not ask.awaited.startswith(DIALOGS):
        raise UserError("login-cancel-late")
    return Reply((text("cancelled"),), done=True)


@router.button("logout.cancel", role=Role.STRANGER, place=Place.PRIVATE)
async def cancel_logout(ask: Ask[Any]) -> Reply:
    if not ask.person.openpai_user:
        raise UserError("login-cancel-late")
    return Reply.of(text("cancelled"))


@router.step("login.user", role=Role.STRANGER)
async def got_user(ask: Ask[str]) -> Reply:
    user = ask.args.strip()
    if not user or any(c.isspace() for c in user):
        return Reply((text("login-bad-user"),), then=NextStep("login.user"))
    cancel = Button(text("button-cancel"), "login.cancel")
    step = NextStep("login.password", {"user": user})
    return Reply((text("login-ask-password", user=user),), ((cancel,),), then=step)


@router.step("login.password", role=Role.STRANGER, secret=True)
async def got_password(ask: Ask[str]) -> Reply:
    user = str(ask.data["user"])
    try:
        return await linked(ask, await ask.services.accounts.link(ask.person, user, ask.args))
    except WrongLogin:
        return once_more(user, NextStep("login.password", {"user": user}))


def once_more(user: str, step: NextStep) -> Reply:
    """The dialog stays open for another try."""
    buttons = (Button(text("button-other-user"), "login.start"),) if "user" in step.data else ()
    cancel = Button(text("button-cancel"), "login.cancel")
    return Reply((text("login-wrong", user=user),), ((*buttons, cancel),), then=step)


@router.step("login.secret", role=Role.STRANGER, secret=True)
async def got_token(ask: Ask[str]) -> Reply:
    secret = ask.args.strip()
    if not looks_like_token(secret):
        return Reply((text("login-no-token"),), then=NextStep("login.secret"))
    return await linked(ask, await ask.services.accounts.link_token(ask.person, secret))


def looks_like_token(words: str) -> bool:
    """A JSON web token: three dotted parts, the first of them a JSON object in base64."""
    return words.startswith("eyJ") and words.count(".") == JWT_PARTS - 1 and " " not in words


async def linked(ask: Ask[str] | Ask[LoginArgs], account: Linked) -> Reply:
    lines = [text("login-done", user=account.user)]
    if account.vcs:
        lines.append(text("login-vcs", vcs=", ".join(account.vcs)))
    lines.append(text("login-kept"))
    if account.browser_token_lives:
        lines.append(text("login-browser-token"))
    buttons = (
        (run_button("/jobs", "button-jobs"), run_button("/gpu", "button-gpus")),
        (run_button("/run", "button-run"), run_button("/alerts", "button-alerts")),
    )
    first = await first_job(replace(ask, person=replace(ask.person, openpai_user=account.user)))
    return Reply(tuple(lines), (*first, *buttons), done=True, new=True)


@router.command(
    "logout",
    place=Place.PRIVATE,
    role=Role.STRANGER,
    takes=LoginArgs,
    secret=True,
    changes=True,
    how="how-logout",
)
async def logout(ask: Ask[LoginArgs]) -> Reply:
    """`/logout` asks; `/logout openpai PASSWORD` deletes here and revokes there."""
    words = ask.args.words.strip()
    first, _, rest = words.partition(" ")
    if first.lower() == "harbor":
        return await harbor.logout(ask)
    if first.lower() == "storage":
        return await key.logout(ask)
    password = rest.strip() if first.lower() in SYSTEMS else words
    if password:
        return unlinked(await ask.services.accounts.unlink(ask.person, password))
    if not ask.person.openpai_user:
        raise UserError("logout-nothing")
    buttons = (
        (Button(text("button-logout-revoke"), "logout.password", style="primary"),),
        (Button(text("button-logout-here"), "logout.here", style="danger", once=True),),
        (Button(text("button-cancel"), "logout.cancel"),),
    )
    return Reply((text("logout-how", user=ask.person.openpai_user),), buttons)


@router.button("logout.password", role=Role.STRANGER, place=Place.PRIVATE)
async def ask_logout_password(ask: Ask[Any]) -> Reply:
    if not ask.person.openpai_user:
        raise UserError("logout-nothing")
    cancel = Button(text("button-cancel"), "login.cancel")
    question = text("login-ask-password", user=ask.person.openpai_user)
    return Reply((question,), ((cancel,),), then=NextStep("logout.password"))


@router.step("logout.password", role=Role.STRANGER, secret=True)
async def got_logout_password(ask: Ask[str]) -> Reply:
    try:
        return unlinked(await ask.services.accounts.unlink(ask.person, ask.args))
    except WrongLogin:
        return once_more(ask.person.openpai_user, NextStep("logout.password"))


@router.button("logout.here", role=Role.STRANGER, place=Place.PRIVATE)
async def logout_here(ask: Ask[Any]) -> Reply:
    return unlinked(await ask.services.accounts.unlink(ask.person))


def unlinked(account: Unlinked) -> Reply:
    key = "logout-revoked" if account.revoked else "logout-lives-on"
    again = Button(text("button-login-again"), "login.start")
    return Reply((text(key, user=account.user),), ((again,),), done=True)


@router.command("me", place=Place.PRIVATE, role=Role.STRANGER)
async def me(ask: Ask[Any]) -> Reply:
    person = ask.person
    if not person.openpai_user:
        return Reply((text("me-nobody", name=person.name),), next_steps(ask))
    lines = [text("me-openpai", user=person.openpai_user)]
    if person.linked_at is not None:
        lines.append(text("me-since", at=person.linked_at.timestamp()))
    lines += [
        *await harbor.about(ask),
        *await key.about(ask),
        text("me-role", role=person.role.name.lower()),
    ]
    out = Button(text("button-logout"), "logout.ask")
    return Reply(tuple(lines), ((run_button("/alerts", "button-alerts"), out),))


@router.button("logout.ask", role=Role.STRANGER, place=Place.PRIVATE)
async def logout_asked(ask: Ask[Any]) -> Reply:
    return await logout(Ask(ask.person, LoginArgs(), ask.services, ask.key, ask.chat, ask.now))


@router.button("claim.allow", takes=Claimant, role=Role.STRANGER, place=Place.PRIVATE)
async def claim_allowed(ask: Ask[Claimant]) -> Reply:
    """Another Telegram account may have this person's OpenPAI user: they said so."""
    user = ask.args.user
    await ask.services.accounts.claim(ask.person, user, ask.args.claimant, ask.key)
    return Reply.of(text("claim-allowed", user=user))


@router.button("claim.refuse", takes=Claimant, role=Role.STRANGER, place=Place.PRIVATE)
async def claim_refused(ask: Ask[Claimant]) -> Reply:
    """After "allow" nothing stays as it is."""
    user = ask.args.user
    if user and ask.person.openpai_user != user:
        raise UserError("claim-over", user=user)
    return Reply.of(text("claim-refused"))
