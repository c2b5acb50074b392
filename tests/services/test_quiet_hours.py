"""Quiet hours as minutes of the day, and digests that stay readable."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import text
from bot.services.alerts import SHOWN_IN_DIGEST, Preferences, shortened

MINUTES = st.integers(0, 24 * 60 - 1)


@given(MINUTES, MINUTES, MINUTES)
def test_a_day_is_divided_into_quiet_and_not(start, end, minute):
    """The other way round is just the other part of the day."""
    quiet = Preferences(quiet_from=start, quiet_to=end).quiet_at(minute)
    other = Preferences(quiet_from=end, quiet_to=start).quiet_at(minute)
    assert quiet is not other if start != end else not quiet


@given(MINUTES, MINUTES)
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(start, end):
    wishes = Preferences(quiet_from=start, quiet_to=end)
    assert wishes.quiet_at(start) is (start != end)
    assert not wishes.quiet_at(end)


@given(MINUTES)
def test_without_hours_it_is_never_quiet(minute):
    assert not Preferences().quiet_at(minute)
    assert not Preferences(quiet_from=0).quiet_at(minute)


@given(st.integers(0, 200))
def test_a_digest_says_how_many_lines_it_left_out(count):
    lines = [text("digest-many", count=n) for n in range(count)]
    shown = shortened(lines)
    assert len(shown) <= SHOWN_IN_DIGEST + 1
    left_out = shown[-1].args["count"] if shown and shown[-1].key == "digest-more" else 0
    kept = [line for line in shown if line.key != "digest-more"]
    assert len(kept) + left_out == count
    assert kept == lines[: len(kept)]
