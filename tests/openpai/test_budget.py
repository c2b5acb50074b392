"""The budget kept from the answers' headers, and tokens that are never born twice, by the clock."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Busy, WrongLogin
from bot.openpai.budget import Budget, Urgency
from bot.openpai.tokens import Births
from bot.openpai.wire import requests
from bot.openpai.wire.answers import Answer

INFO = requests.info()
LIST = requests.listing(10)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def answer(limit: int, remaining: int, ends_in: float, status: int = 200) -> Answer:
    headers = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(int(5000 + ends_in)),
    }
    return Answer(status, headers, b"", received_at=5000.0)


async def call(
    budget: Budget, told: Answer | None, request: requests.Request = INFO, user: str = "ann"
) -> None:
    windows = await budget.take(request, user, Urgency.PERSON)
    budget.give_back(windows, request, user, told)


async def refused(budget: Budget, urgency: Urgency, request: requests.Request = INFO) -> float:
    with pytest.raises(Busy) as busy:
        await budget.take(request, "ann", urgency)
    return busy.value.retry_seconds


async def test_nothing_is_held_back_before_a_limit_is_told() -> None:
    budget = Budget(Clock())
    for _ in range(1000):
        await budget.take(INFO, "ann", Urgency.SPARE)


async def test_people_leave_room_for_the_watcher() -> None:
    budget = Budget(Clock())
    await call(budget, answer(100, 5, ends_in=30))
    assert await refused(budget, Urgency.PERSON) == pytest.approx(30)
    assert await refused(budget, Urgency.SPARE) == pytest.approx(30)
    await budget.take(INFO, "ann", Urgency.WATCH)


async def test_a_new_window_begins_with_the_whole_limit() -> None:
    clock = Clock()
    budget = Budget(clock)
    await call(budget, answer(100, 0, ends_in=30))
    clock.now += 31
    for _ in range(95):
        await budget.take(INFO, "ann", Urgency.PERSON)
    assert await refused(budget, Urgency.PERSON) == pytest.approx(60, abs=1)


async def test_what_is_under_way_counts() -> None:
    budget = Budget(Clock())
    await call(budget, answer(10, 9, ends_in=30))
    flying = [await budget.take(INFO, "ann", Urgency.WATCH) for _ in range(9)]
    await refused(budget, Urgency.WATCH)
    budget.give_back(flying[0], INFO, "ann", answer(10, 8, ends_in=30))
    await refused(budget, Urgency.WATCH)


async def test_a_window_that_ends_soon_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += seconds

    monkeypatch.setattr("bot.openpai.budget.asyncio.sleep", sleep)
    budget = Budget(clock)
    await call(budget, answer(10, 0, ends_in=2))
    await budget.take(INFO, "ann", Urgency.PERSON)
    assert slept == [pytest.approx(2)]


async def test_lists_are_counted_by_user_and_by_address() -> None:
    budget = Budget(Clock())
    await call(budget, answer(600, 500, ends_in=30))
    await call(budget, answer(120, 0, ends_in=30), LIST)
    await refused(budget, Urgency.WATCH, LIST)
    await budget.take(LIST, "bob", Urgency.PERSON)
    await budget.take(INFO, "ann", Urgency.PERSON)


async def test_a_refusal_of_the_whole_address_is_not_blamed_on_the_list() -> None:
    budget = Budget(Clock())
    await call(budget, answer(600, 500, ends_in=30))
    await call(budget, answer(600, 0, ends_in=30, status=429), LIST)
    await refused(budget, Urgency.WATCH, INFO)


async def test_a_server_without_limits_is_not_limited() -> None:
    budget = Budget(Clock())
    await call(budget, answer(10, 0, ends_in=30, status=429))
    await refused(budget, Urgency.WATCH)
    windows = list(budget._windows.values())
    budget.give_back([], INFO, "ann", Answer(200))
    assert windows[0].limit is None
    await budget.take(INFO, "ann", Urgency.SPARE)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 700), st.integers(-5, 700), st.integers(-9999, 9999)), max_size=20
    )
)
def test_no_headers_make_anybody_wait_longer_than_the_window(
    told: list[tuple[int, int, int]],
) -> None:
    async def run() -> None:
        budget = Budget(Clock())
        for limit, remaining, ends_in in told:
            windows = budget._of(INFO, "ann")
            for window in windows:
                window.take()
            budget.give_back(windows, INFO, "ann", answer(limit, remaining, ends_in))
        for window in budget._windows.values():
            assert window.wait_seconds(1000.0, Urgency.PERSON) <= 60
            assert window.flying == 0

    asyncio.run(run())


async def test_tokens_of_one_kind_are_a_second_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr("bot.openpai.tokens.asyncio.sleep", sleep)
    births = Births(clock=clock)
    moments = []
    for user, kind in [
        ("ann", "browser"),
        ("ann", "application"),
        ("ann", "browser"),
        ("bob", "browser"),
    ]:
        async with births.turn(user, kind):
            moments.append((user, kind, clock.now))
    ann = [at for user, kind, at in moments if (user, kind) == ("ann", "browser")]
    assert ann[1] - ann[0] >= 1
    assert moments[3][2] == moments[2][2]
    with pytest.raises(WrongLogin):
        async with births.turn("carol", "browser"):
            raise WrongLogin("openpai")
    before = clock.now
    async with births.turn("carol", "browser"):
        assert clock.now == before


async def test_only_young_tokens_are_given_a_second_chance() -> None:
    clock = Clock()
    births = Births(clock=clock)
    births.born("eyJx.y.z")
    assert (births.ours("eyJx.y.z"), births.fresh("eyJx.y.z"), births.ours("y")) == (
        True,
        True,
        False,
    )
    clock.now += 11
    assert not births.fresh("eyJx.y.z")
    assert "eyJx.y.z" not in repr(vars(births))
