"""What is owed becomes calls that Telegram takes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import markup
from bot.chat.exchange.rendering import Call, Renderer, deletion, digest
from bot.domain.messages import Kind, Priority
from bot.domain.text import Text, text
from db import Due, DueButton


def render(words: Text, language: str) -> str:
    said = markup.escape(str(words.args.get("words", words.key)))
    return f"<b>{said}</b>" if words.key == "bold" else said


def label(words: Text, language: str) -> str:
    return f"{words.key} {language}"


RENDERER = Renderer(render, label)


def due(*words: str, **changes: Any) -> Due:
    fields: dict[str, Any] = {
        "id": 1,
        "once": "o1",
        "chat": 11,
        "topic": None,
        "reply_to": None,
        "language": "zh",
        "kind": Kind.SEND,
        "priority": Priority.ANSWER,
        "silent": False,
        "card": "",
        "message": None,
        "owner": 11,
        "lines": tuple(text("line", words=word) for word in words),
        "buttons": (),
        "attachment": None,
        "tries": 0,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Due(**fields | changes)


def keyboard(call: Call) -> Any:
    return json.loads(call.params["reply_markup"])["inline_keyboard"]


def test_lines_become_one_html_message_without_link_previews() -> None:
    (call,) = RENDERER.sends(due("a < b", "second"))

    assert call.method == "sendMessage"
    assert call.params["text"] == "a &lt; b\nsecond"
    assert call.params["parse_mode"] == "HTML"
    assert json.loads(call.params["link_preview_options"]) == {"is_disabled": True}
    assert "disable_notification" not in call.params


def test_a_group_is_always_written_to_silently() -> None:
    assert RENDERER.sends(due("x", chat=-100123))[0].params["disable_notification"] is True
    assert RENDERER.sends(due("x", silent=True))[0].params["disable_notification"] is True


def test_a_reply_may_outlive_the_message_it_answers() -> None:
    (call,) = RENDERER.sends(due("x", reply_to=77))

    assert json.loads(call.params["reply_parameters"]) == {
        "message_id": 77,
        "allow_sending_without_reply": True,
    }


@pytest.mark.parametrize(("topic", "named"), [(None, False), (1, False), (5, True)])
def test_a_topic_is_named_unless_it_is_the_general_one(topic: int | None, named: bool) -> None:
    params = RENDERER.sends(due("x", chat=-100123, topic=topic))[0].params

    assert params.get("message_thread_id") == (topic if named else None)


def test_every_kind_of_button_is_written_as_telegram_knows_it() -> None:
    row = (
        DueButton(text("stop"), id="abc123", style="danger"),
        DueButton(text("portal"), url="https://example.edu/job?a=1&b=2"),
        DueButton(text("copy"), copy="ssh -p 2222 root@192.0.2.7"),
    )
    (call,) = RENDERER.sends(due("x", buttons=(row,)))

    assert keyboard(call) == [
        [
            {"text": "stop zh", "callback_data": "abc123", "style": "danger"},
            {"text": "portal zh", "url": "https://example.edu/job?a=1&b=2"},
            {"text": "copy zh", "copy_text": {"text": "ssh -p 2222 root@192.0.2.7"}},
        ]
    ]


def test_a_long_message_becomes_several_in_order_with_the_buttons_on_the_last() -> None:
    lines = [f"{n:04} " + "字" * 90 for n in range(100)]
    calls = RENDERER.sends(due(*lines, buttons=((DueButton(text("more"), id="m"),),)))

    assert len(calls) > 2
    assert all("reply_markup" not in call.params for call in calls[:-1])
    assert keyboard(calls[-1])[0][0]["callback_data"] == "m"
    assert "\n".join(call.params["text"] for call in calls) == "\n".join(lines)
    assert all(markup.utf16_len(call.params["text"]) <= 4096 for call in calls)


def test_an_edit_changes_the_message_and_what_does_not_fit_follows() -> None:
    short = RENDERER.edits(due("x", kind=Kind.EDIT), 9)
    long = RENDERER.edits(due("a" * 4000, "b" * 4000, kind=Kind.EDIT, reply_to=3), 9)

    assert [call.method for call in short] == ["editMessageText"]
    assert short[0].params["message_id"] == 9
    assert [call.method for call in long] == ["editMessageText", "sendMessage"]
    assert "reply_parameters" not in long[1].params


def test_an_edit_without_buttons_takes_the_old_ones_away() -> None:
    (call,) = RENDERER.edits(due("x", kind=Kind.EDIT), 9)

    assert "reply_markup" not in call.params, "Telegram removes a keyboard that is not named"


def test_a_document_carries_its_words_as_caption() -> None:
    (call,) = RENDERER.file(due("the log", kind=Kind.DOCUMENT), "日志.txt", b"data")

    assert call.method == "sendDocument"
    assert call.params["caption"] == "the log"
    assert call.params["document"].filename == "日志.txt"


def test_words_too_long_for_a_caption_go_before_the_document() -> None:
    lines = ("a" * 900, "b" * 900)
    row = ((DueButton(text("again"), id="x"),),)
    calls = RENDERER.file(due(*lines, kind=Kind.PHOTO, buttons=row), "plot.png", b"data")

    assert [call.method for call in calls] == ["sendMessage", "sendPhoto"]
    assert "caption" not in calls[1].params
    assert keyboard(calls[1])[0][0]["callback_data"] == "x"


def test_a_deletion_names_chat_and_message() -> None:
    assert deletion(due(kind=Kind.DELETE), 5).params == {"chat_id": 11, "message_id": 5}


def test_a_plain_message_says_the_same_without_markup() -> None:
    call = Call("sendMessage", {"text": "<b>a &lt; b</b>", "parse_mode": "HTML"})

    assert call.plain().params == {"text": "a < b"}


def test_buttons_telegram_may_refuse_go_first_and_then_all() -> None:
    row = (DueButton(text("portal"), url="http://pai/"), DueButton(text("stop"), id="s"))
    (call,) = RENDERER.sends(due("x", buttons=(row,)))

    once = call.without_links()
    assert [[b["text"] for b in row] for row in keyboard(once)] == [["stop zh"]]
    assert "reply_markup" not in once.without_links().params


def test_the_digest_tells_a_change_of_words_or_buttons() -> None:
    row = ((DueButton(text("stop"), id="s"),),)
    seen = {
        digest(RENDERER.edits(due(*words, buttons=buttons), 9)[0])
        for words, buttons in ((("a",), ()), (("b",), ()), (("a",), row))
    }

    assert len(seen) == 3
    assert digest(RENDERER.sends(due("a"))[0]) in seen, "sent or edited, it shows the same"


@given(st.lists(st.text(max_size=3000), max_size=6), st.sampled_from(["line", "bold"]))
def test_whatever_the_words_every_piece_fits_and_none_is_empty(words: list[str], key: str) -> None:
    lines = tuple(text(key, words=word) for word in words)
    for call in RENDERER.sends(due(lines=lines)):
        assert markup.fits(call.params["text"])
        assert markup.plain(call.params["text"]).strip()
