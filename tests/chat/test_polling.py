"""Updates are on disk before Telegram forgets them, and the poller never gives up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chat.exchange.intake import Intake, Row
from bot.chat.exchange.polling import Poller, introduce, receive_by_webhook
from bot.chat.exchange.request import AiohttpRequest, make_bot
from bot.demo.telegram import TelegramEmulator
from bot.lease import Lease
from db import Database
from tests.chat.office import TOKEN, ann_of, eventually, refusing, telegram
from tests.databases import sqlite

BOT_ID = int(TOKEN.partition(":")[0])


@dataclass(slots=True)
class Post:
    """Where updates arrive."""

    tg: TelegramEmulator
    db: Database
    poller: Poller
    heard: list[Row] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, _, update in self.heard if "message" in update]


@asynccontextmanager
async def post_box(tg: TelegramEmulator, folder: Path, **options: Any) -> AsyncIterator[Post]:
    db = await sqlite(folder)
    heard: list[Row] = []
    intake = Intake(db, BOT_ID, heard.extend)
    options.setdefault("longest_pause_seconds", 0.2)
    try:
        async with make_bot(TOKEN, tg.url) as bot:
            poller = Poller(bot, AiohttpRequest(connections=4), intake, **options)
            yield Post(tg, db, poller, heard)
    finally:
        await db.close()


@asynccontextmanager
async def running(poller: Poller) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(poller.run())
        try:
            yield
        finally:
            task.cancel()


@asynccontextmanager
async def polling(folder: Path, **options: Any) -> AsyncIterator[Post]:
    async with telegram() as tg, post_box(tg, folder, **options) as post, running(post.poller):
        yield post


async def waiting(db: Database) -> list[tuple[int, int]]:
    rows = await db.read(lambda uow: uow.inbox.pending(BOT_ID, None, 1000))
    return [(row.lane, row.update_id) for row in rows]


async def test_an_update_is_in_the_inbox_before_it_is_fed_and_confirmed(tmp_path: Path) -> None:
    async with polling(tmp_path) as post:
        ann = await ann_of(post)
        await ann.sends("/jobs")
        await eventually(lambda: "/jobs" in post.texts)
        stored = await waiting(post.db)
        await eventually(lambda: not post.tg.telegram.state.pending)

        assert stored == [(ann.id, number) for number, _, _ in post.heard]


async def test_what_was_accepted_by_a_process_that_died_is_not_fed_again(tmp_path: Path) -> None:
    async with telegram() as tg:
        async with post_box(tg, tmp_path) as post, running(post.poller):
            ann = await ann_of(post)
            await eventually(lambda: len(post.heard) == 1)
        async with post_box(tg, tmp_path) as again, running(again.poller):
            await ann.sends("second")
            await eventually(lambda: "second" in again.texts)

            assert again.texts == ["second"]
            assert len(await waiting(again.db)) == 2


async def test_nothing_is_confirmed_while_the_database_refuses(tmp_path: Path) -> None:
    async with polling(tmp_path) as post:
        post.db.write, honest = refusing, post.db.write  # type: ignore[method-assign]
        await ann_of(post)
        with capture_logs() as logs:
            await eventually(lambda: any("refused" in log["event"] for log in logs))
        assert post.heard == []
        post.db.write = honest  # type: ignore[method-assign]
        await eventually(lambda: post.texts == ["/start"])


async def test_only_updates_that_are_used_are_asked_for_and_none_is_dropped_at_the_start(
    tmp_path: Path,
) -> None:
    async with telegram() as tg, post_box(tg, tmp_path) as post:
        ann = await ann_of(post)
        await ann.sends("sent while the bot was down")
        async with running(post.poller):
            await eventually(lambda: len(post.texts) == 2)
        gone = tg.calls_of("deleteWebhook")[0].params
        asked = tg.calls_of("getUpdates")[0].params["allowed_updates"]

        assert "drop_pending_updates" not in gone
        assert set(asked) == {"message", "edited_message", "callback_query", "my_chat_member"}


async def test_whether_telegram_answers_is_known_before_anybody_writes(tmp_path: Path) -> None:
    """A poll that waits for updates says so only half a minute later, and `/readyz` as late."""
    async with polling(tmp_path) as post:
        await eventually(lambda: post.poller.last_good_poll is not None, within=15)


@pytest.mark.parametrize("trouble", ["html", "500", "429", "cut", "mid-poll", "away"])
async def test_polling_goes_on_after_trouble(tmp_path: Path, trouble: str) -> None:
    async with polling(tmp_path) as post:
        ann = await ann_of(post)
        await eventually(lambda: post.texts)
        faults = post.tg.faults
        match trouble:
            case "html":
                faults.bad_gateway("getUpdates", times=2)
            case "500":
                faults.answer("getUpdates", 500)
            case "429":
                faults.answer("getUpdates", 429, retry_after=1)
            case "cut":
                faults.cut_after("getUpdates")
            case "mid-poll":
                faults.cut_polls()
            case _:
                faults.away(0.3)
        await ann.sends("one")
        await eventually(lambda: "one" in post.texts)
        await ann.sends("two")
        await eventually(lambda: "two" in post.texts)

        assert post.texts == ["/start", "one", "two"]


async def test_a_refused_token_is_said_in_one_line_and_tried_again(tmp_path: Path) -> None:
    async with polling(tmp_path) as post:
        ann = await ann_of(post)
        await eventually(lambda: post.texts)
        with capture_logs() as logs:
            post.tg.faults.answer("getUpdates", 401, times=3, description="Unauthorized")
            await ann.sends("one")  # wakes the long poll
            await eventually(lambda: post.tg.faults.used["getUpdates"] >= 3)
            await ann.sends("two")
            await eventually(lambda: "two" in post.texts)

        errors = [log for log in logs if log["log_level"] == "error"]
        assert len(errors) == 1
        assert "telegram.token" in errors[0]["event"]
        assert TOKEN.partition(":")[2] not in str(logs)


async def test_another_poller_is_named_in_one_line(tmp_path: Path) -> None:
    conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    async with polling(tmp_path) as post:
        ann = await ann_of(post)
        await eventually(lambda: post.texts)
        with capture_logs() as logs:
            post.tg.faults.answer("getUpdates", 409, times=3, description=conflict)
            await ann.sends("one")
            await eventually(lambda: post.tg.faults.used["getUpdates"] >= 3)
            await ann.sends("two")
            await eventually(lambda: "two" in post.texts)

        errors = [log for log in logs if log["log_level"] == "error"]
        assert len(errors) == 1
        assert "another instance" in errors[0]["event"]
        assert errors[0]["bot"] == str(BOT_ID)


async def test_a_webhook_left_behind_is_taken_away(tmp_path: Path) -> None:
    async with polling(tmp_path) as post:
        await ann_of(post)
        await eventually(lambda: post.texts)
        await receive_by_webhook(post.poller._bot, "https://bot.example.edu/telegram", "s3cret")
        bob = post.tg.person("Bob")
        await bob.starts()
        await eventually(lambda: len(post.texts) == 2)


async def test_without_a_good_poll_for_too_long_the_connections_are_made_anew(
    tmp_path: Path,
) -> None:
    async with polling(tmp_path, watchdog_seconds=1.5, poll_seconds=1) as post:
        ann = await ann_of(post)
        session = post.poller._request._session
        post.tg.faults.away(hang=True)
        await eventually(lambda: post.poller._request._session is not session)
        post.tg.faults.back()
        await ann.sends("hello")
        await eventually(lambda: "hello" in post.texts)

        assert post.poller.last_good_poll is not None


async def test_a_second_poller_waits_until_the_first_lets_go(tmp_path: Path) -> None:
    async with telegram() as tg, post_box(tg, tmp_path) as first, post_box(tg, tmp_path) as second:
        leases = [Lease(post.db, "poller", f"test-{n}", seconds=5)
                  for n, post in enumerate((first, second))]  # fmt: skip
        for post, lease in zip((first, second), leases, strict=True):
            post.poller._lease = lease
        async with running(first.poller):
            await eventually(lambda: leases[0].held)
            with capture_logs() as logs:
                async with running(second.poller):
                    ann = await ann_of(first)
                    await eventually(lambda: first.texts)
                    await eventually(lambda: logs)
                    assert second.heard == []
            assert [log["lease"] for log in logs] == ["poller"]
        async with running(second.poller):
            await ann.sends("for the second")
            await eventually(lambda: second.texts == ["for the second"])

        assert not [call for call in tg.calls_of("getUpdates") if call.status == 409]


async def test_the_start_waits_for_telegram_however_long_it_is_away(unused_tcp_port: int) -> None:
    tg = TelegramEmulator(token=TOKEN)
    bot = make_bot(TOKEN, f"http://127.0.0.1:{unused_tcp_port}")
    with capture_logs() as logs:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(introduce(bot))
            await asyncio.sleep(0.2)
            assert not task.done()
            await tg.start(port=unused_tcp_port)
            await asyncio.wait_for(task, 20)
    await bot.shutdown()
    await tg.stop()

    assert bot.username == "pailot_bot"
    assert [log["log_level"] for log in logs] == ["warning", "info"]
