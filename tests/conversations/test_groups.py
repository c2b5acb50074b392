"""Groups: who may ask what there, what is shown, and what goes to the private chat."""

import pytest

from bot.demo.openpai import Trains
from tests import polling
from tests.lab import IMAGE, Lab, Somebody

LONG = Trains(10_000_000)


@pytest.fixture
async def job(lab: Lab, bob: Somebody) -> str:
    """A running job of Bob's with things a group must not see."""
    await bob.submits(
        f'image={IMAGE} note="secret plan" env.KEY=hunter2 python /mnt/secret.py',
        LONG,
        name="shown",
    )
    await bob.hears("Running: secret plan")
    return "shown"


def reactions(lab: Lab, message) -> list[str]:
    return lab.tg.reactions(message)


async def test_a_group_is_silent_until_an_admin_allows_it(lab, bob, admin):
    group = lab.tg.group("New", members=[bob.tg, admin.tg])
    for words in ("/jobs", "/gpu@pailot_bot", "/start", "/allow"):
        await bob.says(words, group)
    await admin.says("/jobs", group)
    await bob.hears_nothing(chat=group)
    assert "本群可以使用我了" in await admin.asks("/allow", group)
    assert "张空卡" in await bob.asks("/gpu", group)
    assert "已经可以使用" in await admin.asks("/allow", group)
    assert "保持安静" in await admin.asks("/deny", group)
    await bob.says("/gpu", group)
    await bob.hears_nothing(chat=group)


async def test_the_labs_jobs_are_listed_with_owner_and_state_only(job, bob, group):
    said = await bob.asks("/jobs", group)
    assert "▶️ shown · bob · 运行中 · 1 张卡 · " in said
    for hidden in ("secret", "hunter2", IMAGE):
        assert hidden not in said
    assert said.silent


async def test_a_job_in_a_group_is_its_public_view_whoever_asks(job, bob, ann, admin, group):
    for somebody, name in ((bob, "shown"), (ann, "bob~shown"), (admin, "shown")):
        said = await somebody.asks(f"/job {name}", group)
        assert "提交者：bob" in said
        assert "1 张卡" in said
        assert said.buttons == ["刷新"]
        for hidden in ("secret", "hunter2", IMAGE, "default"):
            assert hidden not in said


async def test_anybody_may_refresh_what_everybody_may_see(job, bob, ann, group):
    card = await bob.asks("/job shown", group)
    assert (await ann.presses("刷新", card)).id == card.id
    listed = await bob.asks("/jobs", group)
    assert (await ann.presses("刷新", listed)).id == listed.id


async def test_a_name_that_several_have_needs_its_owner(lab, job, ann, stranger, group):
    lab.pai.submit("ann", name="shown")
    await lab.looks()
    group.adds(stranger.tg)
    assert "ann~shown, bob~shown" in await stranger.asks("/job shown", group)
    assert "提交者：ann" in await stranger.asks("/job ann~shown", group)
    assert "没有找到任务 nothing" in await stranger.asks("/job nothing", group)


async def test_the_same_view_within_a_minute_changes_the_one_that_stands_there(
    lab, bob, ann, group
):
    first = await bob.asks("/gpu", group)
    asked = await ann.says("/gpu", group)
    again = await ann.hears("张空卡", chat=group)
    assert again.id == first.id
    await polling.until(lambda: reactions(lab, asked))
    assert len(bob.tg.messages(group)) == 1
    await lab.sleeps(seconds=61)
    assert (await ann.asks("/gpu", group)).id != first.id


async def test_a_private_answer_goes_to_the_private_chat(lab, job, bob, group):
    for words, answer in (
        ("/me", "OpenPAI: bob"),
        ("/logs shown", "shown"),
        ("/run", "options first"),
    ):
        asked = await bob.says(words, group)
        said = await bob.hears(answer)
        assert said.chat_id == bob.id
        await polling.until(lambda asked=asked: reactions(lab, asked))
    assert bob.said(group) == []


async def test_who_never_started_the_bot_gets_a_link_that_goes_on(lab, stranger, group):
    group.adds(stranger.tg)
    said = await stranger.asks("/me", group)
    assert "Stan Doe，这个答案只给你看" in said
    assert said.buttons == ["打开私聊"]
    assert said.chat_id == group.id
    await stranger.taps("打开私聊", said)
    assert (await stranger.hears("I know you as Stan Doe")).chat_id == stranger.id
    asked = await stranger.says("/me", group)
    await stranger.hears("I know you as Stan Doe")
    await polling.until(lambda: reactions(lab, asked))
    assert len(stranger.said(group)) == 1


