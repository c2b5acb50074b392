"""A submission that is noted while the watcher looks at its job: the end of that job is told all the same."""

from bot.demo.openpai import Outcome
from bot.domain.jobs import Job, JobRef, JobState
from tests import polling


class Between:
    """The database, in which something happens right after the next read of what is known."""

    def __init__(self, db, happens):
        self._db, self._happens = db, happens

    def __getattr__(self, name):
        return getattr(self._db, name)

    async def read(self, work):
        result = await self._db.read(work)
        if self._happens is not None and isinstance(result, dict):
            happens, self._happens = self._happens, None
            await self._db.write(happens)
        return result


async def test_the_end_of_a_job_noted_in_between_is_told(closed_lab, admin):
    lab = closed_lab
    lab.environ["PAILOT_OPENPAI__POLL_SECONDS"] = "600s"
    await lab.start()
    bob = await lab.member("bob", "Bob Wu", "en")
    lab.pai.submit("bob", name="quick", outcome=Outcome(runs_seconds=1.0, exit=1))
    await polling.until(lambda: lab.pai.job("bob", "quick").terminal)
    now = lab.clock.now()
    waiting = Job(JobRef("bob", "quick"), JobState.WAITING, submitted_at=now)
    watcher, db = lab.bot.watcher, lab.bot.db
    watcher._db = Between(db, lambda uow: uow.jobs.submitted(waiting, bob.id, "", "x:1", "", now))
    await lab.looks()
    assert watcher._db._happens is None
    await lab.looks()
    await bob.hears("quick")
    known = await db.read(lambda uow: uow.jobs.get(JobRef("bob", "quick")))
    assert known.job.state is JobState.FAILED
