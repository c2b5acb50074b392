"""/rmimage, /tagimage, /copyimage: nothing happens that was not confirmed."""

import asyncio
from dataclasses import replace

import pytest

from bot.demo.openpai import Trains
from tests.registry import real


def names(harbor, path="public/ml/torch"):
    return set(harbor.store.repository(path)[1].tags)


def torch(harbor, tag):
    return f"{harbor.host}/public/ml/torch:{tag}"


async def test_a_deletion_shows_all_tags_and_takes_only_the_named_one(harbor, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    assert "stable" in dialog
    assert "无法恢复" in dialog
    assert "3 GB" in dialog
    said = await ann.presses("只删标签 1.13", on=dialog)
    assert "已删除" in said
    assert names(harbor) == {"stable", "1.12"}


async def test_an_image_goes_with_all_its_tags_when_that_was_confirmed(harbor, ported, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    said = await ann.presses("全部 2 个标签", on=dialog)
    assert "垃圾清理" in said
    assert names(harbor) == {"1.12"}
    rows = await ported.bot.db.read(lambda uow: uow.audit.list(5))
    assert any(row.action == "image-delete-all" for row in rows)


async def test_a_deletion_can_be_left(harbor, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    assert "没有改" in await ann.presses("取消", on=dialog)
    assert names(harbor) == {"1.12", "1.13", "stable"}


async def test_a_tag_that_came_between_dialog_and_tap_stops_the_deletion(harbor, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    repository = harbor.store.repository("public/ml/torch")[1]
    other = repository.tags["1.13"]
    repository.tags["new"] = type(other)(999, "new", other.digest, other.pushed)
    said = await ann.presses("全部 2 个标签", on=dialog)
    assert "变了" in said
    assert names(harbor) == {"1.12", "1.13", "stable", "new"}


async def test_a_tag_that_moved_between_dialog_and_tap_stops_the_deletion(harbor, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    repository = harbor.store.repository("public/ml/torch")[1]
    repository.tags["1.13"].digest = repository.tags["1.12"].digest
    assert "变了" in await ann.presses("全部 2 个标签", on=dialog)
    assert repository.tags["stable"].digest in repository.artifacts


async def test_what_a_running_job_uses_stays(harbor, ported, ann):
    ported.pai.plan("~used", Trains(runs_seconds=7200))
    ported.pai.user("zoe", "zoe-password")
    ported.pai.submit("zoe", name="used", image=torch(harbor, "stable"))
    await ported.looks()
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    assert "zoe~used" in dialog
    assert dialog.buttons == []
    assert names(harbor) == {"1.12", "1.13", "stable"}


async def test_nothing_is_deleted_while_nobody_can_tell_what_runs(harbor, ported, ann):
    ported.pai.plan("~dark", Trains(runs_seconds=7200))
    ported.pai.user("zoe", "zoe-password")
    ported.pai.submit("zoe", name="dark", image="elsewhere/x:1")
    await ported.looks()
    await ported.pai.away()
    said = await ann.asks(f"/rmimage {torch(harbor, '1.13')}", within=20)
    assert "什么都不删" in said
    await ported.pai.back()


async def test_an_immutable_tag_is_said_to_be_so(harbor, ann):
    """And no button is offered that could only fail."""
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    rules = harbor.store.projects["public"].immutable
    rules.append(("*", "1.12"))
    said = await ann.presses("删除镜像", on=dialog)
    assert "不允许改动" in said
    assert "1.12" in names(harbor)
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    assert "不允许改动" in dialog
    assert dialog.buttons == ["取消"]
    assert "无法恢复" not in dialog
    rules[:] = [("*", "stable")]
    assert (await ann.asks(f"/rmimage {torch(harbor, 'stable')}")).buttons == ["取消"]
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.13')}")
    await ann.presses("1.13", on=dialog)
    assert names(harbor) == {"1.12", "stable"}


async def test_who_may_not_delete_asks_an_admin_who_sees_the_same(harbor, ported, admin, mia):
    await admin.says("/start")
    await admin.hears("Pailot")
    dialog = await mia.asks(f"/rmimage {harbor.host}/lab/private:v1")
    assert "may not delete" in dialog
    admin.tg.forgets()
    assert "have been asked" in await mia.presses("Ask an admin", on=dialog)
    asked = await admin.hears("asks you to delete")
    assert "lab/private:v1" in asked
    mia.tg.forgets()
    assert "are deleted" in await admin.presses("Delete the image", on=asked)
    assert "are deleted" in await mia.hears("deleted")
    assert harbor.artifact("lab/private", "v1") is None
    harbor.image("lab/again", "v1")
    repositories = harbor.store.projects["lab"].repositories
    repositories["copy"] = replace(repositories["again"], name="copy")  # one content, two names
    for name in ("again", "copy"):
        admin.tg.forgets()
        dialog = await mia.asks(f"/rmimage {harbor.host}/lab/{name}:v1")
        await mia.presses("Ask an admin", on=dialog)
        assert f"lab/{name}:v1" in await admin.hears("asks you to delete")


async def test_two_taps_delete_once(harbor, ann):
    dialog = await ann.asks(f"/rmimage {torch(harbor, '1.12')}")
    await asyncio.gather(ann.taps("删除镜像", on=dialog), ann.taps("删除镜像", on=dialog))
    await ann.hears("已删除")
    deletes = [one for one in harbor.requests if one.method == "DELETE"]
    assert len(deletes) == 1


# Tags


async def test_a_tag_is_added_and_the_digest_stays(harbor, ann):
    said = await ann.asks(f"/tagimage {torch(harbor, '1.13')} py38-torch1.13")
    assert "py38-torch1.13" in said
    assert harbor.artifact("public/ml/torch", "py38-torch1.13") is harbor.artifact(
        "public/ml/torch", "1.13"
    )


async def test_a_tag_of_another_image_moves_only_after_a_second_tap(harbor, ann):
    before = harbor.artifact("public/ml/torch", "1.12")
    asked = await ann.asks(f"/tagimage {torch(harbor, '1.13')} 1.12")
    assert "替换" in asked
    assert harbor.artifact("public/ml/torch", "1.12") is before
    await ann.presses("替换", on=asked)
    assert harbor.artifact("public/ml/torch", "1.12") is harbor.artifact("public/ml/torch", "1.13")


async def test_a_bad_tag_is_refused_before_anything_is_asked(harbor, ann):
    assert "不能作标签" in await ann.asks(f"/tagimage {torch(harbor, '1.13')} .hidden")


async def test_a_tag_is_asked_for_by_the_cards_button(harbor, ann):
    card = await ann.asks(f"/image {torch(harbor, '1.13')}")
    await ann.presses("加标签", on=card)
    assert "mine" in await ann.asks("mine")
    assert "mine" in names(harbor)


async def test_without_a_login_one_is_asked_for(harbor, eve):
    assert "/login harbor" in await eve.asks(f"/tagimage {torch(harbor, '1.13')} mine")


# Copies


async def test_where_a_copy_goes_is_asked_for_by_the_cards_button(harbor, ann):
    card = await ann.asks(f"/image {torch(harbor, '1.13')}")
    asked = await ann.presses("复制镜像", on=card)
    assert "复制到哪里" in asked
    await ann.says("lab/from-the-card")
    assert "已复制好" in await ann.hears("已复制好")
    assert names(harbor, "lab/from-the-card") == {"1.13"}


async def test_a_copy_between_projects_takes_exactly_one_tag(harbor, ann):
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/copied")
    assert "已复制好" in await ann.hears("已复制好")
    assert names(harbor, "lab/copied") == {"1.13"}
    assert (
        harbor.artifact("lab/copied", "1.13").digest
        == harbor.artifact("public/ml/torch", "1.13").digest
    )


async def test_a_copy_over_another_image_is_asked_first(harbor, ann):
    asked = await ann.asks(f"/copyimage {torch(harbor, '1.13')} {harbor.host}/lab/private:v1")
    assert "替换" in asked
    before = harbor.artifact("lab/private", "v1")
    await ann.presses("替换", on=asked)
    await ann.hears("已复制好")
    assert harbor.artifact("lab/private", "v1") is not before


async def test_a_copy_that_may_not_be_written_says_why(harbor, eve):
    assert "/login harbor" in await eve.asks(f"/copyimage {torch(harbor, '1.13')} lab/copied")


@pytest.fixture
def elsewhere(tmp_path_factory):
    with real.registry(tmp_path_factory.mktemp("elsewhere")) as url:
        yield url


async def test_an_image_comes_from_a_real_registry_into_harbor(
    closed_lab, elsewhere, harbor, admin
):
    import json

    digest = real.Filler(elsewhere).image("team/tools", "v3", (b"x" * 300_000, b"y"))
    closed_lab.environ["PAILOT_REGISTRIES"] = json.dumps([{"name": "far", "url": elsewhere}])
    await closed_lab.start()
    ann = await closed_lab.member("ann", "Ann Lee", "en")
    await ann.asks("/login harbor ann ann-Password1")
    host = elsewhere.removeprefix("http://")
    card = await ann.asks(f"/image {host}/team/tools:v3")
    assert digest in card
    await ann.presses("Copy into Harbor", on=card)
    done = await ann.hears("is there")
    assert f"{harbor.host}/lab/tools:v3" in done
    assert digest in done
    assert harbor.artifact("lab/tools", "v3").digest == digest


async def test_a_copy_goes_on_after_a_restart(harbor, ported, ann):
    harbor.faults.kind, harbor.faults.part = "silent", "/blobs/uploads"
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/copied")
    await ann.hears("正在")
    await ported.stop()
    harbor.faults.kind = ""
    await ported.start()
    await ann.hears("已复制好")
    assert names(harbor, "lab/copied") == {"1.13"}
