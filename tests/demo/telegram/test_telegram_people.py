"""People act and hear in tests as they would in the application."""

import asyncio

import pytest

from bot.demo.telegram import TelegramEmulator


def stop(data="stop:1"):
    return {"inline_keyboard": [[{"text": "⏹ Stop", "callback_data": data}]]}


async def test_each_message_is_heard_once(ann, api):
    await ann.starts()
    await api.send(ann.id, "job 1 failed")
    await api.send(ann.id, "job 2 failed")
    assert (await ann.hears("failed")).text == "job 1 failed"
    assert (await ann.hears("failed")).text == "job 2 failed"
    with pytest.raises(AssertionError, match="did not hear 'failed'"):
        await ann.hears("failed", within=0.01)
    assert (await ann.hears("failed", new_only=False)).text == "job 1 failed"


async def test_an_edit_is_heard_as_it_was_even_when_edited_again(ann, api):
    await ann.starts()
    sent = await api.send(ann.id, "waiting")
    for text in ("running", "succeeded"):
        await api("editMessageText", chat_id=ann.id, message_id=sent["message_id"], text=text)
    card = await ann.hears("running")
    assert (card.text, card.edits) == ("running", 1)
    assert card.now is not None
    assert card.now.text == "succeeded"


async def test_waiting_ends_when_the_message_comes(ann, api):
    await ann.starts()
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(ann.hears("at last", within=5))
        await api.send(ann.id, "at last")
    assert waiting.result().text == "at last"


async def test_a_group_is_heard_by_all_its_members_and_nobody_else(tg, ann, bob, lab, api):
    carl = tg.person("Carl", username="carl")
    await ann.starts()
    await api.send(lab.id, "for the lab", disable_notification=True)
    await api.send(ann.id, "for ann")
    assert (await bob.hears("for the lab", chat=lab)).silent
    assert (await ann.hears("for the lab")).chat_id == lab.id
    await bob.hears_nothing(within=0.01)
    await carl.hears_nothing(within=0.01)
    with pytest.raises(AssertionError, match="for ann"):
        await ann.hears("something else", within=0.01)


async def test_silence_is_broken_by_anything_new(ann, api):
    await ann.starts()
    await api.send(ann.id, "old")
    async with asyncio.TaskGroup() as tasks:
        quiet = tasks.create_task(_noisy(ann))
        await asyncio.sleep(0.01)
        await api.send(ann.id, "new")
    assert quiet.result()
    ann.forgets()
    await ann.hears_nothing(within=0.01)


async def _noisy(person):
    with pytest.raises(AssertionError, match="new"):
        await person.hears_nothing(within=5)
    return True


async def test_a_press_brings_the_bots_answer(ann, api):
    await ann.starts()
    await api.confirm()
    await api.send(ann.id, "job", reply_markup=stop())
    card = await ann.hears("job")
    assert card.buttons == ["⏹ Stop"]

    async def answers():
        query = (await api.updates(timeout=5))[0]["callback_query"]
        assert query["message"]["text"] == "job"
        await api(
            "answerCallbackQuery", callback_query_id=query["id"], text="stopped", show_alert=True
        )

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(answers())
        answer = await ann.presses("Stop", on=card)
    assert (answer.text, answer.show_alert) == ("stopped", True)
    with pytest.raises(AssertionError, match="no button 'Start' among"):
        await ann.presses("Start", on=card)
    with pytest.raises(AssertionError, match="no answer within"):
        await ann.presses("Stop", on=card, within=0.01)


