"""A draft becomes one job, whoever presses how often."""

import asyncio
from datetime import timedelta

MINUTE = timedelta(minutes=1)
BODY = {"protocol": "name: x\n", "note": "消融", "findings": [["warn", "shm.small", {"mb": 512}]]}


def create(uow, now, key="1:1:0"):
    return uow.drafts.create(key, 7, 7, "ann", "train-ab12", BODY, now, now + MINUTE)


async def test_the_same_key_makes_the_same_draft(db, now):
    first = await db.write(lambda uow: create(uow, now))
    assert (first.state, first.body, first.job_user, first.job_name) == (
        "open",
        BODY,
        "ann",
        "train-ab12",
    )
    assert await db.write(lambda uow: create(uow, now + MINUTE)) == first
    assert await db.read(lambda uow: uow.drafts.get(first.id)) == first
    assert await db.read(lambda uow: uow.drafts.by_key("1:1:0")) == first
    assert await db.read(lambda uow: uow.drafts.get("nothing")) is None


async def test_one_key_submits_and_may_go_on(db, now):
    draft = (await db.write(lambda uow: create(uow, now))).id
    keys = [f"1:{n}:0" for n in range(12)]
    begun = await asyncio.gather(
        *(db.write(lambda uow, key=key: uow.drafts.start(draft, key, now)) for key in keys)
    )
    assert sum(begun) == 1
    winner = keys[begun.index(True)]
    assert await db.write(lambda uow: uow.drafts.start(draft, winner, now))
    assert await db.write(lambda uow: uow.drafts.finish(draft, "train-cd34"))
    assert not await db.write(lambda uow: uow.drafts.finish(draft, "train-ef56"))
    assert not await db.write(lambda uow: uow.drafts.start(draft, winner, now))
    done = await db.read(lambda uow: uow.drafts.get(draft))
    assert (done.state, done.job_name, done.submit_key) == ("submitted", "train-cd34", winner)
    assert done.body == {}


async def test_a_refused_draft_may_be_tried_again(db, now):
    draft = (await db.write(lambda uow: create(uow, now))).id

    def work(uow):
        assert not uow.drafts.reopen(draft)
        assert not uow.drafts.rename(draft, "other", BODY)
        assert uow.drafts.start(draft, "a", now)
        assert not uow.drafts.cancel(draft, "k2")
        assert uow.drafts.rename(draft, "other", {"note": ""})
        assert uow.drafts.reopen(draft)
        assert uow.drafts.start(draft, "b", now)
        assert uow.drafts.reopen(draft)
        assert uow.drafts.cancel(draft, "k2")
        assert not uow.drafts.start(draft, "c", now)
        return uow.drafts.get(draft)

    cancelled = await db.write(work)
    assert (cancelled.state, cancelled.job_name, cancelled.body) == ("cancelled", "other", {})


async def test_what_nobody_knows_the_end_of_is_found_after_a_while(db, now):
    def work(uow):
        for n in range(3):
            draft = create(uow, now, key=f"k{n}").id
            if n:
                uow.drafts.start(draft, "a", now + n * MINUTE)

    await db.write(work)
    found = await db.read(lambda uow: uow.drafts.recoverable(now + MINUTE))
    assert [(d.key, d.started_at) for d in found] == [("k1", now + MINUTE)]
    assert await db.write(lambda uow: uow.drafts.sweep(now + 2 * MINUTE)) == 1
    assert await db.write(lambda uow: uow.drafts.fail(found[0].id))
    assert await db.write(lambda uow: uow.drafts.sweep(now + 2 * MINUTE)) == 1
