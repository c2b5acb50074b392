"""A folder is one person's for good, and the trash remembers where things came from."""

from datetime import timedelta

import pytest


@pytest.fixture
async def people(db, now):
    def meet(uow):
        for person, name in ((7, "Ann"), (8, "Bob")):
            uow.people.meet(person, name, "", "en", now)

    await db.write(meet)


async def test_a_folder_belongs_to_whoever_took_it_first(db, now, people):
    assert await db.write(lambda uow: uow.folders.take(7, "ann", now))
    assert not await db.write(lambda uow: uow.folders.take(8, "ann", now))
    assert not await db.write(lambda uow: uow.folders.take(7, "other", now))
    assert await db.read(lambda uow: (uow.folders.of(7), uow.folders.of(8))) == ("ann", None)
    assert await db.read(lambda uow: (uow.folders.owner("ann"), uow.folders.owner("x"))) == (
        7,
        None,
    )
    assert await db.read(lambda uow: uow.folders.all()) == [(7, "ann")]


async def test_the_trash_shows_a_person_their_own_things_latest_first(db, now, people):
    def fill(uow):
        uow.trash.add("a", 7, ["code", "老 train.py"], now - timedelta(days=8))
        uow.trash.add("b", 7, ["x"], now)
        uow.trash.add("c", 8, ["y"], now)

    await db.write(fill)
    rows = await db.read(lambda uow: uow.trash.of(7))
    assert [(row.id, row.origin) for row in rows] == [("b", ["x"]), ("a", ["code", "老 train.py"])]
    assert await db.read(lambda uow: uow.trash.get(7, "c")) is None
    old = await db.read(lambda uow: uow.trash.older(now - timedelta(days=7)))
    assert [row.id for row in old] == ["a"]
    await db.write(lambda uow: uow.trash.drop(8, "a"))
    await db.write(lambda uow: uow.trash.drop(7, "a"))
    assert [row.id for row in await db.read(lambda uow: uow.trash.of(7))] == ["b"]


async def test_who_is_forgotten_leaves_no_folder_behind(db, now, people):
    await db.write(lambda uow: uow.folders.take(7, "ann", now))
    await db.write(lambda uow: uow.trash.add("a", 7, ["x"], now))
    await db.write(lambda uow: uow.people.forget(7))
    assert await db.read(lambda uow: (uow.folders.all(), uow.trash.of(7))) == ([], [])
