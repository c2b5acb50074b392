"""The same press twice, two presses across each other, and an answer that was lost with the process."""

import pytest

from bot.chat.dispatch import Dispatcher
from bot.demo.openpai import Outcome, Trains
from bot.demo.telegram import Message
from db import DatabaseRefused
from tests import polling
from tests.lab import IMAGE, Lab, Somebody

SLOW = Trains(1_000_000)


class Forgetful:
    """The answer to an update is lost, as if the process had died before it was kept: it is answered again."""

    def __init__(self, monkeypatch) -> None:
        self._patch = monkeypatch
        self.lost: list[int] = []

    def forgets(self, *, always: bool = False) -> None:
        """The next answer, or all of them until the end of `remembers`."""
        finish, lost = Dispatcher._finish, self.lost
        lost.clear()

        async def forget(dispatcher, update, *rest):
            if always or not lost:
                lost.append(update)
                raise DatabaseRefused("as if the process had died")
            await finish(dispatcher, update, *rest)

        self._patch.setattr(Dispatcher, "_finish", forget)
        self.remembers = lambda: self._patch.setattr(Dispatcher, "_finish", finish)

    async def has_lost(self) -> None:
        await polling.until(lambda: self.lost)


@pytest.fixture
def forgetful(lab: Lab, monkeypatch) -> Forgetful:
    lab.forgiven.add("the database refuses work")
    return Forgetful(monkeypatch)


async def presses_again(somebody: Somebody, label: str, on: Message) -> None:
    """On the message as it was heard: on another device, or before the answer was seen."""
    button = next(b for row in on.keyboard for b in row if label in b["text"])
    await somebody.tg.presses_data(button["callback_data"], on)


@pytest.fixture
async def running(lab: Lab, bob):
    """A job of Bob's that runs on."""
    await bob.submits(f"image={IMAGE} python b.py", SLOW, name="running")
    await bob.hears("Running: running")
    return bob


async def test_a_stop_whose_answer_was_lost_is_no_error(lab, running, forgetful):
    asked = await running.asks("/stop running")
    forgetful.forgets()
    said = await running.presses("Yes", asked)
    assert forgetful.lost
    assert "running is being stopped. This" in said
    await lab.pai.until("bob", "running")
    await lab.looks()
    await presses_again(running, "Yes", asked)
    await running.asks("/jobs")
    assert (asked.now or asked).text.startswith("⏹ running is being stopped. This")
    assert not any("Stopped: running" in words for words in running.said())


async def test_no_after_yes_does_not_say_that_nothing_was_stopped(lab, running):
    asked = await running.asks("/stop running")
    running.tg.forgets()
    await presses_again(running, "Yes", asked)
    await presses_again(running, "No", asked)
    await running.hears("Too late to let running run")
    assert any("running is being stopped" in words for words in running.said())
    assert not any("Nothing was stopped" in words for words in running.said())


async def test_a_stop_openpai_refuses_is_not_taken_for_done(lab, running):
    asked = await running.asks("/stop running")
    with lab.pai.faults.no_code(method="PUT"):
        assert "❌ running" in await running.presses("Yes", asked)
    lab.pai.stop_job("bob", "running")
    await running.hears("Stopped: running")


async def test_a_change_whose_answer_was_lost_is_shown(lab, bob, forgetful):
    preview = await bob.asks(f"/run image={IMAGE} name=one gpu=1 python x.py")
    await bob.presses("Edit", preview)
    forgetful.forgets()
    changed = await bob.asks("gpu=2")
    assert forgetful.lost
    assert "2 GPU" in changed
    assert "This preview was cancelled" in await bob.presses("Submit", preview)
    forgetful.forgets()
    assert "Nothing was submitted" in await bob.presses("Cancel", changed)
    assert not lab.pai.jobs()


async def test_a_draft_that_is_over_ends_the_question_what_to_change(bob):
    preview = await bob.asks(f"/run image={IMAGE} name=one gpu=1 python x.py")
    await bob.presses("Edit", preview)
    await bob.presses("Cancel", preview)
    assert "This preview was cancelled" in await bob.asks("gpu=2")
    assert "no jobs" in await bob.asks("jobs")


