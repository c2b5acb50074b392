"""Calls are taken in every encoding and checked by the Bot API table."""

import json
from pathlib import Path

import pytest
from aiohttp import FormData

from bot.demo.telegram.methods.registry import METHODS
from bot.demo.telegram.wire.types import table

CONTRACT = Path(__file__).parents[3].parent / "shared/contracts/telegram/bot-api-10.1.json"


async def test_a_call_may_come_as_query_form_json_or_multipart(tg, ann, api):
    await ann.starts()
    path = f"/bot{tg.token}/sendMessage"
    nested = json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]})
    values = {
        "chat_id": str(ann.id),
        "text": "你好",
        "reply_markup": nested,
        "disable_notification": "true",
    }
    multipart = FormData(quote_fields=False)
    for name, value in values.items():
        multipart.add_field(name, value, content_type="text/plain")
    bodies = [
        api.session.get(path, params=values),
        api.session.post(path, data=values),
        api.session.post(path, json=values | {"reply_markup": json.loads(nested)}),
        api.session.post(path, json=values),
        api.session.post(path, data=multipart),
    ]
    for body in bodies:
        async with body as answer:
            assert answer.status == 200
            assert (await answer.json())["result"]["text"] == "你好"
    heard = ann.messages()
    assert [one.buttons for one in heard] == [["a"]] * 5
    assert all(one.silent for one in heard)
    assert tg.oddities == []


async def test_method_names_ignore_case_and_unknown_ones_are_not_found(tg, api):
    assert (await api("GETME")).result["username"] == "pailot_bot"
    assert (await api("sendTelepathy")).refusal == "Not Found"
    assert tg.oddities == ["sendTelepathy: method not emulated"]


async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_not_found(tg, api):
    api.token = "7000001:wrong"
    assert ((await api("getMe")).status, (await api("getMe")).refusal) == (401, "Unauthorized")
    api.token = "nonsense"
    assert (await api("getMe")).status == 404


async def test_get_me_has_what_clients_insist_on(api):
    me = (await api("getMe")).result
    assert me["is_bot"] is True
    assert me["id"] == 7000001
    assert me["can_read_all_group_messages"] is False


async def test_unknown_parameters_are_ignored_and_remembered(tg, ann, api):
    await ann.starts()
    await api.send(
        ann.id,
        "x",
        disable_web_page_preview=True,
        reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "b", "colour": "red"}]]},
    )
    assert tg.oddities == [
        "sendMessage: unknown parameter 'disable_web_page_preview'",
        "sendMessage: unknown field reply_markup.inline_keyboard[0][0].colour",
    ]


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ("sendDocument", {"chat_id": 1}, "there is no document in the request"),
        ("sendChatAction", {"chat_id": 1}, "wrong parameter action in request"),
        ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
        ("getFile", {"file_id": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "disable_notification": "maybe"},
            'can\'t parse disable_notification: Field "disable_notification" must be of type Boolean',
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": {"a": 1}},
            'can\'t parse text: Field "text" must be of type String',
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": "{"},
            "can't parse reply_markup: reply_markup is not valid JSON",
        ),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"callback_data": "a"}]]},
            },
            "can't parse reply_markup: Can't find field \"text\"",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "parse_mode": "BBCode"},
            "unsupported parse_mode",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "jobs"}]},
            "can't parse commands: Can't find field \"description\"",
        ),
        ("sendMessage", {"chat_id": 1, "text": "\ud800"}, "strings must be encoded in UTF-8"),
    ],
)
async def test_a_wrong_parameter_is_refused(api, method, params, refusal):
    answer = await api(method, **params)
    assert answer.status == 400
    assert answer.refusal == f"Bad Request: {refusal}"


async def test_a_body_that_is_no_utf8_or_no_json_is_refused(tg, api):
    path = f"/bot{tg.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    for body in (b"\xff\xfe{}", b"{"):
        async with api.session.post(path, data=body, headers=headers) as answer:
            assert answer.status == 400


async def test_every_call_is_logged_with_its_decoded_parameters(tg, ann, api, clock):
    await ann.starts()
    await api("sendMessage", chat_id=ann.id, text="[x]", reply_markup='{"inline_keyboard":[]}')
    await api("sendMessage", chat_id=1, text="y")
    sent, refused = tg.calls_of("sendMessage")
    assert tg.call_count == 2
    assert sent.ok
    assert sent.params == {
        "chat_id": ann.id,
        "text": "[x]",
        "reply_markup": {"inline_keyboard": []},
    }
    assert sent.at == clock.now
    assert sent.result["result"]["text"] == "[x]"
    assert (refused.status, refused.result["description"]) == (400, "Bad Request: chat not found")


async def test_after_logging_out_nothing_is_answered(api):
    assert (await api("logOut")).result is True
    assert (await api("getMe")).refusal == "Bad Request: Logged out"


def test_every_method_answered_is_in_the_table_and_the_other_way_round():
    assert {name for name, _ in METHODS.values()} == set(table().methods)


@pytest.mark.contracts
@pytest.mark.skipif(not CONTRACT.exists(), reason="the recorded Bot API table is not here")
def test_the_table_is_the_contracts_table_reduced():
    whole = json.loads(CONTRACT.read_text("utf-8"))
    own = table()
    for kind, part in (("methods", own.methods), ("types", own.types)):
        for name, fields in part.items():
            if isinstance(fields, list):
                assert fields == whole[kind][name].get("subtypes", [])
                continue
            told = {
                one["name"]: [one["required"], one["types"]]
                for one in whole[kind][name].get("fields", [])
            }
            assert told == fields, name
