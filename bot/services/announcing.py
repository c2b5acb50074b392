"""How news of a job reads: the alert, and its line in a digest."""

from bot.domain.jobs import Event, Exit, Job
from bot.domain.messages import Button, Owed, Priority, Rows
from bot.domain.people import Person
from bot.domain.text import Text, text
from bot.services.alerts import Alert

LOG_LINES = 15
LOG_SHOWN = 2600
"""Characters of log in an alert: it must fit one message with all around it, even in escaped Chinese."""


def alert(person: Person, job: Job, event: Event, note: str, exit_: Exit | None) -> Alert:
    """One event of one job for one person. Its `once` is the occurrence; its card is what edits find."""
    occurrence = f"job:{job.ref}:{job.retries}:{event}:{person.id}"
    title = text(f"alert-{event}", name=job.ref.name, note=note, **_attempt(job, event))
    short = title
    if event is Event.FAILED and exit_ is not None:
        code = str(exit_.shown_code)
        short = text("digest-failed", name=job.ref.name, note=note, code=code)
    return Alert(
        str(event),
        Owed(
            occurrence,
            person.id,
            (title, *_details(job, event, exit_)),
            person.language,
            _buttons(job, event),
            person.id,
            priority=Priority.ALERT,
            card=occurrence,
        ),
        short,
        person,
        job.ref,
    )


def _attempt(job: Job, event: Event) -> dict[str, int]:
    return {"attempt": job.retries} if event is Event.RETRYING else {}


def _details(job: Job, event: Event, exit_: Exit | None) -> list[Text]:
    lines: list[Text] = []
    if event in {Event.STARTED, Event.RETRYING}:
        lines.append(text("alert-where", gpus=job.gpus, vc=job.vc))
        if event is Event.STARTED and job.launched_at and job.submitted_at:
            waited = (job.launched_at - job.submitted_at).total_seconds()
            lines.append(text("alert-waited", seconds=max(0, waited)))
        return lines
    if job.completed_at and job.launched_at:
        ran = (job.completed_at - job.launched_at).total_seconds()
        lines.append(text("alert-ran", seconds=max(0, ran)))
    if event is Event.FAILED:
        lines += failure(job.exit_code, exit_)
    return lines


def failure(code: int | None, exit_: Exit | None) -> list[Text]:
    """Exit code, reason, and the last lines of the user's log, as far as they are known."""
    if exit_ is None:
        return [] if code is None else [text("exit-code", code=str(code), phrase="")]
    lines = exit_lines(exit_)
    if exit_.last_words:
        lines.append(text("alert-last", line=exit_.last_words[:400]))
    log = "\n".join(exit_.log[-LOG_LINES:])[-LOG_SHOWN:]
    if log.strip() != exit_.last_words:
        lines.append(text("alert-log", lines=log))
    return lines


def exit_lines(exit_: Exit) -> list[Text]:
    """Code and reason; what the platform says of codes it does not know is left out."""
    phrase, reason = (exit_.phrase, exit_.reason) if exit_.understood else ("", "")
    lines = [text("exit-code", code=str(exit_.shown_code), phrase=phrase)]
    if reason:
        lines.append(text("exit-reason", code=exit_.code, reason=reason))
    return lines


def _buttons(job: Job, event: Event) -> Rows:
    target = {"user": job.ref.user, "name": job.ref.name}
    row = [
        Button(text("button-job-card"), "job.open", target),
        Button(text("button-log"), "log.show", target),
    ]
    if event in {Event.STARTED, Event.RETRYING}:
        row.append(Button(text("button-stop"), "job.stop", target, style="danger"))
    return (tuple(row),)
