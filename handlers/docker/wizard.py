"""/dockerfile: a Dockerfile by buttons, one question at a time; every button carries all answers so far."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args

from bot.chat.arguments import dump
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Anything, Ask, Router
from bot.domain.docker import tables
from bot.domain.docker.choices import (
    Choices,
    Framework,
    Kind,
    Python,
    base_of,
    clash,
    framework_of,
    frameworks,
    own_base,
    python_of,
    pythons,
    recipe,
)
from bot.domain.docker.lines import repository
from bot.domain.docker.typed import apt_packages, pip_packages
from bot.domain.docker.writing import contents, version_tag, write
from bot.domain.errors import UserError
from bot.domain.images.versions import says_nothing
from bot.domain.messages import Attachment, Button, Rows
from bot.domain.people import Place
from bot.domain.text import Text, text
from bot.services.images.browsing import Choices as Several
from bot.services.images.references import parse_reference
from bot.services.pushing import Destination
from handlers.docker.guide import copies, destination

router = Router()

Step = Literal["base", "python", "framework", "apt", "pip", "mirror", "ports", "done"]
STEPS: tuple[Step, ...] = get_args(Step)
TYPED: dict[Step, str] = {
    "base": "dockerfile.base",
    "apt": "dockerfile.apt",
    "pip": "dockerfile.pip",
}
"""Steps at which people may also write, and where that goes."""
NAMES = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}
OWN_SHOWN = 3
SHOWN = 120
"""Letters of a list of packages in the summary."""


@dataclass(frozen=True, slots=True)
class Go(Choices):
    step: Step = "base"
    beside: bool = False
    """Pressed on the finished file, which has no text that could become a question again."""


@router.command("dockerfile", place=Place.PRIVATE)
async def dockerfile(ask: Ask[Any]) -> Reply:
    return await first_question(ask)


async def first_question(ask: Ask[Any]) -> Reply:
    """The known bases, then the lab's own images: they follow a template of the lab's already."""
    reply = show(ask, "base", Choices())
    return reply.with_(buttons=(*reply.buttons, *await offer_own(ask)))


async def offer_own(ask: Ask[Any]) -> Rows:
    """Of Harbor's images those whose tag says what is inside: others are no base to build on twice."""
    host = ask.services.images.browsing.hub_host
    offers = await ask.services.images.picking.offers(ask.person)
    pinned = [
        one
        for one in offers
        if host
        and one.image.startswith(f"{host}/")
        and not says_nothing(one.image.rpartition(":")[2])
    ]
    return tuple(
        (to(text("dockerfile-own", name=one.name), "python", Choices(), base=one.image),)
        for one in pinned[:OWN_SHOWN]
    )


@router.command("dockerfile", place=Place.GROUP, takes=Anything)
async def in_group(ask: Ask[Anything]) -> Reply:
    link = ask.services.link("dockerfile")
    return Reply((text("dockerfile-group"),), ((Button(text("button-open-private"), url=link),),))


@router.button("dockerfile.go", takes=Go, place=Place.PRIVATE)
async def go(ask: Ask[Go]) -> Reply:
    chosen = Choices(**{field.name: getattr(ask.args, field.name) for field in fields(Choices)})
    if ask.args.step == "done":
        return finished(ask, chosen, await destination(ask))
    reply = show(ask, ask.args.step, chosen)
    if ask.args.step == "base":
        reply = reply.with_(buttons=(*reply.buttons, *await offer_own(ask)))
    return reply.with_(new=True) if ask.args.beside else reply


@router.step("dockerfile.base")
async def typed_base(ask: Ask[str]) -> Reply:
    """Any image with a tag; of the lab's own a part of the name is enough, if that tag is there."""
    browsing = ask.services.images.browsing
    written = parse_reference(ask.args)
    meant = await browsing.meant(ask.person, ask.args)
    if isinstance(meant, Several):
        again = await first_question(ask)
        rows = tuple(
            (to(text("button-name", name=str(one)), "python", Choices(), base=str(one)),)
            for one in meant.references
            if one.tag or one.digest
        )
        return again.with_(lines=(text("image-which"),), buttons=rows or again.buttons)
    if meant != written and not await browsing.there(ask.person, meant):
        meant = written  # `ubuntu:22.04` is Docker Hub's, whatever the lab calls its own
    base = own_base(meant)
    return show(ask, "python", Choices(base.reference))


@router.step("dockerfile.apt")
async def typed_apt(ask: Ask[str]) -> Reply:
    return show(ask, "pip", replace(remembered(ask), apt=apt_packages(ask.args)))


@router.step("dockerfile.pip")
async def typed_pip(ask: Ask[str]) -> Reply:
    choices = remembered(ask)
    packages = pip_packages(ask.args)
    base = base_of(choices.base)
    framework = framework_of(base, python_of(base, choices.python), choices.framework)
    if (package := clash(framework, packages)) and framework is not None:
        raise UserError("dockerfile-twice", package=package, framework=name_of(framework))
    return show(ask, "mirror", replace(choices, pip=packages))


def remembered(ask: Ask[str]) -> Choices:
    return Choices(**{name: str(value) for name, value in ask.data.items()})


def show(ask: Ask[Any], step: Step, choices: Choices) -> Reply:
    """The question of this step, under what was answered before."""
    rows = OFFERS[step](ask, choices)
    title = text("dockerfile-title", at=STEPS.index(step) + 1, of=len(STEPS) - 1)
    lines = (title, *summary(choices), text(f"dockerfile-ask-{step}"))
    reply = Reply(lines, (*rows, *back(step, choices)))
    if step not in TYPED:
        return reply.with_(done=True)
    return reply.with_(then=NextStep(TYPED[step], asdict(choices), lives_seconds=3600))


