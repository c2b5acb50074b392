"""Which job, which image? Buttons with the likely ones, when none is given or the one given is unknown."""

from typing import Any

from bot.chat.nearest import nearest
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask
from bot.domain.errors import NotFound
from bot.domain.jobs import JobRef
from bot.domain.messages import Button
from bot.domain.text import Text, text
from bot.services.following import JobFilter, Listed
from handlers import views
from handlers.start import run_button


async def latest(ask: Ask[Any], action: str, question: str, *, unfinished: bool = False) -> Reply:
    """No name given: the person's latest jobs as buttons."""
    listed = await ask.services.following.lists.mine(ask.person, JobFilter(), 1)
    items = [item for item in listed.items if not (unfinished and item.job.state.final)]
    if not items and unfinished:
        return Reply.of(text("stop-none"))
    if not items:
        return Reply((text("jobs-none"),), ((run_button("/run", "button-run"),),))
    return Reply((text(question),), tuple((job_button(item, action),) for item in items))


async def no_such(ask: Ask[Any], ref: JobRef, action: str) -> Reply:
    """Not found: the nearest of the person's own names are offered."""
    close = nearest(ref.name, await ask.services.following.lists.nearest(ask.person), 3)
    user = ask.person.openpai_user
    buttons = tuple(
        (Button(text("button-name", name=name), action, {"user": user, "name": name}),)
        for name in close
    )
    shown = ref.name if ref.user == user else str(ref)
    found = (text("job-near"),) if close else ()
    return Reply((NotFound("job", shown).text, *found), buttons)


async def image(ask: Ask[Any], line: str = "") -> Reply:
    """No image named: the likely ones as buttons, each of which goes on with the line; or a name is written."""
    offers = await ask.services.images.picking.offers(ask.person)
    rows = tuple(
        (
            Button(
                text("button-pick", kind=one.kind, name=one.name),
                "run.image",
                {"image": one.image, "line": line},
            ),
        )
        for one in offers
    )
    browse = Button(text("button-all-images"), "images.page", {"word": "", "page": 1})
    more = ((browse,),) if ask.services.site.harbor else ()
    if not line:
        return Reply((), (*rows, *more))
    step = NextStep("run.image", {"line": line})
    return Reply((text("run-pick", some=bool(offers)),), (*rows, *more), then=step)


async def known_image(ask: Ask[Any], question: Text, action: str = "") -> Reply:
    """No image named for something else than a job: those the person knows, and the way to all."""
    offers = await ask.services.images.picking.offers(ask.person) if action else ()
    rows = tuple(
        (Button(text("button-pick", kind=one.kind, name=one.name), action, {"image": one.image}),)
        for one in offers
    )
    browse = Button(text("button-all-images"), "images.page", {"word": "", "page": 1})
    return Reply((question,), (*rows, *(((browse,),) if ask.services.site.harbor else ())))


def job_button(item: Listed, action: str) -> Button:
    name, user = item.job.ref.name, item.job.ref.user
    label = text("button-job", name=item.note or name, state=views.shown_state(item.job))
    return Button(label, action, {"user": user, "name": name})
