"""What came of the tests of images: read from their logs, told once, and kept in the catalogue."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import NotFound, TokenRefused, UserError
from bot.domain.images import smoke
from bot.domain.images.smoke import Result, Step
from bot.domain.jobs import Exit, JobDetail, JobState
from bot.domain.messages import Button, Owed, Priority, Rows
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.domain.text import Text, text
from bot.services.alerts import Alerts
from bot.services.announcing import exit_lines
from bot.services.tokens import OPENPAI, Tokens
from db import Database, Trial, UnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 5
LOG_AWAITED = timedelta(minutes=10)
"""So long after the end a log that is not there is asked for again; then the platform's own words must do."""
ANSWER_AWAITED = timedelta(days=1)


class Results:
    """Safe to run twice: the message is owed in the transaction that notes it as told."""

    def __init__(
        self,
        db: Database,
        cluster: Cluster,
        tokens: Tokens,
        alerts: Alerts,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._cluster = cluster  # somebody waits for the answer
        self._tokens = tokens
        self._alerts = alerts
        self._clock = clock

    async def tick(self) -> bool:
        """Tell of the tests that have ended; whether anything was. What OpenPAI does not answer comes again."""
        told = False
        for trial in await self._db.read(lambda uow: uow.trials.over(AT_ONCE)):
            if (
                trial.state == JobState.STOPPED
            ):  # whoever stopped it knows, and others were told of the job
                await self._close(trial)
                continue
            try:
                exit_, result = await self._heard(trial)
            except UserError as trouble:
                if not self._ended_before(trial, ANSWER_AWAITED):
                    log.info("the result of a test is not known yet", why=trouble.text.key)
                    continue
                exit_, result = None, Result()
            told |= await self._tell(trial, exit_, result)
        return told

    def _ended_before(self, trial: Trial, ago: timedelta) -> bool:
        return self._clock() - (trial.ended_at or trial.created_at) > ago

    async def _heard(self, trial: Trial) -> tuple[Exit | None, Result]:
        """From the log; from the end of it that the platform keeps with the job, when the log is gone."""
        own = await self._db.read(lambda uow: uow.credentials.get(trial.person_id, OPENPAI))

        async def ask(token: Token) -> tuple[JobDetail, list[str]]:
            detail = await self._cluster.job(trial.ref, token)
            return detail, await self._log(trial, detail, token)

        try:
            if own is None or own.user != trial.user:
                raise TokenRefused(OPENPAI)
            detail, lines = await ask(own)
        except TokenRefused:
            detail, lines = await self._tokens.anybody(ask)
        result = smoke.read(lines)
        if not result.steps and detail.exit is not None:
            result = smoke.read(detail.exit.log)
        ran = detail.exit is None or detail.exit.user_code is not None or not detail.exit.code
        if ran and not result.steps and not self._ended_before(trial, LOG_AWAITED):
            raise NotFound("log", trial.name)  # it has said something, which is not there yet
        return detail.exit, result

    async def _log(self, trial: Trial, detail: JobDetail, token: Token) -> list[str]:
        if not detail.tasks:
            return []
        task = detail.tasks[0]
        try:
            tail = await self._cluster.log(
                trial.ref,
                token,
                role=task.role,
                index=task.index,
                attempt=task.attempt,
                job_attempt=detail.attempt or 0,
                name="all",
            )
        except NotFound:
            return []
        return tail.data.decode("utf-8", "replace").split("\n")

    async def _close(self, trial: Trial) -> None:
        now = self._clock()
        await self._db.write(lambda uow: uow.trials.told(trial.ref, now))

    async def _tell(self, trial: Trial, exit_: Exit | None, result: Result) -> bool:
        now = self._clock()

        def tell(uow: UnitOfWork) -> bool:
            if not uow.trials.told(trial.ref, now):
                return False
            works = result.works
            if works is not None:
                on = trial.sku or result.gpu
                uow.images.tested(trial.image, works, result.versions, now, by=trial.user, on=on)
            person = uow.people.get(trial.person_id)
            if person is not None:
                silent = self._alerts.quiet_now(uow, person.id, now)
                uow.outbox.owe(message(person, trial, exit_, result, silent=silent), now)
            return True

        return await self._db.write(tell)


def message(
    person: Person, trial: Trial, exit_: Exit | None, result: Result, *, silent: bool
) -> Owed:
    works = {True: "yes", False: "no", None: "unknown"}[result.works]
    lines = [text("trial-title", image=trial.image, works=works)]
    lines += steps(result) if result.steps else [text("trial-never", state=trial.state)]
    if not result.ended and exit_ is not None and exit_.code:
        lines += exit_lines(exit_)
    lines.append(text("trial-kept" if result.works is not None else "trial-not-kept"))
    return Owed(
        f"trial:{trial.ref}",
        person.id,
        tuple(lines),
        person.language,
        buttons(trial, result),
        person.id,
        priority=Priority.ALERT,
        silent=silent,
    )


def steps(result: Result) -> list[Text]:
    """Each with ✅, ❌ or ➖; what was never reached is left out."""
    return [
        text(f"trial-{step.name}", state=step.state, detail=_detail(step)) for step in result.steps
    ]


def _detail(step: Step) -> str:
    """`1.13.1 (CUDA 11.7)` of a framework that works; of one that does not, all it said."""
    if step.state != "ok" or step.name not in {"torch", "tensorflow"}:
        return step.detail
    cuda = step.facts.get("cuda", "")
    return f"{step.version} (CUDA {cuda})" if cuda else step.version


def buttons(trial: Trial, result: Result) -> Rows:
    image, job = {"image": trial.image}, {"user": trial.user, "name": trial.name}
    use = Button(text("button-image-use"), "image.use", image, style="primary")
    about = (
        Button(text("button-log"), "log.show", job),
        Button(text("button-job-card"), "job.open", job),
    )
    return (about,) if result.works is False else ((use,), about)
