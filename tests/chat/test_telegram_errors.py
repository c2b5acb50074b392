"""Every answer Telegram is known to give is understood for what it means."""

import json

import pytest

from bot.chat.exchange.telegram_errors import (
    Failure,
    Fault,
    NotSent,
    NotSentInTime,
    Unanswered,
    UnansweredInTime,
    classify,
    refused,
)


def answered(status: int, description: str, **parameters: int) -> Failure:
    body = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return classify(refused(status, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("status", "description", "fault"),
    [
        (
            400,
            (
                "Bad Request: message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            ),
            Fault.UNMODIFIED,
        ),
        (
            400,
            'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3',
            Fault.MARKUP,
        ),
        (400, "Bad Request: message is too long", Fault.TOO_LONG),
        (400, "Bad Request: text is too long", Fault.TOO_LONG),
        (400, "Bad Request: message caption is too long", Fault.TOO_LONG),
        (400, "Bad Request: message to be replied not found", Fault.REPLY_MISSING),
        (400, "Bad Request: message thread not found", Fault.THREAD_MISSING),
        (400, "Bad Request: message to edit not found", Fault.MESSAGE_MISSING),
        (400, "Bad Request: message can't be edited", Fault.MESSAGE_MISSING),
        (400, "Bad Request: message to delete not found", Fault.MESSAGE_MISSING),
        (400, "Bad Request: message can't be deleted for everyone", Fault.MESSAGE_MISSING),
        (400, "Bad Request: there is no text in the message to edit", Fault.NO_TEXT),
        (400, "Bad Request: BUTTON_DATA_INVALID", Fault.KEYBOARD),
        (400, "Bad Request: BUTTON_TYPE_INVALID", Fault.KEYBOARD),
        (
            400,
            "Bad Request: inline keyboard button URL 'http://pai:9286/' is invalid: Wrong HTTP URL",
            Fault.KEYBOARD,
        ),
        (400, "Bad Request: reply markup is too long", Fault.KEYBOARD),
        (
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            Fault.STALE_QUERY,
        ),
        (400, "Bad Request: chat not found", Fault.GONE),
        (400, "Bad Request: bot can't initiate conversation with a user", Fault.GONE),
        (403, "Forbidden: bot can't initiate conversation with a user", Fault.GONE),
        (403, "Forbidden: bot was blocked by the user", Fault.GONE),
        (403, "Forbidden: user is deactivated", Fault.GONE),
        (403, "Forbidden: bot was kicked from the group chat", Fault.GONE),
        (403, "Forbidden: bot was kicked from the supergroup chat", Fault.GONE),
        (403, "Forbidden: bot is not a member of the supergroup chat", Fault.GONE),
        (403, "Forbidden: the group chat was deleted", Fault.GONE),
        (400, "Bad Request: message text is empty", Fault.PERMANENT),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            Fault.PERMANENT,
        ),
        (400, "Bad Request: file is too big", Fault.TOO_LARGE),
        (413, "Request Entity Too Large", Fault.TOO_LARGE),
        (401, "Unauthorized", Fault.UNAUTHORISED),
        (404, "Not Found", Fault.UNAUTHORISED),
        (
            409,
            (
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
                "running"
            ),
            Fault.CONFLICT,
        ),
        (409, "Conflict: can't use getUpdates method while webhook is active", Fault.CONFLICT),
        (500, "Internal Server Error", Fault.PASSING),
        (502, "Bad Gateway", Fault.PASSING),
    ],
)
def test_an_answer_means_what_its_words_say(status: int, description: str, fault: Fault) -> None:
    failure = answered(status, description)

    assert failure.fault is fault
    assert failure.words == description


def test_a_429_says_how_long_to_wait() -> None:
    failure = answered(429, "Too Many Requests: retry after 37", retry_after=37)

    assert failure.fault is Fault.FLOOD
    assert failure.retry_after == 37


def test_a_429_without_a_number_still_waits() -> None:
    assert answered(429, "Too Many Requests").retry_after > 0


def test_a_migrated_group_tells_its_new_id() -> None:
    failure = answered(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=-1001234567890,
    )

    assert failure.fault is Fault.MIGRATED
    assert failure.new_chat == -1001234567890


def test_only_a_person_who_blocked_the_bot_counts_as_blocked() -> None:
    assert answered(403, "Forbidden: bot was blocked by the user").blocked
    assert not answered(403, "Forbidden: user is deactivated").blocked


@pytest.mark.parametrize(
    "body",
    [b"<html>502 Bad Gateway</html>", b"", b"[]", b"null", b'{"description": 5, "parameters": []}'],
)
def test_an_answer_in_html_or_nonsense_is_judged_by_its_status(body: bytes) -> None:
    assert classify(refused(502, body)).fault is Fault.PASSING
    assert classify(refused(400, body)).fault is Fault.PERMANENT


def test_a_broken_connection_is_told_apart_by_whether_the_request_had_left() -> None:
    assert classify(NotSent("no route")).fault is Fault.NOT_SENT
    assert classify(NotSentInTime("slow")).fault is Fault.NOT_SENT
    assert classify(Unanswered("cut")).fault is Fault.UNANSWERED
    assert classify(UnansweredInTime("slow")).fault is Fault.UNANSWERED


def test_no_token_shows_in_the_words_of_a_failure() -> None:
    failure = classify(RuntimeError("POST https://example.edu/bot123456:AAHsecret-token_x/getMe"))

    assert "AAHsecret" not in failure.words
    assert failure.fault is Fault.PASSING
