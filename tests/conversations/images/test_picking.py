"""Choosing an image when none was named, the catalogue and its admins, and what groups see."""

import pytest

from bot.domain.jobs import Job, JobRef, JobState
from tests import polling


async def knows(lab, **images):
    """`own` and `others`: images of succeeded jobs; `tested` and `broken`: images of the catalogue."""
    now = lab.clock.now()

    def fill(uow):
        for kind, names in images.items():
            for n, image in enumerate(names):
                if kind in {"tested", "broken"}:
                    uow.images.tested(image, kind == "tested", [], now, by="zoe")
                    continue
                user = "eve" if kind == "own" else "zoe"
                job = Job(
                    JobRef(user, f"{kind}-{n}"),
                    JobState.SUCCEEDED,
                    submitted_at=now,
                    completed_at=now,
                )
                uow.jobs.upsert_many([job], now)
                uow.jobs.set_image(job.ref, image)  # fmt: skip

    await lab.bot.db.write(fill)


async def test_run_alone_offers_images_own_then_known_then_harbors(harbor, ported, eve):
    await knows(
        ported, own=["x/own:1"], others=["x/learned:1", "x/own:1"], tested=["x/tested:1"],
        broken=["x/broken:1"],
    )  # fmt: skip
    said = await eve.asks("/run")
    assert "options first, then the command" in said
    assert said.buttons == [
        "🕘 x/own:1", "⭐ x/tested:1", "👍 x/learned:1", "📦 public/ml/torch:1.13", "All images"
    ]  # fmt: skip
    asked = await eve.presses("📦", on=said)
    assert "command" in asked
    preview = await eve.asks("gpu=1 python x.py")
    assert f"{harbor.host}/public/ml/torch:1.13" in preview


async def test_a_line_without_an_image_goes_on_with_the_one_chosen(harbor, ported, eve):
    said = await eve.asks("/run now gpu=1 note=first python /mnt/x.py --lr '1 2'")
    assert "Which image" in said
    preview = await eve.presses("📦", on=said)
    assert f"{harbor.host}/public/ml/torch:1.13" in preview
    assert preview.quotes("python /mnt/x.py --lr '1 2'")
    assert "first" in preview
    assert ported.pai.jobs() == [] or all(job.user != "eve" for job in ported.pai.jobs())
    assert "Submitted: first" in await eve.presses("Submit", on=preview)


async def test_the_image_may_be_written_instead_wrong_ones_too(harbor, eve):
    harbor.image("public/other/torch", "2.0")
    await eve.asks("/run python x.py")
    assert "an image has no spaces" in await eve.asks("sha256:x !!")
    several = await eve.asks("torch")
    assert "fits several" in several
    preview = await eve.presses("public/other/torch", on=several)
    assert f"{harbor.host}/public/other/torch" in preview
    assert preview.quotes("python x.py")


async def test_a_site_without_harbor_still_asks(lab, bob, ann):
    assert "Write its name" in await bob.asks("/run python x.py")
    preview = await bob.asks("openpai/standard:python_3.6-pytorch_1.2.0-gpu")
    assert "openpai/standard" in preview
    assert "用哪个镜像运行" in await ann.asks("/run python x.py")


async def test_admins_keep_the_catalogue(harbor, ported, admin, eve):
    added = await admin.asks("/catalog add torch:1.13 for  beginners")
    image = f"{harbor.host}/public/ml/torch:1.13"
    assert image in added
    assert "for  beginners" in await eve.asks("/catalog")
    wrong = await admin.asks(f"/catalog add {harbor.host}/public/ml/torch:1.31")
    assert "not in the catalogue" in wrong
    assert "1.13" in await admin.presses("1.13", on=wrong)
    unsure = await admin.asks("/catalog add pytorch/pytorch:1.13")
    assert "pytorch/pytorch:1.13 is in the catalogue" in unsure
    assert "did not answer" in unsure
    which = await admin.asks("/catalog remove torch")
    assert len(which.buttons) == 2
    assert "no longer" in await admin.presses(image, on=which)
    assert "no longer" in await admin.asks("/catalog remove pytorch/pytorch:1.13")
    gone = await admin.asks("/catalog remove pytorch/pytorch:1.13")
    assert "pytorch/pytorch:1.13" in gone
    rows = await ported.bot.db.read(lambda uow: uow.audit.list(20))
    actions = [row.action for row in rows if row.action.startswith("catalogue")]
    assert sorted(actions) == ["catalogue-add"] * 3 + ["catalogue-remove"] * 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("add x:1", "Only admins"),
        ("remove x:1", "Only admins"),
        ("ad x:1", "I don't understand ad"),
    ],
)
async def test_members_read_the_catalogue(harbor, eve, words, said):
    assert said in await eve.asks(f"/catalog {words}")


