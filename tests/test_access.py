"""Who may do what, and where the answer goes: one table, made from what is registered.

Each row is a command or button as it is declared; what is heard must follow from role and place alone.
"""

from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from enum import Enum
from typing import get_type_hints

import pytest

from bot.chat.router import Command, Route, Router
from bot.demo.openpai import Trains
from bot.demo.telegram import CallbackAnswer, Group, Message
from bot.domain.people import Place, Role
from bot.domain.text import text
from bot.i18n import Catalogue
from bot.i18n.html import plain
from bot.parts.configured import missing_systems
from bot.settings import load
from handlers import router as everything
from tests import polling
from tests.lab import IMAGE, Lab, Somebody

TEXTS = Catalogue.load(timezone="Asia/Shanghai")
SECRETS = ("secret plan", "hunter2", "/mnt/secret.py")


class Heard(Enum):
    """What a question led to."""

    NOTHING = "nothing"
    HERE = "an answer where it was asked"
    REFUSED_HERE = "a refusal where it was asked"
    PRIVATELY = "an answer in the private chat"
    REFUSED_PRIVATELY = "a refusal in the private chat"
    INVITED = "a link to the private chat"
    FOR_GROUPS = "that it is for groups"
    UNKNOWN = "that there is no such command"


@dataclass(frozen=True)
class Asker:
    """`role` as it stands in the table; `started` is whether the bot may write to them."""

    who: Somebody
    role: Role
    started: bool


@dataclass
class Stage:
    lab: Lab
    router: Router
    askers: dict[str, Asker]
    groups: dict[str, Group]
    """`allowed` and `other`."""


@pytest.fixture
def closed_lab(closed_lab: Lab) -> Lab:
    """Every optional system is configured, so that every command exists; none of them answers."""
    closed_lab.environ |= {
        "PAILOT_HARBOR__URL": "http://127.0.0.1:9",
        "PAILOT_HARBOR__PROJECT": "lab",
        "PAILOT_STORAGE__HOST": "127.0.0.1",
        "PAILOT_STORAGE__PORT": "9",
        "PAILOT_STORAGE__USERNAME": "files",
        "PAILOT_STORAGE__PASSWORD": "files-password",
        "PAILOT_STORAGE__HOST_KEY": f"SHA256:{'A' * 43}",
        "PAILOT_WEB__PUBLIC_URL": "https://pailot.example.edu",
    }
    return closed_lab


@pytest.fixture
async def stage(lab: Lab, admin: Somebody, ann: Somebody, bob: Somebody) -> Stage:
    """Bob has a running job with secrets in it; Ann is another member."""
    stranger, newcomer = await lab.stranger("Stan Doe"), await lab.stranger("Newt Comer")
    await stranger.asks("/start")
    people = [stranger, newcomer, ann, bob, admin]
    allowed = await lab.group("Allowed", *people)
    other = lab.tg.group("Other", members=[one.tg for one in people])
    await bob.submits(
        f'image={IMAGE} note="secret plan" env.KEY=hunter2 python /mnt/secret.py',
        Trains(10_000_000),
        name="shown",
    )
    await bob.hears("Running")
    settings = load(
        environ={"PAILOT_OPENPAI__URL": lab.pai.url, **lab.environ}, cwd=lab.folder, needed=()
    )
    return Stage(
        lab,
        everything.without(missing_systems(settings)),
        {
            "newcomer": Asker(newcomer, Role.STRANGER, started=False),
            "stranger": Asker(stranger, Role.STRANGER, started=True),
            "other member": Asker(ann, Role.MEMBER, started=True),
            "member": Asker(bob, Role.MEMBER, started=True),
            "admin": Asker(admin, Role.ADMIN, started=True),
        },
        {"allowed": allowed, "other": other},
    )


def says(message: Message, key: str, **args: str) -> bool:
    return any(
        message.text == plain(TEXTS.render(text(key, **args), language))
        for language in ("zh", "en")
    )


def kind(message: Message, *, private: bool, asker: Somebody, name: str) -> Heard:
    if says(message, "only-members") or says(message, "only-admins"):
        return Heard.REFUSED_PRIVATELY if private else Heard.REFUSED_HERE
    if says(message, "come-to-private", name=asker.name):
        return Heard.INVITED
    if any(
        says_unknown in message.text for says_unknown in (f"没有 /{name} 这个", f"know /{name}.")
    ):
        return Heard.UNKNOWN
    if any(
        message.text.startswith(plain(TEXTS.render(text("only-in-groups", name=name), language)))
        for language in ("zh", "en")
    ):
        return Heard.FOR_GROUPS
    return Heard.PRIVATELY if private else Heard.HERE


