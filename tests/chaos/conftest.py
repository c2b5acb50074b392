"""One world per test, searched for secrets and for mistakes of our own when the test is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.world import World


@pytest.fixture
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Telegram and OpenPAI with nobody there, and no bot running yet; indirect parameters are World's."""
    made = World(tmp_path, **getattr(request, "param", {}))
    await made.start()
    try:
        yield made
    finally:
        await made.end()
    assert not made.leaks()
    assert not made.tg.oddities
    assert not (troubles := made.troubles()), "\n".join(troubles)
