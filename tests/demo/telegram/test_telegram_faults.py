"""Faults and flood limits can be switched on while the emulator runs."""

import asyncio
import time

import pytest
from aiohttp import ClientError

from bot.demo.telegram import FloodLimits


@pytest.fixture(autouse=True)
async def started(ann):
    await ann.starts()


async def test_the_next_calls_are_refused_as_planned(tg, ann, api):
    tg.faults.answer("sendMessage", 429, retry_after=7)
    tg.faults.answer("sendMessage", 500)
    first = await api("sendMessage", chat_id=ann.id, text="1")
    assert (first.status, first.headers["Retry-After"]) == (429, "7")
    assert first.body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert (await api("sendMessage", chat_id=ann.id, text="2")).refusal == "Internal Server Error"
    await api.send(ann.id, "3")
    assert [one.text for one in ann.messages()] == ["3"]
    assert [call.status for call in tg.calls_of("sendMessage")] == [429, 500, 200]


async def test_a_proxys_page_may_stand_in_for_an_answer(tg, ann, api):
    tg.faults.bad_gateway()
    async with api.session.post(
        f"/bot{tg.token}/sendMessage", json={"chat_id": ann.id, "text": "x"}
    ) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
        assert "502 Bad Gateway" in await answer.text()


async def test_a_cut_connection_accepted_nothing_or_everything(tg, ann, api):
    tg.faults.cut_before("sendMessage")
    with pytest.raises(ClientError):
        await api("sendMessage", chat_id=ann.id, text="lost")
    tg.faults.cut_after("sendMessage")
    with pytest.raises(ClientError):
        await api("sendMessage", chat_id=ann.id, text="accepted")
    assert [one.text for one in ann.messages()] == ["accepted"]


async def test_a_slow_answer_comes_after_its_effect(tg, ann, api):
    tg.faults.slow("sendMessage", 0.2)
    start = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(api.send(ann.id, "slow"))
        await ann.hears("slow")
        assert not sending.done()
    assert time.monotonic() - start >= 0.2


async def test_while_away_nothing_answers_and_then_all_is_as_before(tg, ann, api, clock):
    tg.faults.away(600)
    for method in ("getMe", "getUpdates"):
        with pytest.raises(ClientError):
            await api(method)
    await ann.sends("still there?")
    clock.now += 601
    assert (await api("getMe")).status == 200
    assert (await api.updates())[-1]["message"]["text"] == "still there?"


async def test_a_hanging_server_breaks_when_it_comes_back(tg, api):
    tg.faults.away(hang=True)
    async with asyncio.TaskGroup() as tasks:
        call = tasks.create_task(_broken(api))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(call), 0.05)
        tg.faults.back()
    assert call.result()
    assert (await api("getMe")).status == 200


async def _broken(api):
    with pytest.raises(ClientError):
        await api("getMe")
    return True


async def test_a_waiting_poll_can_be_cut(tg, api):
    await api.confirm()

    async def polling():
        with pytest.raises(ClientError):
            await api("getUpdates", timeout=30)
        return True

    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(polling())
        while not tg.is_polled:
            await asyncio.sleep(0.002)
        tg.faults.cut_polls()
    assert poll.result()


async def test_faults_for_every_method_leave_polling_alone_unless_named(tg, api):
    tg.faults.answer("*", 500)
    assert (await api("getUpdates")).status == 200
    assert (await api("getMe")).status == 500
    tg.faults.answer("getUpdates", 401)
    assert (await api("getUpdates")).refusal == "Unauthorized"
    tg.faults.answer("*", 500)
    tg.faults.clear()
    assert (await api("getMe")).status == 200


async def test_a_group_takes_twenty_messages_a_minute(tg, lab, api, clock):
    tg.flood_limits = FloodLimits()
    for number in range(20):
        await api.send(lab.id, str(number))
        clock.now += 1
    answer = await api("sendMessage", chat_id=lab.id, text="one more")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "40")
    assert answer.body["parameters"] == {"retry_after": 40}
    clock.now += 40
    await api.send(lab.id, "one more")


async def test_a_person_takes_a_burst_and_then_one_a_second(tg, ann, api, clock):
    tg.flood_limits = FloodLimits(private_burst=3)
    sent = [await api.send(ann.id, str(number)) for number in range(3)]
    assert (await api("sendMessage", chat_id=ann.id, text="x")).body["parameters"] == {
        "retry_after": 1
    }
    edit = await api("editMessageText", chat_id=ann.id, message_id=sent[0]["message_id"], text="y")
    assert edit.status == 429
    clock.now += 1
    await api.send(ann.id, "x")


async def test_all_chats_together_take_thirty_a_second(tg, api, clock):
    tg.flood_limits = FloodLimits()
    people = [tg.person(f"P{number}", username=f"p{number}") for number in range(31)]
    for person in people:
        await person.starts()
    statuses = [(await api("sendMessage", chat_id=one.id, text="x")).status for one in people]
    assert statuses == [200] * 30 + [429]
    clock.now += 1
    await api.send(people[-1].id, "x")