@pytest.mark.parametrize(
    ("words", "said"),
    [("add", "Which image"), ("remove", "Which image"), ("add 【】", "no image in that")],
)
async def test_an_admins_slip_is_explained(harbor, ported, admin, words, said):
    assert said in await admin.asks(f"/catalog {words}")


async def test_a_group_sees_summaries_of_what_everybody_may_see(harbor, ported, ann, eve, admin):
    group = await ported.group("GPU lab", ann, eve, admin)
    await knows(ported, tested=[f"{harbor.host}/public/ml/torch:1.13"])
    open_ = await eve.asks("/image torch:1.13", group)
    assert "Python 3.8.16 · PyTorch 1.13.1" in open_
    assert "sha256" not in open_
    assert "zoe" not in open_
    assert "在这里测试过 ✅" in open_
    assert len(open_.text.splitlines()) <= 5
    # Ann may see it in private; the group may not.
    closed = await ann.asks(f"/image {harbor.host}/lab/private:v1", group)
    assert "Python" not in closed
    assert "看哪个镜像" in await eve.asks("/image", group)
    listed = await eve.asks("/images", group)
    assert "public/ml/torch" in listed
    assert "lab/private" not in listed
    lines = ("/catalog", "/catalog add x", "/push mine:v1", "/docker", "/dockerfile python 3.10")
    for command in lines:
        said = await eve.asks(command, group)
        assert len(said.text.splitlines()) == 1
        assert len(said.buttons) == 1


async def test_a_dockerfile_may_build_on_the_labs_own_images(harbor, ported, eve):
    harbor.image("public/base/torch", "py38-torch1.13-cu117")
    asked = await eve.asks("/dockerfile")
    python = await eve.presses("📦 public/base/torch:py38-torch1.13-cu117", on=asked)
    assert f"{harbor.host}/public/base/torch:py38-torch1.13-cu117" in python
    await eve.asks("/dockerfile")
    assert f"{harbor.host}/public/ml/torch:1.13" in await eve.asks("public/ml/torch:1.13")
    await eve.asks("/dockerfile")
    typed = await eve.asks("torch:22.04")  # the lab has no such tag
    assert harbor.host not in typed
    await eve.asks("/dockerfile")
    assert "tag" in await eve.asks("public/ml/torch")


async def test_jobs_from_the_portal_teach_the_catalogue_with_their_sku(harbor, ported, eve):
    from bot.demo.openpai.protocol.plain import plain_config

    resources = {"gpu": 1, "cpu": 4, "memoryMB": 8192}
    config = plain_config(
        "portal", resources, vc="default", priority=None, instances=1, retries=0, image="x/portal:1",
        commands=["true"],
    )  # fmt: skip
    role = next(iter(config["taskRoles"]))
    config["extras"] = {"hivedScheduler": {"taskRoles": {role: {"skuType": "V100"}}}}
    job = ported.pai.submit("eve", name="portal", config=config)
    await polling.until(lambda: job.terminal)
    await ported.looks()
    await ported.bot.services.images.catalogue.learn()
    said = await eve.asks("/catalog")
    assert "x/portal:1 · 1 job of 1 person" in said
    assert "V100" in said
    assert "🕘 x/portal:1" in (await eve.asks("/run")).buttons


@pytest.mark.parametrize("word", ["catalog", "push", "images"])
async def test_the_links_of_a_group_lead_on_in_private(harbor, eve, word):
    said = await eve.asks(f"/start {word}")
    assert "Hello" not in said
