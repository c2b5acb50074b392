"""What was written while the bot was away: reading runs, changing asks first."""

import pytest

from bot.demo.openpai import Trains
from tests.lab import IMAGE, Lab, Somebody


async def comes_late(lab: Lab, somebody: Somebody, words: str, chat=None, *, minutes: int = 20):
    """Written while the bot was away for so long; returns what the bot says to it."""
    await lab.stop()
    somebody.tg.forgets()
    await somebody.says(words, chat)
    lab.clock.passes(minutes=minutes)
    await lab.start()
    return await somebody.answer(chat=chat)


@pytest.mark.parametrize("words", ["/jobs", "/gpu", "/me", "/help", "/alerts", "/lang", "任务"])
async def test_reading_runs_however_late(lab, ann, words):
    said = await comes_late(lab, ann, words, minutes=600 if words == "/me" else 20)
    assert "才到" not in said


async def test_what_changes_something_is_shown_with_a_button_that_acts_once(lab, bob):
    said = await comes_late(lab, bob, "/alerts failed off")
    assert "20 minutes late" in said or "20 min" in said
    assert "/alerts failed off" in said
    assert "🔔 failed" in (await bob.asks("/alerts")).buttons
    assert "🔕 failed" in (await bob.presses(said.buttons[0], said)).buttons


async def test_14_minutes_are_not_late(lab, bob):
    assert "🔕 failed" in (await comes_late(lab, bob, "/alerts failed off", minutes=14)).buttons


async def test_a_late_allow_is_asked_about(lab, admin, bob):
    group = lab.tg.group("New", members=[admin.tg, bob.tg])
    said = await comes_late(lab, admin, "/allow", group)
    assert "/allow" in said
    await bob.says("/gpu", group)
    await bob.hears_nothing(chat=group)


async def test_a_late_stop_asks_as_always(lab, bob):
    await bob.submits(f"image={IMAGE} python x", Trains(10_000_000), name="one")
    assert "Stop one?" in await comes_late(lab, bob, "/stop one")
    assert lab.pai.job("bob", "one").execution == "START"


async def test_a_late_logout_asks_as_always(lab, bob):
    said = await comes_late(lab, bob, "/logout bob-password")
    assert "Unlink bob?" in said
    assert len(lab.pai.app_tokens("bob")) == 1


async def test_many_late_messages_are_answered_in_order(lab, bob):
    await lab.stop()
    bob.tg.forgets()
    for number in range(12):
        await bob.says(f"/job nothing-{number:02}")
    lab.clock.passes(minutes=60)
    await lab.start()
    for number in range(12):
        assert f"nothing-{number:02}" in await bob.hears("There is no job")
