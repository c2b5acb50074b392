"""Updates reach the bot as getUpdates and webhooks bring them."""

import asyncio
import json
import time

import pytest
from aiohttp import web

from bot.demo.telegram import TelegramEmulator


def texts(updates):
    return [one["message"]["text"] for one in updates]


async def test_updates_come_again_until_a_larger_offset_confirms_them(ann, api):
    for text in ("1", "2", "3"):
        await ann.sends(text)
    first = await api.updates()
    assert texts(first) == ["1", "2", "3"]
    assert texts(await api.updates()) == ["1"]  # asked again at once: one by one
    assert texts(await api.updates(offset=first[1]["update_id"])) == ["2", "3"]
    assert texts(await api.updates(offset=first[2]["update_id"])) == ["3"]
    assert texts(await api.updates(offset=first[0]["update_id"])) == ["3"]


async def test_a_limit_and_a_negative_offset_are_honoured(ann, api):
    for text in ("1", "2", "3", "4"):
        await ann.sends(text)
    assert texts(await api.updates(limit=2)) == ["1", "2"]
    assert texts(await api.updates(offset=-2)) == ["3", "4"]
    assert texts(await api.updates(offset=1)) == ["3", "4"]


async def polled(tg):
    async with asyncio.timeout(20):
        while not tg.is_polled:
            await asyncio.sleep(0.002)


async def test_a_poll_waits_for_the_next_update(tg, ann, api):
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(api.updates(timeout=20))
        await polled(tg)
        await ann.sends("at last")
    assert texts(poll.result()) == ["at last"]


async def test_of_two_polls_the_older_ends_with_a_conflict(tg, ann, api):
    async with asyncio.TaskGroup() as tasks:
        older = tasks.create_task(api("getUpdates", timeout=20))
        await polled(tg)
        newer = tasks.create_task(api("getUpdates", timeout=20))
        await asyncio.wait([older])
        await polled(tg)
        await ann.sends("for the newer")
    assert older.result().status == 409
    assert older.result().refusal == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert texts(newer.result().result) == ["for the newer"]


async def test_the_kinds_asked_for_are_kept_until_others_are_named(ann, api):
    await api.updates(allowed_updates=["callback_query"], offset=-1)
    await ann.sends("unheard")
    await api.updates(offset=0)
    await ann.sends("unheard too")
    assert await api.updates(offset=2) == []
    await api.updates(allowed_updates=[], offset=3)
    await ann.sends("heard")
    assert texts(await api.updates(offset=4)) == ["heard"]


async def test_kinds_that_must_be_named_come_only_then(ann, api):
    asked = await ann.sends("x")
    await ann.reacts(asked, "👍")
    assert len(await api.updates()) == 1
    await api.updates(allowed_updates=["message_reaction"], offset=-1)
    await ann.reacts(asked, "👎")
    reaction = (await api.updates(offset=2))[-1]["message_reaction"]
    assert reaction["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert reaction["new_reaction"] == [{"type": "emoji", "emoji": "👎"}]


async def test_a_day_old_message_and_a_press_of_three_minutes_are_dropped(ann, api, clock):
    await ann.sends("old")
    sent = await api.send(
        ann.id, "x", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]}
    )
    await ann.presses("a", on=await ann.hears("x"), within=None)
    clock.now += 151
    kinds = [set(one) - {"update_id"} for one in await api.updates()]
    assert kinds == [{"message"}]
    clock.now += 86_400
    assert await api.updates(offset=-5) == []
    assert sent["message_id"]


