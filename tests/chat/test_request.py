"""The way to Telegram: what is sent, what broke where, and through which proxy."""

import asyncio
import json
from urllib.parse import urlencode

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from telegram import InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.chat.exchange.request import AiohttpRequest, form
from bot.chat.exchange.telegram_errors import Fault, NotSent, Unanswered, classify, refusal_of
from tests.chat.bot_api import ME, TOKEN, a_bot, ok, serving


@pytest.fixture
def closed_port(unused_tcp_port: int) -> int:
    return unused_tcp_port


async def test_a_message_arrives_as_a_form_with_nested_values_as_json() -> None:
    seen: dict[str, str] = {}

    async def telegram(request: web.Request) -> web.Response:
        if request.path.endswith("/getMe"):
            return ok(ME)
        assert request.path == f"/bot{TOKEN}/sendMessage"
        seen.update({k: str(v) for k, v in (await request.post()).items()})
        return ok({"message_id": 5})

    async with a_bot(telegram) as bot:
        result = await bot._post(
            "sendMessage",
            {
                "chat_id": 7,
                "text": "任务 & 日志 = 😀",
                "link_preview_options": {"is_disabled": True},
            },
        )

    assert result == {"message_id": 5}
    assert seen["text"] == "任务 & 日志 = 😀"
    assert json.loads(seen["link_preview_options"]) == {"is_disabled": True}


@pytest.mark.parametrize("name", ["训练 日志.txt", 'quote".txt', "line\r\nbreak.txt", "a%20b.txt"])
async def test_a_file_arrives_whole_and_with_its_name(name: str) -> None:
    seen: list[tuple[str, bytes, str]] = []

    async def telegram(request: web.Request) -> web.Response:
        if request.path.endswith("/getMe"):
            return ok(ME)
        form = await request.post()
        field = form["document"]
        assert isinstance(field, web.FileField)
        seen.append((field.filename, field.file.read(), str(form["caption"])))
        return ok({"message_id": 5})

    async with a_bot(telegram) as bot:
        await bot._post(
            "sendDocument",
            {"chat_id": 7, "caption": "日志", "document": InputFile(b"\x00data" * 1000, name)},
        )

    clean = name.replace('"', "_").replace("\r", "_").replace("\n", "_")
    assert seen == [(clean, b"\x00data" * 1000, "日志")]


@pytest.mark.parametrize(
    ("status", "body", "error", "fault"),
    [
        (400, '{"ok":false,"description":"Bad Request: chat not found"}', BadRequest, Fault.GONE),
        (401, '{"ok":false,"description":"Unauthorized"}', InvalidToken, Fault.UNAUTHORISED),
        (
            429,
            '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":9}}',
            RetryAfter,
            Fault.FLOOD,
        ),
        (413, "<html>too large</html>", NetworkError, Fault.TOO_LARGE),
        (502, "<html>bad gateway</html>", NetworkError, Fault.PASSING),
        (302, "", NetworkError, Fault.PASSING),
    ],
)
async def test_a_refusal_keeps_its_status(
    status: int, body: str, error: type[Exception], fault: Fault
) -> None:
    async def telegram(request: web.Request) -> web.Response:
        if request.path.endswith("/getMe"):
            return ok(ME)
        return web.Response(status=status, text=body, headers={"Location": "http://192.0.2.1/"})

    async with a_bot(telegram) as bot:
        with pytest.raises(error) as caught:
            await bot._post("sendMessage", {"chat_id": 7, "text": "x"})

    refusal = refusal_of(caught.value)
    assert refusal is not None
    assert refusal.status == status
    assert classify(caught.value).fault is fault