def finished(ask: Ask[Any], choices: Choices, where: Destination) -> Reply:
    site = ask.services.site
    made = recipe(choices, site.pip_mirror)
    own = where.terminal
    user = ask.person.openpai_user
    image = own.image(repository(contents(made), user), version_tag(made))
    build, login, push = own.build(image), own.login(), own.push(image)
    lines = [text("dockerfile-done", build=build, login=login, push=push)]
    if not own.registry:
        lines.append(text("docker-no-registry"))
    if made.base in tables.NVIDIA:
        lines.append(text("dockerfile-nvidia-removes"))
    file = Attachment("Dockerfile", write(made).encode(), "text/plain")
    rows = (*copies(build, push), *back("done", choices))
    return Reply(tuple(lines), rows, file, done=True, new=True)


def summary(choices: Choices) -> tuple[Text, ...]:
    """What was chosen so far, one line each."""
    lines = []
    if choices.base:
        lines.append(text("dockerfile-chosen-base", base=choices.base))
    if choices.python:
        base = base_of(choices.base)
        python = python_of(base, choices.python)
        lines.append(text("dockerfile-chosen-python", python=label_of(python)))
        if (framework := framework_of(base, python, choices.framework)) is not None:
            lines.append(text("dockerfile-chosen-framework", name=name_of(framework)))
    if choices.apt:
        lines.append(text("dockerfile-chosen-apt", names=choices.apt[:SHOWN]))
    if choices.pip:
        lines.append(text("dockerfile-chosen-pip", names=choices.pip[:SHOWN]))
    return tuple(lines)


def to(label: Text, step: Step, choices: Choices, **changes: str) -> Button:
    return going(label, Go(**asdict(replace(choices, **changes)), step=step))


def going(label: Text, where: Go) -> Button:
    return Button(label, "dockerfile.go", dump(where))


def back(step: Step, choices: Choices) -> Rows:
    at = STEPS.index(step)
    if not at:
        return ()
    before = Go(**asdict(choices), step=STEPS[at - 1], beside=step == "done")
    return ((going(text("button-back"), before),),)


def in_rows(buttons: Iterable[Button], width: int = 2) -> Rows:
    found = tuple(buttons)
    return tuple(found[at : at + width] for at in range(0, len(found), width))


def offer_base(ask: Ask[Any], choices: Choices) -> Rows:
    """A new base makes the Python and framework chosen before meaningless."""

    def button(base: tables.Base) -> Button:
        label = text(
            "dockerfile-base",
            holds=base.holds,
            cuda=base.cuda,
            ubuntu=base.ubuntu,
            openpai=base in tables.OPENPAI,
        )
        return to(label, "python", choices, base=base.reference, python="", framework="")

    return in_rows(button(base) for base in tables.NVIDIA) + in_rows(
        button(base) for base in tables.OPENPAI
    )


def offer_python(ask: Ask[Any], choices: Choices) -> Rows:
    offered = pythons(base_of(choices.base))
    buttons = [
        to(label_of(one), "framework", choices, python=one.key, framework="") for one in offered
    ]
    first = [
        b for b, one in zip(buttons, offered, strict=True) if one.kind in {Kind.BASE, Kind.SYSTEM}
    ]
    return (*in_rows(first, 1), *in_rows(buttons[len(first) :], 3))


def offer_framework(ask: Ask[Any], choices: Choices) -> Rows:
    base = base_of(choices.base)
    python = python_of(base, choices.python)
    kept = base.holds if python.kind is Kind.BASE else ""
    none = to(text("dockerfile-no-framework", kept=kept), "apt", choices, framework="")
    found = (
        to(text("dockerfile-framework", name=name_of(one)), "apt", choices, framework=one.key)
        for one in frameworks(base, python)
    )
    return (*in_rows(found), (none,))


def offer_apt(ask: Ask[Any], choices: Choices) -> Rows:
    opencv = to(text("dockerfile-opencv"), "pip", choices, apt=" ".join(tables.OPENCV))
    return ((to(text("dockerfile-none"), "pip", choices, apt=""), opencv),)


def offer_pip(ask: Ask[Any], choices: Choices) -> Rows:
    return ((to(text("dockerfile-none"), "mirror", choices, pip=""),),)


def offer_mirror(ask: Ask[Any], choices: Choices) -> Rows:
    names = ["site", "none"] if ask.services.site.pip_mirror else ["none"]
    return in_rows(
        to(text("dockerfile-mirror", mirror=name), "ports", choices, mirror=name) for name in names
    )


def offer_ports(ask: Ask[Any], choices: Choices) -> Rows:
    return in_rows(
        to(text("dockerfile-ports", ports=ports), "done", choices, ports=ports)
        for ports in tables.PORTS
    )


OFFERS: dict[Step, Callable[[Ask[Any], Choices], Rows]] = {
    "base": offer_base,
    "python": offer_python,
    "framework": offer_framework,
    "apt": offer_apt,
    "pip": offer_pip,
    "mirror": offer_mirror,
    "ports": offer_ports,
}


def label_of(python: Python) -> Text:
    return text("dockerfile-python", kind=python.kind.value, minor=python.minor)


def name_of(framework: Framework) -> str:
    release = framework.release
    return f"{NAMES[release.name]} {release.version} (CUDA {framework.cuda})"
