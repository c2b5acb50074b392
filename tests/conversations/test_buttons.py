"""Buttons: whose they are, how long they live, and what odd presses do."""

import pytest

from bot.demo.openpai import Trains
from tests.lab import IMAGE

LONG = Trains(10_000_000)


def data(message, label: str) -> str:
    return next(b["callback_data"] for row in message.keyboard for b in row if label in b["text"])


async def test_somebody_elses_button_says_whose_it_is_and_does_nothing(lab, admin, ann, group):
    choice = await ann.asks("/lang", group)
    answer = await admin.taps("English", choice)
    assert answer.text == "This button is Ann Lee's."
    assert answer.show_alert
    assert choice.now.text == choice.text


async def test_a_button_works_after_a_restart(lab, bob):
    await bob.submits(f"image={IMAGE} python x", LONG, name="one")
    card = await bob.asks("/job one")
    await lab.restart()
    assert (await bob.presses("Refresh", card)).id == card.id


async def test_a_button_expires_politely(lab, bob):
    said = await bob.asks("/alerts")
    await lab.sleeps(days=8)
    answer = await bob.taps("started", said)
    assert "too old" in answer
    assert said.now.text == said.text


async def test_a_button_pressed_while_the_bot_was_away_still_acts(lab, bob):
    said = await bob.asks("/alerts")
    await lab.stop()
    await bob.tg.presses("started", said, within=None)
    lab.clock.passes(seconds=10)
    bob.tg.forgets()
    await lab.start()
    assert "🔕 started" in (await bob.hears("")).buttons


async def test_a_button_on_a_message_too_old_to_edit_is_answered_with_a_new_one(lab, bob):
    said = await bob.asks("/alerts")
    await bob.tg.deletes(said)
    fresh = await bob.tg.presses_data(data(said, "started"), said)
    assert fresh.text == ""
    assert "🔕 started" in (await bob.hears("")).buttons


@pytest.mark.parametrize(
    "made_up", ["", "x", "job.stop", "again", "p" * 64, "1;DROP TABLE", "任务"]
)
async def test_made_up_button_data_is_an_expired_button(bob, made_up):
    said = await bob.asks("/start")
    answer = await bob.tg.presses_data(made_up, said)
    assert "too old" in answer


async def test_a_button_acts_in_its_own_chat_only(lab, bob, ann, group):
    listed = await bob.asks("/jobs", group)
    refresh = (
        data(listed, "刷新") if listed.keyboard else data(await bob.asks("/gpu", group), "刷新")
    )
    greeting = await ann.asks("/start")
    assert "过期" in await ann.tg.presses_data(refresh, greeting)


async def test_a_group_that_was_denied_leaves_dead_buttons(lab, bob, admin, group):
    said = await bob.asks("/gpu", group)
    await admin.asks("/deny", group)
    before = said.now.edits
    await bob.taps("刷新", said)
    assert said.now.edits == before


async def test_who_unlinked_meanwhile_is_asked_to_link_again(lab, bob):
    await bob.submits(f"image={IMAGE} python x", LONG, name="one")
    card = await bob.asks("/job one")
    await bob.presses("Only forget", await bob.asks("/logout"))
    said = await bob.presses("Log", card)
    assert said.buttons == ["Link my account"]
    assert card.now.text == card.text


async def test_bad_news_leaves_the_pressed_message_as_it_is(lab, bob):
    await bob.submits(f"image={IMAGE} python x", LONG, name="one")
    listed = await bob.asks("/gpu")
    await lab.pai.away()
    said = await bob.presses("Refresh", listed)
    assert "No proper answer" in said
    assert said.id != listed.id
    await lab.pai.back()
