"""Messages are sent, edited and removed under Telegram's limits and in its words."""

import pytest

BUTTON = {"text": "Stop", "callback_data": "s:1"}


def keyboard(*rows):
    return {"inline_keyboard": [list(row) for row in rows]}


@pytest.fixture(autouse=True)
async def started(ann):
    await ann.starts()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "message text is empty"),
        (" \n\t ", "message text is empty"),
        ("<b> </b>", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("<b>" + "中" * 10923 + "</b>", "text is too long"),
        ("<x>", 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
    ],
)
async def test_a_text_is_refused(ann, api, text, refusal):
    answer = await api("sendMessage", chat_id=ann.id, text=text, parse_mode="HTML")
    assert answer.refusal == f"Bad Request: {refusal}"
    assert ann.messages() == []


async def test_a_text_is_counted_after_its_markup_is_read(ann, api):
    text = "<b>" + "😀" * 2048 + "</b>" + " " * 500
    message = await api.send(ann.id, text, parse_mode="HTML")
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_markdown_is_refused_clearly(ann, api):
    answer = await api("sendMessage", chat_id=ann.id, text="*x*", parse_mode="MarkdownV2")
    assert "not emulated" in answer.refusal


async def test_entities_may_be_given_instead_of_markup(ann, api):
    message = await api.send(ann.id, "ab", entities=[{"type": "bold", "offset": 0, "length": 1}])
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    answer = await api(
        "sendMessage",
        chat_id=ann.id,
        text="ab",
        entities=[{"type": "bold", "offset": 0, "length": 3}],
    )
    assert answer.refusal == "Bad Request: ENTITY_BOUNDS_INVALID"


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "a", "callback_data": "中" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": " ", "callback_data": "a"},
            "can't parse inline keyboard button: Text must be non-empty",
        ),
        (
            {"text": "a", "url": "http://localhost:8080"},
            "inline keyboard button URL 'http://localhost:8080' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "a", "url": "file:///etc/passwd"},
            "inline keyboard button URL 'file:///etc/passwd' is invalid: Unsupported URL protocol",
        ),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "a", "callback_data": "a", "style": "purple"},
            "can't parse inline keyboard button: Invalid button style specified",
        ),
        (
            {"text": "a", "callback_data": "a", "url": "https://example.edu"},
            "can't parse inline keyboard button: Exactly one of the optional fields must be used",
        ),
        (
            {"text": "a", "web_app": {"url": "http://example.edu"}},
            "inline keyboard button Web App URL 'http://example.edu' is invalid: Only HTTPS links are allowed",
        ),
    ],
)
async def test_a_button_is_refused(ann, api, button, refusal):
    answer = await api("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard([button]))
    assert answer.refusal == f"Bad Request: {refusal}"


async def test_buttons_at_their_limits_are_taken(ann, api):
    row = [
        {"text": "a", "callback_data": "x" * 64, "style": "danger"},
        {"text": "b", "copy_text": {"text": "y" * 256}},
        {"text": "c", "url": "https://example.edu/"},
        {"text": "d", "web_app": {"url": "https://example.edu/"}},
    ]
    message = await api.send(ann.id, "x", reply_markup=keyboard(row, []))
    assert message["reply_markup"] == {"inline_keyboard": [row]}


async def test_a_keyboard_has_eight_in_a_row_and_a_hundred_in_all(ann, api):
    wide, many = [BUTTON] * 9, [[BUTTON] * 8] * 13
    for rows in ([wide], many):
        answer = await api("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard(*rows))
        assert answer.refusal == "Bad Request: reply markup is too long"
    await api.send(ann.id, "x", reply_markup=keyboard(*[[BUTTON] * 5] * 20))


async def test_a_web_app_button_is_refused_in_a_group(lab, api):
    button = {"text": "a", "web_app": {"url": "https://example.edu"}}
    answer = await api("sendMessage", chat_id=lab.id, text="x", reply_markup=keyboard([button]))
    assert answer.refusal == "Bad Request: BUTTON_TYPE_INVALID"


async def test_a_reply_names_its_message_and_quote(ann, api):
    asked = await ann.sends("please stop job 7 now")
    reply = {"message_id": asked.id, "quote": "<b>job 7</b>", "quote_parse_mode": "HTML"}
    message = await api.send(ann.id, "stopped", reply_parameters=reply)
    assert message["reply_to_message"]["text"] == "please stop job 7 now"
    assert message["quote"]["text"] == "job 7"
    assert message["quote"]["position"] == 12
    wrong = await api(
        "sendMessage", chat_id=ann.id, text="x", reply_parameters=reply | {"quote": "job 8"}
    )
    assert wrong.refusal == "Bad Request: QUOTE_TEXT_INVALID"


async def test_a_reply_to_nothing_is_refused_unless_allowed(ann, api):
    reply = {"message_id": 999}
    answer = await api("sendMessage", chat_id=ann.id, text="x", reply_parameters=reply)
    assert answer.refusal == "Bad Request: message to be replied not found"
    message = await api.send(
        ann.id, "x", reply_parameters=reply | {"allow_sending_without_reply": True}
    )
    assert "reply_to_message" not in message


async def test_an_edit_changes_text_and_keyboard_together(ann, api, clock):
    sent = await api.send(ann.id, "waiting", reply_markup=keyboard([BUTTON]))
    clock.now += 5
    edited = await api(
        "editMessageText",
        chat_id=ann.id,
        message_id=sent["message_id"],
        text="<b>running</b>",
        parse_mode="HTML",
    )
    assert edited.result["edit_date"] == clock.now
    assert "reply_markup" not in edited.result
    heard = await ann.hears("running")
    assert (heard.edits, heard.buttons) == (1, [])


async def test_an_edit_that_changes_nothing_is_refused_word_for_word(ann, api):
    sent = await api.send(ann.id, "same", reply_markup=keyboard([BUTTON]))
    answer = await api(
        "editMessageText",
        chat_id=ann.id,
        message_id=sent["message_id"],
        text=" same ",
        reply_markup=keyboard([BUTTON]),
    )
    assert answer.refusal == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


async def test_only_what_is_there_and_ones_own_can_be_edited(ann, api):
    asked = await ann.sends("mine")
    document = await api(
        "sendDocument", chat_id=ann.id, document=(await send_file(api, ann))["document"]["file_id"]
    )
    text = await api.send(ann.id, "text")

    async def edit(method, message_id, **params):
        return (await api(method, chat_id=ann.id, message_id=message_id, **params)).refusal

    assert await edit("editMessageText", 999, text="x") == "Bad Request: message to edit not found"
    assert (
        await edit("editMessageText", asked.id, text="x") == "Bad Request: message can't be edited"
    )
    assert (
        await edit("editMessageText", document.result["message_id"], text="x")
        == "Bad Request: there is no text in the message to edit"
    )
    assert (
        await edit("editMessageCaption", text["message_id"], caption="x")
        == "Bad Request: there is no caption in the message to edit"
    )


async def send_file(api, ann):
    from aiohttp import FormData

    form = FormData(quote_fields=False)
    form.add_field("chat_id", str(ann.id))
    form.add_field("document", b"bytes", filename="日志.log")
    async with api.session.post(f"/bot{api.token}/sendDocument", data=form) as answer:
        return (await answer.json())["result"]


async def test_only_the_keyboard_can_change_too(ann, api):
    sent = await api.send(ann.id, "job", reply_markup=keyboard([BUTTON]))
    ids = {"chat_id": ann.id, "message_id": sent["message_id"]}
    changed = await api("editMessageReplyMarkup", **ids)
    assert "reply_markup" not in changed.result
    assert "edit_date" not in changed.result
    assert "not modified" in (await api("editMessageReplyMarkup", **ids)).refusal


async def test_a_deleted_message_is_gone_for_every_method(ann, api):
    sent = await api.send(ann.id, "secret")
    ids = {"chat_id": ann.id, "message_id": sent["message_id"]}
    assert (await api("deleteMessage", **ids)).result is True
    assert ann.messages() == []
    assert (await api("deleteMessage", **ids)).refusal == "Bad Request: message to delete not found"
    assert (
        await api("editMessageText", **ids, text="x")
    ).refusal == "Bad Request: message to edit not found"
    assert (
        await api("setMessageReaction", **ids)
    ).refusal == "Bad Request: message to react not found"


async def test_a_message_older_than_two_days_stays(ann, api, clock):
    sent = await api.send(ann.id, "old")
    clock.now += 48 * 3600 + 1
    answer = await api("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
    assert answer.refusal == "Bad Request: message can't be deleted for everyone"
    assert (
        await api("editMessageText", chat_id=ann.id, message_id=sent["message_id"], text="new")
    ).status == 200


async def test_others_messages_are_deleted_in_private_and_by_admins_only(ann, lab, api):
    private, public = await ann.sends("password 123"), await ann.sends("password 123", chat=lab)
    assert (await api("deleteMessage", chat_id=ann.id, message_id=private.id)).result is True
    answer = await api("deleteMessage", chat_id=lab.id, message_id=public.id)
    assert answer.refusal == "Bad Request: message can't be deleted"
    lab.promotes_bot()
    assert (
        await api("deleteMessages", chat_id=lab.id, message_ids=[public.id, 999])
    ).result is True


async def test_a_reaction_is_one_allowed_emoji(tg, ann, api):
    asked = await ann.sends("/jobs")

    async def react(*emoji):
        reaction = [{"type": "emoji", "emoji": one} for one in emoji]
        return await api(
            "setMessageReaction", chat_id=ann.id, message_id=asked.id, reaction=reaction
        )

    assert (await react("👀")).result is True
    assert tg.reactions(asked) == ["👀"]
    assert (await react("🚗")).refusal == "Bad Request: REACTION_INVALID"
    assert (await react("👀", "👍")).refusal == "Bad Request: REACTIONS_TOO_MANY"
    assert (await react()).result is True
    assert tg.reactions(asked) == []


async def test_topics_keep_their_messages_and_the_general_one_has_no_number(ann, lab, api):
    topic = lab.topic("jobs")
    asked = await ann.sends("/jobs", chat=lab, topic=topic)
    answered = await api.send(
        lab.id, "3 jobs", message_thread_id=topic, reply_parameters={"message_id": asked.id}
    )
    assert (answered["message_thread_id"], answered["is_topic_message"]) == (topic, True)
    replied = await api.send(lab.id, "4 jobs", reply_parameters={"message_id": asked.id})
    assert replied["message_thread_id"] == topic
    general = await api.send(lab.id, "hello")
    assert "message_thread_id" not in general
    for thread in (1, 999):
        answer = await api("sendMessage", chat_id=lab.id, text="x", message_thread_id=thread)
        assert answer.refusal == "Bad Request: message thread not found"
    lab.deletes_topic("jobs")
    answer = await api("sendMessage", chat_id=lab.id, text="x", message_thread_id=topic)
    assert answer.refusal == "Bad Request: message thread not found"


async def test_a_first_message_of_a_topic_shows_the_topic_as_replied_to(ann, lab, api):
    await ann.sends("/jobs", chat=lab, topic=lab.topic("jobs"))
    message = (await api.updates())[-1]["message"]
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "jobs"


async def test_a_draft_is_for_private_chats_and_leaves_nothing(ann, lab, api):
    assert (await api("sendMessageDraft", chat_id=ann.id, draft_id=1, text="wri")).result is True
    assert ann.messages() == []
    assert (await api("sendMessageDraft", chat_id=lab.id, draft_id=1, text="wri")).status == 400


async def test_messages_are_copied_forwarded_and_pinned(ann, lab, api):
    asked = await ann.sends("look", chat=lab)
    ids = {"chat_id": ann.id, "from_chat_id": lab.id, "message_id": asked.id}
    forwarded = (await api("forwardMessage", **ids)).result
    assert forwarded["forward_origin"]["sender_user"]["id"] == ann.id
    copied = (await api("copyMessage", **ids)).result
    assert [one.text for one in ann.messages()] == ["look", "look"]
    assert (
        await api("pinChatMessage", chat_id=ann.id, message_id=copied["message_id"])
    ).result is True
    assert (await api("getChat", chat_id=ann.id)).result["pinned_message"]["text"] == "look"
    assert (await api("unpinChatMessage", chat_id=ann.id)).result is True
    refused = await api("pinChatMessage", chat_id=lab.id, message_id=asked.id)
    assert refused.refusal == "Bad Request: not enough rights to manage pinned messages in the chat"


async def test_a_message_to_somebody_who_never_wrote_is_forbidden(bob, api):
    answer = await api("sendMessage", chat_id=bob.id, text="x")
    assert answer.status == 403
    assert answer.refusal == "Forbidden: bot can't initiate conversation with a user"


async def test_private_ids_are_one_sequence_and_supergroups_count_their_own(ann, bob, lab, api):
    first = await ann.sends("1")
    second = await bob.sends("2")
    assert second.id == first.id + 1
    before = (await ann.sends("3", chat=lab)).id
    assert (await api.send(lab.id, "4"))["message_id"] == before + 1
