"""The client when OpenPAI, the network or the clock misbehave."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bot.demo.openpai import OpenPaiEmulator
from bot.domain.errors import Busy, TokenRefused, Unavailable
from bot.domain.jobs import JobQuery, JobRef
from bot.domain.people import Token
from bot.domain.protocol import JobSpec, write
from bot.openpai import Pai

TRAIN = JobRef("ann", "train")
PROTOCOL = write(JobSpec(name="train", image="pytorch:1.13", command="python train.py"))


def asked(lab: OpenPaiEmulator, method: str, path: str) -> int:
    return sum(1 for seen in lab.requests if (seen.method, seen.path) == (method, path))


async def test_a_login_that_is_never_answered_ends(
    lab: OpenPaiEmulator, pai: Pai, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.openpai.client.LOGIN_SECONDS", 0.2)
    await pai.info()
    lab.faults.kubernetes_down = True
    with pytest.raises(Unavailable) as unavailable:
        await pai.login("ann", "ann-password")
    assert "no answer" in unavailable.value.detail


async def test_a_hiccup_of_kubernetes_is_a_refused_token_and_passes(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    await pai.info()
    with lab.faults.unauthorized(), pytest.raises(TokenRefused):
        await pai.job(TRAIN, ann)
    with lab.faults.unauthorized(times=1):
        assert (await pai.check(ann.secret)).name == "ann"


async def test_a_token_not_stored_yet_gets_a_second_chance(lab: OpenPaiEmulator, pai: Pai) -> None:
    browser = await pai.login("ann", "ann-password")
    with lab.faults.unauthorized(times=1):
        assert (await pai.create_application_token(browser)).user == "ann"


async def test_a_read_is_repeated_when_nobody_answered(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    lab.submit("ann", name="train")
    with lab.faults.cut(times=2):
        assert (await pai.job(TRAIN, ann)).job.ref == TRAIN
    with lab.faults.cut(), pytest.raises(Unavailable):
        await pai.job(TRAIN, ann)


async def test_a_submission_is_never_repeated_and_a_lost_answer_can_be_looked_up(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    with lab.faults.cut(after=True, method="POST"), pytest.raises(Unavailable):
        await pai.submit(PROTOCOL, ann)
    assert asked(lab, "POST", "/api/v2/jobs") == 1
    assert (await pai.job(TRAIN, ann)).job.ref == TRAIN


async def test_a_restart_of_the_server_is_survived_on_idle_connections(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    lab.submit("ann", name="train")
    await pai.job(TRAIN, ann)
    await lab.restart()
    assert (await pai.job(TRAIN, ann)).job.ref == TRAIN
    await lab.away()
    with pytest.raises(Unavailable):
        await pai.job(TRAIN, ann)
    await lab.back()
    assert (await pai.job(TRAIN, ann)).job.ref == TRAIN


async def test_pages_errors_without_code_and_silence_are_all_passing_failures(
    lab: OpenPaiEmulator, session: aiohttp.ClientSession, ann: Token
) -> None:
    pai = Pai(session, lab.url, timeout_seconds=0.2)
    await pai.info()
    for fault in (lab.faults.html(502), lab.faults.no_code(), lab.faults.silent()):
        with fault, pytest.raises(Unavailable):
            await pai.virtual_clusters(ann)
    lab.faults.database_down = True
    with pytest.raises(Unavailable):
        await pai.jobs(JobQuery(), ann)


async def test_the_rest_server_is_looked_for_again_when_the_portals_pages_come(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    await pai.info()
    with lab.faults.html(200, times=1):
        assert await pai.virtual_clusters(ann)
    with lab.faults.html(200, times=1, method="POST"), pytest.raises(Unavailable):
        await pai.submit(PROTOCOL, ann)
    await pai.submit(PROTOCOL, ann)


async def test_an_address_where_no_openpai_is_says_so(session: aiohttp.ClientSession) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>hello</html>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        with pytest.raises(Unavailable):
            await Pai(session, f"http://{host}:{port}").info()
    finally:
        await runner.cleanup()
    with pytest.raises(Unavailable) as unavailable:
        await Pai(session, f"http://{host}:{port}").info()
    assert "reached" in unavailable.value.detail


async def test_a_portal_that_moved_is_followed_on_its_own_host_only(
    lab: OpenPaiEmulator, session: aiohttp.ClientSession
) -> None:
    async def there(request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently(f"{target}{request.path}")

    app = web.Application()
    app.router.add_get("/{path:.*}", there)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        target = lab.url
        pai = Pai(session, f"http://127.0.0.1:{port}")
        await pai.info()
        assert pai.portal == lab.url
        target = lab.url.replace("127.0.0.1", "localhost")
        with pytest.raises(Unavailable) as unavailable:
            await Pai(session, f"http://127.0.0.1:{port}").info()
        assert "localhost" in unavailable.value.detail
    finally:
        await runner.cleanup()


async def test_two_logins_of_one_user_are_never_the_same_string(
    lab: OpenPaiEmulator, pai: Pai
) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(pai.login("ann", "ann-password"))
        second = group.create_task(pai.login("ann", "ann-password"))
    assert first.result().secret != second.result().secret
    assert len(lab.browser_tokens("ann")) == 2


async def test_a_string_that_somebody_else_holds_too_is_not_revoked(
    lab: OpenPaiEmulator, pai: Pai
) -> None:
    browser = await pai.login("ann", "ann-password")
    lab.cluster.tokens.by_user["ann"].append(browser.secret)  # the portal, in the same second
    await pai.logout(browser)
    assert browser.secret in lab.browser_tokens("ann")


async def test_a_browser_token_that_was_pasted_is_not_ours_to_revoke(
    lab: OpenPaiEmulator, pai: Pai
) -> None:
    secret = lab.token("ann", application=False)
    pasted = Token("openpai", "ann", secret)
    assert await pai.revoke(pasted, pasted) is False
    assert lab.browser_tokens("ann") == [secret]


async def test_an_application_token_is_revoked_with_a_browser_token_twice_without_harm(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    browser = await pai.login("ann", "ann-password")
    assert await pai.revoke(ann, browser)
    assert await pai.revoke(ann, browser)
    assert lab.app_tokens("ann") == []


async def test_one_budget_is_kept_for_everybody_and_the_watcher_always_has_room(
    lab: OpenPaiEmulator, pai: Pai, token: Callable[[str], Token]
) -> None:
    _limits(lab, api=40)
    people = [token("ann"), token("bob")]
    assert 3 < await _spend(lambda: pai.virtual_clusters(people[len(lab.requests) % 2])) <= 60
    spent = len(lab.requests)
    assert spent <= 39
    assert all(seen.status != 429 for seen in lab.requests)
    with pytest.raises(Busy):
        await pai.virtual_clusters(people[0])
    assert len(lab.requests) == spent
    assert await pai.listing(people[0], limit=5) is not None


async def test_work_that_can_wait_leaves_half_to_people(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    _limits(lab, api=40)
    await _spend(lambda: pai.yielding().virtual_clusters(ann))
    assert len(lab.requests) <= 21
    await pai.virtual_clusters(ann)


async def test_lists_are_counted_by_user(
    lab: OpenPaiEmulator, pai: Pai, ann: Token, bob: Token
) -> None:
    _limits(lab, lists=5)
    await _spend(lambda: pai.jobs(JobQuery(), ann))
    assert asked(lab, "GET", "/api/v2/jobs") == 4
    await pai.virtual_clusters(ann)
    await pai.jobs(JobQuery(), bob)


async def test_too_many_requests_of_others_are_waited_out(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    await pai.info()
    with lab.faults.too_many(times=1), pytest.raises(Busy) as busy:
        await pai.virtual_clusters(ann)
    assert busy.value.retry_seconds >= 1


async def test_a_clock_that_is_wrong_makes_no_endless_wait(
    lab: OpenPaiEmulator, session: aiohttp.ClientSession, ann: Token
) -> None:
    _limits(lab, api=5)
    pai = Pai(session, lab.url, clock=lambda: time.time() - 86_400)
    assert await _spend(lambda: pai.virtual_clusters(ann)) <= 60


async def _spend(call: Callable[[], Awaitable[object]]) -> float:
    """Call until the budget is spent; seconds to wait for more."""
    for _ in range(100):
        try:
            await call()
        except Busy as busy:
            return busy.retry_seconds
    raise AssertionError("the budget has no end")


def _limits(lab: OpenPaiEmulator, api: int = 600, lists: int = 120) -> None:
    lab.limits.on = True
    lab.limits.api_per_minute = api
    lab.limits.lists_per_minute = lists


def test_a_missing_certificate_file_is_found_at_once() -> None:
    with pytest.raises((FileNotFoundError, ssl.SSLError)):
        Pai(None, "https://pai.example.edu", ca_file="/nowhere/ca.pem")  # type: ignore[arg-type]