async def test_such_a_link_is_of_no_use_to_others(lab, stranger, bob, group):
    group.adds(stranger.tg)
    said = await stranger.asks("/me", group)
    link = said.keyboard[0][0]["url"]
    await bob.tg.starts(link.partition("start=")[2])
    assert (await bob.hears("at your service")).chat_id == bob.id


async def test_a_command_for_another_bot_is_left_to_it(bob, group):
    await bob.says("/jobs@other_bot", group)
    await bob.says("/frobnicate", group)
    await bob.hears_nothing(chat=group)
    assert "没有 /frobnicate 这个命令" in await bob.asks("/frobnicate@pailot_bot", group)


async def test_answers_stay_in_their_topic(lab, bob, ann, admin):
    group = await lab.group("Forum", bob, ann, admin, topics=["jobs", "talk"])
    topic = group.topic("jobs")
    said = await bob.asks("/gpu", group, topic)
    assert said.topic == topic
    assert (await ann.presses("刷新", said)).topic == topic
    other = await bob.asks("/gpu", group, group.topic("talk"))
    assert other.topic == group.topic("talk")


async def test_whoever_hides_is_nobody(lab, job, bob, group):
    await group.anonymous_says("/jobs")
    assert "shown · bob" in await bob.hears("", chat=group)
    for words in ("/me", "/run python x", "/deny", "/lang en"):
        await group.anonymous_says(words)
        said = await bob.hears("", chat=group)
        assert "看不出你是谁" in said or "只有管理员" in said, said.text
    channel = lab.tg.channel("News")
    await group.channel_says("/stop shown", channel)
    assert "看不出你是谁" in await bob.hears("", chat=group)
    assert lab.pai.job("bob", "shown").state == "RUNNING"


async def test_an_anonymous_admin_cannot_allow_a_group(lab, bob, admin):
    group = lab.tg.group("New", members=[bob.tg, admin.tg], admins=[admin.tg])
    await group.anonymous_says("/allow")
    await bob.hears_nothing(chat=group)


async def test_a_channel_is_never_answered(lab, bob):
    channel = lab.tg.channel("News")
    await channel.posts("/jobs")
    await channel.posts("/allow")
    await bob.hears_nothing()
    assert not lab.tg.telegram.state.messages[channel.id] or all(
        stored.sender_id != lab.tg.telegram.state.bot.id
        for stored in lab.tg.telegram.state.messages[channel.id].values()
    )


async def test_a_group_that_becomes_a_supergroup_keeps_everything(lab, bob, ann):
    group = await lab.group("Basic", bob, ann, supergroup=False)
    assert "张空卡" in await bob.asks("/gpu", group)
    moved = group.migrates()
    assert "张空卡" in await bob.asks("/gpu", moved)
    assert (await lab.bot.db.read(lambda uow: uow.chats.get(moved.id))).allowed


async def test_a_migration_found_while_sending_loses_no_answer(lab, bob):
    group = await lab.group("Basic", bob, supergroup=False)
    await lab.stop()
    await bob.says("/gpu", group)
    moved = group.migrates()
    await lab.start()
    await bob.hears("张空卡", chat=moved)


async def test_a_bot_that_is_thrown_out_says_nothing_and_may_come_back(lab, bob, admin):
    group = await lab.group("Rough", bob, admin)
    await bob.asks("/gpu", group)
    group.kicks_bot()
    group.adds_bot()
    assert "没有任务在排队或运行" in await bob.asks("/jobs", group)


async def test_bad_news_of_a_press_is_seen_by_who_pressed_only(lab, job, bob, ann, group):
    card = await bob.asks("/job shown", group)
    await lab.pai.away()
    before = len(bob.said(group))
    answer = await ann.taps("刷新", card)
    assert answer.show_alert
    assert "OpenPAI" in answer
    assert len(bob.said(group)) == before
    await lab.pai.back()


async def test_a_command_of_groups_says_in_private_where_it_belongs(bob, admin):
    for somebody in (bob, admin):
        said = await somebody.asks("/allow")
        assert "/allow" in said
        assert "Did you mean" not in said
        assert "你是不是想" not in said
        assert said.buttons == []


async def test_what_changes_something_is_answered_anew_and_not_in_an_earlier_refusal(
    bob, admin, group
):
    refused = await bob.asks("/lang en", group)
    assert "只有管理员" in refused
    done = await admin.asks("/lang en", group)
    assert done.id != refused.id
    assert "只有管理员" in refused
