"""/jobs, /job, /stop, /gpu: what runs, how it is, and ending it."""

import pytest

from bot.demo.openpai import CudaOutOfMemory, Trains
from tests import polling
from tests.lab import IMAGE, Lab

SLOW = Trains(10_000_000)


@pytest.fixture
async def two(lab: Lab, bob):
    """A running job and a failed one of Bob's."""
    await bob.submits(f"image={IMAGE} python a.py", CudaOutOfMemory(after=1), name="failing")
    await bob.hears("Failed: failing")
    await bob.submits(f"image={IMAGE} note=slow python b.py", SLOW, name="running")
    await bob.hears("Running: slow · running")
    return bob


async def test_jobs_are_listed_newest_first_with_buttons(two):
    said = await two.asks("/jobs")
    lines = said.text.splitlines()
    assert lines[0] == "Your jobs (2)"
    assert lines[1].startswith("▶️ slow · running · running · 1 GPU · ")
    assert lines[2].startswith("❌ failing · failed · 1 GPU · ")
    card = await two.presses("▶️ slow", said)
    assert card.text.startswith("slow · running")
    assert card.id != said.id


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("running", ["running"]),
        ("运行", ["running"]),
        ("失败", ["failing"]),
        ("failed running", ["failing", "running"]),
        ("succeeded", []),
        ("since=2d", ["failing", "running"]),
        ("vc=default", ["failing", "running"]),
        ("vc=research", []),
        ("image=standard", ["failing", "running"]),
        ("image=tensorflow", []),
        ("RUNN", ["running"]),
        ("fail", ["failing"]),
        ("100%_", []),
    ],
)
async def test_jobs_are_filtered(two, filters, found):
    said = await two.asks(f"/jobs {filters}")
    if not found:
        assert "No job of yours is like that" in said
        assert said.buttons == ["My jobs"]
    for name in found:
        assert f"{name} · " in said
    assert said.text.splitlines()[0] == f"Your jobs ({len(found)})" or not found


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("since=yesterday", "yesterday is no time"),
        ("sinec=2d", "Did you mean since=?"),
        ("foo=bar", "foo=bar. Filters:"),
    ],
)
async def test_a_filter_nobody_knows_is_named(bob, words, answer):
    assert answer in await bob.asks(f"/jobs {words}")


async def test_many_jobs_come_on_pages_that_keep_the_filter(lab, bob):
    for number in range(20):
        lab.pai.submit("bob", name=f"many-{number:02}", gpus=1, outcome=SLOW)
        await lab.pai.advance(1)
    await bob.says("/jobs many")
    # What is heard is named each time: alerts of these jobs come between when they come.
    first = await bob.hears("(20), page 1 of 3")
    assert "many-19" in first
    await bob.taps("Next", first)
    second = await bob.hears("page 2 of 3")
    assert second.id == first.id
    assert "many-11" in second
    await bob.taps("Next", second)
    last = await bob.hears("page 3 of 3")
    assert "many-00" in last
    assert "Next" not in last.buttons
    await bob.taps("Previous", last)
    await bob.hears("page 2 of 3")


async def test_no_jobs_yet_shows_how_to_begin(ann):
    said = await ann.asks("/jobs")
    assert said.text == "你还没有任务。写一行就能提交第一个。"
    assert "/run image=" in await ann.presses("怎么提交任务", said)


async def test_jobs_are_remembered_while_openpai_is_away(lab, two):
    await lab.looks()
    await lab.pai.away()
    said = await two.asks("/jobs")
    assert "OpenPAI does not answer" in said
    assert "slow · running" in said
    card = await two.asks("/job running")
    assert "OpenPAI does not answer" in card
    assert "running" in card
    await lab.pai.back()


async def test_the_card_shows_everything_to_its_owner(two):
    said = await two.asks("/job running")
    for part in ("slow · running", "▶️ running", "1 GPU in default", f"Image: {IMAGE}", "Submitted"):
        assert part in said
    assert said.buttons == ["Refresh", "Log", "Stop", "Portal"]
    portal = said.keyboard[0][-1]["url"]
    assert portal.endswith("/job-detail.html?username=bob&jobName=running")


async def test_a_failed_job_shows_why_on_its_card(two):
    said = await two.asks("/job failing")
    assert "❌ failed" in said
    assert "Exit code 1" in said
    assert "Stop" not in said.buttons


