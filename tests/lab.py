"""A whole lab for one test: both emulated systems, the real bot between them, and the people who use it."""

import functools
import io
import json
import logging
import re
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from bot import app, logs
from bot.app import Running
from bot.demo.openpai import Job, OpenPaiEmulator, Outcome, Trains
from bot.demo.telegram import CallbackAnswer, Group, Message, Person, TelegramEmulator
from bot.domain.people import Token
from bot.i18n import Catalogue
from bot.redaction import Redactor
from bot.settings import load
from tests import databases, polling
from tests.servers import free_port

BOT_TOKEN = "7000001:TEST-token-abcdefghijklmnopqrstuvwxyz"
SPEED = 20.0
IMAGE = "openpai/standard:python_3.6-pytorch_1.2.0-gpu"

_ALERT = re.compile("[▶️✅❌⏹🔁]+ (Running|Succeeded|Failed|Stopped|开始运行|成功|失败|已停止)[:：]")

# All labs of a process say the same texts: read anew they would be a sixth of each start.
Catalogue.load = functools.cache(Catalogue.load)  # type: ignore[method-assign] # itself, remembered

_redactor = functools.cache(lambda token: Redactor([token, databases.KEY]))


@dataclass
class Clock:
    """The time of everybody in the lab, which a test may push forward."""

    ahead_seconds: float = 0.0
    stopped_at: float | None = None

    def seconds(self) -> float:
        now = time.time() if self.stopped_at is None else self.stopped_at
        return now + self.ahead_seconds

    def stops(self) -> None:
        """From now on all happens in one moment: for what is said once a day, at midnight too."""
        self.stopped_at = time.time()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def passes(self, **amount: float) -> None:
        self.ahead_seconds += timedelta(**amount).total_seconds()


@dataclass
class Lab:
    """`tg` and `pai` are the emulators, `bot` the running application."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    log: io.StringIO = field(default_factory=io.StringIO)
    forgiven: set[str] = field(default_factory=set)
    """Words of log lines that this test brings about on purpose."""
    tg: TelegramEmulator = field(init=False)
    pai: OpenPaiEmulator = field(init=False)
    admin_ids: list[int] = field(default_factory=list)
    _running: Running | None = None
    _stack: AsyncExitStack | None = None

    def __post_init__(self) -> None:
        self.tg = TelegramEmulator(BOT_TOKEN, clock=self.clock.seconds)
        self.pai = OpenPaiEmulator(SPEED, clock=self.clock.seconds)

    @property
    def bot(self) -> Running:
        assert self._running is not None, "the bot is not running"
        return self._running

    async def start(self) -> None:
        """The bot, between systems that run already; again after `stop` it is a restart."""
        said = {
            "PAILOT_TELEGRAM__TOKEN": self.tg.token,
            "PAILOT_TELEGRAM__API_URL": self.tg.url,
            "PAILOT_TELEGRAM__ADMINS": json.dumps(self.admin_ids),
            "PAILOT_OPENPAI__URL": self.pai.url,
            "PAILOT_OPENPAI__POLL_SECONDS": "0.3s",
            "PAILOT_SECRETS__KEYS": databases.KEY,
            "PAILOT_DATABASE__URL": databases.sqlite_url(self.folder),
            "PAILOT_WEB__PORT": "0",
            # Nobody answers there: a test asks no registry outside.
            "PAILOT_REGISTRIES": '[{"name":"hub","url":"http://127.0.0.1:9","mirror_of":"docker.io"}]',
        }
        settings = load(environ=said | self.environ, cwd=self.folder)
        self._stack = AsyncExitStack()
        self._running = await self._stack.enter_async_context(
            app.running(settings, redact=self.redact, clock=self.clock.now)
        )
        await polling.until(self.bot.ready.is_set)

    async def stop(self) -> None:
        if self._stack is not None:
            stack, self._stack, self._running = self._stack, None, None
            await stack.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def redact(self, words: str) -> str:
        return _redactor(self.tg.token)(words)

    def lines(self) -> list[dict[str, Any]]:
        """What was logged so far."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    def complaints(self) -> list[str]:
        """What must not happen in a good conversation: errors, and messages sent otherwise than written."""
        bad = [
            json.dumps(line, ensure_ascii=False)
            for line in self.lines()
            if line["level"] in {"error", "critical"} or "can't parse" in line.get("why", "")
        ]
        bad += [f"Telegram ignored: {oddity}" for oddity in self.tg.oddities]
        return [line for line in bad if not any(words in line for words in self.forgiven)]

    # People

    async def stranger(self, name: str = "Stan Doe", language: str = "en") -> "Somebody":
        """Somebody with a Telegram account, of whom the bot has never heard."""
        one = self.tg.person(name, username=name.split(maxsplit=1)[0].lower(), language=language)
        return Somebody(self, one, language="zh" if language.startswith("zh") else "en")

    async def admin(self, name: str = "Ada Min", language: str = "en") -> "Somebody":
        """An admin by the settings; to be made before the bot is started."""
        assert self._running is None, "admins stand in the settings"
        somebody = await self.stranger(name, language)
        self.admin_ids.append(somebody.id)
        return somebody

    async def member(self, user: str, name: str, language: str, **account: Any) -> "Somebody":
        """Somebody who has linked an OpenPAI account, and opened the private chat, before."""
        self.pai.user(user, f"{user}-password", **account)
        somebody = await self.stranger(name, language)
        await somebody.is_linked_to(user)
        return somebody

    async def group(self, title: str, *people: "Somebody", **kinds: Any) -> Group:
        """A group that an admin allowed."""
        group = self.tg.group(title, members=[one.tg for one in people], **kinds)
        now = self.clock.now()
        await self.bot.db.write(lambda uow: uow.chats.allow(group.id, title, 0, now))
        return group

    # What time brings

    async def looks(self) -> None:
        """The watcher takes a look, and what it owes is sent at once."""
        await self.bot.watcher.tick()

    async def sleeps(self, **amount: float) -> None:
        """The bot is away for so long, and comes back. (Under a running bot its leases would run out.)"""
        await self.stop()
        self.clock.passes(**amount)
        await self.start()

    async def recovers(self) -> None:
        """The clock comes round to submissions whose answer was lost half a minute ago."""
        await self.sleeps(seconds=31)
        await self.bot.services.submitting.recover()


