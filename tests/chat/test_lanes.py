"""What was looked up when an update was accepted serves it only if nothing came in between."""

from bot.chat.answering.who import Known
from bot.chat.incoming import Incoming, Sender
from bot.chat.lanes import FRESH_SECONDS, Ahead, Lane

KNOWN = Known(None, None, None, None)


def ahead(number: int, at: float = 10.0) -> Ahead:
    return Ahead(Incoming(number, Sender(1, "Ann", "", "en"), 1, private=True), KNOWN, at)


def known(lane: Lane, now: float = 10.0) -> list[bool]:
    return [isinstance(b, Ahead) and b.fresh(now) is KNOWN for _, b in lane.waiting]


def test_whose_turn_is_at_once_is_known() -> None:
    lane = Lane()
    lane.take(1, ahead(1), ended=9.0)
    assert known(lane) == [True]
    assert known(lane, 10.0 + FRESH_SECONDS) == [True]
    assert known(lane, 10.1 + FRESH_SECONDS) == [False]


def test_whoever_waits_behind_another_is_looked_up_again() -> None:
    lane = Lane()
    lane.take(1, {})
    lane.take(2, ahead(2))
    assert known(lane) == [False, False]


def test_an_answer_given_meanwhile_makes_it_outdated() -> None:
    lane = Lane()
    lane.take(1, ahead(1, at=10.0), ended=10.0)
    assert known(lane) == [False]


def test_an_older_update_comes_first_and_makes_the_newer_one_outdated() -> None:
    lane = Lane()
    lane.take(2, ahead(2))
    lane.take(1, {})
    assert [number for number, _ in lane.waiting] == [1, 2]
    assert known(lane) == [False, False]


def test_an_older_update_does_not_overtake_what_is_being_answered() -> None:
    lane = Lane()
    lane.take(2, ahead(2))
    lane.busy = True
    lane.take(3, {})
    lane.take(1, {})
    assert [number for number, _ in lane.waiting] == [2, 1, 3]
    lane.finished()
    assert lane.known == {1, 3}
