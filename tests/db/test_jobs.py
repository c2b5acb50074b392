"""Jobs move by compare-and-set; what only Pailot knows of them stays."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.jobs import Change, Job, JobRef, JobState, Known
from db import JobFilter, LastChoice

MINUTE = timedelta(minutes=1)
REF = JobRef("ann", "train_<b>&%'\"")
JOB = Job(REF, JobState.WAITING, vc="default", gpus=2, priority="prod", tags=("a", "b"))


def first(job=JOB):
    return Change(job, None, Known(job.state, job.retries))


async def test_a_job_comes_back_as_it_was_seen(db, now):
    job = replace(
        JOB,
        state=JobState.FAILED,
        stop_requested=True,
        retries=3,
        submitted_at=now,
        launched_at=now + MINUTE,
        completed_at=now + 2 * MINUTE,
        exit_code=-(2**31),
        tasks=4,
    )
    assert await db.write(lambda uow: uow.jobs.move(first(job), now))
    row = await db.read(lambda uow: uow.jobs.get(REF))
    assert row.job == job
    assert (row.first_seen_at, row.changed_at, row.explained) == (now, now, None)
    assert await db.read(lambda uow: uow.jobs.newest("ann", 5)) == [job]
    assert await db.read(lambda uow: uow.jobs.get(JobRef("ann", "other"))) is None


async def test_of_many_that_saw_a_change_one_tells_it(db, now):
    seen = await asyncio.gather(
        *(db.write(lambda uow: uow.jobs.move(first(), now)) for _ in range(10))
    )
    assert sum(seen) == 1
    running = Change(
        replace(JOB, state=JobState.RUNNING),
        Known(JobState.WAITING),
        Known(JobState.RUNNING, 0, 0),
    )
    moved = await asyncio.gather(
        *(db.write(lambda uow: uow.jobs.move(running, now)) for _ in range(10))
    )
    assert sum(moved) == 1
    assert await db.read(lambda uow: uow.jobs.known([REF])) == {REF: running.after}


@pytest.mark.parametrize(
    "before",
    [Known(JobState.RUNNING), Known(JobState.WAITING, 1), Known(JobState.WAITING, 0, 0)],
)
async def test_a_stale_look_moves_nothing(db, now, before):
    await db.write(lambda uow: uow.jobs.move(first(), now))
    late = Change(replace(JOB, state=JobState.SUCCEEDED), before, Known(JobState.SUCCEEDED))
    assert not await db.write(lambda uow: uow.jobs.move(late, now))
    assert (await db.read(lambda uow: uow.jobs.get(REF))).state is JobState.WAITING


async def test_remembering_a_job_never_moves_its_state(db, now):
    await db.write(lambda uow: uow.jobs.move(first(), now))
    seen = replace(JOB, state=JobState.RUNNING, retries=1, gpus=8, tags=("c",))
    await db.write(lambda uow: uow.jobs.upsert_many([seen], now + MINUTE))
    row = await db.read(lambda uow: uow.jobs.get(REF))
    assert (row.state, row.retries, row.told_attempt) == (JobState.WAITING, 0, -1)
    assert (row.gpus, row.tags, row.first_seen_at, row.changed_at) == (8, ("c",), now, now + MINUTE)


async def test_history_is_remembered_as_told(db, now):
    history = [
        Job(JobRef("ann", f"j{n}"), JobState.RUNNING if n % 2 else JobState.FAILED, retries=n)
        for n in range(500)
    ]
    await db.write(lambda uow: uow.jobs.upsert_many(history, now))
    await db.write(lambda uow: uow.jobs.upsert_many([], now))
    known = await db.read(lambda uow: uow.jobs.known([j.ref for j in history] + [REF]))
    assert len(known) == 500
    assert all(k.told_attempt == k.retries for k in known.values())
    unfinished = await db.read(lambda uow: uow.jobs.unfinished())
    assert set(unfinished) == {j.ref for j in history if not j.state.final}


async def test_what_pailot_knows_survives_what_the_watcher_sees(db, now):
    def work(uow):
        uow.jobs.move(first(), now)
        uow.jobs.submitted(JOB, 7, "消融3", "pytorch:1.13", "V100", now)
        uow.jobs.stopped_by(REF, 7)
        uow.jobs.move(
            Change(
                replace(JOB, state=JobState.STOPPED),
                Known(JobState.WAITING),
                Known(JobState.STOPPED),
            ),
            now,
        )
        uow.jobs.upsert_many([JOB], now)

    await db.write(work)
    row = await db.read(lambda uow: uow.jobs.get(REF))
    assert (row.note, row.image, row.sku) == ("消融3", "pytorch:1.13", "V100")
    assert (row.submitted_by, row.stopped_by, row.state) == (7, 7, JobState.STOPPED)


async def test_a_submitted_job_is_known_before_the_watcher_sees_it(db, now):
    await db.write(lambda uow: uow.jobs.submitted(JOB, 7, "n", "img", "", now))
    assert await db.read(lambda uow: uow.jobs.known([REF])) == {REF: Known(JobState.WAITING)}
    assert not await db.write(lambda uow: uow.jobs.move(first(), now))


async def test_notes_images_and_names_are_found(db, now):
    def work(uow):
        uow.jobs.upsert_many([JOB, Job(JobRef("bob", REF.name), JobState.FAILED)], now)
        assert uow.jobs.set_note(REF, "note")
        assert not uow.jobs.set_note(JobRef("x", "y"), "note")
        uow.jobs.set_images({REF: "img:1", JobRef("x", "y"): "img:2"})

    await db.write(work)
    refs = [REF, JobRef("bob", REF.name), JobRef("x", "y")]
    assert await db.read(lambda uow: uow.jobs.notes(refs)) == {REF: "note"}
    assert await db.read(lambda uow: uow.jobs.images(refs)) == {REF: "img:1"}
    assert await db.read(lambda uow: uow.jobs.named(REF.name)) == refs[:2]
    assert await db.read(lambda uow: uow.jobs.notes([])) == {}


async def test_failures_without_a_reason_are_found_until_they_have_one(db, now):
    def work(uow):
        uow.jobs.upsert_many([replace(JOB, state=JobState.FAILED, completed_at=now)], now)
        assert uow.jobs.unexplained(5) == []
        uow.jobs.set_explained(REF, False)
        assert [row.ref for row in uow.jobs.unexplained(5)] == [REF]
        uow.jobs.set_explained(REF, True)
        return uow.jobs.unexplained(5)

    assert await db.write(work) == []


async def test_the_newest_come_first_narrowed_and_page_by_page(db, now):
    def work(uow):
        for n in range(30):
            job = Job(
                JobRef("ann" if n % 2 else "bob", f"Job_{n:02}"),
                JobState.FAILED if n % 3 else JobState.SUCCEEDED,
                submitted_at=now + n * MINUTE,
                vc="a" if n < 10 else "b",
            )
            uow.jobs.submitted(job, 7, "消融 100%" if n == 7 else "", f"img:{n}", "", now)

    await db.write(work)

    async def names(user, limit=50, offset=0, **wanted):
        found = await db.read(lambda uow: uow.jobs.newest(user, limit, offset, JobFilter(**wanted)))
        total = await db.read(lambda uow: uow.jobs.count(user, JobFilter(**wanted)))
        assert total >= len(found)
        return [job.ref.name for job in found]

    assert await names("ann", 3) == ["Job_29", "Job_27", "Job_25"]
    assert await names("ann", 2, 2) == ["Job_25", "Job_23"]
    assert await names(None, 2) == ["Job_29", "Job_28"]
    assert await names("ann", since=now + 26 * MINUTE) == ["Job_29", "Job_27"]
    assert await names("ann", states=[JobState.SUCCEEDED], vcs=["a"]) == ["Job_09", "Job_03"]
    assert await names(None, image="IMG:1", vcs=["a"]) == ["Job_01"]
    assert await names(None, words="job_2") == [f"Job_2{n}" for n in range(9, -1, -1)]
    assert await names(None, words="100%") == ["Job_07"]
    assert await names(None, words="%") == ["Job_07"]
    assert await names("nobody") == []
    assert await db.read(lambda uow: uow.jobs.last_choice("bob")) == LastChoice("img:28", "b", "")
    assert await db.read(lambda uow: uow.jobs.last_choice("carl")) is None
