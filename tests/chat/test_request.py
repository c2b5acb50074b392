"""The way to Telegram: what is sent, what broke where, and through which proxy."""

import asyncio
import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.chat.request import AiohttpRequest, make_bot
from bot.chat.telegram_errors import Fault, NotSent, Unanswered, classify, refusal_of
from tests.chat.proxies import http_proxy, socks_proxy

TOKEN = "123456:AAE-example_token_for_tests_only-0000"
ME = {"id": 123456, "is_bot": True, "first_name": "Pailot", "username": "pailot_bot"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    scheme = "http" if tls is None else "https"
    try:
        yield f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def a_bot(handler: Handler, **options: Any) -> AsyncIterator[Bot]:
    async with serving(handler) as url, make_bot(TOKEN, url, **options) as bot:
        yield bot


async def only_me(request: web.Request) -> web.Response:
    return ok(ME)


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


async def test_an_http_proxy_is_used_for_plain_addresses_with_its_password() -> None:
    async with (
        serving(only_me) as url,
        http_proxy(login="ann:p@ss") as proxy,
        make_bot(TOKEN, url, proxy=f"http://ann:p%40ss@127.0.0.1:{proxy.port}") as bot,
    ):
        await bot.get_me()

    assert proxy.asked
    assert all(asked.startswith("POST 127.0.0.1:") for asked in proxy.asked)


async def test_an_http_proxy_is_asked_to_connect_for_https(certificate: Path) -> None:
    server, client = (
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH),
        ssl.create_default_context(cafile=certificate),
    )
    server.load_cert_chain(certificate)
    async with (
        serving(only_me, server) as url,
        http_proxy(login="ann:secret") as proxy,
        make_bot(TOKEN, url, proxy=f"http://ann:secret@127.0.0.1:{proxy.port}", tls=client),
    ):
        pass

    assert proxy.asked == [f"CONNECT {url.removeprefix('https://')}"]


@pytest.mark.parametrize(("scheme", "kind"), [("socks5", "address"), ("socks5h", "name")])
async def test_a_socks_proxy_resolves_names_only_with_socks5h(scheme: str, kind: str) -> None:
    async with (
        serving(only_me) as url,
        socks_proxy(login="ann:secret") as proxy,
        make_bot(
            TOKEN,
            url.replace("127.0.0.1", "localhost"),
            proxy=f"{scheme}://ann:secret@127.0.0.1:{proxy.port}",
        ),
    ):
        pass

    assert proxy.asked
    assert all(asked.startswith(f"{kind} ") for asked in proxy.asked)


@pytest.mark.parametrize("kind", [http_proxy, socks_proxy])
async def test_a_proxy_that_refuses_means_not_sent(kind: Any, certificate: Path) -> None:
    client = ssl.create_default_context(cafile=certificate)
    scheme = "http" if kind is http_proxy else "socks5"
    async with kind() as proxy:
        proxy.refusing = True
        async with AiohttpRequest(
            proxy=f"{scheme}://127.0.0.1:{proxy.port}", tls=client
        ) as request:
            with pytest.raises(NotSent):
                await request.do_request(f"https://192.0.2.1:1/bot{TOKEN}/getMe", "POST")


async def test_the_proxy_of_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")

    async with a_bot(only_me) as bot:
        assert bot.username == "pailot_bot"


def test_a_proxy_of_another_kind_is_refused() -> None:
    async def begin() -> None:
        await AiohttpRequest(proxy="socks4://192.0.2.1:1").initialize()

    with pytest.raises(ValueError, match="socks4"):
        asyncio.run(begin())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed one for 127.0.0.1, key and all, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
