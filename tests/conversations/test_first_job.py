"""The first job of somebody who has a folder: it is mounted by the test, and written to."""

import pytest

from bot.demo.openpai import ImageTest
from tests import polling
from tests.lab import IMAGE


async def first_job(lab, who):
    now = lab.clock.now()
    await lab.bot.db.write(lambda uow: uow.images.recommend(IMAGE, 1, "", now))
    return await who.presses("Try a first job", on=await who.asks("/start"))


async def told(lab, who, words):
    await polling.until(lambda: lab.pai.jobs() and lab.pai.jobs()[-1].terminal)
    await lab.looks()
    await lab.bot.services.images.results.tick()
    return await who.hears(words)


async def test_the_folder_is_mounted_by_the_test_itself(eve, folder, shelved):
    preview = await first_job(shelved, eve)
    assert "mounted and written to" in preview
    assert "❌" not in preview
    assert "❔" not in preview.text.replace("❔ Not checked whether the image", "")
    protocol = (await (await eve.presses("YAML", on=preview)).download()).decode()
    assert "mount -t nfs -o nolock 127.0.0.1:/data/evewong /mnt" in protocol
    assert protocol.index("say() {") < protocol.index("mount -t nfs")
    assert "mountpoint -q /mnt; then" in protocol
    await eve.presses("Submit", on=preview)
    said = await told(shelved, eve, "works here")
    assert "✅ Your personal folder is at /mnt" in said
    assert "✅ Writing there works" in said
    # Options may be changed, and it stays a test.
    card = await eve.asks("/catalog")
    assert IMAGE in card


@pytest.mark.slow
async def test_options_of_a_test_may_be_changed_and_it_stays_one(eve, folder, shelved):
    preview = await first_job(shelved, eve)
    await eve.presses("Edit", on=preview)
    changed = await eve.asks("mount=off note=mine")
    assert "small script" in changed
    assert "mounted" not in changed
    await eve.presses("Edit", on=changed)
    plugin = await eve.asks("mount=plugin")
    protocol = (await (await eve.presses("YAML", on=plugin)).download()).decode()
    assert "ln -sT /pailot-storage/evewong /mnt" in protocol
    assert "storages:" in protocol
    await eve.presses("Submit", on=plugin)
    assert "✅ Writing there works" in await told(shelved, eve, "works here")


async def test_a_server_that_refuses_is_not_the_images_fault(eve, folder, shelved):
    preview = await first_job(shelved, eve)
    name = next(word for word in preview.text.split() if word.startswith("test-"))
    lines = ("start ok", "gpu ok V100, 1", "python ok 3.8", "mount fail mount.nfs: access denied")
    shelved.pai.plan(
        f"~{name}",
        ImageTest(runs_seconds=1.0, said=(*lines, "end 95")),
    )
    await eve.presses("Submit", on=preview)
    said = await told(shelved, eve, "works here")
    assert "❌ Your personal folder can't be mounted: mount.nfs: access denied" in said
    assert "the server's doing" in said
