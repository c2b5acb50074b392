"""The OpenPAI emulator going wrong on purpose."""

import asyncio

import aiohttp
import pytest

from bot.demo.openpai import OpenPaiEmulator
from tests.demo.openpai_driver import Portal, portal, protocol

QUICKLY = aiohttp.ClientTimeout(total=0.3)


async def test_a_cut_after_a_submit_leaves_the_job_behind() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        with pai.faults.cut(after=True, method="POST"), pytest.raises(aiohttp.ClientError):
            await ann.submit(protocol("a"))
        assert pai.job("ann", "a").state == "WAITING"
        assert (await ann.submit(protocol("a")))[0] == 409


async def test_a_cut_before_a_submit_leaves_nothing() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        with pai.faults.cut(method="POST"), pytest.raises(aiohttp.ClientError):
            await ann.submit(protocol("a"))
        assert (await ann.submit(protocol("a")))[0] == 202


async def test_a_fault_ends_after_so_many_requests() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        pai.faults.unauthorized(times=2, path="/jobs")
        got = [(await ann.ask("GET", "/jobs"))[0] for _ in range(3)]
        assert got == [401, 401, 200]
        assert (await ann.ask("GET", "/virtual-clusters"))[0] == 200


async def test_a_fault_meets_only_its_user() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        pai.faults.no_code(user="root")
        root = Portal(pai, ann.session, pai.token("root"))
        status, body, _ = await root.ask("GET", "/jobs")
        assert (status, body) == (500, {"message": "Internal Server Error"})
        assert (await ann.ask("GET", "/jobs"))[0] == 200


@pytest.mark.parametrize("status", [502, 504])
async def test_the_proxy_answers_with_its_own_page(status: int) -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        with pai.faults.html(status):
            got, body, headers = await ann.ask("GET", "/jobs")
        assert (got, headers["Content-Type"]) == (status, "text/html")
        assert "<title>" in body


async def test_it_can_say_too_many_as_text() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        pai.faults.too_many(times=1)
        status, body, headers = await ann.ask("GET", "/jobs")
        assert (status, body) == (429, "Too many requests, please try again later.")
        assert headers["Content-Type"].startswith("text/html")


async def test_it_can_never_answer_and_be_slow() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        with pai.faults.silent(), pytest.raises(TimeoutError):
            await ann.ask("GET", "/jobs", timeout=QUICKLY)
        with pai.faults.slow(0.1):
            started = asyncio.get_running_loop().time()
            assert (await ann.ask("GET", "/jobs"))[0] == 200
            assert asyncio.get_running_loop().time() - started >= 0.1
        assert [seen.status for seen in pai.requests] == [0, 200]


async def test_a_restart_keeps_jobs_tokens_and_ports() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        await ann.submit(protocol("a"))
        await pai.away()
        with pytest.raises(aiohttp.ClientConnectorError):
            await ann.ask("GET", "/jobs")
        await pai.back()
        assert len(await ann.get("/jobs")) == 1


async def test_logs_are_away_while_their_machine_is() -> None:
    pai = OpenPaiEmulator()
    pai.pause()
    async with portal(pai) as ann:
        await ann.submit(protocol("a", "python /mnt/train.py"))
        await pai.until("ann", "a", "RUNNING")
        path = "/jobs/ann~a/attempts/0/taskRoles/taskrole/taskIndex/0/attempts/0/logs"
        found = await ann.get(path)
        pai.faults.logs_away = True
        status, body, _ = await ann.ask("GET", path)
        assert (status, body["message"]) == (500, "Failed to get log list")
        status, _, headers = await ann.ask("GET", found["locations"][0]["uri"], base=pai.url)
        assert (status, headers["Content-Type"]) == (502, "text/html")
        pai.faults.clear()
        assert "GPU(s) visible" in await ann.log("ann~a")


async def test_a_skewed_clock_shows_in_new_tokens() -> None:
    pai = OpenPaiEmulator(clock=lambda: 1_800_000_000.0)
    async with portal(pai) as ann:
        pai.faults.clock_skew_seconds = 300
        login = {"username": "ann", "password": "ann-password"}
        status, body, _ = await ann.ask("POST", "/authn/basic/login", json=login)
        assert status == 200
        ann.token = body["token"]
        assert (await ann.get("/tokens/check"))["iat"] == 1_800_000_300


async def test_the_shipped_limits_hold_per_user_and_reset() -> None:
    now = [1_800_000_000.0]
    pai = OpenPaiEmulator(limits=True, clock=lambda: now[0])
    async with portal(pai) as ann:
        statuses = [(await ann.ask("GET", "/jobs?limit=0"))[0] for _ in range(121)]
        assert statuses == [200] * 120 + [429]
        now[0] += 60
        _, _, headers = await ann.ask("GET", "/jobs?limit=0")
        assert headers["X-RateLimit-Remaining"] == "119"
        assert headers["X-RateLimit-Reset"] == str(int(now[0]) + 60)


async def test_it_records_each_request() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        await ann.get("/jobs?limit=3")
        await ann.ask("GET", "/nothing")
    told = [(seen.method, seen.path, seen.query, seen.user, seen.status) for seen in pai.requests]
    assert told == [
        ("GET", "/api/v2/jobs", "limit=3", "ann", 200),
        ("GET", "/api/v2/nothing", "", "ann", 404),
    ]


async def test_the_bare_port_knows_no_portal_and_no_logs() -> None:
    pai = OpenPaiEmulator()
    async with portal(pai) as ann:
        for path in ("/", "/log-manager/127.0.10.1:9103/api/v1/logs/user-all", "/index.html"):
            status, body, _ = await ann.ask("GET", path, base=pai.rest_url)
            assert (status, body["code"]) == (404, "NoApiError")
        for path in ("/api/v2/jobs", "/index.html", "/home.html"):
            status, _, headers = await ann.ask("GET", path, base=pai.url)
            assert (status, headers["Content-Type"]) == (200, "text/html")


async def test_two_logins_in_one_second_are_one_token() -> None:
    pai = OpenPaiEmulator(clock=lambda: 1_800_000_000.5)
    async with portal(pai) as ann:
        login = {"username": "ann", "password": "ann-password"}
        tokens = {
            (await ann.ask("POST", "/authn/basic/login", json=login))[1]["token"] for _ in range(2)
        }
        assert tokens == set(pai.browser_tokens("ann"))
        assert len(tokens) == 1
        ann.token = tokens.pop()
        assert (await ann.ask("DELETE", f"/tokens/{ann.token}"))[0] == 200
        assert pai.browser_tokens("ann") == []
        assert len(pai.app_tokens("ann")) == 1
