"""Feeds of groups: who follows what, and lines that are kept until they are taken."""

from db import Feed

ONE, OTHER = -1, -2


def fill(uow, now):
    for chat, events in ((ONE, ["quota", "started"]), (OTHER, ["quota"])):
        uow.chats.allow(chat, "Lab", 1, now)
        uow.feeds.put(chat, 5, events)
    uow.feeds.keep(ONE, "quota", ["a"], now)
    uow.feeds.keep(OTHER, "quota", ["b"], now)
    uow.feeds.keep(ONE, "started", ["c", {"n": 1}], now)


async def test_a_feed_is_empty_until_somebody_chose(db, now):
    assert await db.read(lambda uow: uow.feeds.get(ONE)) == Feed(ONE, None, frozenset())
    await db.write(lambda uow: uow.feeds.put(ONE, None, ["quota"]))
    await db.write(lambda uow: uow.feeds.put(ONE, 7, ["started", "quota"]))
    chosen = await db.read(lambda uow: uow.feeds.get(ONE))
    assert chosen == Feed(ONE, 7, frozenset({"started", "quota"}))


async def test_only_groups_that_may_be_told_follow(db, now):
    await db.write(lambda uow: fill(uow, now))
    await db.write(lambda uow: uow.feeds.put(-3, None, ["quota"]))
    assert await db.read(lambda uow: uow.feeds.following("quota")) == [OTHER, ONE]
    assert await db.read(lambda uow: uow.feeds.following("started")) == [ONE]
    assert await db.read(lambda uow: uow.feeds.following("failed")) == []
    await db.write(lambda uow: uow.chats.bury(ONE, "kicked", now))
    assert await db.read(lambda uow: uow.feeds.following("quota")) == [OTHER]


async def test_lines_are_taken_once_in_their_order_and_of_one_group(db, now):
    await db.write(lambda uow: fill(uow, now))
    assert await db.read(lambda uow: uow.feeds.waiting()) == [OTHER, ONE]
    taken = await db.write(lambda uow: uow.feeds.take(ONE))
    assert [(line.event, line.body) for line in taken] == [
        ("quota", ["a"]),
        ("started", ["c", {"n": 1}]),
    ]
    assert await db.write(lambda uow: uow.feeds.take(ONE)) == []
    assert await db.read(lambda uow: uow.feeds.waiting()) == [OTHER]


async def test_no_line_gets_the_number_of_one_that_was_taken(db, now):
    """By the number of its last line a batch is told once: a number that came again would lose a batch."""
    seen = []
    for _ in range(3):
        await db.write(lambda uow: uow.feeds.keep(ONE, "quota", ["a"], now))
        seen += [line.id for line in await db.write(lambda uow: uow.feeds.take(ONE))]
    assert len(set(seen)) == 3


async def test_a_denied_group_loses_its_feed_and_a_gone_one_what_waits(db, now):
    await db.write(lambda uow: fill(uow, now))
    assert await db.write(lambda uow: uow.chats.deny(ONE))
    assert (await db.read(lambda uow: uow.feeds.get(ONE))).events == frozenset()
    assert await db.read(lambda uow: uow.feeds.waiting()) == [OTHER]
    await db.write(lambda uow: uow.outbox.bury_chat(OTHER, "kicked", now))
    assert await db.read(lambda uow: uow.feeds.waiting()) == []
    assert (await db.read(lambda uow: uow.feeds.get(OTHER))).events == {"quota"}
