"""The end of a failed job's log lies in its owner's folder, and /logs finds it there when OpenPAI has it no more."""

import pytest

from bot.demo.openpai import CudaOutOfMemory, ImageNotFound
from tests.lab import IMAGE

FAILS = CudaOutOfMemory(after=1)


@pytest.fixture
def keeping(shelved):
    return shelved.bot.services.storage.keeping


async def fails(eve, name, outcome=FAILS):
    await eve.submits(f"image={IMAGE} python a.py", outcome, name=name)
    await eve.hears(f"Failed: {name}")


async def test_the_log_of_a_failed_job_outlives_the_platforms(eve, folder, shelved, keeping):
    await fails(eve, "oom")
    assert not (folder / ".pailot").exists(), "the alert waits for nothing"
    await keeping.tick()
    kept = folder / ".pailot" / "oom" / "stderr"
    assert b"CUDA out of memory" in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    written = kept.stat().st_mtime_ns
    await keeping.tick()
    assert kept.stat().st_mtime_ns == written
    shelved.pai.faults.logs_away = True
    said = await eve.asks("/logs oom")
    assert "no longer has this log" in said
    assert said.quotes("RuntimeError: CUDA out of memory")
    file = (await eve.asks("/logs oom file")).document
    assert b"that Pailot kept" in file.content
    assert b"CUDA out of memory" in file.content
    listed = await eve.asks("/ls .pailot/oom")
    assert "/mnt/.pailot/oom/stderr" in listed.text
    assert "in the trash" in await eve.asks("/rm .pailot/oom")
    assert "no longer" not in (await eve.asks("/logs oom")).text


async def test_a_storage_server_that_is_away_gets_it_later_and_a_restart_forgets_nothing(
    eve, folder, shelved, storage
):
    port = storage.port
    await fails(eve, "early")
    await storage.stop()
    await shelved.bot.services.storage.keeping.tick()
    await shelved.sleeps(minutes=1)
    await storage.start(port)
    half = folder / ".pailot" / "early"
    half.mkdir(parents=True)  # of a try that died on the way
    (half / ".stderr.pailot-part").write_bytes(b"CUDA o")
    await shelved.bot.services.storage.keeping.tick()
    assert b"CUDA out of memory" in (half / "stderr").read_bytes()
    assert {path.name for path in half.iterdir()} <= {"stdout", "stderr"}


async def test_a_month_later_it_is_cleaned_away_but_what_the_owner_put_there_stays(
    eve, folder, shelved, keeping
):
    for name in ("first", "second"):
        await fails(eve, name)
    await keeping.tick()
    place = folder / ".pailot"
    (place / "first" / "mine.txt").write_text("kept by hand")
    await shelved.sleeps(days=31)
    await shelved.bot.services.storage.keeping.expire()
    assert [path.name for path in (place / "first").iterdir()] == ["mine.txt"]
    assert not (place / "second").exists()


async def test_nothing_is_kept_where_there_was_no_log_or_no_folder(
    eve, folder, newcomer, shelved, keeping
):
    await newcomer.submits(f"image={IMAGE} python a.py", FAILS, name="without")
    await newcomer.hears("without")
    await fails(eve, "never", ImageNotFound())
    for _ in range(5):
        await keeping.tick()
        shelved.clock.passes(hours=1)
    assert not (folder / ".pailot").exists()
    due = await shelved.bot.db.read(lambda uow: uow.kept_logs.due(shelved.clock.now(), 10))
    assert due == [], "it is given up"
