"""A lab with a storage server, and people with and without a folder on it."""

import pytest

from bot.demo.storage import StorageEmulator
from tests.servers import free_port


@pytest.fixture
async def storage(tmp_path):
    emulator = StorageEmulator(tmp_path / "disk", "a password")
    await emulator.start(free_port())
    yield emulator
    await emulator.stop()


@pytest.fixture
async def shelved(closed_lab, admin, storage):
    """A lab with a storage server."""
    closed_lab.environ |= storage.settings_environ()
    await closed_lab.start()
    closed_lab.pai.user("ada", "ada-password", admin=True)
    await admin.is_linked_to("ada")
    return closed_lab


@pytest.fixture
async def newcomer(shelved):
    """Somebody without a folder, who reads Chinese."""
    return await shelved.member("xiao", "林晓", "zh-hans")


@pytest.fixture
async def eve(shelved, storage):
    """Somebody with an empty folder, who reads English."""
    eve = await shelved.member("eve", "Eve Wong", "en")
    asked = await eve.asks("/ls")
    await eve.presses("evewong", on=asked)
    return eve


@pytest.fixture
def folder(eve, storage):
    return storage.data / "evewong"
