"""Updates are kept before they are confirmed, and every lane has one owner."""

import asyncio
from datetime import timedelta

import pytest

BOT, OTHER = 10, 11
SECOND = timedelta(seconds=1)


async def test_an_update_is_accepted_once(db, now):
    def accept(uow, *ids):
        return uow.inbox.accept(BOT, [(n, 5, b"{}") for n in ids], now)

    assert await db.write(lambda uow: accept(uow, 3, 1, 2)) == [3, 1, 2]
    assert await db.write(lambda uow: accept(uow, 2, 4)) == [4]
    await db.write(lambda uow: uow.inbox.done(BOT, 4, now))
    assert await db.write(lambda uow: accept(uow, 4)) == []
    assert await db.write(lambda uow: uow.inbox.accept(OTHER, [(1, 5, b"")], now)) == [1]


async def test_what_waits_comes_in_order_lane_by_lane(db, now):
    rows = [(2**40 + n, lane, b"%d" % n) for n, lane in enumerate([7, -1, 7, -(2**52), 7])]
    await db.write(lambda uow: uow.inbox.accept(BOT, rows, now))
    await db.write(lambda uow: uow.inbox.accept(OTHER, [(1, 99, b"")], now))
    waiting = await db.read(lambda uow: uow.inbox.pending(BOT, 7, 2))
    assert [(w.update_id, w.body, w.received_at) for w in waiting] == [
        (2**40, b"0", now),
        (2**40 + 2, b"2", now),
    ]
    assert len(await db.read(lambda uow: uow.inbox.pending(BOT, None, 99))) == 5
    assert await db.read(lambda uow: uow.inbox.waiting(BOT)) == (5, now)


async def test_what_is_done_or_put_aside_waits_no_more(db, now):
    await db.write(lambda uow: uow.inbox.accept(BOT, [(n, 5, b"x") for n in range(6)], now))

    def settle(uow):
        for done in range(3):
            uow.inbox.done(BOT, done, now)
        uow.inbox.quarantine(BOT, 3, "no update", now)
        return [uow.inbox.failed(BOT, 4, "boom") for _ in range(2)]

    assert await db.write(settle) == [1, 2]
    waiting = await db.read(lambda uow: uow.inbox.pending(BOT, None, 9))
    assert [(w.update_id, w.tries) for w in waiting] == [(4, 2), (5, 0)]
    counts = await db.read(lambda uow: uow.inbox.counts(BOT))
    assert counts == {"done": 3, "quarantined": 1, "new": 2}
    assert await db.write(lambda uow: uow.inbox.sweep(now + SECOND)) == 4
    assert await db.read(lambda uow: uow.inbox.counts(BOT)) == {"new": 2}


async def test_a_lane_has_one_owner_at_a_time(db, now):
    def claim(uow, owner, lanes, at=now):
        return uow.lanes.claim(owner, lanes, at, at + 30 * SECOND)

    assert await db.write(lambda uow: claim(uow, "a", [1, 2])) == {1, 2}
    assert await db.write(lambda uow: claim(uow, "b", [2, 3])) == {3}
    assert await db.write(lambda uow: claim(uow, "a", [1, 2, 3])) == {1, 2}
    assert await db.write(lambda uow: uow.lanes.renew("a", now + 60 * SECOND)) == 2
    assert await db.write(lambda uow: claim(uow, "b", [1, 3], now + 31 * SECOND)) == {3}
    assert await db.write(lambda uow: claim(uow, "b", [1], now + 61 * SECOND)) == {1}
    await db.write(lambda uow: uow.lanes.release("b", [3]))
    assert await db.write(lambda uow: claim(uow, "a", [1, 3])) == {3}
    await db.write(lambda uow: uow.lanes.release("b", None))
    assert await db.write(lambda uow: claim(uow, "a", [1])) == {1}
    assert await db.write(lambda uow: claim(uow, "a", [])) == set()


async def test_of_many_that_claim_a_lane_one_gets_it(db, now):
    claims = await asyncio.gather(
        *(
            db.write(lambda uow, n=n: uow.lanes.claim(f"owner {n}", [1, 2], now, now + SECOND))
            for n in range(20)
        )
    )
    assert sorted(map(len, claims)) == [0] * 19 + [2]


@pytest.mark.parametrize("size", [0, 1, 100_000])
async def test_bodies_of_any_size_come_back(db, now, size):
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    await db.write(lambda uow: uow.inbox.accept(BOT, [(1, 1, body)], now))
    assert (await db.read(lambda uow: uow.inbox.pending(BOT, 1, 1)))[0].body == body