async def test_a_submission_that_was_done_before_a_long_absence_is_told_as_done(
    lab, bob, forgetful
):
    forgetful.forgets(always=True)
    await bob.says(f"/run now name=one image={IMAGE} python x.py")
    await forgetful.has_lost()
    await lab.stop()
    forgetful.remembers()
    lab.clock.passes(minutes=20)
    bob.tg.forgets()
    await lab.start()
    assert "Submitted: one" in await bob.answer()
    assert [job.name for job in lab.pai.jobs()] == ["one"]


async def test_a_submission_under_way_is_not_finished_behind_its_back(lab, bob, forgetful):
    forgetful.forgets()
    with lab.pai.faults.cut(path="/jobs"):
        await bob.says(f"/run now name=one image={IMAGE} python x.py")
        await forgetful.has_lost()
    lab.clock.passes(seconds=31)
    await lab.bot.services.submitting.recover()
    assert not lab.pai.jobs()
    await bob.hears("Submitted: one")
    assert not any("after all" in words for words in bob.said())


async def test_what_was_refused_later_may_be_tried_again_and_is_told_again(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} name=one python x.py")
    for trouble, told in (
        (lab.pai.faults.no_code, "could not be submitted"),
        (None, "one is submitted after all"),
    ):
        with lab.pai.faults.cut(path="/jobs"):
            assert "has not answered" in await bob.presses("Submit", preview)
        if trouble is None:
            await lab.recovers()
        else:
            with trouble(method="POST", path=r"/jobs$"):
                await lab.recovers()
        await bob.hears(told)
    assert len(lab.pai.jobs()) == 1


async def test_a_preview_is_for_the_account_that_was_linked_then(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} name=one python x.py")
    lab.pai.user("bert", "bert-password")
    await bob.is_linked_to("bert")
    assert "no longer there" in await bob.presses("Submit", preview)
    assert not lab.pai.jobs()


async def test_cancel_pressed_while_the_login_went_through_does_not_say_cancelled(lab, stranger):
    lab.pai.user("stan", "stan-password")
    await stranger.asks("/login")
    asked = await stranger.asks("stan")
    stranger.tg.forgets()
    await stranger.says("stan-password")
    await presses_again(stranger, "Cancel", asked)
    assert "You are stan" in await stranger.answer()
    assert "over already" in await stranger.hears("over already")
    assert "password of stan" in (asked.now or asked)
    preview = await stranger.asks(f"/run image={IMAGE} name=one gpu=1 python x.py")
    await stranger.presses("Edit", preview)
    await presses_again(stranger, "Cancel", asked)
    assert "2 GPU" in await stranger.asks("gpu=2")  # the old question ends no new one


async def test_cancel_after_unlinking_does_not_say_that_nothing_was_changed(bob):
    how = await bob.asks("/logout")
    await bob.presses("here", how)
    await presses_again(bob, "Cancel", how)
    await bob.hears("over already")
    assert "is unlinked" in (how.now or how)


async def test_a_login_that_is_not_kept_leaves_no_token_behind(lab, stranger):
    lab.pai.user("stan", "stan-password")
    with lab.pai.faults.html(502, method="GET", path=r"/tokens?/check"):
        assert "You are" not in await stranger.asks("/login stan stan-password")
    assert lab.pai.tokens("stan") == []


async def test_an_account_that_was_given_away_is_given_once(bob, stranger, forgetful):
    await stranger.asks("/login bob bob-password")
    question = await bob.hears("another Telegram account")
    forgetful.forgets()
    assert "bob is unlinked here" in await bob.presses("allow", question)
    assert forgetful.lost
    await presses_again(bob, "Not me", question)
    await bob.hears("not linked to bob any more")
    await stranger.hears("you can link bob now")
    assert sum("you can link bob" in words for words in stranger.said()) == 1


async def test_what_is_learned_of_a_failure_later_is_not_told_to_the_next_owner(lab, bob, stranger):
    lab.forgiven.add("some failures are told without their log")
    with lab.pai.faults.html(502, method="GET", path=r"/jobs/bob~fails"):
        lab.pai.submit("bob", name="fails", outcome=Outcome(runs_seconds=0.5, exit=1))
        await bob.hears("Failed: fails")

        def passes_on(uow):
            uow.people.unlink(bob.id)

        await lab.bot.db.write(passes_on)
    await stranger.is_linked_to("bob")
    await lab.looks()
    await stranger.hears_nothing()