async def test_refresh_edits_the_card_in_place(lab, two):
    card = await two.asks("/job running")
    lab.pai.stop_job("bob", "running")
    await lab.pai.until("bob", "running")
    fresh = await two.presses("Refresh", card)
    assert fresh.id == card.id
    assert "⏹ stopped" in fresh
    assert fresh.buttons == ["Refresh", "Log", "Portal"]


async def test_somebody_elses_job_is_what_a_group_may_see(two, ann):
    said = await ann.asks("/job bob~running")
    assert "提交者：bob" in said
    for hidden in ("slow", IMAGE, "default"):
        assert hidden not in said
    assert said.buttons == ["刷新", "网页"]
    assert "不是你的任务" in await ann.asks("/logs bob~running")
    assert "不是你的任务" in await ann.asks("/logs bob~running file")
    assert "不是你的任务" in await ann.asks("/stop bob~running")


async def test_an_admin_sees_all_of_it(two, admin):
    assert f"Image: {IMAGE}" in await admin.asks("/job bob~running")
    assert "out of memory" in await admin.asks("/logs bob~failing")


@pytest.mark.parametrize("command", ["job", "logs", "stop"])
async def test_a_misspelt_name_offers_the_nearest(two, command):
    said = await two.asks(f"/{command} runing")
    assert "There is no job runing" in said
    assert said.buttons == ["running"]
    answer = await two.presses("running", said)
    assert "running" in answer


async def test_a_name_like_none_of_them_offers_nothing(two):
    said = await two.asks("/job qqqqqqqqqq")
    assert "There is no job qqqqqqqqqq" in said
    assert said.buttons == []


@pytest.mark.parametrize("name", ["<b>&_*[", "a~b~c", "../../x", "名字", "%7E", "x" * 300])
async def test_a_name_that_cannot_be_is_simply_not_there(bob, name):
    assert "There is no job" in await bob.asks(f"/job {name}")


async def test_no_name_offers_the_latest_jobs(two):
    for command, shown in (("job", 2), ("logs", 2), ("stop", 1)):
        said = await two.asks(f"/{command}")
        assert len(said.buttons) == shown, said.text
    assert "Stop running?" in await two.presses("slow", said)


async def test_stopping_asks_first_and_no_means_no(lab, two):
    asked = await two.asks("/stop running")
    assert "Stop running?" in asked
    assert "Nothing was stopped" in await two.presses("No", asked)
    assert lab.pai.job("bob", "running").state == "RUNNING"


async def test_yes_stops_and_the_owner_is_not_told_twice(lab, two):
    asked = await two.asks("/stop running")
    assert "is being stopped" in await two.presses("Yes", asked)
    assert "being stopped already" in await two.asks("/stop running")
    await lab.pai.until("bob", "running")
    await lab.looks()
    assert "is over already" in await two.asks("/stop running")
    assert not any("Stopped:" in words for words in two.said())


async def test_several_jobs_are_stopped_one_by_one(lab, two):
    asked = await two.asks("/stop running failing running")
    assert "failing is over already" in asked  # that one of them can't be is said at once
    assert "Stop running?" in asked
    neither = await two.asks("/stop failing nowhere")
    assert "failing is over already" in neither
    assert "no job bob~nowhere" in neither
    assert neither.buttons == []
    many = " ".join(f"job{n}" for n in range(21))
    assert "21 jobs are more than I stop at once" in await two.asks(f"/stop {many}")
    lab.pai.submit("bob", name="third", outcome=SLOW)
    asked = await two.asks("/stop running third")
    assert "Stop running, third?" in asked
    said = await two.presses("Yes", asked)
    assert "running is being stopped" in said
    assert "third is being stopped" in said


async def test_a_stop_from_a_card_asks_beside_it(two):
    card = await two.asks("/job running")
    asked = await two.presses("Stop", card)
    assert asked.id != card.id
    assert asked.buttons == ["Yes, stop", "No, let it run"]


async def test_gpus_are_counted_by_virtual_cluster(lab, bob):
    said = await bob.asks("/gpu")
    assert "GPUs free" in said
    assert "default: 4 free of 4" in said
    await bob.submits(f"image={IMAGE} gpu=4 python x", SLOW, name="all-four")
    await polling.until(lambda: lab.pai.job("bob", "all-four").state == "RUNNING")
    assert "default: 0 free of 4" in await bob.presses("Refresh", said)
