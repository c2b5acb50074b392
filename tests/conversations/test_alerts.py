"""Alerts: who is told what, when, and exactly once."""

import pytest
from structlog.testing import capture_logs

from bot.demo.openpai import CudaOutOfMemory, Outcome, Trains
from bot.domain.jobs import JobRef
from bot.domain.text import text
from tests import polling
from tests.lab import IMAGE, Lab, Somebody

SHORT = Trains(20)
LONG = Trains(10_000_000)
FAILS = CudaOutOfMemory(after=1)


async def ends(lab: Lab, user: str, name: str) -> None:
    """The job ends at once, by the emulated clock, and the watcher sees it: at this look, or at a later
    one of its own if this one got no answer in time."""
    ref = JobRef(user, name)

    async def seen() -> bool:
        known = (await lab.bot.db.read(lambda uow: uow.jobs.known([ref]))).get(ref)
        return known is not None and known.state.final

    await lab.pai.until(user, name)
    await lab.looks()
    await polling.until(seen)


def count(somebody: Somebody, words: str) -> int:
    return sum(words in said for said in somebody.said())


async def test_a_job_submitted_elsewhere_is_told_like_any_other(lab, ann):
    lab.pai.submit("ann", name="portal", outcome=SHORT)
    started = await ann.hears("开始运行：portal")
    assert "1 张卡，虚拟集群 default" in started
    assert started.buttons == ["任务卡片", "日志", "停止"]
    ended = await ann.hears("成功：portal")
    assert "运行了" in ended
    assert "提交者" not in ended


async def test_a_failure_is_told_with_exit_code_reason_and_log_lines(lab, bob):
    await bob.submits(f"image={IMAGE} note=big python x", FAILS, name="oom")
    alert = await bob.hears("Failed: big · oom")
    assert "Exit code 1" in alert
    assert alert.quotes("RuntimeError: CUDA out of memory")
    assert alert.buttons == ["Job card", "Log"]
    assert not alert.silent


async def test_a_start_and_end_between_two_looks_is_one_message(lab, bob):
    await lab.stop()
    lab.pai.submit("bob", name="quick", outcome=SHORT)
    await lab.pai.until("bob", "quick")
    await lab.start()
    await bob.hears("Succeeded: quick")
    await lab.looks()
    assert count(bob, "quick") == 1


async def test_a_retry_is_told_and_the_end_only_once(lab, bob):
    outcome = Outcome(after=5, exit=1, fails_first=1, runs_seconds=30)
    lab.pai.submit("bob", name="flaky", outcome=outcome, retries=2)
    await bob.hears("Running: flaky")
    await bob.hears("flaky")
    await bob.hears("Succeeded: flaky")
    assert count(bob, "Failed") == 0
    assert count(bob, "Succeeded: flaky") == 1
    assert count(bob, "Trying again") + count(bob, "etry") >= 1


async def test_who_stops_a_job_here_is_not_told_of_it_but_elsewhere_is(lab, bob):
    lab.pai.submit("bob", name="here", outcome=LONG)
    lab.pai.submit("bob", name="there", outcome=LONG)
    await bob.hears("Running: here")
    await bob.hears("Running: there")
    await bob.presses("Yes", await bob.asks("/stop here"))
    lab.pai.stop_job("bob", "there")
    await ends(lab, "bob", "here")
    await ends(lab, "bob", "there")
    await bob.hears("Stopped: there")
    assert count(bob, "Stopped: here") == 0


async def test_nobody_is_told_of_what_was_before_they_linked(lab, stranger):
    lab.pai.user("stan", "stan-password")
    lab.pai.submit("stan", name="past", outcome=SHORT)
    await lab.pai.until("stan", "past")
    lab.pai.submit("stan", name="present", outcome=LONG)
    await lab.pai.until("stan", "present", "RUNNING")
    await lab.looks()
    await stranger.asks("/login stan stan-password")
    await lab.looks()
    lab.pai.stop_job("stan", "present")
    await ends(lab, "stan", "present")
    await stranger.hears("Stopped: present")
    assert count(stranger, "past") == 0
    assert count(stranger, "Running: present") == 0


async def test_only_the_owner_is_told(lab, ann, bob, admin):
    lab.pai.submit("bob", name="private", outcome=SHORT)
    await bob.hears("Succeeded: private")
    assert count(ann, "private") == count(admin, "private") == 0


