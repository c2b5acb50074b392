"""The catalogue, copies under way, events of Harbor and pushers, on both databases."""

from datetime import timedelta

import pytest

from bot.domain.jobs import Job, JobRef, JobState
from db import Database
from tests import databases


@pytest.fixture
async def db(url):
    database = Database(url, [databases.KEY])
    await database.open()
    yield database
    await database.close()


def succeeded(name, user, at, state=JobState.SUCCEEDED):
    return Job(JobRef(user, name), state, submitted_at=at, completed_at=at)


async def test_a_recommended_image_can_be_tested_and_forgotten(db, now):
    def fill(uow):
        uow.images.recommend("lab/torch:1", 7, "good", now)
        uow.images.tested("lab/torch:1", True, [("CUDA", "11.7")], now)
        uow.images.tested("lab/other:1", False, [], now)

    await db.write(fill)
    found = await db.read(lambda uow: uow.images.tried("lab/torch:1"))
    assert (found.note, found.added_by, found.works) == ("good", 7, "yes")
    assert found.versions == (("CUDA", "11.7"),)
    assert {one.image for one in await db.read(lambda uow: uow.images.catalogue())} == {
        "lab/torch:1",
        "lab/other:1",
    }
    assert await db.write(lambda uow: uow.images.forget("lab/torch:1"))
    assert not await db.write(lambda uow: uow.images.forget("lab/torch:1"))


async def test_what_jobs_succeeded_on_is_learned(db, now):
    rows = [("a", "ann", "x:1"), ("b", "ann", "x:1"), ("c", "bob", "x:1"), ("d", "bob", "y:1")]

    def fill(uow):
        for n, (name, user, image) in enumerate(rows):
            job = succeeded(name, user, now + timedelta(minutes=n))
            uow.jobs.upsert_many([job], now)
            uow.jobs.set_image(job.ref, image)
        uow.jobs.upsert_many(
            [succeeded("e", "ann", now), succeeded("f", "ann", now, JobState.FAILED)], now
        )

    await db.write(fill)
    learned = await db.read(lambda uow: uow.images.learned(10))
    assert [(one.image, one.jobs, one.people) for one in learned] == [("y:1", 1, 1), ("x:1", 3, 2)]
    assert learned[1].last_at == now + timedelta(minutes=2)
    assert await db.read(lambda uow: uow.images.own("ann", 5)) == ["x:1"]
    assert await db.read(lambda uow: uow.images.succeeded_on_unknown(5)) == [("ann", "e")]


async def test_a_copy_is_begun_once_and_ends_once(db, now):
    def begin(uow):
        uow.people.meet(1, "Ann", "", "en", now, started=True)
        return uow.images.begin_copy("key", 1, "a", "b", now), uow.images.begin_copy(
            "key", 1, "a", "b", now
        )

    first, second = await db.write(begin)
    assert first == second
    assert [one.id for one in await db.read(lambda uow: uow.images.open_copies())] == [first.id]
    assert await db.write(lambda uow: uow.images.move_copy(first.id, "running"))
    assert await db.write(lambda uow: uow.images.move_copy(first.id, "done"))
    assert not await db.write(lambda uow: uow.images.move_copy(first.id, "failed"))
    assert await db.read(lambda uow: uow.images.open_copies()) == []


async def test_an_event_is_met_once_and_swept_later(db, now):
    assert await db.write(lambda uow: uow.images.met("push:1", now))
    assert not await db.write(lambda uow: uow.images.met("push:1", now))
    await db.write(lambda uow: uow.images.sweep(now + timedelta(days=1)))
    assert await db.write(lambda uow: uow.images.met("push:1", now))


async def test_the_last_pusher_is_known(db, now):
    def fill(uow):
        uow.images.pushed("lab/x@sha256:1", "ann", now)
        uow.images.pushed("lab/x@sha256:1", "bob", now)

    await db.write(fill)
    assert await db.read(lambda uow: uow.images.pushers(["lab/x@sha256:1", "lab/none"])) == {
        "lab/x@sha256:1": "bob"
    }
