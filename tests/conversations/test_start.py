"""/start, /help, /lang, and words nobody expected."""

import io

import pytest
from PIL import Image

from bot.domain.people import Place, Role
from handlers import router


async def test_a_stranger_is_greeted_with_the_first_step(stranger):
    said = await stranger.asks("/start")
    assert "Hello Stan Doe!" in said
    assert "link your OpenPAI account" in said
    assert said.buttons == ["Link my account", "Help"]


async def test_a_member_is_greeted_with_what_comes_next(ann):
    said = await ann.asks("/start")
    assert "你好，Ann Lee！" in said
    assert said.buttons == ["试跑第一个任务", "我的任务", "空卡", "怎么提交任务", "帮助"]


async def test_an_admin_without_an_account_is_asked_to_link_one(closed_lab, admin):
    closed_lab.environ["PAILOT_SITE__NAME"] = "Vision & Co"
    await closed_lab.start()
    greeting = await admin.asks("/start")
    assert "I am Pailot of Vision & Co." in greeting
    assert "Link my account" in greeting.buttons


async def test_a_button_beside_a_greeting_leaves_it_where_it_is(ann):
    greeting = await ann.asks("/start")
    answer = await ann.presses("帮助", greeting)
    assert "我会做这些" in answer
    assert answer.id != greeting.id


async def test_help_shows_what_its_reader_may_do(stranger, bob):
    for_stranger, for_member = await stranger.asks("/help"), await bob.asks("/help")
    assert "/run" not in for_stranger
    assert "/login" in for_stranger
    assert "/run — submit a job in one line" in for_member
    assert "/allow" not in for_member


async def test_every_command_explains_itself_in_both_ways(ann):
    for command in router.without(frozenset({"harbor", "registry", "storage", "web"})):
        if command.place is Place.GROUP or command.role is Role.ADMIN:
            continue
        said = await ann.asks(f"/help {command.name}")
        assert said.text.startswith(f"/{command.name} — "), said.text
        assert len(said.text.splitlines()) > 1, f"/{command.name} has no usage"
        assert said.text == (await ann.asks(f"/{command.name} help")).text


async def test_help_on_a_misspelt_command_names_the_nearest(bob):
    assert "Did you mean /help jobs?" in await bob.asks("/help jbos")
    assert "Send /help" in await bob.asks("/help qqqqqqqq")


async def test_help_in_a_group_is_one_line_that_leads_to_private(stranger, group):
    group.adds(stranger.tg)
    said = await stranger.asks("/help run", group)
    assert len(said.text.splitlines()) == 1
    await stranger.taps("打开私聊", said)
    assert "/run — submit a job in one line" in await stranger.hears("/run")


async def test_a_language_is_chosen_by_word_or_button(ann):
    assert "Free" not in await ann.asks("/start")
    assert await ann.asks("/lang en")
    assert "at your service" in await ann.asks("/start")
    choice = await ann.asks("/lang")
    assert "好的，说中文" in await ann.presses("中文", choice)
    assert "随时为你效劳" in await ann.asks("/start")


async def test_a_language_nobody_speaks_is_refused_with_the_usage(bob):
    said = await bob.asks("/lang fr")
    assert "fr can't be language" in said
    assert "Usage: /lang [zh|en]" in said


async def test_the_language_of_a_group_is_for_admins(bob, admin, group):
    assert "只有管理员可以这样做" in await bob.asks("/lang en", group)
    await admin.asks("/lang en", group)
    assert "free" in await bob.asks("/gpu", group)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("任务", "你还没有任务"),
        ("空闲", "张空卡"),
        ("日志", "你还没有任务"),
        ("帮助", "我会做这些"),
        ("任务 running", "没有符合条件的任务"),
        ("上传", "我会做这些"),
        ("你好", "你好，Ann Lee"),
    ],
)
async def test_plain_words_work_in_private(ann, words, answer):
    assert answer in await ann.asks(words)


async def test_plain_words_in_a_group_are_talk(ann, group):
    group.promotes_bot()  # it sees everything now, and is not meant
    await ann.says("任务", group)
    await ann.says("jobs", group)
    await ann.hears_nothing(chat=group)


async def test_other_talk_gets_the_likeliest_buttons(bob, stranger):
    said = await bob.asks("could you look after my cat?")
    assert "did not understand" in said
    assert "My jobs" in said.buttons
    assert (await stranger.asks("mew")).buttons == ["Link my account", "Help"]


async def test_a_misspelt_command_is_offered_as_a_button(bob):
    said = await bob.asks("/jbos")
    assert "Did you mean /jobs?" in said
    assert "no jobs yet" in await bob.presses("/jobs", said)


async def test_a_command_like_nothing_known_leads_to_help(bob):
    assert "Send /help" in await bob.asks("/qqqqqqqqqqqqq")


async def test_a_command_may_name_its_bot_and_be_written_as_keyboards_write(bob):
    for line in ("/jobs@Pailot_Bot", "／jobs", "/任务", "/ jobs"):
        assert "no jobs yet" in await bob.asks(line)
    assert "No job of yours" in await bob.asks("/jobs\u3000failed")


async def test_a_picture_is_answered_where_nothing_can_be_kept(bob):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    bob.tg.forgets()
    await bob.tg.sends_photo(picture.getvalue(), "look at this")
    assert "what to do with photo-" in await bob.hears("photo-")
