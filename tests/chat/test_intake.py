"""Whatever comes as an update is kept in its chat's lane, and nothing odd spoils another."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.chat.exchange.intake import Intake, lane_of
from bot.chat.exchange.polling import Poller
from bot.chat.exchange.request import AiohttpRequest, make_bot
from tests.chat.bot_api import ok, serving
from tests.chat.office import TOKEN, eventually
from tests.databases import sqlite

BOT_ID = int(TOKEN.partition(":")[0])


async def test_an_update_nobody_can_understand_spoils_no_other(tmp_path: Path) -> None:
    odd = [
        b'{"update_id": 5, "message": {"chat": {"id": 7}, "text": "\\ud83d"}}',
        b'{"update_id": 6, "message": "not even an object"}',
        b'{"message": {"chat": {"id": 7}}}',
        b'["no update"]',
        b'{"update_id": 1e400}',
        b'{"update_id": 123456789012345678901234567890}',
        b'{"update_id": 8, "message": {"chat": {"id": 99999999999999999999999}}}',
        b'{"update_id": 9, "wholly_new_kind": {"from": {"id": 7}}}',
    ]
    offsets: list[str] = []

    async def api(request: Any) -> Any:
        form = await request.post()
        if not request.path.endswith("/getUpdates"):
            return ok(True)
        offsets.append(str(form.get("offset", "")))
        if len(offsets) == 1:
            body = b'{"ok":true,"result":[' + b",".join(odd) + b"]}"
            return web.Response(body=body, content_type="application/json")
        await asyncio.sleep(0.05)
        return ok([])

    db, heard = await sqlite(tmp_path), []
    async with serving(api) as url:
        bot = make_bot(TOKEN, url)
        await bot._request[1].initialize()
        poller = Poller(bot, AiohttpRequest(), Intake(db, BOT_ID, heard.extend))
        async with asyncio.TaskGroup() as group:
            task = group.create_task(poller.run())
            await eventually(lambda: len(offsets) > 1)
            task.cancel()
        for request in bot._request:
            await request.shutdown()
    rows = await db.read(lambda uow: uow.inbox.pending(BOT_ID, None, 100))
    await db.close()

    assert offsets[1] == "10"
    assert [(row.lane, row.update_id) for row in rows] == [(7, 5), (0, 6), (0, 8), (7, 9)]
    assert [row[0] for row in heard] == [5, 6, 8, 9]


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"update_id": 1, "message": {"chat": {"id": -100}, "from": {"id": 7}}}, -100),
        ({"update_id": 1, "edited_message": {"chat": {"id": 7}}}, 7),
        (
            {
                "update_id": 1,
                "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}, "date": 0}},
            },
            -5,
        ),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "inline_message_id": "x"}}, 7),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 7}, "from": {"id": 8}}}, 7),
        ({"update_id": 1, "poll": {"id": "9"}}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_the_lane_of_an_update_is_its_chat(update: dict[str, Any], lane: int) -> None:
    assert lane_of(update) == lane
