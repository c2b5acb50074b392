"""What all tests share: how properties are tried, and a lab with its people."""

from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pytest

from bot.demo.telegram import Group
from tests.lab import Lab, Somebody, opened

# Other work on the machine must not fail a property, and every worker tries the same examples.
hypothesis.settings.register_profile("pailot", deadline=None)
hypothesis.settings.load_profile("pailot")


@pytest.fixture
async def closed_lab(tmp_path: Path) -> AsyncIterator[Lab]:
    """Both emulated systems; the test starts the bot itself, with `environ` and admins of its own."""
    async with opened(tmp_path) as lab:
        yield lab


@pytest.fixture
async def admin(closed_lab: Lab) -> Somebody:
    """An admin by the settings, linked to an ordinary OpenPAI account once the bot runs."""
    return await closed_lab.admin()


@pytest.fixture
async def lab(closed_lab: Lab, admin: Somebody) -> Lab:
    """Both emulated systems and the bot at work between them."""
    await closed_lab.start()
    closed_lab.pai.user("ada", "ada-password", admin=True)
    await admin.is_linked_to("ada")
    return closed_lab


@pytest.fixture
async def ann(lab: Lab) -> Somebody:
    """A member who reads Chinese."""
    return await lab.member("ann", "Ann Lee", "zh-hans")


@pytest.fixture
async def bob(lab: Lab) -> Somebody:
    """A member who reads English."""
    return await lab.member("bob", "Bob Wu", "en")


@pytest.fixture
async def stranger(lab: Lab) -> Somebody:
    """Somebody nobody knows, who reads English."""
    return await lab.stranger()


@pytest.fixture
async def group(lab: Lab, ann: Somebody, bob: Somebody, admin: Somebody) -> Group:
    """The lab's group, which an admin allowed."""
    return await lab.group("GPU lab", ann, bob, admin)
