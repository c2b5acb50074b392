"""The web server: health, readiness, metrics, and what every answer carries."""

import asyncio
import io
import socket
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot.supervise import LoopState, Supervisor
from bot.web.health import Health, ask
from bot.web.server import SECURITY_HEADERS, CannotListen, build, serve

GOOD = Health(
    loops=(LoopState("poller", True, 2, "TimeoutError: slow", datetime(2026, 1, 2, tzinfo=UTC)),),
    telegram_answers=True,
    migrated=True,
    waiting={"outbox": 3},
)
DEAD = replace(
    GOOD, loops=(LoopState("sender", False, 7, "OSError: no", datetime.now(UTC)), *GOOD.loops)
)


@asynccontextmanager
async def running(health, routes=()):
    """A server with this health, and a client that knows its address."""
    async with (
        serve(build(routes, lambda: health), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        yield client


async def test_health_names_loops_queues_and_the_age_of_the_last_good_poll():
    health = replace(GOOD, last_good_poll=datetime.now(UTC) - timedelta(seconds=12))
    async with running(health) as client, client.get("/healthz") as answer:
        body = await answer.json()
    assert answer.status == 200
    assert 12 <= body["last_good_poll_age_seconds"] < 60
    assert body["loops"] == [
        {
            "name": "poller",
            "alive": True,
            "restarts": 2,
            "last_error": "TimeoutError: slow",
            "since": "2026-01-02T00:00:00+00:00",
        }
    ]
    assert body["waiting"] == {"outbox": 3}


async def test_a_dead_loop_makes_it_unhealthy():
    async with running(DEAD) as client, client.get("/healthz") as answer:
        assert answer.status == 503
        assert (await answer.json())["healthy"] is False


async def test_telegram_being_away_is_not_ready_but_healthy():
    async with running(replace(GOOD, telegram_answers=False)) as client:
        async with client.get("/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json())["waiting_for"] == ["telegram"]
        async with client.get("/healthz") as answer:
            assert answer.status == 200


async def test_running_migrations_are_not_ready():
    async with running(replace(GOOD, migrated=False)) as client, client.get("/readyz") as answer:
        assert answer.status == 503
        assert (await answer.json())["waiting_for"] == ["migrations"]


async def test_all_well_is_ready():
    async with running(GOOD) as client, client.get("/readyz") as answer:
        assert (answer.status, (await answer.json())["ready"]) == (200, True)


async def test_metrics_are_read_by_prometheus_and_say_the_same():
    health = replace(DEAD, last_good_poll=datetime.now(UTC) - timedelta(seconds=12))
    async with running(health) as client, client.get("/metrics") as answer:
        assert answer.content_type == "text/plain"
        text = await answer.text()
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["pailot_ready",] == 1
    assert samples["pailot_loop_alive", "sender"] == 0
    assert samples["pailot_loop_restarts_total", "sender"] == 7
    assert samples["pailot_waiting", "outbox"] == 3
    assert samples["pailot_last_good_poll_age_seconds",] >= 12
    assert samples["process_resident_memory_bytes",] > 0


async def test_two_applications_in_one_process_keep_their_metrics_apart():
    async with running(GOOD) as one, running(DEAD) as other:
        async with one.get("/metrics") as answer:
            assert "sender" not in await answer.text()
        async with other.get("/metrics") as answer:
            assert "sender" in await answer.text()


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/nowhere", "/broken", "/page"])
async def test_every_answer_is_guarded_and_shows_no_banner(path):
    async def broken(_request):
        raise ValueError("secret")

    async def page(_request):
        return web.Response(text="x", headers={"Cache-Control": "max-age=60"})

    routes = [web.get("/broken", broken), web.get("/page", page)]
    async with running(GOOD, routes) as client, client.get(path) as answer:
        assert "Server" not in answer.headers
        for name in SECURITY_HEADERS:
            assert name in answer.headers
        assert (answer.headers["Cache-Control"] == "max-age=60") is (path == "/page")
        assert "secret" not in await answer.text()


async def test_a_body_beyond_the_limit_is_refused():
    async def takes(request):
        return web.Response(body=str(len(await request.read())))

    async with (
        running(GOOD, [web.post("/take", takes)]) as client,
        client.post("/take", data=io.BytesIO(b"x" * (2**20 + 1))) as answer,
    ):
        assert answer.status == 413


async def test_an_address_that_is_taken_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"127\.0\.0\.1:{port}: .*in use"):
            async with serve(build([], lambda: GOOD), "127.0.0.1", port):
                pass


async def test_a_name_is_listened_on_as_well_as_an_address():
    async with serve(build([], lambda: GOOD), "localhost", 0) as port:
        assert port > 0


async def test_the_health_check_of_the_container_agrees_with_the_page():
    for health, says in ((GOOD, None), (DEAD, "sender is dead: OSError: no")):
        async with serve(build([], lambda health=health: health), "127.0.0.1", 0) as port:
            assert await asyncio.to_thread(ask, "0.0.0.0", port) == says
    assert "no answer" in await asyncio.to_thread(ask, "127.0.0.1", port)


@pytest.mark.parametrize("status", [200, 500])
async def test_the_health_check_knows_when_somebody_else_answers(status):
    async def other(_request):
        return web.Response(status=status, text="hello")

    app = web.Application()
    app.router.add_get("/healthz", other)
    async with serve(app, "127.0.0.1", 0) as port:
        assert "something else" in await asyncio.to_thread(ask, "127.0.0.1", port)


async def test_a_supervisors_states_are_what_the_page_shows():
    async with Supervisor() as supervisor:
        supervisor.loop("clock", asyncio.Event().wait)
        async with serve(
            build([], lambda: Health(loops=supervisor.states())), "127.0.0.1", 0
        ) as port:
            assert await asyncio.to_thread(ask, "127.0.0.1", port) is None
