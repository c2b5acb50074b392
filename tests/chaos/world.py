"""Bots among emulated systems: whoever lives there, and what is known of it from outside."""

import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.demo.openpai import OpenPaiEmulator
from bot.demo.openpai.lab.hardware import Hardware, Node, Sku
from bot.demo.telegram import Group, Person, TelegramEmulator
from bot.domain.people import Token
from db import Database, UnitOfWork
from tests import databases
from tests.chaos.process import BotProcess
from tests.servers import free_port

T = TypeVar("T")

BOT_TOKEN = "7000001:Chaos-token-0123456789abcdefghijklmno"
WEBHOOK_SECRET = "chaos-webhook-secret-0123456789"
ANY_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}")
MISTAKES = (
    "Traceback",
    "handler failed",
    "a loop died",
    "a loop ended",
    "work failed",
    "a tick failed",
    "uncaught",
    "put aside",
    "cannot be written down",
    "Telegram refuses a message for good",
    "Warning:",
)


def large_lab(gpus: int = 400) -> Hardware:
    """One machine on which everything fits at once."""
    sku = Sku("V100", 1, 6, 57344)
    node = Node("worker-gpu-1", "127.0.10.1", sku, gpus)
    return Hardware(nodes={node.name: node}, shares={"default": {node.name: gpus}})