async def test_a_group_is_told_nothing_by_itself(lab, bob, group):
    lab.pai.submit("bob", name="quiet", outcome=FAILS)
    await bob.hears("Failed: quiet")
    assert bob.said(group) == []


async def test_events_are_switched_off_and_on(lab, bob):
    switches = await bob.asks("/alerts")
    assert len([b for b in switches.buttons if b.startswith("🔔")]) == 5
    off = await bob.presses("🔔 succeeded", switches)
    assert off.id == switches.id
    assert "🔕 succeeded" in off.buttons
    assert "🔕 started" in (await bob.asks("/alerts started off")).buttons
    lab.pai.submit("bob", name="unheard", outcome=SHORT)
    await lab.looks()
    await ends(lab, "bob", "unheard")
    lab.pai.submit("bob", name="heard", outcome=FAILS)
    await bob.hears("Failed: heard")
    assert count(bob, "unheard") == 0
    assert "🔔 started" in (await bob.asks("/alerts started on")).buttons
    assert "🔕 failed" in (await bob.asks("/alerts 失败 关")).buttons
    assert "🔔 failed" in (await bob.asks("/alerts 失败：打开")).buttons


async def test_quiet_hours_hold_all_but_failures_and_end_in_one_digest(lab, ann):
    hour = lab.clock.now().astimezone(lab.bot.watcher._alerts._zone).hour
    quiet = f"{hour:02}:00-{(hour + 2) % 24:02}:00"
    assert "免打扰：" in await ann.asks(f"/alerts quiet {quiet}")
    lab.pai.submit("ann", name="calm", outcome=SHORT)
    await lab.looks()
    await ends(lab, "ann", "calm")
    lab.pai.submit("ann", name="urgent", outcome=FAILS)
    alert = await ann.hears("失败：urgent")
    assert alert.silent
    assert count(ann, "calm") == 0
    await lab.sleeps(hours=3)
    await lab.bot.services.alerts.release()
    digest = await ann.hears("免打扰期间")
    assert "成功：calm" in digest
    assert not digest.silent
    await lab.bot.services.alerts.release()
    assert count(ann, "免打扰期间") == 1


async def test_quiet_hours_that_are_switched_off_release_what_they_held(lab, ann):
    hour = lab.clock.now().astimezone(lab.bot.watcher._alerts._zone).hour
    await ann.asks(f"/alerts quiet {hour:02}:00-{(hour + 2) % 24:02}:00")
    lab.pai.submit("ann", name="held", outcome=SHORT)
    await lab.looks()
    await ends(lab, "ann", "held")
    await ann.asks("/alerts quiet off")
    await lab.bot.services.alerts.release()
    assert "成功：held" in await ann.hears("免打扰期间")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("23:00-07:00", "23:00–07:00"),
        ("23:00 至 7:00", "23:00–07:00"),
        ("22:30～06:15", "22:30–06:15"),
    ],
)
async def test_quiet_hours_are_written_as_people_write_them(bob, words, shown):
    assert shown in await bob.asks(f"/alerts quiet {words}")


@pytest.mark.parametrize("words", ["quiet=23:00-07:00", "quiet: 23:00-7:00", "23:00-07:00"])
async def test_quiet_hours_are_understood_with_a_sign_or_alone(bob, words):
    assert "23:00–07:00" in await bob.asks(f"/alerts {words}")


@pytest.mark.parametrize("words", ["25:00-07:00", "23-7", "whenever", "23:60-07:00", ""])
async def test_quiet_hours_nobody_understands_are_asked_for_again(bob, words):
    assert "23:30-07:00" in await bob.asks(f"/alerts quiet {words}")


async def test_quiet_hours_are_chosen_with_buttons(bob):
    said = await bob.asks("/alerts")
    choice = await bob.presses("Quiet hours", said)
    assert "23:00–08:00" in await bob.presses("23:00–08:00", choice)
    choice = await bob.presses("Quiet hours", said)
    asked = await bob.presses("Other", choice)
    assert "From when" in asked or "23:30-07:00" in asked
    assert "don't understand" in await bob.asks("at night")
    assert "21:00–06:00" in await bob.asks("21:00-06:00")


