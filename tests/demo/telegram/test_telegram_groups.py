"""Groups, privacy mode, standing, migration and people nobody knows behave as in life."""

import pytest

from bot.demo.telegram import TelegramEmulator


async def heard(api):
    """The texts of new messages, confirmed at once."""
    updates = await api.updates(offset=-100)
    await api.confirm()
    return [one["message"].get("text", "?") for one in updates if "message" in one]


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(ann, bob, lab, api):
    said = await api.send(lab.id, "hello, lab")
    await bob.sends("just chatting", chat=lab)
    await bob.sends("/jobs", chat=lab)
    await bob.sends("/jobs@pailot_bot now", chat=lab)
    await bob.sends("/jobs@other_bot", chat=lab)
    await bob.sends("hey @pailot_bot", chat=lab)
    await bob.sends("thanks", chat=lab, reply_to=said["message_id"])
    assert await heard(api) == ["/jobs", "/jobs@pailot_bot now", "hey @pailot_bot", "thanks"]


async def test_a_bare_command_is_not_for_us_after_another_bot_spoke(tg, bob, lab, api):
    other = tg.person("Other Bot", username="other_bot")
    other.user.is_bot = True
    lab.adds(other)
    await heard(api)
    await other.sends("I am here", chat=lab)
    await bob.sends("/jobs", chat=lab)
    assert await heard(api) == []
    await api.send(lab.id, "so am I")
    await bob.sends("/jobs", chat=lab)
    assert await heard(api) == ["/jobs"]


async def test_an_admin_bot_and_one_without_privacy_read_everything(tg, bob, lab, api):
    lab.promotes_bot()
    await bob.sends("just chatting", chat=lab)
    assert await heard(api) == ["just chatting"]
    other = TelegramEmulator(privacy=False)
    carl = other.person("Carl", username="carl")
    group = other.group("g", members=[carl])
    await carl.sends("just chatting", chat=group)
    kinds = [(one.kind, one.content.get("text")) for one in other.telegram.state.pending.values()]
    assert kinds[-1] == ("message", "just chatting")


async def test_the_bot_learns_that_it_was_added(tg, ann, api):
    group = tg.group("new", members=[ann], admins=[ann])
    added, service = await api.updates()
    change = added["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "left",
        "member",
    )
    assert change["from"]["id"] == ann.id
    assert service["message"]["new_chat_members"][0]["username"] == "pailot_bot"
    assert service["message"]["chat"]["id"] == group.id


async def test_blocking_is_told_and_forbids_until_unblocked(ann, api):
    await ann.starts()
    await api.confirm()
    ann.blocks_bot()
    change = (await api.updates())[0]["my_chat_member"]
    assert (change["chat"]["id"], change["new_chat_member"]["status"]) == (ann.id, "kicked")
    answer = await api("sendMessage", chat_id=ann.id, text="x")
    assert (answer.status, answer.refusal) == (403, "Forbidden: bot was blocked by the user")
    ann.unblocks_bot()
    await api.send(ann.id, "x")
    ann.is_deactivated()
    assert (
        await api("sendMessage", chat_id=ann.id, text="x")
    ).refusal == "Forbidden: user is deactivated"


async def test_writing_to_a_blocked_bot_unblocks_it(ann, api):
    await ann.starts()
    ann.blocks_bot()
    await ann.sends("back again")
    await api.send(ann.id, "welcome")


async def test_a_kicked_bot_may_not_write_and_one_that_left_neither(ann, lab, api):
    await api("leaveChat", chat_id=lab.id)
    assert (
        await api("sendMessage", chat_id=lab.id, text="x")
    ).refusal == "Forbidden: bot is not a member of the supergroup chat"
    lab.adds_bot()
    lab.kicks_bot()
    assert (
        await api("sendMessage", chat_id=lab.id, text="x")
    ).refusal == "Forbidden: bot was kicked from the supergroup chat"
    await api.confirm()
    await ann.sends("/jobs@pailot_bot", chat=lab)
    assert await heard(api) == []


async def test_a_group_becomes_a_supergroup_and_its_old_number_points_there(tg, ann, bob, api):
    old = tg.group("small", members=[ann, bob], admins=[ann], supergroup=False, announce=False)
    await api.send(old.id, "before")
    new = old.migrates()
    assert new.id != old.id
    assert str(new.id).startswith("-100")
    to, since = [one["message"] for one in await api.updates()]
    assert (to["chat"]["id"], to["migrate_to_chat_id"]) == (old.id, new.id)
    assert (since["chat"]["id"], since["migrate_from_chat_id"]) == (new.id, old.id)
    answer = await api("sendMessage", chat_id=old.id, text="x")
    assert answer.refusal == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": new.id}
    await api.send(new.id, "after")
    await bob.hears("after", chat=new)
    with pytest.raises(ValueError, match="only a basic group migrates"):
        new.migrates()


async def test_anonymous_admins_and_channels_are_nobody(tg, ann, lab, api):
    channel = tg.channel("News")
    await lab.anonymous_says("/jobs@pailot_bot")
    await lab.channel_says("/jobs@pailot_bot", channel)
    await lab.channel_says("/jobs@pailot_bot", channel, linked=True)
    await channel.posts("/jobs")
    hidden, as_channel, forwarded, post = await api.updates()
    assert hidden["message"]["from"] == {
        "id": 1087968824,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    }
    assert hidden["message"]["sender_chat"]["id"] == lab.id
    assert (as_channel["message"]["from"]["id"], as_channel["message"]["sender_chat"]["id"]) == (
        136817688,
        channel.id,
    )
    assert (forwarded["message"]["from"]["id"], forwarded["message"]["is_automatic_forward"]) == (
        777000,
        True,
    )
    assert "from" not in post["channel_post"]
    assert post["channel_post"]["chat"]["type"] == "channel"


async def test_members_and_admins_are_told_apart(tg, ann, bob, lab, api):
    async def standing(user_id):
        return (await api("getChatMember", chat_id=lab.id, user_id=user_id)).result["status"]

    carl = tg.person("Carl", username="carl")
    assert [await standing(one.id) for one in (ann, bob, carl)] == ["creator", "member", "left"]
    assert await standing(7000001) == "member"
    admins = (await api("getChatAdministrators", chat_id=lab.id)).result
    assert [one["user"]["id"] for one in admins] == [ann.id]
    assert (await api("getChatMemberCount", chat_id=lab.id)).result == 3
    assert (
        await api("getChatMember", chat_id=lab.id, user_id=5)
    ).refusal == "Bad Request: user not found"
    lab.adds(carl)
    assert await standing(carl.id) == "member"
    lab.removes(carl)
    assert await standing(carl.id) == "left"


async def test_only_an_admin_bot_opens_topics_and_invites(lab, api):
    refused = await api("createForumTopic", chat_id=lab.id, name="alerts")
    assert refused.refusal == "Bad Request: not enough rights to create a topic"
    lab.promotes_bot()
    topic = (await api("createForumTopic", chat_id=lab.id, name="alerts")).result
    await api.send(lab.id, "x", message_thread_id=topic["message_thread_id"])
    assert lab.topic("alerts") == topic["message_thread_id"]
    assert (await api("exportChatInviteLink", chat_id=lab.id)).result.startswith("https://t.me/+")


async def test_somebody_outside_can_neither_write_nor_press(tg, lab, api, ann):
    carl = tg.person("Carl", username="carl")
    with pytest.raises(Exception, match="not a member"):
        await carl.sends("hello", chat=lab)
    await api.send(
        lab.id, "x", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]}
    )
    with pytest.raises(Exception, match="does not see"):
        await carl.presses("a", on=await ann.hears("x"))
