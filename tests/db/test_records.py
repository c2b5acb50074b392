"""Leases, single values and the audit trail."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from db.columns import microseconds, moment

SECOND = timedelta(seconds=1)


async def test_a_lease_has_one_holder_until_it_runs_out(db, now):
    def take(uow, owner, at=now, **more):
        return uow.leases.take("poller", owner, at, at + 30 * SECOND, **more)

    takers = await asyncio.gather(
        *(db.write(lambda uow, n=n: take(uow, f"{n}")) for n in range(10))
    )
    assert sum(takers) == 1
    holder = f"{takers.index(True)}"
    assert await db.write(lambda uow: take(uow, holder, now + 20 * SECOND))
    assert (await db.read(lambda uow: uow.leases.get("poller"))).owner == holder
    assert not await db.write(lambda uow: take(uow, "x", now + 31 * SECOND))
    assert await db.write(lambda uow: take(uow, "x", now + 50 * SECOND))
    assert not await db.write(lambda uow: uow.leases.release("poller", holder))
    assert await db.write(lambda uow: uow.leases.release("poller", "x"))
    assert await db.write(lambda uow: take(uow, "y"))


async def test_a_lease_of_a_holder_that_is_gone_is_taken_over_at_once(db, now):
    def take(uow, owner, gone=""):
        return uow.leases.take(
            "poller", owner, now, now + SECOND, takes_over=lambda holder: holder == gone
        )

    assert await db.write(lambda uow: take(uow, "a"))
    assert not await db.write(lambda uow: take(uow, "b", gone="c"))
    assert await db.write(lambda uow: take(uow, "b", gone="a"))
    assert (await db.read(lambda uow: uow.leases.get("poller"))).owner == "b"


async def test_single_values_are_kept_and_forgotten(db, now):
    def work(uow):
        uow.meta.set("a", "1")
        uow.meta.set("a", "二")
        uow.meta.set_time("t", now)
        uow.meta.set("b", "x")
        uow.meta.set("b", None)

    await db.write(work)
    assert await db.read(lambda uow: (uow.meta.get("a"), uow.meta.get("b"))) == ("二", None)
    assert await db.read(lambda uow: (uow.meta.time("t"), uow.meta.time("u"))) == (now, None)


async def test_the_audit_trail_is_read_page_by_page_and_swept(db, now):
    def work(uow):
        for n in range(6):
            uow.audit.add(
                now + n * SECOND, n % 2, -5, "stop" if n % 3 else "run", f"ann~{n}", "done"
            )

    await db.write(work)
    page = await db.read(lambda uow: uow.audit.list(2))
    assert [(r.subject, r.at, r.action) for r in page] == [
        ("ann~5", now + 5 * SECOND, "stop"),
        ("ann~4", now + 4 * SECOND, "stop"),
    ]
    page = await db.read(lambda uow: uow.audit.list(9, before_id=page[-1].id, action="stop"))
    assert [r.subject for r in page] == ["ann~2", "ann~1"]
    page = await db.read(lambda uow: uow.audit.list(9, person=1))
    assert [r.subject for r in page] == ["ann~5", "ann~3", "ann~1"]
    assert await db.write(lambda uow: uow.audit.sweep(now + 4 * SECOND)) == 4


async def test_sweeping_takes_what_has_served_and_nothing_else(db, now):
    def work(uow):
        uow.inbox.accept(1, [(1, 1, b""), (2, 1, b"")], now)
        uow.inbox.done(1, 1, now)
        uow.dialogs.put(1, 1, "login", {}, now)
        uow.dialogs.put(2, 1, "login", {}, now + 9 * SECOND)
        uow.audit.add(now, 1, 1, "run")
        uow.sweep(now + SECOND, now + SECOND, now)
        return uow.inbox.counts(1), uow.dialogs.get(1, 1), uow.dialogs.get(2, 1), uow.audit.list(5)

    counts, gone, kept, trail = await db.write(work)
    assert counts == {"new": 1}
    assert gone is None
    assert kept is not None
    assert len(trail) == 1


@pytest.mark.parametrize(
    "when",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 11, 24, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
        datetime(2026, 11, 24, 8, tzinfo=timezone(timedelta(hours=8))),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_times_come_back_to_the_microsecond_in_utc(when):
    assert moment(microseconds(when)) == when
    assert moment(microseconds(when)).tzinfo is UTC


async def test_a_naive_time_is_refused(db):
    with pytest.raises(TypeError):
        await db.write(lambda uow: uow.meta.set_time("t", datetime(2026, 11, 24)))