@dataclass
class Somebody:
    """A person in front of their phone."""

    lab: Lab
    tg: Person
    language: str
    user: str = ""

    @property
    def id(self) -> int:
        return self.tg.id

    @property
    def name(self) -> str:
        return self.tg.name

    async def is_linked_to(self, user: str) -> None:
        token = Token("openpai", user, self.lab.pai.token(user))
        now = self.lab.clock.now()
        one, code = self.tg.user, self.tg.user.language_code

        def link(uow: Any) -> None:
            uow.people.meet(one.id, one.name, one.username, code, now, started=True)
            uow.people.link(one.id, user, now)
            uow.credentials.put(one.id, token, now)

        await self.lab.bot.db.write(link)
        # The emulated time runs faster than ours, which only matters to the first look after a link.
        await self.lab.looks()
        self.tg.stage.tg.state.chats[self.id].started = True
        self.user = user

    async def says(
        self, text: str, chat: Group | None = None, topic: int | None = None, **more: Any
    ) -> Message:
        """Writes, and waits for nothing; returns the person's own message."""
        return await self.tg.sends(text, chat, topic, **more)

    async def asks(
        self, text: str, chat: Group | None = None, topic: int | None = None, within: float = 20
    ) -> Message:
        """Writes, and returns what the bot says or edits next in the same chat, alerts left out."""
        self.tg.forgets()
        await self.tg.sends(text, chat, topic)
        return await self.answer(within, chat or self._home())

    async def sends_file(self, name: str, content: bytes, caption: str = "") -> Message:
        self.tg.forgets()
        await self.tg.sends_document(name, content, caption)
        return await self.answer()

    async def hears(self, words: str, within: float = 20, chat: Group | None = None) -> Message:
        return await self.tg.hears(words, within, chat)

    async def hears_nothing(self, within: float = 0.4, chat: Group | None = None) -> None:
        await self.tg.hears_nothing(within, chat)

    async def presses(self, label: str, on: Message) -> Message:
        """Presses, and returns what the bot says or edits next, in whichever chat."""
        self.tg.forgets()
        await self.tg.presses(label, on)
        return await self.answer()

    async def answer(self, within: float = 20, chat: Group | None = None) -> Message:
        """The next thing that is no alert: those come between when they come, and stay unheard."""

        def found() -> Message | None:
            for one in ears.unheard(self.id, chat and chat.id, new_only=True):
                if not _ALERT.match(one.message.text):
                    one.heard_by.add(self.id)
                    return one.message
            return None

        ears = self.tg.stage.ears
        return await ears.wait_until(found, within) or await self.tg.hears("", 0, chat)

    async def taps(self, label: str, on: Message) -> CallbackAnswer:
        """Presses, and returns what is shown over the chat for it."""
        return await self.tg.presses(label, on)

    def said(self, chat: Group | None = None) -> list[str]:
        """Everything the bot has said here, as it stands now."""
        return [message.text for message in self.tg.messages(chat)]

    async def submits(self, line: str, cluster: Outcome | None = None, name: str = "") -> Job:
        """`/run now …`; the emulated cluster lets the job become what `cluster` says."""
        name = name or f"job-{len(self.lab.pai.jobs())}"
        self.lab.pai.plan(f"~{name}", cluster or Trains())
        await self.says(f"/run now name={name} {line.removeprefix('/run ')}")
        await self.hears("已提交" if self.language == "zh" else "Submitted")
        return self.lab.pai.job(self.user, name)

    def _home(self) -> Group:
        """The private chat, to listen there only."""
        return Group(self.tg.stage, self.tg.stage.tg.state.chats[self.id])


def uncached() -> None:
    """A logger that kept its processors could not be listened to by a later test of this process."""
    structlog.configure(cache_logger_on_first_use=False)


@contextmanager
def logged(stream: io.StringIO, lab: Lab) -> Iterator[None]:
    """Logging set up as in production, into a buffer, and put back afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook
    levels = {name: logging.getLogger(name).level for name in logs._TALKATIVE}
    logs.set_up(lab.redact, form="json", stream=stream)
    uncached()
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.handlers, root.level = before[0], before[1]
        sys.excepthook, threading.excepthook, sys.unraisablehook = before[2:]
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Lab]:
    """A lab whose bot is not started yet; in the end nothing may have gone wrong unnoticed."""
    lab = Lab(folder)
    with logged(lab.log, lab):
        # Ports of our own: one that is given up for a moment would be somebody else's by then.
        await lab.tg.start(port=free_port())
        await lab.pai.start(port=free_port(), rest_port=free_port())
        try:
            yield lab
        finally:
            await lab.stop()
            await lab.tg.stop()
            await lab.pai.stop()
    complaints = lab.complaints()
    assert not complaints, "\n".join(complaints)