def expected(router: Router, name: str, asker: Asker, place: str) -> Heard:
    """By the declaration alone."""
    role = asker.role
    if place == "other":
        is_allowing = name in {"allow", "deny"} and role is Role.ADMIN
        return Heard.HERE if is_allowing else Heard.NOTHING
    here = Place.PRIVATE if place == "private" else Place.GROUP
    command = router.find(name, here)
    if command is None:
        return Heard.FOR_GROUPS if router.find(name, Place.GROUP) else Heard.UNKNOWN
    refused = role < command.role
    if here is Place.PRIVATE or command.place is not Place.PRIVATE:
        return Heard.REFUSED_HERE if refused else Heard.HERE
    if not asker.started:
        return Heard.INVITED
    return Heard.REFUSED_PRIVATELY if refused else Heard.PRIVATELY


async def heard(stage: Stage, asker: Asker, line: str, group: Group | None, name: str) -> Heard:
    """Asks, waits for the bot to do something, and says what it was."""
    who, tg = asker.who, stage.lab.tg
    before = {m.id: m.edits for m in who.tg.messages(group)} if group else {}
    privately = {m.id for m in who.tg.messages()}
    question = await who.says(line, group)

    def happened() -> tuple[list[Message], list[Message], list[str]]:
        here = [m for m in who.tg.messages(group) if before.get(m.id) != m.edits] if group else []
        private = [m for m in who.tg.messages() if m.id not in privately]
        reactions = tg.reactions(question)
        return here, private, reactions

    def settled() -> bool:
        here, private, reactions = happened()
        # A private answer to a group's question comes with a reaction, in any order.
        return bool(here) or (bool(private) if group is None else bool(reactions))

    await polling.until(settled)
    here, private, reactions = happened()
    if group is not None and reactions and not here:
        command = stage.router.find(name, Place.GROUP)
        if command is not None and command.place is not Place.PRIVATE:
            return Heard.HERE  # the view that stands there is still true
        await polling.until(lambda: happened()[1])
        here, private, reactions = happened()
    assert not (here and private), f"{line}: {here[0].text!r} here, {private[0].text!r} in private"
    if here:
        return kind(here[0], private=False, asker=who, name=name)
    told = Heard.HERE if group is None else Heard.PRIVATELY
    found = kind(private[0], private=group is not None, asker=who, name=name)
    return told if found in {Heard.HERE, Heard.PRIVATELY} else found


def lines(command_name: str, command: Command | None) -> list[str]:
    """The command alone, and with the name of Bob's job behind it."""
    if command is not None and command.secret:
        return [f"/{command_name}"]  # words behind it would be a password
    return [f"/{command_name}", f"/{command_name} bob~shown"]


@pytest.mark.parametrize("place", ["private", "allowed"])
@pytest.mark.parametrize("name", ["newcomer", "stranger", "other member", "member", "admin"])
async def test_every_command_is_answered_where_and_to_whom_it_is_declared(stage, name, place):
    asker = stage.askers[name]
    if (name, place) == ("newcomer", "private"):
        pytest.skip("who writes in private has started the bot")
    group = stage.groups.get(place)
    wrong = []
    # `/deny` comes last: nothing is answered after it.
    for command in sorted(stage.router.names, key=lambda one: one == "deny"):
        for line in lines(command, stage.router.find(command, Place.PRIVATE)):
            if command == "deny" and line != "/deny":
                continue
            got = await heard(stage, asker, line, group, command)
            if got is not (wanted := expected(stage.router, command, asker, place)):
                wrong.append(f"{line}: heard {got.value}, not {wanted.value}")
    assert wrong == []
    sees_all = name in {"member", "admin"}
    where = (asker.who.said(group) if group else []) + ([] if sees_all else asker.who.said())
    leaked = [said for said in where for secret in SECRETS if secret in said]
    assert leaked == []


async def test_a_group_that_is_not_allowed_hears_nothing_whoever_asks(stage):
    group, last = stage.groups["other"], stage.askers["admin"].who
    for name in stage.router.names:
        for asker in stage.askers.values():
            if expected(stage.router, name, asker, "other") is Heard.NOTHING:
                await asker.who.says(f"/{name}", group)
    for asker in stage.askers.values():
        asker.who.tg.forgets()
    # Answers of one chat come in order: when this one is there, no other can follow.
    await last.says("/allow", group)
    await last.hears("", chat=group)
    assert len(last.said(group)) == 1
    for asker in stage.askers.values():
        await asker.who.hears_nothing(0.05, chat=None)


