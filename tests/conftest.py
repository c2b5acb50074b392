"""What all tests share: how properties are tried, and a lab with its people."""

import faulthandler
import gc
import importlib
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

if TYPE_CHECKING:  # whoever hands the tests out to workers reads this file too, and needs no lab
    from bot.demo.telegram import Group
    from tests.lab import Lab, Somebody

# Other work on the machine must not fail a property, and every worker tries the same examples.
hypothesis.settings.register_profile("pailot", deadline=None, derandomize=True)
hypothesis.settings.load_profile("pailot")

TIDYING_SECONDS = 120


@pytest.fixture
def unused_tcp_port() -> int:
    """In place of pytest-asyncio's, which the system might give to somebody else meanwhile."""
    from tests.servers import free_port

    return free_port()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take longest begins first: nobody waits at the end for one test alone."""

    def limit(item: pytest.Item) -> float:
        mark = item.get_closest_marker("timeout")
        return mark.args[0] if mark else 0

    items.sort(key=limit, reverse=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """A test's limit ends with its failure: what hangs while it tidies up is shown and ended by this."""
    shown = item.config.stash[fault_handler_stderr_fd_key]
    faulthandler.dump_traceback_later(TIDYING_SECONDS, file=shown, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_collection_finish() -> None:
    """What was collected and imported lives to the end: nobody need look through it for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


PATIENCE = {
    "bot.services.images.checking": ("SECONDS", "MORE_SECONDS"),
    "bot.services.pushing.pushing": ("SECONDS",),
    "bot.services.submitting.previewing": ("PREFLIGHT_SECONDS", "FIRST_SECONDS"),
    "bot.services.trying.picking": ("SECONDS",),
    "bot.services.watching": ("EXPLAIN_SECONDS",),
}
"""How long Pailot waits for what is only good to know."""


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is slower than a quick answer is worth waiting for; what hangs is tried without this."""
    for module, names in PATIENCE.items():
        for name in names:
            there = importlib.import_module(module)
            monkeypatch.setattr(there, name, 10 * getattr(there, name))


@pytest.fixture
async def closed_lab(tmp_path: Path, patient: None) -> AsyncIterator["Lab"]:
    """Both emulated systems; the test starts the bot itself, with `environ` and admins of its own."""
    from tests.lab import opened

    async with opened(tmp_path) as lab:
        yield lab


@pytest.fixture
async def admin(closed_lab: "Lab") -> "Somebody":
    """An admin by the settings, linked to an ordinary OpenPAI account once the bot runs."""
    return await closed_lab.admin()


@pytest.fixture
async def lab(closed_lab: "Lab", admin: "Somebody") -> "Lab":
    """Both emulated systems and the bot at work between them."""
    await closed_lab.start()
    closed_lab.pai.user("ada", "ada-password", admin=True)
    await admin.is_linked_to("ada")
    return closed_lab


@pytest.fixture
async def ann(lab: "Lab") -> "Somebody":
    """A member who reads Chinese."""
    return await lab.member("ann", "Ann Lee", "zh-hans")


@pytest.fixture
async def bob(lab: "Lab") -> "Somebody":
    """A member who reads English."""
    return await lab.member("bob", "Bob Wu", "en")


@pytest.fixture
async def stranger(lab: "Lab") -> "Somebody":
    """Somebody nobody knows, who reads English."""
    return await lab.stranger()


@pytest.fixture
async def group(lab: "Lab", ann: "Somebody", bob: "Somebody", admin: "Somebody") -> "Group":
    """The lab's group, which an admin allowed."""
    return await lab.group("GPU lab", ann, bob, admin)
