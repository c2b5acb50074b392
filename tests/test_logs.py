"""Logs: every line has its id, and no secret comes out whoever says it and however."""

import asyncio
import base64
import io
import json
import logging
import subprocess
import sys
import threading
import time
from datetime import UTC
from pathlib import Path

import aiohttp
import httpx
import pytest
import sqlalchemy
import structlog
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from cryptography.fernet import Fernet

from bot import logs
from bot.redaction import Redactor
from bot.web.server import serve
from tests.lab import uncached

TOKEN = "123456789:AAE-madeUpTokenOfNobody_0123456789ab"
SHORT_TOKEN = "42:TESTtoken"
KEY = Fernet.generate_key().decode()
JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VybmFtZSI6ImFubiJ9.kQ5z0-made_up_signature"
PASSWORD = 'Pä"ss wörd/中文'
ROOT = Path(__file__).parents[1]


SCHEDULER = ("apscheduler.executors.default", "apscheduler.scheduler")


@pytest.fixture
def output():
    """Logging set up as in production, into a buffer, and put back afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook
    levels = {name: logging.getLogger(name).level for name in (*logs._TALKATIVE, *SCHEDULER)}
    for name in SCHEDULER:  # silenced where the clock was built before, in this process
        logging.getLogger(name).setLevel(logging.NOTSET)
    stream = io.StringIO()
    logs.set_up(Redactor([TOKEN, KEY, PASSWORD]), form="json", stream=stream)
    uncached()
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers, sys.excepthook, threading.excepthook, sys.unraisablehook = before[0], *before[2:]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def lines(output):
    return [json.loads(line) for line in output.getvalue().splitlines()]


SAID = {
    "plain token": f"token is {TOKEN}.",
    "request line": f"HTTP Request: POST https://api.telegram.org/bot{TOKEN}/getMe 200",
    "short token in an address": f"http://127.0.0.1:8081/bot{SHORT_TOKEN}/getUpdates",
    "file address": f"https://api.telegram.org/file/bot{TOKEN}/documents/file_1.txt",
    "quoted address": f"bot{TOKEN.replace(':', '%3A')}/x",
    "foreign token": "used 987654321:AAFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF here",
    "secret half": f"…{TOKEN.partition(':')[2]}…",
    "key": f"keys={KEY!r}",
    "foreign key": f"['{Fernet.generate_key().decode()}']",
    "jwt": f"got {JWT}",
    "log manager": "GET /log-manager/tail?name=a&token=abcdef0123&x=1",
    "header": "Authorization: Bearer abcdef0123",
    "basic header": "authorization: Basic " + base64.b64encode(b"ann:abcdef0123").decode(),
    "header in repr": str({"Authorization": "Bearer abcdef0123", "x": 1}),
    "header pair": str([(b"authorization", b"abcdef0123")]),
    "harbor header": "Authorization: abcdef0123",
    "webhook header": "X-Telegram-Bot-Api-Secret-Token: abcdef0123",
    "cookie": "Set-Cookie: sid=abcdef0123; Path=/",
    "json body": json.dumps({"username": "ann", "password": "abcdef0123"}),
    "form body": "username=ann&password=abcdef0123",
    "address with login": "postgresql+psycopg://pailot:abcdef0123@db/pailot",
    "password": PASSWORD,
    "password in json": json.dumps({"x": PASSWORD}),
    "password in repr": repr({"x": PASSWORD}),
    "password in bytes": repr(PASSWORD.encode()),
    "sql": "x\n[SQL: INSERT]\n[parameters: ('ann', 'abcdef0123 [1]')]\n(Background on this error at: y)",
}
FORBIDDEN = (
    TOKEN, TOKEN.partition(":")[2], SHORT_TOKEN, "TESTtoken", "AAFFFF", KEY, JWT, "kQ5z0", "abcdef0123", PASSWORD, "wörd", "\\xc3\\xb6rd", "w\\u00f6rd",
    base64.b64encode(b"ann:abcdef0123").decode(),
)  # fmt: skip


def assert_clean(text):
    for secret in FORBIDDEN:
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_no_secret_gets_out_by_a_foreign_logger(output, said):
    logging.getLogger("some.library").warning("it said %s", said)
    assert len(lines(output)) == 1
    assert_clean(output.getvalue())


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_no_secret_gets_out_by_our_own_loggers_fields(output, said):
    log = structlog.get_logger("bot.test")
    log.info(
        said,
        field=said,
        nested={"a": [said, (said,)], said: 1},
        thing=Exception(said),
        data=said.encode(),
    )
    assert len(lines(output)) == 1
    assert_clean(output.getvalue())


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_no_secret_gets_out_by_an_exception_its_cause_or_its_notes(output, said):
    try:
        try:
            raise ValueError(said)
        except ValueError as inner:
            inner.add_note(said)
            raise ExceptionGroup(said, [OSError(said), inner]) from inner
    except ExceptionGroup:
        logging.getLogger("asyncio").exception("failed")
        structlog.get_logger("bot.test").exception("failed too")
    first, second = lines(output)
    assert "Traceback" in first["exception"]
    assert "Traceback" in second["exception"]
    assert_clean(output.getvalue())


def test_fields_with_telling_names_are_masked_whatever_they_hold(output):
    structlog.get_logger("x").info(
        "login", password="x1", openpai_token="x2", headers={"Cookie": "x3"}, tokens=3
    )
    assert "x1" not in output.getvalue()
    assert "x2" not in output.getvalue()
    assert "x3" not in output.getvalue()
    assert lines(output)[0]["tokens"] == 3


def test_a_console_is_as_tight(output):
    stream = io.StringIO()
    logs.set_up(Redactor([TOKEN, KEY, PASSWORD]), form="console", stream=stream)
    uncached()
    for said in SAID.values():
        try:
            raise ValueError(said)
        except ValueError:
            structlog.get_logger("bot.test").exception(said, field=said)
            logging.getLogger("lib").error("%s", said)
    assert "ValueError" in stream.getvalue()
    assert_clean(stream.getvalue())


def test_a_log_line_that_cannot_be_made_shows_none_of_its_arguments(output, capsys):
    log = logging.getLogger("lib.of.its.own")
    log.handlers, log.propagate = [logging.getLogger().handlers[0]], False
    log.warning("%d items", "abcdef0123")
    assert "TypeError" in output.getvalue()
    assert_clean(output.getvalue() + capsys.readouterr().err)


def test_uncaught_errors_are_redacted_in_threads_and_at_the_end(output):
    def fails():
        raise ValueError(f"bad {TOKEN}")

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    (line,) = lines(output)
    assert line["level"] == "critical"
    assert "ValueError" in line["exception"]
    assert_clean(output.getvalue())


def test_a_dying_program_shows_no_secret():
    code = (
        "from bot import logs; from bot.redaction import Redactor\n"
        f"logs.set_up(Redactor([]), form='json')\nraise ValueError('/bot{SHORT_TOKEN}/x {JWT}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert '"level": "critical"' in done.stderr
    assert "TESTtoken" not in done.stderr
    assert JWT not in done.stderr


def test_the_id_of_an_update_is_on_every_line_within_whoever_speaks(output):
    with logs.about(update=7):
        structlog.get_logger("bot.test").info("ours")
        logging.getLogger("sqlalchemy.engine").warning("theirs")
    logging.getLogger("lib").warning("afterwards")
    assert [line.get("update") for line in lines(output)] == [7, 7, None]


def test_lines_have_level_logger_and_utc_time(output):
    logging.getLogger("some.library").warning("words", extra={"lane": 5})
    (line,) = lines(output)
    assert (line["level"], line["logger"], line["event"], line["lane"]) == (
        "warning",
        "some.library",
        "words",
        5,
    )
    assert line["timestamp"].endswith("Z")


def test_libraries_that_narrate_are_kept_quiet(output):
    for name in ("httpx", "aiohttp.access", "apscheduler.executors.default", "asyncssh"):
        logging.getLogger(name).info("chatter")
    logging.getLogger("bot.test").info("news")
    logging.getLogger("httpx").warning("trouble")
    assert [line["event"] for line in lines(output)] == ["news", "trouble"]


# The libraries themselves, failing with a secret in hand


async def fail_httpx():
    async with httpx.AsyncClient() as client:
        await client.get(
            f"http://127.0.0.1:1/bot{TOKEN}/getMe", headers={"Authorization": f"Bearer {JWT}"}
        )


async def fail_aiohttp():
    async with aiohttp.ClientSession(cookies={"token": JWT}) as client:
        await client.get(f"http://[bad/bot{TOKEN}/getMe")


async def fail_sqlalchemy():
    engine = sqlalchemy.create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            connection.execute(
                sqlalchemy.text("INSERT INTO nowhere VALUES (:x)"), {"x": "abcdef0123"}
            )
    finally:
        engine.dispose()


@pytest.mark.parametrize("fail", [fail_httpx, fail_aiohttp, fail_sqlalchemy])
async def test_a_library_that_fails_with_a_secret_in_hand_does_not_show_it(output, fail):
    try:
        await fail()
    except Exception:
        logging.getLogger("bot.test").exception("it failed")
    assert lines(output)[-1]["exception"].startswith("Traceback")
    assert_clean(output.getvalue())


async def test_a_web_handler_that_fails_with_a_secret_in_hand_does_not_show_it(output):
    async def broken(_request):
        raise ValueError(f"/bot{SHORT_TOKEN}/x {PASSWORD}")

    app = web.Application()
    app.router.add_get("/", broken)
    async with (
        serve(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/?token=abcdef0123") as answer,
    ):
        assert answer.status == 500
    assert any("ValueError" in line.get("exception", "") for line in lines(output))
    assert_clean(output.getvalue())


async def test_a_scheduled_job_that_fails_with_a_secret_in_hand_does_not_show_it(output):
    ran = asyncio.Event()

    async def tick():
        ran.set()
        raise ValueError(f"login with {PASSWORD} and {JWT}")

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(tick, "date")
    scheduler.start()
    try:
        await asyncio.wait_for(ran.wait(), 20)
        deadline = time.monotonic() + 20
        while "ValueError" not in output.getvalue() and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
    finally:
        scheduler.shutdown(wait=False)
    assert "ValueError" in output.getvalue()
    assert_clean(output.getvalue())


def test_ordinary_words_are_left_alone():
    redact = Redactor(["pw", ""])
    for text in (
        "job ann~train_1 failed: exit 137 at 12:30:45, 3 tokens left, basic authentication",
        "harbor.example.edu/lab/pytorch@sha256:" + "ab12" * 16,
        "the registry at 192.0.2.4:5000/lab/image:py38-torch1.13-cu117 is away, http://[::1]:8080/x",
        "SHA256:" + "a" * 43,
    ):
        assert redact(text) == text


@pytest.mark.parametrize(
    "unit", ["a", "A1", "eyJ", "a-", "1:", "://a", "token", "[parameters: ", "Basic ", "\n", '"']
)
def test_long_lines_take_no_more_than_their_length(unit):
    # Anything quadratic would run into the time limit of the test here.
    assert len(Redactor([TOKEN])(unit * (200_000 // len(unit)))) > 0
