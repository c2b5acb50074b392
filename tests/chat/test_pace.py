"""The limits are kept whatever the order in which messages come."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.exchange.pace import Pace

ANN, BOB, GROUP, SUPERGROUP = 11, 12, -13, -1001300000000


def drain(pace: Pace, chats: list[int], now: float = 1000.0) -> list[tuple[float, int]]:
    """Sends to the chats in order, each at the first moment allowed; returns when."""
    sent = []
    for chat in chats:
        while (wait := max(pace.overall_wait(now), pace.chat_wait(chat, now))) > 0:
            now += wait + 1e-6
        pace.spend(chat, now)
        sent.append((now, chat))
    return sent


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(1 for t in times if start <= t < start + seconds) for start in times)


def test_a_thousand_alerts_at_once_go_out_at_nearly_thirty_a_second_and_never_faster() -> None:
    times = [t for t, _ in drain(Pace(), list(range(1, 1001)))]

    assert most_within(times, 1.0) <= 30
    assert 1000 / (times[-1] - times[0]) >= 27


@pytest.mark.parametrize("chat", [GROUP, SUPERGROUP])
def test_a_group_gets_at_most_eighteen_messages_in_any_minute(chat: int) -> None:
    times = [t for t, _ in drain(Pace(), [chat] * 100)]

    assert most_within(times, 60.0) == 18
    assert times[17] - times[0] < 2, "the first eighteen need not wait for the minute"


def test_a_private_chat_may_get_five_at_once_and_then_one_a_second() -> None:
    times = [t for t, _ in drain(Pace(), [ANN] * 10)]

    assert times[4] - times[0] < 0.5
    assert all(b - a >= 0.99 for a, b in itertools.pairwise(times[5:]))


def test_one_chat_that_must_wait_does_not_slow_another() -> None:
    pace = Pace()
    now = drain(pace, [GROUP] * 18)[-1][0]

    assert pace.chat_wait(GROUP, now) > 50
    assert pace.chat_wait(ANN, now) == 0
    assert pace.overall_wait(now) < 0.1


def test_answers_count_though_they_never_wait_and_delay_news_by_less_than_a_second() -> None:
    pace = Pace()
    for _ in range(1000):
        pace.spend(ANN, 1000.0)

    assert 0 < pace.overall_wait(1000.0) < 1
    assert 0 < pace.chat_wait(ANN, 1000.0) < 15


def test_a_429_for_one_chat_holds_nobody_else() -> None:
    pace = Pace()

    assert not pace.flooded(GROUP, 300, 1000.0)
    assert pace.held(1000.0) == 0


def test_429_for_several_chats_at_once_holds_everybody_for_a_short_while() -> None:
    pace = Pace()

    assert not pace.flooded(GROUP, 7, 1000.0)
    assert not pace.flooded(GROUP, 7, 1000.1), "the same chat twice proves nothing"
    assert not pace.flooded(ANN, 7, 1000.2)
    assert pace.flooded(BOB, 7, 1000.3)
    assert pace.held(1000.3) == pytest.approx(7)
    assert pace.overall_wait(1000.3) == pytest.approx(7)
    assert pace.held(1008.0) == 0


def test_a_429_of_minutes_for_everybody_is_tried_again_after_seconds() -> None:
    pace = Pace()
    for chat in (ANN, BOB, GROUP):
        pace.flooded(chat, 900, 1000.0)

    assert pace.held(1000.0) == pytest.approx(10)


def test_a_message_that_gets_through_shows_that_the_429s_were_the_chats_own() -> None:
    pace = Pace()
    pace.flooded(ANN, 7, 1000.0)
    pace.flooded(BOB, 7, 1000.1)
    pace.succeeded()

    assert not pace.flooded(GROUP, 7, 1000.2)


@given(st.lists(st.sampled_from([ANN, BOB, GROUP, SUPERGROUP, *range(100, 130)]), max_size=200))
def test_no_order_of_messages_breaks_a_limit(chats: list[int]) -> None:
    sent = drain(Pace(), chats)
    if not sent:
        return

    assert most_within([t for t, _ in sent], 1.0) <= 30
    for chat in {c for _, c in sent}:
        times = [t for t, c in sent if c == chat]
        assert most_within(times, 60.0) <= (18 if chat < 0 else 65)
        assert most_within(times, 1.0) <= (18 if chat < 0 else 6)


def test_chats_nobody_writes_to_are_forgotten() -> None:
    pace = Pace()
    drain(pace, list(range(1, 3000)))

    assert len(pace._chats) < 1100
