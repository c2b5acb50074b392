"""How a job looks in a chat: the line of a list, the card, the log."""

from datetime import datetime

from bot.chat.reply import Reply
from bot.domain.jobs import Job, JobState
from bot.domain.messages import Button, Rows
from bot.domain.text import Text, text
from bot.services.announcing import exit_lines
from bot.services.following import JobCard, JobList, Listed

LOG_SHOWN = 3400
"""UTF-16 units of log in one message: the rest of Telegram's 4096 is for what stands around it."""


def job_lines(items: tuple[Listed, ...], now: datetime, *, owner: bool) -> list[Text]:
    return [job_line(item, now, owner=owner) for item in items]


def job_line(item: Listed, now: datetime, *, owner: bool) -> Text:
    """One job in a list; with `owner` it says whose it is, and nothing a group should not see."""
    job = item.job
    about: dict[str, str | int | float] = {
        "name": job.ref.name,
        "state": shown_state(job),
        "gpus": job.gpus,
        "lasted": lasted(job, now),
    }
    if owner:
        return text("job-line-owner", owner=job.ref.user, **about)
    return text("job-line", note=item.note, **about)


def shown_state(job: Job) -> str:
    """A job asked to stop shows so before the platform does (contracts/openpai.md 3)."""
    if job.stop_requested and job.state in {JobState.RUNNING, JobState.WAITING}:
        return "stopping"
    if job.state is JobState.WAITING and job.retries:
        return "retrying"
    return str(job.state)


def lasted(job: Job, now: datetime) -> float:
    """Seconds waited, run so far, or run in all, whichever the state makes interesting."""
    start = job.launched_at if job.state is not JobState.WAITING else job.submitted_at
    start = start or job.submitted_at
    if start is None:
        return 0
    return max(
        0.0, ((job.completed_at if job.state.final else now) or now).timestamp() - start.timestamp()
    )


def pages(listed: JobList, action: str, payload: dict[str, str | int]) -> tuple[Button, ...]:
    row = []
    if listed.page > 1:
        row.append(Button(text("button-previous"), action, {**payload, "page": listed.page - 1}))
    if listed.page < listed.pages:
        row.append(Button(text("button-next"), action, {**payload, "page": listed.page + 1}))
    return tuple(row)


def card(shown: JobCard, now: datetime, portal: str, *, private: bool) -> Reply:
    """The card of a job: everything for who may see it, name, owner, state, GPUs and age for a group."""
    job = shown.detail.job
    full = private and shown.owner_view
    lines = [
        text("card-title", name=job.ref.name, note=shown.note if full else ""),
        text("card-state", state=shown_state(job), lasted=lasted(job, now)),
    ]
    if shown.as_of is not None:
        lines.insert(0, text("jobs-as-of", at=shown.as_of.timestamp()))
    if full:
        tasks = len(shown.detail.tasks) or job.tasks
        lines += [text("card-gpus", gpus=job.gpus, vc=job.vc, tasks=tasks), *details(shown)]
    else:
        lines += [text("card-owner", owner=job.ref.user), text("card-gpus-only", gpus=job.gpus)]
    if job.submitted_at is not None:
        lines.append(text("card-submitted", at=job.submitted_at.timestamp()))
    return Reply(tuple(lines), card_buttons(shown, portal, private=private))


def details(shown: JobCard) -> list[Text]:
    """What only the owner (or an admin) sees."""
    detail, lines = shown.detail, []
    if shown.image:
        lines.append(text("card-image", image=shown.image))
    if detail.job.retries:
        lines.append(
            text("card-retries", count=detail.job.retries, platform=detail.platform_retries)
        )
    nodes = sorted({task.node for task in detail.tasks if task.node})
    if nodes and not detail.job.state.final:
        lines.append(text("card-nodes", nodes=", ".join(nodes)))
    if detail.exit is not None and detail.job.state.final:
        lines += exit_lines(detail.exit) if detail.exit.code else []
    return lines


def card_buttons(shown: JobCard, portal: str, *, private: bool) -> Rows:
    ref = shown.detail.job.ref
    target: dict[str, str] = {"user": ref.user, "name": ref.name}
    first = [Button(text("button-refresh"), "job.refresh", target, anyone=not private)]
    if private and shown.mine:
        first.append(Button(text("button-log"), "log.show", target))
        if not shown.detail.job.state.final:
            first.append(Button(text("button-stop"), "job.stop", target, style="danger"))
    if portal and private:
        address = f"{portal}/job-detail.html?username={ref.user}&jobName={ref.name}"
        first.append(Button(text("button-portal"), url=address))
    return (tuple(first),)