async def test_an_answer_to_an_old_press_is_too_late(ann, api, clock):
    await ann.starts()
    await api.confirm()
    await api.send(
        ann.id, "x", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]}
    )
    await ann.presses("a", on=await ann.hears("x"), within=None)
    query = (await api.updates())[0]["callback_query"]
    assert query["from"]["id"] == ann.id
    assert query["data"] == "1"
    assert query["chat_instance"]
    clock.now += 151
    answer = await api("answerCallbackQuery", callback_query_id=query["id"], text="ok")
    assert (
        answer.refusal
        == "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_update_ids_start_anywhere_and_go_on_after_a_restart(tmp_path):
    state = tmp_path / "telegram.json"
    seen = []
    for _ in range(2):
        emulator = TelegramEmulator(state=state)
        await emulator.start()
        ann = emulator.person("Ann Lee", username="ann")
        await ann.sends("x")
        seen.append(list(emulator.telegram.state.pending))
        await emulator.stop()
    assert seen[1][0] == seen[0][0], "what was not confirmed is still pending"
    assert seen[1][1] > seen[0][0]
    other = TelegramEmulator()
    assert other.telegram.state.next_update_id not in (seen[0][0], 1)


class Hook:
    """A bot's webhook that answers as planned and remembers what came."""

    def __init__(self):
        self.came = []
        self.secrets = []
        self.plan = []

    async def serve(self, request):
        body = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status, headers, answer = self.plan.pop(0) if self.plan else (200, {}, "")
        self.came.append((status, body))
        return web.Response(
            status=status, headers=headers, text=answer, content_type="application/json"
        )

    async def until(self, count):
        async with asyncio.timeout(20):
            while len(self.came) < count:
                await asyncio.sleep(0.005)

    def accepted(self):
        return [body["message"]["text"] for status, body in self.came if status == 200]


@pytest.fixture
async def hook():
    hook = Hook()
    app = web.Application()
    app.router.add_post("/telegram", hook.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield hook
    await runner.cleanup()


async def test_a_webhook_gets_what_is_pending_with_the_secret(ann, api, hook):
    await ann.sends("before")
    await api("setWebhook", url=hook.url, secret_token="s3cret_-")
    await ann.sends("after")
    await hook.until(2)
    assert hook.accepted() == ["before", "after"]
    assert set(hook.secrets) == {"s3cret_-"}
    info = (await api("getWebhookInfo")).result
    assert (info["url"], info["max_connections"]) == (hook.url, 40)
    refused = await api("getUpdates")
    assert refused.status == 409
    assert refused.refusal.startswith(
        "Conflict: can't use getUpdates method while webhook is active"
    )


async def test_a_refused_update_is_delivered_again_before_later_ones_of_its_chat(
    tg, ann, bob, api, hook
):
    tg.webhook_retry_seconds = 0.02
    hook.plan = [(500, {}, ""), (502, {}, "")]
    await api("setWebhook", url=hook.url)
    await ann.sends("a1")
    await hook.until(1)
    await ann.sends("a2")
    await bob.sends("b1")
    await hook.until(5)
    assert [text for text in hook.accepted() if text != "b1"] == ["a1", "a2"]
    assert (
        (await api("getWebhookInfo"))
        .result["last_error_message"]
        .startswith("Wrong response from the webhook: 50")
    )


async def test_the_webhooks_retry_after_is_honoured(tg, ann, api, hook):
    tg.webhook_retry_seconds = 0.0
    hook.plan = [(503, {"Retry-After": "1"}, "")]
    await api("setWebhook", url=hook.url)
    start = time.monotonic()
    await ann.sends("x")
    await hook.until(2)
    assert time.monotonic() - start > 0.9


async def test_the_webhooks_answer_may_be_a_call(ann, api, hook):
    hook.plan = [
        (200, {}, json.dumps({"method": "sendMessage", "chat_id": ann.id, "text": "pong"}))
    ]
    await api("setWebhook", url=hook.url)
    await ann.sends("ping")
    await ann.hears("pong")


async def test_a_webhook_ends_a_waiting_poll_and_deleting_it_brings_polling_back(
    tg, ann, api, hook, clock
):
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(api("getUpdates", timeout=20))
        await polled(tg)
        await api("setWebhook", url=hook.url)
    assert poll.result().refusal == "Conflict: terminated by setWebhook request"
    assert (await api("setWebhook", url=hook.url)).headers["Retry-After"] == "1"
    await api("deleteWebhook")
    await ann.sends("polled")
    assert texts(await api.updates()) == ["polled"]
    clock.now += 2
    await api("setWebhook", url="")


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        (
            {"url": "http://bot.example.edu/telegram"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://bot.example.edu:8080/"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            {"url": "https://bot.example.edu/", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
    ],
)
async def test_a_webhook_is_refused(api, params, refusal):
    assert (await api("setWebhook", **params)).refusal == f"Bad Request: {refusal}"
