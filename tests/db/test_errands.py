"""Errands on the storage server, on both databases."""

from datetime import timedelta

import pytest

from db import Database
from tests import databases

SPEC = {"source": ["url", "https", "example.edu", 443, "/x", "ann", "s3cr3t"], "hop": 0}


@pytest.fixture
async def db(url, now):
    database = Database(url, [databases.KEY])
    await database.open()
    await database.write(lambda uow: uow.people.meet(7, "Ann", "ann", "en", now, started=True))
    yield database
    await database.close()


async def test_an_errand_is_planned_once_begun_once_and_over_once(db, now):
    first = await db.write(lambda uow: uow.errands.plan("k", 7, "transfer", SPEC, now))
    again = await db.write(lambda uow: uow.errands.plan("k", 7, "transfer", {}, now))
    assert again == first
    assert (first.state, first.spec) == ("planned", SPEC)
    assert await db.read(lambda uow: uow.errands.open()) == []
    assert await db.write(lambda uow: uow.errands.move(first.id, "planned", "waiting"))
    assert not await db.write(lambda uow: uow.errands.move(first.id, "planned", "waiting"))
    assert await db.read(lambda uow: uow.errands.count(7)) == 1
    await db.write(lambda uow: uow.errands.change(first.id, {**SPEC, "hop": 1}))
    assert (await db.read(lambda uow: uow.errands.open()))[0].spec["hop"] == 1
    assert await db.write(lambda uow: uow.errands.end(first.id, "done"))
    assert not await db.write(lambda uow: uow.errands.end(first.id, "failed"))
    over = await db.read(lambda uow: uow.errands.get(first.id))
    assert (over.state, over.spec) == ("done", {}), "a login is forgotten when it has served"
    assert await db.read(lambda uow: uow.errands.count(7)) == 0


async def test_what_is_over_is_swept_and_what_is_open_stays(db, now):
    made = [
        await db.write(lambda uow, n=n: uow.errands.plan(f"k{n}", 7, "transfer", SPEC, now))
        for n in range(3)
    ]
    await db.write(lambda uow: uow.errands.move(made[0].id, "planned", "waiting"))
    await db.write(lambda uow: uow.errands.move(made[1].id, "planned", "waiting"))
    await db.write(lambda uow: uow.errands.end(made[1].id, "failed"))
    await db.write(lambda uow: uow.errands.sweep(now + timedelta(seconds=1)))
    left = [await db.read(lambda uow, one=one: uow.errands.get(one.id)) for one in made]
    assert [one is not None for one in left] == [True, False, False]
