"""/rmimage when others are at work too: jobs, other people's pushes, lost answers, admins who say no."""

import pytest

from bot.demo.openpai import Trains
from tests.conversations.images.test_changing import names, torch


@pytest.fixture
def running(ported):
    """Starts a job that the watcher has not seen, as the portal would."""
    ported.pai.user("zoe", "zoe-password")

    def start(name, image, **more):
        ported.pai.plan(f"~{name}", Trains(runs_seconds=7200))
        return ported.pai.submit("zoe", name=name, image=image, **more)

    return start


def audited(row):
    return (row.action, row.result)


async def trail(lab):
    return [audited(row) for row in await lab.bot.db.read(lambda uow: uow.audit.list(50))]


async def test_a_job_that_the_portal_submitted_just_now_holds_its_image(harbor, ann, running):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    running("new", torch(harbor, "1.13"))
    said = await ann.presses("全部 2 个标签", on=dialog)
    assert "zoe~new" in said
    assert names(harbor) == {"1.12", "1.13", "stable"}
    assert "zoe~new" in await ann.asks(f"/rmimage {torch(harbor, '1.13')}")


@pytest.mark.parametrize(
    "written",
    ["{host}/public/ml/torch:1.13", "{host}/public/ml/torch:stable", "{host}/public/ml/torch@{digest}",
     "{host}/public/ml/torch:gone@{digest}", "HTTP://{host}/public/ml/torch:1.13", " {host}/public/ml/torch:stable "],
)  # fmt: skip
async def test_an_image_is_held_however_the_job_wrote_it(harbor, ann, running, written):
    digest = harbor.artifact("public/ml/torch", "1.13").digest
    running("j", written.format(host=harbor.host, digest=digest))
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    assert "zoe~j" in dialog
    assert dialog.buttons == []


async def test_the_second_image_of_a_job_and_the_parts_of_an_index_are_held(
    harbor, ported, ann, running
):
    from bot.demo.openpai.protocol.plain import plain_config

    config = plain_config(
        "two", {"gpu": 1, "cpu": 4, "memoryMB": 8192}, vc="default", priority=None, instances=1, retries=0,
        image="openpai/standard:x", commands=("python train.py",),
    )  # fmt: skip
    config["prerequisites"].append(
        {"type": "dockerimage", "name": "other", "uri": torch(harbor, "1.12")}
    )
    ported.pai.plan("~two", Trains(runs_seconds=7200))
    ported.pai.submit("zoe", name="two", config=config)
    assert "zoe~two" in await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    harbor.index("lab/many", "v1", "linux/amd64", "linux/arm64")
    part = harbor.artifact("lab/many", "v1").children[0]["digest"]
    running("part", f"{harbor.host}/lab/many@{part}")
    dialog = await ann.asks(f"/rmimage {harbor.host}/lab/many:v1")
    assert "linux/arm64" in dialog
    assert "zoe~part" in dialog


async def test_an_answer_that_was_lost_is_looked_up_and_the_deletion_never_sent_again(
    harbor, ported, ann
):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    harbor.faults.kind, harbor.faults.method, harbor.faults.times = "lost", "DELETE", 1
    said = await ann.presses("删除镜像", on=dialog)
    assert "已删除" in said
    assert len([one for one in harbor.requests if one.method == "DELETE"]) == 1
    assert ("image-delete-all", "done") in await trail(ported)