def payload(route: Route) -> dict[str, str | int]:
    """Something of the right type for every field."""
    hints = get_type_hints(route.takes)
    return {
        field.name: 1 if hints[field.name] is int else "x" if hints[field.name] is str else False
        for field in fields(route.takes)
        if field.default is MISSING
    }


async def button(
    stage: Stage, route: Route, owner: Somebody, chat: int, *, anyone: bool = False
) -> str:
    """A button of that route, as if it had been sent there."""
    name = f"t{route.name}{owner.id}{chat}{anyone}".replace(".", "")[:60]
    now = stage.lab.clock.now()
    await stage.lab.bot.db.write(
        lambda uow: uow.buttons.create(
            name,
            owner.id,
            route.name,
            payload(route),
            chat=chat,
            now=now,
            lives_seconds=60,
            anyone=anyone,
        )
    )
    return name


def toast(answer: CallbackAnswer, key: str, **args: str) -> bool:
    return any(answer.text == TEXTS.label(text(key, **args), one) for one in ("zh", "en"))


async def test_nobody_presses_another_persons_button(stage):
    """In the allowed group it says whose it is; elsewhere it is no button at all."""
    bob = stage.askers["member"].who
    allowed, other = stage.groups["allowed"], stage.groups["other"]
    card = await bob.asks("/gpu", allowed)
    greetings = {name: await one.who.asks("/start") for name, one in stage.askers.items()}
    for one in stage.askers.values():
        one.who.tg.forgets()
    for route in stage.router.buttons:
        in_group = await button(stage, route, bob, allowed.id)
        in_private = await button(stage, route, bob, bob.id)
        for name, asker in stage.askers.items():
            if asker.who is bob:
                continue
            press = asker.who.tg.presses_data
            answer = await press(in_group, card)
            assert toast(answer, "button-not-yours", name=bob.name), (route.name, name, answer)
            assert answer.show_alert
            for data in (in_private, in_group):
                answer = await press(data, greetings[name])
                assert toast(answer, "button-expired"), (route.name, name, answer)
    for asker in stage.askers.values():
        await asker.who.hears_nothing(0.05)
    assert other.id not in {call.params.get("chat_id") for call in stage.lab.tg.calls}


async def test_owning_a_button_gives_no_right(stage):
    """Somebody who lost a role, or was given a button for everybody: the role is asked for at the press."""
    allowed = stage.groups["allowed"]
    card = await stage.askers["member"].who.asks("/gpu", allowed)
    for name, asker in stage.askers.items():
        greeting = await asker.who.asks("/start")
        for route in stage.router.buttons:
            if asker.role >= route.role:
                continue
            key = "only-admins" if route.role is Role.ADMIN else "only-members"
            data = await button(stage, route, asker.who, asker.who.id)
            asker.who.tg.forgets()
            await asker.who.tg.presses_data(data, greeting)
            said = await asker.who.hears("")
            assert says(said, key), (route.name, name, said.text)
            assert said.id != greeting.id
            data = await button(stage, route, asker.who, allowed.id, anyone=True)
            answer = await asker.who.tg.presses_data(data, card)
            private = route.place is Place.PRIVATE
            assert toast(answer, key) or private, (route.name, name, answer)
        asker.who.tg.forgets()


async def test_a_dialog_asks_for_the_role_at_every_step(stage):
    stranger = stage.askers["stranger"]
    for step in stage.router.steps:
        if step.role is Role.STRANGER:
            continue
        now = stage.lab.clock.now()
        who, name = stranger.who.id, step.name
        later = now + timedelta(days=365)
        await stage.lab.bot.db.write(
            lambda uow, who=who, name=name, later=later: uow.dialogs.put(who, who, name, {}, later)
        )
        said = await stranger.who.asks("gpu=2")
        assert says(said, "only-members") or says(said, "only-admins"), (step.name, said.text)


def test_what_everybody_may_press_is_a_view_for_strangers():
    """`anyone` is declared on buttons in code; the routes behind them must need no role."""
    open_to_all = {"gpu.refresh", "lab.page", "job.refresh"}
    for name in open_to_all:
        route = everything.find_button(name)
        assert route is not None
        assert route.role is Role.STRANGER
        assert route.place is not Place.PRIVATE