async def test_a_button_of_a_deleted_message_names_an_inaccessible_message(ann, api):
    await ann.starts()
    sent = await api.send(ann.id, "job", reply_markup=stop())
    card = await ann.hears("job")
    await api("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
    await ann.presses("Stop", on=card, within=None)
    message = (await api.updates(offset=-1))[0]["callback_query"]["message"]
    assert (message["date"], message["message_id"]) == (0, card.id)


async def test_a_link_to_the_bot_is_followed_and_others_are_shown(ann, bob, lab, api):
    rows = [
        [{"text": "Open", "url": "https://t.me/pailot_bot?start=job_7"}],
        [{"text": "Portal", "url": "https://pai.example.edu/"}],
        [{"text": "SSH", "copy_text": {"text": "ssh node1"}}],
    ]
    await api.send(lab.id, "details", reply_markup={"inline_keyboard": rows})
    card = await bob.hears("details")
    await bob.presses("Open", on=card)
    assert (await api.updates(offset=-1))[0]["message"]["text"] == "/start job_7"
    assert (await bob.presses("Portal", on=card)).url == "https://pai.example.edu/"
    assert (await bob.presses("SSH", on=card)).copied == "ssh node1"
    with pytest.raises(Exception, match="does not follow"):
        await bob.starts("x" * 65)


async def test_a_long_text_arrives_as_several_messages(ann, api):
    first = await ann.sends("/run " + "x" * 9000)
    pieces = [one["message"]["text"] for one in await api.updates()]
    assert [len(one) for one in pieces] == [4096, 4096, 813]
    assert pieces[0] == first.text


async def test_a_caption_is_short_for_people_too(ann):
    with pytest.raises(Exception, match="at most 1024"):
        await ann.sends_document("a.txt", b"a", caption="x" * 1025)


async def test_a_persons_edit_is_told_and_a_deletion_is_not(ann, api):
    asked = await ann.sends("/jbos")
    await ann.edits(asked, "/jobs")
    await ann.deletes(asked)
    kinds = [next(key for key in one if key != "update_id") for one in await api.updates()]
    assert kinds == ["message", "edited_message"]


async def test_quotations_and_code_are_told_from_plain_text(ann, api):
    await ann.starts()
    await api.send(ann.id, "Failed. <pre>RuntimeError: CUDA out of memory</pre>", parse_mode="HTML")
    alert = await ann.hears("Failed")
    assert "CUDA out of memory" in alert
    assert alert.quotes("CUDA out of memory")
    assert not alert.quotes("Failed")


async def test_everything_is_there_again_after_a_restart(tmp_path):
    path = tmp_path / "state" / "telegram.json"
    first = TelegramEmulator(state=path)
    await first.start()
    ann = first.person("Ann Lee", username="ann", language="zh-hans")
    lab = first.group("GPU lab", members=[ann], admins=[ann], topics=["jobs"])
    await ann.sends_document("job.yaml", b"type: job", caption="mine")
    asked = await ann.sends("/jobs", chat=lab, topic=lab.topic("jobs"))
    await first.stop()

    second = TelegramEmulator(state=path)
    await second.start()
    again = second.person("Ann Lee", username="ann")
    group = second.group("GPU lab", members=[again], admins=[again])
    assert (again.id, again.user.language_code, group.id) == (ann.id, "zh-hans", lab.id)
    stored = second.telegram.state.messages[ann.id]
    file = next(iter(stored.values()))
    assert second.telegram.files.content(second.telegram.files.find(file.document)) == b"type: job"
    assert (await again.sends("x", chat=group)).id > asked.id
    await second.stop()


async def test_a_reset_forgets_what_was_said_and_keeps_who_is_there(tg, ann, lab, api):
    await ann.starts()
    await api.send(ann.id, "x")
    await api("setMyCommands", commands=[{"command": "a", "description": "b"}])
    tg.reset()
    assert ann.messages() == []
    assert await api.updates() == []
    assert (await api("getMyCommands")).result == []
    assert lab.topic("jobs")
    await ann.sends("/jobs", chat=lab, topic=lab.topic("jobs"))
    assert (await api.updates(offset=2))[0]["message"]["reply_to_message"]["forum_topic_created"]


async def test_a_state_file_that_cannot_be_read_is_put_aside(tmp_path):
    path = tmp_path / "telegram.json"
    path.write_text("{half a fi")
    emulator = TelegramEmulator(state=path)
    await emulator.start()
    await emulator.stop()
    assert path.with_suffix(".unreadable").read_text() == "{half a fi"
    assert path.exists()


async def test_a_port_that_is_taken_is_an_error_that_leaves_nothing_behind(tg):
    port = int(tg.url.rpartition(":")[2])
    second = TelegramEmulator()
    with pytest.raises(OSError, match="address already in use"):
        await second.start(port=port)
