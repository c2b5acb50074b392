"""A sender at work between a real database and the emulated Telegram."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from telegram import Bot

from bot.chat import markup
from bot.chat.exchange.delivery import Delivery
from bot.chat.exchange.rendering import Renderer
from bot.chat.exchange.request import make_bot
from bot.chat.exchange.sender import Sender
from bot.demo.telegram import TelegramEmulator
from bot.demo.telegram.people.actors import Group, Person
from bot.domain.errors import NotFound
from bot.domain.messages import Owed
from bot.domain.text import Text, text
from db import Database, DatabaseRefused
from tests.databases import sqlite
from tests.servers import free_port

TOKEN = "7000001:TEST-token-for-tests-only-abcdefghij"
_numbers = count(1)


async def eventually(true: Callable[[], Any], within: float = 20.0) -> None:
    """Waits for something to become true; what it was is in the traceback."""
    deadline = asyncio.get_running_loop().time() + within
    while not true():
        assert asyncio.get_running_loop().time() < deadline, "it did not come true in time"
        await asyncio.sleep(0.005)


def line(words: str) -> Text:
    return text("line", words=words)


def html(words: str) -> Text:
    """Goes out as it is, broken or not."""
    return text("html", words=words)


def render(words: Text, language: str) -> str:
    said = str(words.args.get("words", words.key))
    return said if words.key == "html" else markup.escape(said)


def owed(chat: int | Person | Group, *words: str | Text, **changes: Any) -> Owed:
    number = chat if isinstance(chat, int) else chat.id
    lines = tuple(line(w) if isinstance(w, str) else w for w in words)
    return Owed(changes.pop("once", f"o{next(_numbers)}"), number, lines, **changes)


async def _log_file(recipe: tuple[str, ...]) -> bytes:
    if recipe[0] == "gone":
        raise NotFound("log", recipe[1])
    return f"log of {recipe[1]}".encode()


@dataclass(slots=True)
class Office:
    tg: TelegramEmulator
    db: Database
    bot: Bot
    sender: Sender
    sizes: list[int] = field(default_factory=list)

    async def owes(self, *messages: Owed, hand_over: bool = True) -> list[int]:
        """Commits them and hands them over (or only wakes the sender); their rows."""
        now = datetime.now(UTC)
        dues = await self.db.write(
            lambda uow: [due for m in messages if (due := uow.outbox.owe(m, now, hand_over=True))]
        )
        if hand_over:
            self.sender.hand_over(dues)
        else:
            self.sender.wake()
        return [due.id for due in dues]

    async def rows(self) -> dict[int, tuple[str, int | None, str]]:
        """Of the whole outbox: state, message and error by id."""
        query = "SELECT id, state, sent_message, error FROM outbox ORDER BY id"
        found = await self.db.read(lambda uow: uow.transaction.core.exec_driver_sql(query).all())
        return {row[0]: (row[1], row[2], row[3]) for row in found}

    async def settled(self, within: float = 20.0) -> None:
        """Until nothing is due any more."""
        deadline = asyncio.get_running_loop().time() + within
        while any(state == "due" for state, _, _ in (await self.rows()).values()):
            assert asyncio.get_running_loop().time() < deadline, await self.rows()
            await asyncio.sleep(0.01)

    def texts(self, chat: Person | Group | int) -> list[str]:
        """What the bot's messages in that chat say now, in order."""
        number = chat if isinstance(chat, int) else chat.id
        state = self.tg.telegram.state
        return [
            message.text
            for _, message in sorted(state.messages[number].items())
            if message.sender_id == state.bot.id
        ]


@asynccontextmanager
async def telegram(**options: Any) -> AsyncIterator[TelegramEmulator]:
    tg = TelegramEmulator(token=TOKEN, **options)
    await tg.start(port=free_port())
    try:
        yield tg
        assert tg.oddities == [], "the bot sends something Telegram does not know"
    finally:
        await tg.stop()


@asynccontextmanager
async def sending(sender: Sender) -> AsyncIterator[asyncio.Event]:
    """The sender runs; the stop comes at the end, if not before."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        try:
            yield stop
        finally:
            stop.set()


@asynccontextmanager
async def office(
    folder: Path, *, run: bool = True, flood: bool = False, **options: Any
) -> AsyncIterator[Office]:
    async with telegram(flood=flood) as tg, make_bot(TOKEN, tg.url) as bot:
        db = await sqlite(folder)
        try:
            place = Office(tg, db, bot, make_sender(db, bot, **options))
            if run:
                async with sending(place.sender):
                    yield place
            else:
                yield place
        finally:
            await db.close()


def make_sender(db: Database, bot: Bot, **options: Any) -> Sender:
    renderer = Renderer(render, lambda words, _: words.key)
    return Sender(db, Delivery(bot._post, renderer, _log_file), **options)


async def ann_of(place: Any) -> Person:
    """Somebody the bot may write to; of an emulator, or of something that has one."""
    ann: Person = getattr(place, "tg", place).person("Ann")
    await ann.starts()
    return ann


async def refusing(_work: Any, **_: Any) -> Any:
    """A `Database.write` whose disk is full."""
    raise DatabaseRefused("no space left on device")
