"""/jobs, /job, /stop: what am I running, how is it, and end it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.chat.arguments import Rest
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import NotFound, UserError
from bot.domain.jobs import JobRef, JobState
from bot.domain.messages import Button
from bot.domain.people import Place, Role
from bot.domain.text import Text, text
from bot.services.following import JobFilter, JobList
from handlers import choosing, filters, views
from handlers.start import run_button

router = Router()

MOST_STOPPED = 20
"""Each costs a call or two of the minute that all share; who means more stops them in turns."""


@dataclass(frozen=True, slots=True)
class JobsArgs:
    """`/jobs running failed since=2d vc=default image=torch words`"""

    words: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class JobArgs:
    name: str = ""


@dataclass(frozen=True, slots=True)
class StopArgs:
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    user: str
    name: str

    @property
    def ref(self) -> JobRef:
        return JobRef(self.user, self.name)


@dataclass(frozen=True, slots=True)
class Targets:
    """Several jobs, `user~name` each, with spaces between (names have none)."""

    jobs: str = ""

    @property
    def refs(self) -> list[JobRef]:
        return [JobRef.parse(words) for words in self.jobs.split()]


@dataclass(frozen=True, slots=True)
class Page:
    page: int
    states: str = ""
    vcs: str = ""
    since_seconds: int = 0
    image: str = ""
    words: str = ""

    @classmethod
    def of(cls, wanted: JobFilter, page: int) -> "Page":
        return cls(
            page,
            ",".join(wanted.states),
            ",".join(wanted.vcs),
            int(wanted.since.total_seconds()) if wanted.since else 0,
            wanted.image,
            wanted.words,
        )

    def filter(self) -> JobFilter:
        return JobFilter(
            tuple(JobState(s) for s in self.states.split(",") if s),
            tuple(v for v in self.vcs.split(",") if v),
            timedelta(seconds=self.since_seconds) if self.since_seconds else None,
            self.image,
            self.words,
        )

    def payload(self) -> dict[str, str | int]:
        return {
            "states": self.states,
            "vcs": self.vcs,
            "since_seconds": self.since_seconds,
            "image": self.image,
            "words": self.words,
        }


@router.command("jobs", place=Place.PRIVATE, takes=JobsArgs, how="how-jobs")
async def mine(ask: Ask[JobsArgs]) -> Reply:
    wanted = filters.parse(ask.args.words)
    return show_mine(ask, await ask.services.following.lists.mine(ask.person, wanted, 1), wanted)


@router.button("jobs.page", takes=Page, place=Place.PRIVATE)
async def turn(ask: Ask[Page]) -> Reply:
    wanted = ask.args.filter()
    listed = await ask.services.following.lists.mine(ask.person, wanted, ask.args.page)
    return show_mine(ask, listed, wanted)


def show_mine(ask: Ask[JobsArgs] | Ask[Page], listed: JobList, wanted: JobFilter) -> Reply:
    if not listed.items:
        if wanted != JobFilter():
            return Reply((text("jobs-none-such"),), ((run_button("/jobs", "button-jobs"),),))
        return Reply((text("jobs-none"),), ((run_button("/run", "button-run"),),))
    lines: list[Text] = [
        text("jobs-title", total=listed.total, page=listed.page, pages=listed.pages)
    ]
    if listed.as_of is not None:
        lines.append(text("jobs-as-of", at=listed.as_of.timestamp()))
    lines += views.job_lines(listed.items, ask.services.following.now(), owner=False)
    opens = tuple(choosing.job_button(item, "job.open") for item in listed.items)
    rows = [opens[i : i + 2] for i in range(0, len(opens), 2)]
    payload = Page.of(wanted, listed.page).payload()
    again = Button(text("button-refresh"), "jobs.page", {**payload, "page": listed.page})
    return Reply(tuple(lines), (*rows, (*views.pages(listed, "jobs.page", payload), again)))


@router.command(
    "jobs", place=Place.GROUP, role=Role.STRANGER, how="how-jobs-group", about="help-jobs-group"
)
async def lab(ask: Ask[Any]) -> Reply:
    return show_lab(ask, await ask.services.following.lists.lab(1))


@router.button("lab.page", takes=Page, role=Role.STRANGER)
async def turn_lab(ask: Ask[Page]) -> Reply:
    return show_lab(ask, await ask.services.following.lists.lab(ask.args.page))


def show_lab(ask: Ask[Any] | Ask[Page], listed: JobList) -> Reply:
    if not listed.items:
        return Reply.of(text("lab-none"))
    title = text("lab-title", total=listed.total, page=listed.page, pages=listed.pages)
    lines = views.job_lines(listed.items, ask.services.following.now(), owner=True)
    turns = tuple(
        Button(b.label, b.action, b.payload, anyone=True)
        for b in (
            *views.pages(listed, "lab.page", {}),
            Button(text("button-refresh"), "lab.page", {"page": listed.page}),
        )
    )
    return Reply((title, *lines), (turns,))


@router.command("job", place=Place.PRIVATE, takes=JobArgs, how="how-job")
async def job(ask: Ask[JobArgs]) -> Reply:
    if not ask.args.name:
        return await choosing.latest(ask, "job.open", "job-which")
    return await show(ask, JobRef.parse(ask.args.name, ask.person.openpai_user))


@router.command("job", place=Place.GROUP, role=Role.STRANGER, takes=JobArgs, how="how-job")
async def public_job(ask: Ask[JobArgs]) -> Reply:
    if not ask.args.name:
        raise UserError("job-name-missing")
    ref = await ask.services.following.lists.meant(ask.args.name, ask.person.openpai_user)
    shown = await ask.services.following.public(ref)
    return views.card(shown, ask.services.following.now(), "", private=False)


@router.button("job.open", takes=Target, place=Place.PRIVATE)
async def opened(ask: Ask[Target]) -> Reply:
    return (await show(ask, ask.args.ref)).with_(new=True)


@router.button("job.refresh", takes=Target, role=Role.STRANGER)
async def refresh(ask: Ask[Target]) -> Reply:
    if ask.chat.place is Place.GROUP:
        shown = await ask.services.following.public(ask.args.ref)
        return views.card(shown, ask.services.following.now(), "", private=False)
    return await show(ask, ask.args.ref)


async def show(ask: Ask[JobArgs] | Ask[Target], ref: JobRef) -> Reply:
    try:
        shown = await ask.services.following.card(ask.person, ref)
    except NotFound:
        return await choosing.no_such(ask, ref, "job.open")
    return views.card(
        shown, ask.services.following.now(), ask.services.following.portal, private=True
    )


@router.command("stop", place=Place.PRIVATE, takes=StopArgs, how="how-stop")
async def stop(ask: Ask[StopArgs]) -> Reply:
    if not ask.args.names:
        return await choosing.latest(ask, "job.stop", "stop-which", unfinished=True)
    names = dict.fromkeys(ask.args.names)
    if len(names) > MOST_STOPPED:
        raise UserError("stop-too-many", count=len(names), most=MOST_STOPPED)
    refs = [JobRef.parse(name, ask.person.openpai_user) for name in names]
    able: list[JobRef] = []
    others: list[Text] = []
    for ref in refs:
        try:
            await ask.services.following.stoppable(ask.person, ref)
        except UserError as error:
            if len(refs) == 1 and isinstance(error, NotFound):
                return await choosing.no_such(ask, ref, "job.stop")
            if len(refs) == 1:
                raise
            others.append(text("stop-failed", name=ref.name, why=error.text))
        else:
            able.append(ref)
    asked = ask_to_stop(able) if able else Reply(())
    return asked.with_(lines=(*others, *asked.lines))


@router.button("job.stop", takes=Target, place=Place.PRIVATE)
async def stop_pressed(ask: Ask[Target]) -> Reply:
    return ask_to_stop([ask.args.ref]).with_(new=True)


def ask_to_stop(refs: list[JobRef]) -> Reply:
    names = ", ".join(ref.name for ref in refs)
    these = {"jobs": " ".join(map(str, refs))}
    yes = Button(text("button-stop-yes"), "job.stop.yes", these, style="danger")
    no = Button(text("button-stop-no"), "job.stop.no", these)
    return Reply((text("stop-sure", names=names, count=len(refs)),), ((yes, no),))


@router.button("job.stop.no", takes=Targets, place=Place.PRIVATE)
async def stop_not(ask: Ask[Targets]) -> Reply:
    """Pressed after "yes", while that was under way, it must not say that nothing was stopped."""
    stopped = await ask.services.following.asked_to_stop(ask.args.refs)
    if stopped:
        raise UserError("stop-too-late", names=", ".join(ref.name for ref in stopped))
    return Reply.of(text("stop-not"))


@router.button("job.stop.yes", takes=Targets, place=Place.PRIVATE)
async def stop_sure(ask: Ask[Targets]) -> Reply:
    """Each job by itself: one that can't be stopped does not keep the others running."""
    lines: list[Text] = []
    for ref in ask.args.refs:
        try:
            await ask.services.following.stop(ask.person, ref)
            lines.append(text("stop-asked", name=ref.name))
        except UserError as error:
            lines.append(text("stop-failed", name=ref.name, why=error.text))
    return Reply(tuple(lines))