@pytest.mark.parametrize("body", ["<html>log in to the campus network</html>", "[]", '{"a": 1}'])
async def test_a_login_page_with_status_200_is_no_answer(body: str) -> None:
    async def telegram(request: web.Request) -> web.Response:
        if request.path.endswith("/getMe"):
            return ok(ME)
        return web.Response(text=body)

    async with a_bot(telegram) as bot:
        with pytest.raises(Unanswered):
            await bot._post("sendMessage", {"chat_id": 7, "text": "x"})


async def test_half_a_character_in_an_answer_spoils_nothing() -> None:
    async def telegram(request: web.Request) -> web.Response:
        if request.path.endswith("/getMe"):
            return ok(ME)
        return web.Response(text='{"ok":true,"result":{"message_id":5,"text":"\\ud83d"}}')

    async with a_bot(telegram) as bot:
        result = await bot._post("sendMessage", {"chat_id": 7, "text": "x"})

    assert result["message_id"] == 5


async def test_a_refused_connection_means_not_sent(closed_port: int) -> None:
    request = AiohttpRequest()
    async with request:
        with pytest.raises(NotSent):
            await request.do_request(f"http://127.0.0.1:{closed_port}/bot{TOKEN}/getMe", "POST")


async def test_a_cut_after_the_request_left_means_unanswered() -> None:
    async def telegram(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with serving(telegram) as url, AiohttpRequest() as request:
        with pytest.raises(Unanswered):
            await request.do_request(f"{url}/bot{TOKEN}/sendMessage", "POST")


async def test_a_cut_in_the_middle_of_the_answer_means_unanswered() -> None:
    async def telegram(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b'{"ok":true')
        assert request.transport is not None
        request.transport.abort()
        return answer

    async with serving(telegram) as url, AiohttpRequest() as request:
        with pytest.raises(Unanswered):
            await request.do_request(f"{url}/bot{TOKEN}/sendMessage", "POST")


async def test_an_answer_that_does_not_come_in_time_is_timed_out_and_unanswered() -> None:
    async def telegram(request: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    async with serving(telegram) as url, AiohttpRequest() as request:
        with pytest.raises(TimedOut) as caught:
            await request.do_request(f"{url}/bot{TOKEN}/sendMessage", "POST", read_timeout=0.1)

    assert isinstance(caught.value, Unanswered)


async def test_rebuilding_ends_calls_in_flight_and_works_on() -> None:
    entered = asyncio.Event()

    async def telegram(request: web.Request) -> web.Response:
        if request.path.endswith("/slow"):
            entered.set()
            await asyncio.sleep(30)
        return ok(True)

    async def slow(request: AiohttpRequest, url: str) -> None:
        with pytest.raises(NetworkError):
            await request.do_request(f"{url}/bot{TOKEN}/slow", "POST")

    async with serving(telegram) as url, AiohttpRequest() as request:
        async with asyncio.TaskGroup() as group:
            group.create_task(slow(request, url))
            await entered.wait()
            await request.rebuild()
        status, _ = await request.do_request(f"{url}/bot{TOKEN}/getMe", "POST")

    assert status == 200


@pytest.mark.parametrize(
    "proxy", ["", "http://ann:pa55word@127.0.0.1:{port}", "socks5://ann:pa55word@127.0.0.1:{port}"]
)
async def test_neither_token_nor_proxy_password_shows_in_an_error(
    proxy: str, closed_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    request = AiohttpRequest(proxy=proxy.format(port=closed_port))
    async with request:
        with pytest.raises(NotSent) as caught:
            await request.do_request(f"http://127.0.0.1:{closed_port}/bot{TOKEN}/getMe", "POST")

    shown = f"{caught.value!r} {caught.value.__cause__!r} {caplog.text}"
    assert TOKEN not in shown
    assert "AAE-example" not in shown
    assert "pa55word" not in shown


@given(st.dictionaries(st.sampled_from(["text", "chat_id", "caption"]), st.text()))
def test_a_form_is_what_the_standard_library_makes_of_it(fields: dict[str, str]) -> None:
    assert form(fields) == urlencode(fields, errors="replace").encode()
