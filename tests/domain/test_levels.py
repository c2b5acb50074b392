"""When a folder or a disk is said to be full: once on the way up, and not at every wobble."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.files.levels import FINE, NEAR, OVER, level

SHARES = st.floats(0, 1.5)


def walk(shares):
    now, found = FINE, []
    for share in shares:
        now = level(share, 0.9, 1.0, now)
        found.append(now)
    return found


def test_a_limit_is_passed_once_however_it_wobbles():
    assert walk([0.5, 0.91, 0.89, 0.91, 1.0, 0.99, 1.01, 0.97, 0.5, 0.9]) == [
        FINE, NEAR, NEAR, NEAR, OVER, OVER, OVER, NEAR, FINE, NEAR,
    ]  # fmt: skip


@given(SHARES, st.sampled_from([FINE, NEAR, OVER]))
def test_what_is_over_a_limit_is_always_so_and_what_is_far_below_never(share, before):
    found = level(share, 0.9, 1.0, before)
    assert found >= (OVER if share >= 1 else NEAR if share >= 0.9 else FINE)
    if share < 0.88:
        assert found == FINE
    assert level(share, 0.9, 1.0, found) == found
