"""What Telegram posts is kept before it hears 200; what others post is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.chat.exchange.intake import Intake, Row
from bot.chat.exchange.polling import receive_by_webhook
from bot.chat.exchange.request import make_bot
from bot.web.health import Health
from bot.web.server import MAX_BODY_BYTES, build
from bot.web.telegram import SECRET_HEADER, webhook
from db import Database
from tests.chat.office import TOKEN, ann_of, eventually, refusing, telegram
from tests.databases import sqlite

BOT_ID = int(TOKEN.partition(":")[0])
SECRET = "s3cret-of-the-tests"
UPDATE = b'{"update_id": 5, "message": {"chat": {"id": 7}, "text": "hi"}}'


class Door:
    def __init__(self, url: str, db: Database, heard: list[Row], session: ClientSession) -> None:
        self.url = url
        self.db = db
        self.heard = heard
        self._session = session

    async def post(self, body: bytes, secret: str = SECRET) -> int:
        headers = {SECRET_HEADER: secret} if secret else {}
        async with self._session.post(self.url, data=BytesIO(body), headers=headers) as answer:
            return answer.status

    async def kept(self) -> list[int]:
        rows = await self.db.read(lambda uow: uow.inbox.pending(BOT_ID, None, 100))
        return [row.update_id for row in rows]


@asynccontextmanager
async def door(folder: Path) -> AsyncIterator[Door]:
    db, heard = await sqlite(folder), list[Row]()
    at = webhook(Intake(db, BOT_ID, heard.extend), SECRET)
    app = build([web.post("/telegram", at)], Health)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with ClientSession() as session:
            yield Door(f"http://127.0.0.1:{runner.addresses[0][1]}/telegram", db, heard, session)
    finally:
        await runner.cleanup()
        await db.close()


async def test_an_update_is_kept_once_however_often_it_is_posted(tmp_path: Path) -> None:
    async with door(tmp_path) as at:
        assert [await at.post(UPDATE) for _ in range(3)] == [200, 200, 200]
        assert await at.kept() == [5]
        assert [row[:2] for row in at.heard] == [(5, 7)]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "ünïcode"])
async def test_without_the_secret_nothing_is_kept(tmp_path: Path, secret: str) -> None:
    async with door(tmp_path) as at:
        assert await at.post(UPDATE, secret) == 403
        assert await at.kept() == []


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"null", b'{"update_id": "x"}', b"\xff"])
async def test_what_is_no_update_is_answered_200_so_that_it_is_not_sent_for_a_day(
    tmp_path: Path, body: bytes
) -> None:
    async with door(tmp_path) as at:
        assert await at.post(body) == 200
        assert await at.kept() == []


async def test_a_body_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    async with door(tmp_path) as at:
        assert await at.post(b" " * (MAX_BODY_BYTES + 1)) == 413
        assert await at.post(UPDATE + b" " * (MAX_BODY_BYTES - len(UPDATE))) == 200
        assert await at.kept() == [5]


async def test_a_refusing_database_makes_telegram_try_again(tmp_path: Path) -> None:
    async with door(tmp_path) as at:
        at.db.write, honest = refusing, at.db.write  # type: ignore[method-assign]
        assert await at.post(UPDATE) == 503
        at.db.write = honest  # type: ignore[method-assign]
        assert await at.post(UPDATE) == 200
        assert await at.kept() == [5]


async def test_telegram_posts_in_order_what_people_write(tmp_path: Path) -> None:
    async with telegram() as tg, door(tmp_path) as at, make_bot(TOKEN, tg.url) as bot:
        await receive_by_webhook(bot, at.url, SECRET)
        ann = await ann_of(tg)
        for n in range(20):
            await ann.sends(f"{n}")
        await eventually(lambda: len(at.heard) == 21)

        assert [u["message"]["text"] for _, _, u in at.heard[1:]] == [f"{n}" for n in range(20)]
        assert "drop_pending_updates" not in tg.calls_of("setWebhook")[0].params


def test_a_webhook_without_a_secret_is_not_opened(tmp_path: Path) -> None:
    async def begin() -> None:
        db = await sqlite(tmp_path)
        try:
            webhook(Intake(db, BOT_ID, lambda _: None), "")
        finally:
            await db.close()

    with pytest.raises(ValueError, match="secret"):
        asyncio.run(begin())
