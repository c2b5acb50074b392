"""An independent client, python-telegram-bot with its own HTTP stack, works against the emulator."""

import asyncio
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.request import HTTPXRequest

from .test_telegram_files import png


def client(tg, token=None):
    return Bot(
        token or tg.token,
        base_url=f"{tg.url}/bot",
        base_file_url=f"{tg.url}/file/bot",
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}, read_timeout=60),
    )


@pytest.fixture
async def bot(tg, ann, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    await ann.starts()
    async with client(tg) as bot:
        yield bot
    assert tg.oddities == [], "the emulator must know every parameter of a stock client"


async def test_messages_with_everything_go_out_and_change(tg, ann, bot):
    asked = await ann.sends("/job 7")
    keyboard = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Stop", callback_data="s"),
                InlineKeyboardButton("Copy", copy_text=CopyTextButton("ssh a")),
            ]
        ]
    )
    sent = await bot.send_message(
        ann.id,
        "<b>job</b> <blockquote expandable>log</blockquote>",
        parse_mode="HTML",
        reply_markup=keyboard,
        disable_notification=True,
        reply_parameters=ReplyParameters(asked.id, allow_sending_without_reply=True, quote="/job"),
    )
    assert sent.reply_to_message is not None
    assert sent.quote is not None
    assert sent.reply_markup == keyboard
    edited = await bot.edit_message_text("<i>done</i>", ann.id, sent.message_id, parse_mode="HTML")
    assert edited.edit_date is not None
    await bot.set_message_reaction(ann.id, asked.id, "👍")
    assert tg.reactions(asked) == ["👍"]
    await bot.send_chat_action(ann.id, "typing")
    await bot.pin_chat_message(ann.id, sent.message_id)
    assert (await bot.get_chat(ann.id)).pinned_message.text == "done"
    assert await bot.delete_message(ann.id, sent.message_id)
    assert await bot.delete_messages(ann.id, [asked.id])


async def test_files_go_both_ways(ann, bot):
    sent = await bot.send_document(ann.id, "日志".encode(), filename="日志.log", caption="log")
    assert sent.document.file_name == "日志.log"
    photo = await bot.send_photo(ann.id, png(32, 16), caption="gpu")
    assert (photo.photo[0].width, photo.photo[0].height) == (32, 16)
    media = InputMediaPhoto(png(16, 16), caption="gpu 2")
    assert (await bot.edit_message_media(media, ann.id, photo.message_id)).photo[0].width == 16
    album = [InputMediaDocument(b"a", filename="a.txt"), InputMediaDocument(b"b", filename="b.txt")]
    assert len(await bot.send_media_group(ann.id, album)) == 2
    await ann.sends_document("train.py", b"print(1)")
    document = (await bot.get_updates())[-1].message.document
    assert await (await bot.get_file(document)).download_as_bytearray() == b"print(1)"


async def test_updates_of_every_kind_are_parsed(tg, ann, lab, bot):
    kinds = [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "message_reaction",
        "channel_post",
    ]
    await bot.get_updates(offset=-1, allowed_updates=kinds)
    card = await bot.send_message(
        lab.id,
        "job",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="1")]]),
    )
    asked = await ann.sends("/jobs", chat=lab, topic=lab.topic("jobs"))
    await ann.edits(asked, "/jobs all")
    pressing = await ann.hears("job")
    await ann.presses("a", on=pressing, within=None)
    await bot.delete_message(lab.id, card.message_id)
    await ann.presses("a", on=pressing, within=None)
    ann.blocks_bot()
    ann.unblocks_bot()
    lab.promotes_bot()
    lab.removes(ann)
    lab.adds(ann)
    await ann.reacts(asked, "👍")
    await tg.channel("News").posts("hello")
    await lab.anonymous_says("/jobs@pailot_bot")
    small = tg.group("small", members=[ann], supergroup=False)
    small.migrates()
    updates = await bot.get_updates(allowed_updates=kinds)
    seen = [next(key for key in update.to_dict() if key != "update_id") for update in updates]
    assert set(kinds) <= set(seen)
    assert not any(update.api_kwargs for update in updates)
    pressed = [update.callback_query for update in updates if update.callback_query]
    assert pressed[0].message.is_accessible
    assert not pressed[1].message.is_accessible
    assert await pressed[0].answer("ok", show_alert=True)


async def test_a_chat_and_its_members_are_parsed(ann, lab, bot):
    chat = await bot.get_chat(lab.id)
    assert (chat.title, chat.is_forum) == ("GPU lab", True)
    assert (await bot.get_chat_member(lab.id, ann.id)).status == "creator"
    lab.promotes_bot()
    assert len(await bot.get_chat_administrators(lab.id)) == 2
    assert await bot.get_chat_member_count(lab.id) == 3
    topic = await bot.create_forum_topic(lab.id, "alerts")
    await bot.send_message(lab.id, "x", message_thread_id=topic.message_thread_id)
    assert await bot.close_forum_topic(lab.id, topic.message_thread_id)
    assert await bot.leave_chat(lab.id)


async def test_menus_and_descriptions_are_set(bot):
    commands = [BotCommand("jobs", "我的任务")]
    assert await bot.set_my_commands(commands, BotCommandScopeAllGroupChats(), "zh")
    assert list(await bot.get_my_commands(BotCommandScopeAllGroupChats(), "zh")) == commands
    assert await bot.set_my_description("a pilot", "en")
    assert (await bot.get_my_description("en")).description == "a pilot"
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_chat_menu_button()).type == "commands"
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook()


async def test_refusals_become_the_clients_own_errors(tg, ann, bob, lab, bot):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1, "x")
    with pytest.raises(Forbidden, match="bot can't initiate conversation"):
        await bot.send_message(bob.id, "x")
    tg.faults.answer("sendMessage", 429, retry_after=3)
    with pytest.raises(RetryAfter) as flooded:
        await bot.send_message(ann.id, "x")
    assert flooded.value.retry_after == timedelta(seconds=3)
    small = tg.group("small", members=[ann], supergroup=False)
    new = small.migrates()
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(small.id, "x")
    assert migrated.value.new_chat_id == new.id
    with pytest.raises(InvalidToken):
        async with client(tg, "7000001:wrong") as stranger:
            await stranger.get_me()


async def test_two_pollers_of_one_bot_conflict(tg, ann, bot):
    await bot.get_updates(offset=(await bot.get_updates())[-1].update_id + 1)

    async def older():
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await bot.get_updates(timeout=20)

    async with client(tg) as second, asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        first = tasks.create_task(older())
        while not tg.is_polled:
            await asyncio.sleep(0.002)
        newer = tasks.create_task(second.get_updates(timeout=20))
        await asyncio.wait([first])
        while not tg.is_polled:
            await asyncio.sleep(0.002)
        await ann.sends("x")
    assert newer.result()[0].message.text == "x"