async def test_a_deletion_that_never_arrived_is_not_claimed(harbor, ported, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    harbor.faults.kind, harbor.faults.method, harbor.faults.times = "cut", "DELETE", 1
    assert "已删除" not in await ann.presses("删除镜像", on=dialog)
    assert "1.12" in names(harbor)
    assert ("image-delete-all", "refused") in await trail(ported)


async def test_what_somebody_else_deleted_meanwhile_is_said_to_be_gone(harbor, ported, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    project, repository = harbor.store.repository("public/ml/torch")
    harbor.store.delete(project, repository, repository.find("1.12"))
    assert "早就没有了" in await ann.presses("删除镜像", on=dialog)
    assert ("image-delete-all", "gone") in await trail(ported)


async def test_an_admin_who_keeps_it_tells_whoever_asked(harbor, ported, admin, mia):
    await admin.says("/start")
    await admin.hears("Pailot")
    dialog = await mia.asks(f"/rmimage {harbor.host}/lab/private:v1")
    admin.tg.forgets()
    await mia.presses("Ask an admin", on=dialog)
    asked = await admin.hears("asks you to delete")
    mia.tg.forgets()
    assert "It stays" in await admin.presses("Keep it", on=asked)
    assert "decided to keep" in await mia.hears("decided to keep")
    assert harbor.artifact("lab/private", "v1") is not None


async def test_a_cli_secret_deletes_a_tag_and_asks_for_the_rest(closed_lab, harbor, admin):
    harbor.accounts.auth_mode = "oidc_auth"
    for user in harbor.accounts.users.values():
        user.cli_secret = "" if user.admin else user.password
    await closed_lab.start()
    ann = await closed_lab.member("ann", "Ann Lee", "en")
    assert "Linked" in await ann.asks("/login harbor ann ann-Password1")
    assert "lab/private" in await ann.asks("/images")
    assert "sha256" in await ann.asks(f"/image {harbor.host}/lab/private:v1")
    assert "❌" not in await ann.asks(f"/run image={harbor.host}/lab/private:v1 gpu=1 python x.py")
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    assert "CLI secret" in dialog
    assert dialog.buttons == ["Delete only 1.13", "Ask an admin", "Cancel"]
    assert "deleted" in await ann.presses("Delete only 1.13", on=dialog)
    assert names(harbor) == {"stable", "1.12"}


async def test_the_dialog_tells_the_last_job_and_the_last_pull(harbor, ported, ann):
    ported.pai.user("zoe", "zoe-password")
    ported.pai.plan("~past", Trains(runs_seconds=1))
    ported.pai.submit("zoe", name="past", image=torch(harbor, "stable"))
    await ported.pai.until("zoe", "past")
    await ported.looks()
    await ported.bot.services.images.catalogue.learn()
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    assert "zoe~past" in dialog
    assert "上次拉取：2 天前" in dialog
    assert "全部 2 个标签" in " ".join(dialog.buttons)


@pytest.mark.slow
async def test_after_many_deletions_garbage_collection_is_offered_two_hours_later(
    harbor, ported, admin, ann
):
    await admin.says("/start")
    await admin.hears("Pailot")
    for n in range(3):
        harbor.image(f"lab/old{n}", "v1", weight=1 << 30)
        dialog = await ann.asks(f"/rmimage {harbor.host}/lab/old{n}:v1")
        await ann.presses("删除镜像", on=dialog)
    tidying = ported.bot.services.images.tidying
    admin.tg.forgets()
    assert not await tidying.offer_collection()
    ported.clock.passes(hours=2, minutes=1)
    assert await tidying.offer_collection()
    assert not await tidying.offer_collection()
    offered = await admin.hears("Garbage collection can free", within=20)
    assert "3 images" in offered
    assert "would free" in await admin.presses("Dry run", on=offered)
    rows = await ported.bot.db.read(lambda uow: uow.audit.list(5))
    assert any(row.action == "gc-dry-run" for row in rows)


async def test_a_tag_that_two_delete_was_gone_for_the_second(harbor, ann):
    """As for one whose answer was lost: nothing has changed but what was wanted."""
    image = f"{harbor.host}/public/ml/torch:1.13"
    first, second, third = [await ann.asks(f"/rmimage {image}") for _ in range(3)]
    assert "已删" in await ann.presses("只删标签 1.13", on=first)
    assert "早就没有了" in await ann.presses("只删标签 1.13", on=second)
    harbor.image("public/ml/torch", "1.13", env=("ANOTHER=1",))
    assert "变了" in await ann.presses("只删标签 1.13", on=third)