async def test_what_ended_while_the_bot_was_down_is_told_once(lab, bob):
    lab.pai.submit("bob", name="meanwhile", outcome=LONG)
    await bob.hears("Running: meanwhile")
    await lab.stop()
    lab.pai.stop_job("bob", "meanwhile")
    await lab.pai.until("bob", "meanwhile")
    await lab.start()
    await bob.hears("Stopped: meanwhile")
    await lab.restart()
    await lab.looks()
    assert count(bob, "Stopped: meanwhile") == 1


async def test_many_events_at_once_are_one_digest_that_leads_on(lab, bob):
    await lab.stop()
    for number in range(7):
        outcome = SHORT if number else FAILS
        lab.pai.submit("bob", name=f"night-{number}", gpus=0, outcome=outcome)
    for number in range(7):
        await lab.pai.until("bob", f"night-{number}")
    await lab.start()
    digest = await bob.hears("7")
    assert "Failed: night-0 · exit code 1" in digest
    for number in range(1, 7):
        assert f"Succeeded: night-{number}" in digest
    assert count(bob, "night-") == 1
    assert digest.buttons == ["Log of night-0", "My jobs"]
    assert "night-0" in await bob.presses("Log of night-0", digest)


async def test_a_failure_told_without_its_reason_is_completed_later(lab, bob):
    with lab.pai.faults.no_code(path=r"/jobs/bob~mute($|\?)"):
        lab.pai.submit("bob", name="mute", outcome=FAILS)
        alert = await bob.hears("Failed: mute")
        assert not alert.quotes("CUDA out of memory")
    await lab.looks()
    completed = await bob.hears("CUDA out of memory")
    assert completed.id == alert.id
    assert completed.quotes("RuntimeError: CUDA out of memory")


async def test_openpai_away_makes_no_false_alert(lab, bob):
    lab.pai.submit("bob", name="steady", outcome=LONG)
    await bob.hears("Running: steady")
    for trouble in (
        lab.pai.faults.unauthorized(),
        lab.pai.faults.too_many(),
        lab.pai.faults.html(),
        lab.pai.faults.no_code(),
    ):
        with trouble, capture_logs() as logs:
            await lab.looks()
            await lab.looks()
        said = [line for line in logs if "be watched" in line["event"]]
        assert len(said) == 1  # not one for each look
        assert said[0]["reason"]
    await lab.pai.away()
    await lab.looks()
    await lab.pai.back()
    await lab.looks()
    assert count(bob, "steady") == 1


async def test_a_blocked_bot_is_not_insisted_on_and_comes_back(lab, bob):
    db = lab.bot.db
    bob.tg.blocks_bot()
    await polling.until(lambda: db.read(lambda uow: uow.people.row(bob.id).blocked_at))
    before = len(lab.tg.calls_of("sendMessage"))
    lab.pai.submit("bob", name="lost", outcome=SHORT)
    await lab.looks()
    await ends(lab, "bob", "lost")
    await polling.until(lambda: db.read(lambda uow: not uow.outbox.backlog().total))
    assert len(lab.tg.calls_of("sendMessage")) == before
    bob.tg.unblocks_bot()
    await bob.says("/start")  # the alert may come before the answer, if the sender was slow
    await bob.hears("Hello Bob Wu")
    lab.pai.submit("bob", name="found", outcome=SHORT)
    await bob.hears("Succeeded: found")


async def test_a_lab_without_a_service_token_is_watched_with_a_members(closed_lab):
    lab = closed_lab
    await lab.start()
    bob = await lab.member("bob", "Bob Wu", "en")
    lab.pai.submit("bob", name="alone", outcome=SHORT)
    await bob.hears("Succeeded: alone")


async def test_a_revoked_token_of_one_member_does_not_blind_the_watcher(lab, ann, bob):
    for token in [*lab.pai.tokens("ada"), *lab.pai.tokens("ann")]:
        lab.pai.cluster.tokens.revoke(token)
    lab.pai.submit("bob", name="seen", outcome=SHORT)
    await polling.until(lambda: count(bob, "Succeeded: seen") == 1)


async def test_every_night_has_its_morning(lab, bob):
    """What is kept gets the same number night after night, once the table was emptied."""
    for night in ("first", "second"):
        line = text("alerts-usage", events=night)
        await lab.bot.db.write(
            lambda uow, night=night, line=line: uow.held.keep(
                bob.id, "started", f"started:{night}", line.to_json(), lab.clock.now()
            )
        )
        await lab.bot.services.alerts.release()
        await lab.looks()
        assert night in await bob.hears("quiet hours")
