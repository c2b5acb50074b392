"""One world per test, searched for secrets and for mistakes of our own when the test is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.world import World, living


@pytest.fixture
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Telegram and OpenPAI with nobody there, and no bot running yet; indirect parameters are World's."""
    async with living(World(tmp_path, **getattr(request, "param", {}))) as made:
        yield made
