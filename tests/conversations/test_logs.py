"""/logs: the tail, a stream, a search, the whole file."""

import pytest

from bot.demo.openpai import CudaOutOfMemory, Traceback, Trains
from tests.lab import IMAGE, Lab


class Markup(Traceback):
    def words(self, context):
        return ["ValueError: <b>&_*[</pre><script>"]


@pytest.fixture
async def failed(lab: Lab, bob):
    await bob.submits(f"image={IMAGE} python a.py", CudaOutOfMemory(after=1), name="oom")
    await bob.hears("Failed: oom")
    return bob


async def test_the_tail_is_shown_as_text_with_the_way_on(failed):
    said = await failed.asks("/logs oom")
    assert said.text.startswith("oom · all output · ")
    assert said.quotes("RuntimeError: CUDA out of memory")
    assert said.buttons == ["Refresh", "Whole log as file", "stdout", "stderr"]
    stderr = await failed.presses("stderr", said)
    assert stderr.id == said.id
    assert "oom · stderr" in stderr


async def test_lines_and_stream_are_chosen(failed):
    said = await failed.asks("/logs oom stderr n=2")
    assert "stderr · the last 2 lines, there is more before them" in said
    assert len(said.text.splitlines()) == 3


async def test_a_search_shows_matching_lines_only(failed):
    said = await failed.asks("/logs oom grep=cuda.out")
    assert "all output · 1 line" in said
    assert "(unclosed" in await failed.asks("/logs oom grep=(unclosed")
    assert "No line matches qqqq." in await failed.asks("/logs oom grep=qqqq")
    again = await failed.presses("Refresh", said)
    assert "all output · 1 line" in again
    assert "stdout · 0 lines" in (there := await failed.presses("stdout", again))
    assert "No line matches cuda.out." in there


async def test_the_whole_log_comes_as_a_file(failed):
    file = (await failed.asks("/logs oom file")).document
    assert file.name == "oom.all.log"
    assert b"CUDA out of memory" in file.content
    said = await failed.asks("/logs oom stdout")
    assert (await failed.presses("Whole log", said)).document.name == "oom.stdout.log"


async def test_a_job_that_has_not_started_has_no_log_yet(lab, bob):
    lab.pai.submit("bob", name="blocker", gpus=4, outcome=Trains(10_000_000))
    lab.pai.submit("bob", name="queued", gpus=4)
    await lab.looks()
    said = await bob.asks("/logs queued")
    assert "queued has no log yet" in said
    assert "no log" in await bob.asks("/logs queued file")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("n=0", "from 1 to 500"),
        ("n=many", "whole number"),
        ("sideways", "sideways makes no sense here"),
        ("role=nobody", "nobody"),
        ("task=7", "7"),
    ],
)
async def test_words_that_mean_nothing_are_named(failed, words, answer):
    assert answer in await failed.asks(f"/logs oom {words}")


async def test_attempts_are_read_one_by_one(lab, bob):
    await bob.submits(
        f"image={IMAGE} retries=1 python a.py", CudaOutOfMemory(after=1), name="again"
    )
    await bob.hears("Failed: again")
    assert "CUDA" in await bob.asks("/logs again attempt=0")
    assert "CUDA" in await bob.asks("/logs again attempt=1")


async def test_markup_in_a_log_is_only_text(lab, bob):
    lab.pai.plan("~markup", Markup())
    await bob.says(f"/run now image={IMAGE} name=markup python x")
    alert = await bob.hears("Failed: markup")
    assert alert.quotes("<b>&_*[</pre><script>")
    assert "<b>&_*[</pre><script>" in await bob.asks("/logs markup")


async def test_a_log_server_that_is_away_is_said_plainly(lab, failed):
    lab.pai.faults.logs_away = True
    said = await failed.asks("/logs oom")
    assert "OpenPAI" in said or "no log" in said
    lab.pai.faults.logs_away = False


async def test_the_addresses_of_logs_never_reach_a_chat(failed):
    await failed.asks("/logs oom")
    await failed.asks("/logs oom file")
    assert not any("log-manager" in words or "token=" in words for words in failed.said())


async def test_where_logs_stay_off_telegram_the_code_and_the_portal_are_told(closed_lab):
    lab = closed_lab
    lab.environ["PAILOT_PRIVACY__LOGS"] = "web"
    await lab.start()
    bob = await lab.member("bob", "Bob Wu", "en")
    await bob.submits(f"image={IMAGE} python a.py", CudaOutOfMemory(after=1), name="oom")
    told = await bob.hears("Failed: oom")
    assert "Exit code 1" in told
    assert "RuntimeError" not in told.text
    for asked in ("/logs oom", "/logs oom file", "/logs oom stderr n=2"):
        assert "stay out of Telegram" in await bob.asks(asked)
    assert "stay out of Telegram" in await bob.presses("Log", on=told)
