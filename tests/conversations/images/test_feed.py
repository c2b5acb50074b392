"""/feed: a group is told what its admins chose, as one silent message now and then."""

import asyncio

import pytest

from bot.demo.openpai import FileNotFound, Trains
from tests import polling
from tests.conversations.images.test_care import post, pushed


@pytest.fixture
def hooks(ported):
    return lambda: f"http://127.0.0.1:{ported.bot.web_port}/hooks/harbor"


@pytest.fixture
async def group(ported, admin, eve):
    return await ported.group("GPU lab", admin, eve)


@pytest.fixture
def released(ported):
    """The clock comes round to what was kept; the sender has no other reason to look just now."""

    async def released():
        await ported.bot.services.feeds.release()
        await ported.looks()

    return released


def owed(lab):
    """How many messages of feeds were ever owed."""
    return lab.bot.db.read(
        lambda uow: uow.transaction.core.exec_driver_sql(
            "SELECT COUNT(*) FROM outbox WHERE once LIKE 'feed:%'"
        ).scalar()
    )


async def test_words_and_buttons_switch_and_only_admins_may(ported, admin, eve, group):
    said = await admin.asks("/feed", group)
    assert said.silent
    assert "🔕 image_pushed：镜像推送、删除" in said
    assert "🔕 quota：" in said
    assert "storage_full" not in said.text, "there is no storage server"
    assert "失败和重试从不发到群里" in said
    said = await admin.asks("/feed +image_pushed ＋成功 -quota", group)
    assert "🔔 image_pushed" in said
    assert "🔔 succeeded" in said
    assert "🔕 quota" in said
    assert said.buttons == [
        "🔕 任务开始",
        "🔔 任务成功",
        "🔕 任务停止",
        "🔔 镜像",
        "🔕 镜像仓库配额",
    ]
    assert "🔕 image_pushed" in await admin.presses("镜像", on=said)
    shown = await eve.taps("任务成功", on=said)
    assert "Ada Min" in shown.text
    assert "只有管理员" in await eve.asks("/feed +quota", group)
    admin.tg.forgets()
    await group.anonymous_says("/feed +quota")
    said = await admin.hears("", chat=group)
    assert "看不出你是谁" in said or "只有管理员" in said
    for wrong, answer in (
        ("+image_push", "是不是 image_pushed"),
        ("-all +xyzzy", "started succeeded stopped image_pushed quota"),
        ("+quota +failed", "失败和重试从不发到群里"),
    ):
        assert answer in await admin.asks(f"/feed {wrong}", group)
    chosen = await ported.bot.services.feeds.chosen(group.id)
    assert chosen == {"succeeded"}, "who may not, and what was not understood, changed nothing"
    assert "🔔 quota" in await admin.asks("/feed +all", group)
    assert "🔔" not in (await admin.asks("/feed －全部", group)).text
    assert "is for groups" in await admin.asks("/feed")


async def test_pushes_deletions_and_quota_come_as_one_silent_message(
    ported, hooks, admin, group, released
):
    other = await ported.group("Other", admin)
    await admin.asks("/feed +image_pushed +quota", group)
    ported.clock.stops()
    await post(hooks(), pushed(1, operator="li_si", path="lab/<b>x"))
    await post(hooks(), pushed(1, operator="li_si", path="lab/<b>x"))
    await released()
    said = await admin.hears("推送了", chat=group)
    assert said.text == "📦 li_si 推送了 lab/<b>x:v1"
    assert said.silent
    await post(hooks(), pushed(2, operator="mia"))
    await post(hooks(), pushed(2, operator="mia") | {"type": "DELETE_ARTIFACT", "occur_at": 5})
    for n in range(3):
        body = {
            "type": "QUOTA_WARNING", "occur_at": n, "operator": "mia",
            "event_data": {"repository": {"namespace": "lab", "repo_full_name": "lab/x"}, "custom_attributes": {"Details": f"{85 + n} %"}},
        }  # fmt: skip
        assert await post(hooks(), body) == 200
    await released()
    said = await admin.hears("85 %", chat=group)
    assert said.text.splitlines() == [
        "📦 mia 推送了 lab/x:v1",
        "🗑 mia 删除了 lab/x:v1",
        "📊 镜像仓库的项目 lab 快满了或已满：85 %",
    ]
    await post(hooks(), pushed(3))
    await admin.asks("/feed -image_pushed", group)
    await released()
    await admin.hears_nothing(chat=group)
    await admin.hears_nothing(chat=other)
    assert await owed(ported) == 2


async def test_a_burst_is_one_message_even_over_a_restart(ported, hooks, admin, group, released):
    await admin.asks("/feed +镜像", group)
    async with asyncio.TaskGroup() as sending:
        for n in range(30):
            sending.create_task(post(hooks(), pushed(n, tag=f"v{n}")))
    await ported.restart()
    await released()
    said = await admin.hears("另有 15 条", chat=group)
    assert len(said.text.splitlines()) == 16
    await ported.restart()
    await released()
    await admin.hears_nothing(chat=group)
    assert await owed(ported) == 1


async def test_a_group_that_moved_keeps_its_feed_and_a_denied_one_starts_anew(
    ported, hooks, admin, eve, released
):
    group = await ported.group("Basic", admin, eve, supergroup=False)
    await admin.asks("/feed +image_pushed", group)
    await post(hooks(), pushed(1))
    new = group.migrates()
    await admin.asks("/gpu", new)
    await post(hooks(), pushed(2))
    await released()
    assert len((await admin.hears("推送了", chat=new)).text.splitlines()) == 2
    await post(hooks(), pushed(3))
    await admin.asks("/deny", new)
    await eve.says("/feed", new)
    await admin.says("/feed +image_pushed", new)
    await post(hooks(), pushed(4))
    await released()
    await admin.hears_nothing(chat=new)
    await admin.asks("/allow", new)
    assert "🔔" not in (await admin.asks("/feed", new)).text
    await admin.asks("/feed +image_pushed", new)
    await post(hooks(), pushed(5))
    new.kicks_bot()
    await polling.until(lambda: ported.bot.db.read(lambda uow: not uow.chats.get(new.id).allowed))
    await released()
    assert await owed(ported) == 1


async def test_the_topic_where_it_was_set_has_it_until_that_is_deleted(
    ported, hooks, admin, released
):
    group = await ported.group("Forum", admin, topics=["news", "talk"])
    await admin.asks("/feed +image_pushed", group, group.topic("news"))
    await admin.asks("/feed", group, group.topic("talk"))
    await post(hooks(), pushed(1))
    await released()
    assert (await admin.hears("推送了", chat=group)).topic == group.topic("news")
    group.deletes_topic("news")
    await post(hooks(), pushed(2))
    await released()
    assert (await admin.hears("推送了", chat=group)).topic is None


async def test_jobs_are_told_by_name_owner_state_and_gpus_and_failures_never(
    ported, admin, eve, group, released
):
    await admin.asks("/feed +成功 +停止", group)
    ported.pai.user("zoe", "zoe-password")
    for name, outcome in (("good", Trains(runs_seconds=1)), ("bad", FileNotFound())):
        ported.pai.plan(f"~{name}", outcome)
        ported.pai.submit("zoe", name=name, image="lab/secret:v1")
        await ported.pai.until("zoe", name)
    await ported.looks()
    await released()
    said = await admin.hears("good · zoe · 成功 · ", chat=group)
    assert "bad" not in said.text
    assert "secret" not in said.text