class World:
    """Emulated Telegram and OpenPAI in this process, the bot's database, and the bots that use them.

    OpenPAI's clock may be wrong by `skew_seconds`; its jobs live at `speed`.
    """

    def __init__(
        self, folder: Path, *, speed: float = 5.0, skew_seconds: float = 0.0, database: str = ""
    ) -> None:
        self.folder = folder
        self.tg = TelegramEmulator(BOT_TOKEN)
        self.pai = OpenPaiEmulator(
            speed, hardware=large_lab(), clock=lambda: time.time() + skew_seconds
        )
        self.database_url = database or databases.sqlite_url(folder)
        self.bots: list[BotProcess] = []
        self.passwords: dict[str, str] = {}
        self._tokens: set[str] = set()
        self._service = ""

    async def start(self) -> None:
        await Database(self.database_url, [databases.KEY]).migrate()
        await self.tg.start(port=free_port())
        await self.pai.start(port=free_port(), rest_port=free_port())
        self._service = self._token("service-account")

    async def end(self) -> None:
        for bot in self.bots:
            if bot.running:
                await bot.kill()
        with suppress(OSError):
            await self.pai.stop()
        await self.tg.stop()

    # People

    def person(self, name: str, language: str = "en") -> Person:
        """Somebody with Telegram and an OpenPAI account, not linked; she wrote to the bot once."""
        username = name.lower()
        self.passwords[username] = f"{username}-Pass/word-1234"
        self.pai.user(username, self.passwords[username])
        return self.tg.person(name, username=username, language=language)

    async def members(self, *names: str, language: str = "en") -> list[Person]:
        """People who linked their accounts at some time before the bot is started."""
        people = [self.person(name, language) for name in names]
        now = datetime.now(UTC)
        tokens = {one.id: self._token(one.user.username) for one in people}

        def settle(uow: UnitOfWork) -> None:
            for one in people:
                user = one.user.username
                uow.people.meet(one.id, one.name, user, language, now, started=True)
                uow.people.link(one.id, user, now)
                uow.credentials.put(one.id, Token("openpai", user, tokens[one.id]), now)

        await self.in_database(lambda db: db.write(settle))
        for one in people:
            self.tg.telegram.state.chats[one.id].started = True
        return people

    async def looked_before(self) -> None:
        """The bot looked at the cluster a moment ago: what comes now is news."""
        now = datetime.now(UTC)
        await self.in_database(
            lambda db: db.write(lambda uow: uow.meta.set_time("watch.last", now))
        )

    async def allowed_group(self, title: str, people: Sequence[Person], **more: Any) -> Group:
        group = self.tg.group(title, members=people, **more)
        now = datetime.now(UTC)

        def allow(uow: UnitOfWork) -> None:
            uow.chats.allow(group.id, title, people[0].id, now)

        await self.in_database(lambda db: db.write(allow))
        return group

    def _token(self, user: str) -> str:
        self.pai.user(user, self.passwords.setdefault(user, f"{user}-Pass/word-1234"))
        token = self.pai.token(user)
        self._tokens.add(token)
        return token

    # The bot

    def environ(self, **more: str) -> dict[str, str]:
        """`PAILOT_` settings as the environment holds them, small and quick."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONWARNINGS": "default",
            "PAILOT_TELEGRAM__TOKEN": self.tg.token,
            "PAILOT_TELEGRAM__API_URL": self.tg.url,
            "PAILOT_OPENPAI__URL": self.pai.url,
            "PAILOT_OPENPAI__TOKEN": self._service,
            "PAILOT_OPENPAI__POLL_SECONDS": "0.4",
            "PAILOT_DATABASE__URL": self.database_url,
            "PAILOT_SECRETS__KEYS": databases.KEY,
            "PAILOT_WEB__PORT": "0",
            # Nobody answers there: a test asks no registry outside.
            "PAILOT_REGISTRIES": '[{"name":"hub","url":"http://127.0.0.1:9","mirror_of":"docker.io"}]',
            "PAILOT_SITE__LANGUAGE": "en",
            "PAILOT_JOBS__IMAGE": "registry.example.edu/lab/torch:1.13",
            **more,
        }

    def bot(self, name: str = "bot", **more: str) -> BotProcess:
        """A bot, not started yet."""
        bot = BotProcess(self.folder, self.environ(**more), name)
        self.bots.append(bot)
        return bot

    async def running(self, name: str = "bot", **more: str) -> BotProcess:
        bot = self.bot(name, **more)
        await bot.start()
        await bot.is_ready()
        return bot

    # Looking

    @property
    def database_file(self) -> Path:
        """Of a bot on SQLite."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    async def in_database(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Asks the bot's database, whether or not the bot runs."""
        db = Database(self.database_url, [databases.KEY])
        await db.open()
        try:
            return await work(db)
        finally:
            await db.close()

    async def everything_is_noted(self, within: float = 20.0) -> None:
        """Until nothing is owed and nothing waits: a death after that repeats nothing."""

        def open_ends(uow: UnitOfWork) -> int:
            return uow.outbox.backlog().total + uow.inbox.waiting(self.tg.telegram.state.bot.id)[0]

        deadline = time.monotonic() + within
        while await self.in_database(lambda db: db.read(open_ends)):
            assert time.monotonic() < deadline, "something is still owed"

    def heard(self, chat: int) -> list[str]:
        """The bot's messages of a chat as they stand now, oldest first."""
        tg = self.tg.telegram
        return [
            message.text
            for message in tg.state.messages[chat].values()
            if message.sender_id == tg.state.bot.id and message.service is None
        ]

    def secrets(self) -> list[str]:
        """What must never be seen in any output."""
        found = {self.tg.token.partition(":")[2], databases.KEY, WEBHOOK_SECRET}
        found |= set(self.passwords.values()) | self._tokens
        for user in self.passwords:
            found |= set(self.pai.tokens(user))
        return sorted(found)

    def leaks(self) -> list[str]:
        """Secrets that stand in what the bots said, or in clear in what they wrote, and where."""
        written = {path.name: path.read_text("latin-1") for path in self.folder.glob("*.db*")}
        written |= {bot.name: bot.output for bot in self.bots}
        return [
            f"{name}: {secret[:12]}…"
            for name, words in written.items()
            for secret in [*self.secrets(), *ANY_TOKEN.findall(words)]
            if secret in words
        ]

    def troubles(self) -> list[str]:
        """Lines about our own mistakes: no fault of other systems may lead to one."""
        return [
            line
            for bot in self.bots
            for line in bot.output.splitlines()
            if any(sign in line for sign in MISTAKES)
        ]


@asynccontextmanager
async def living(world: World) -> AsyncIterator[World]:
    """Started and ended; then nobody may have told a secret, used Telegram wrongly, or made a mistake."""
    await world.start()
    try:
        yield world
    finally:
        await world.end()
    assert not world.leaks()
    assert not world.tg.oddities
    assert not (troubles := world.troubles()), "\n".join(troubles)
