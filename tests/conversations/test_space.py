"""Space: counted by the clock, told once when a limit is passed, and asked about when nobody reads it."""

import os
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

MEGABYTE = 1 << 20


@pytest.fixture
def quota(closed_lab):
    closed_lab.environ["PAILOT_STORAGE__QUOTA"] = "1M"


@pytest.fixture
def counts(shelved):
    async def counts(**passed):
        if passed:
            await shelved.sleeps(**passed)
        await shelved.bot.services.storage.measuring.tick()

    return counts


@pytest.mark.usefixtures("quota")
async def test_who_passes_a_share_is_told_once_and_the_admins_too(eve, admin, folder, counts):
    await counts()
    await eve.hears_nothing()
    (folder / "big").write_bytes(b"x" * 970_000)
    await counts(hours=5)
    await eve.hears_nothing()
    await counts(hours=2)
    told = await eve.hears("nearly full")
    assert "947" in told.text
    assert "of 1 MB" in told.text
    assert "Eve Wong has nearly used up" in await admin.hears("used up")
    (folder / "more").write_bytes(b"x" * 300_000)
    await counts(hours=7)
    await eve.hears("over its share")
    eve.tg.forgets()
    await counts(hours=7)
    await eve.hears_nothing()
    shown = await admin.asks("/du all")
    assert "Eve Wong" in shown
    assert "evewong" in shown
    assert "1.2 MB" in shown.text


@pytest.mark.usefixtures("quota")
async def test_who_does_not_want_to_know_is_not_told(eve, folder, counts):
    said = await eve.asks("/alerts")
    assert any("disk full" in label for label in said.buttons)
    assert not any("filling up" in label for label in said.buttons), "that is for admins"
    await eve.presses("your share", on=said)
    (folder / "big").write_bytes(b"x" * 1_000_000)
    eve.tg.forgets()
    await counts()
    await eve.hears_nothing()


@pytest.mark.usefixtures("quota")
async def test_a_night_is_quiet_and_the_morning_tells(eve, folder, counts, shelved):
    there = shelved.clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    from_, to = (there + timedelta(hours=hours) for hours in (-2, 2))
    assert "Quiet hours" in await eve.asks(f"/alerts quiet {from_:%H:%M}-{to:%H:%M}")
    (folder / "big").write_bytes(b"x" * 1_000_000)
    eve.tg.forgets()
    await counts()
    await eve.hears_nothing()
    await eve.asks("/alerts quiet off")
    await shelved.bot.services.alerts.release()
    assert "nearly full" in await eve.hears("quiet hours", 20)


async def test_a_disk_that_fills_up_is_told_to_admins_and_a_full_one_to_all(
    eve, newcomer, admin, storage, counts, shelved
):
    group = await shelved.group("GPU lab", eve, admin)
    said = await admin.asks("/feed +磁盘快满 +storage_full", group)
    assert "image_pushed" not in said.text, "there is no Harbor"
    await counts()
    storage.room_bytes = (1024 * MEGABYTE, 90 * MEGABYTE)
    await counts(minutes=10)
    assert "90 MB of 1 GB" in (await admin.hears("filling up")).text
    storage.room_bytes = (1024 * MEGABYTE, 2 * MEGABYTE)
    await counts(minutes=10)
    await eve.hears("is full")
    await admin.hears("is full")
    await shelved.bot.services.feeds.release()
    await shelved.looks()
    heard = await admin.hears("💾 存储服务器快满了：共 1 GB，只剩 90 MB", chat=group)
    assert heard.text.splitlines()[1:] == ["🚨 存储服务器满了，任务存不了结果：共 1 GB，只剩 2 MB"]
    for one in (eve, newcomer, admin):
        one.tg.forgets()
    await counts(minutes=10)
    for one in (eve, newcomer, admin):
        await one.hears_nothing(0.2)
    assert not [words for words in newcomer.said() if "满" in words], (
        "who has no folder has no files"
    )


async def test_what_nobody_reads_is_asked_about_once_a_month(eve, folder, counts):
    for name, days in (("old set", 100), ("new", 3)):
        (folder / name).mkdir()
        path = folder / name / "part.bin"
        with path.open("wb") as file:
            file.truncate(200 * MEGABYTE)
        os.utime(path, (time.time() - days * 86400,) * 2)
    await counts()
    asked = await eve.hears("Still needed")
    assert "one directory" in asked
    assert "old set" in asked
    assert "new" not in asked.text.replace("old set", "")
    opened = await eve.presses("old set", on=asked)
    assert "/mnt/old set/part.bin" in opened.text
    eve.tg.forgets()
    await counts(days=8)
    await eve.hears_nothing()
    await counts(days=23)
    asked = await eve.hears("Still needed")
    assert "180 days" in await eve.presses("Keep all", on=asked)
    eve.tg.forgets()
    await counts(days=31)
    await eve.hears_nothing()


async def test_a_folder_that_is_gone_stops_nobody_elses_count(eve, newcomer, folder, counts, admin):
    asked = await newcomer.asks("/ls")
    await newcomer.presses("linxiao", on=asked)
    folder.rmdir()
    await counts()
    shown = await admin.asks("/du all")
    assert "linxiao" in shown
    assert "evewong" not in shown.text


async def test_only_admins_see_everybodys(eve, folder):
    (folder / "all").mkdir()
    (folder / "all" / "x").mkdir()
    said = await eve.asks("/du all")
    assert "/mnt/all" in said
    assert "By person" not in said.buttons


@pytest.mark.usefixtures("quota")
async def test_a_file_that_would_pass_the_share_is_refused_before_it_is_written(eve, folder):
    (folder / "big").write_bytes(b"x" * MEGABYTE)
    asked = await eve.sends_file("one-more.csv", b"1,2,3\n")
    said = await eve.presses("Save", on=asked)
    assert "over your share" in said
    assert not (folder / "one-more.csv").exists()
