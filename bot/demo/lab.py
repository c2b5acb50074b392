"""The embedded lab: both emulators, the people, and what a bot needs to know to live in it."""

import asyncio
import base64
import errno
import json
import os
import secrets
import socket
import time
from collections.abc import Callable
from pathlib import Path

from bot.demo.breakages import Repairs, Systems
from bot.demo.cast import (
    ADMIN,
    BOT_NAME,
    BOT_USERNAME,
    EVERYBODY,
    GROUP_TITLE,
    OTHERS,
    SECOND,
    STUDENT,
    TALK,
    TOPIC,
    Role,
)
from bot.demo.controls import Controls
from bot.demo.folder import Folder, LabError
from bot.demo.harbor import ImagesLab
from bot.demo.openpai import OpenPaiEmulator
from bot.demo.openpai.story import Story
from bot.demo.scene import Scene
from bot.demo.storage import StorageEmulator
from bot.demo.telegram import Person, TelegramEmulator
from bot.demo.tour import Tour
from bot.demo.words import Language, language_of
from bot.demo.zone import zone_here

__all__ = ["Lab", "LabError"]

BOT_ID = 7_000_001
SERVICE_USER = "pailot"
IMAGE = "openpai/standard:python_3.6-pytorch_1.2.0-gpu"
START_SPEED = 5.0
POLL_SECONDS = 2
LOOK_SECONDS = 0.5
RESET_PAUSE_SECONDS = 0.3


class Lab:
    """One lab in one folder, on one chat port; the same task starts and stops it.

    The bot is not part of it: whoever runs the demo starts it with `settings_environ()`, and when
    `reset_asked()` returns, stops the bot, calls `reset()`, and starts it again. `clock` gives unix
    seconds; the cluster's own time begins there and runs `speed` times as fast.
    """

    tg: TelegramEmulator
    pai: OpenPaiEmulator
    storage: StorageEmulator
    images: ImagesLab
    scene: Scene
    tour: Tour
    repairs: Repairs

    def __init__(
        self,
        data: Path,
        chat_port: int = 8080,
        *,
        host: str = "127.0.0.1",
        language: Language | None = None,
        zone: str | None = None,
        speed: float = START_SPEED,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = Folder(data)
        self._chat_port = chat_port
        self._host = host
        self._web_port = 0
        self._language: Language = language or language_of(os.environ.get("LANG", ""))
        self._asks_visitor = language is None
        self.zone = zone or zone_here()
        self._start_speed = speed
        self._clock = clock
        self._reset_asked = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._stirred = True
        self._calls = 0
        self.born = ""

    # Running

    async def start(self) -> None:
        """LabError, with nothing left behind, when the port or the folder can't be had."""
        self._folder.take()
        try:
            await self._open()
        except OSError as error:
            self._folder.release()
            if error.errno == errno.EADDRINUSE:
                raise LabError(
                    f"port {self._chat_port} is taken by another program; "
                    "stop it, or use --port with another number"
                ) from None
            raise LabError(f"the lab can't start: {error.strerror or error}") from None
        except BaseException:
            self._folder.release()
            raise

    async def stop(self) -> None:
        await self._close()
        self._folder.release()

    async def reset_asked(self) -> None:
        """Returns when the visitor wants to start over, after the page got its answer."""
        await self._reset_asked.wait()
        await asyncio.sleep(RESET_PAUSE_SECONDS)

    def ask_reset(self) -> None:
        self._reset_asked.set()

    async def reset(self) -> None:
        """Forgets everything, the bot's database too (stop the bot first), on the same ports."""
        chat_port, web_port = self.tg.url.rpartition(":")[2], self._web_port
        await self._close()
        self._folder.empty()
        self._chat_port, self._web_port = int(chat_port), web_port
        await self._open()

    async def _open(self) -> None:
        self._reset_asked.clear()
        self.born = secrets.token_hex(4)
        state = self._folder.path / "telegram.json"
        new = not state.exists()
        self.tg = TelegramEmulator(
            self._folder.kept("bot-token", make_bot_token),
            flood=True,
            state=state,
            clock=self._clock,
            name=BOT_NAME,
            username=BOT_USERNAME,
        )
        self.tg.mount(Controls(self).routes())
        self.pai = OpenPaiEmulator(
            self._start_speed, state=self._folder.path / "openpai.json", clock=self._clock
        )
        self.storage = StorageEmulator(
            self._folder.path / "storage",
            self._folder.kept("storage-password", make_password),
            host_key=self._folder.kept("storage-host-key", StorageEmulator.make_host_key),
            skeleton=True,
        )
        self.images = ImagesLab(self._clock)
        self._settle_people()
        self.tour = Tour(self.scene, self._remembered())
        self.repairs = Repairs(Systems(self.tg, self.pai), self._publish_lab)
        try:
            await self.tg.start(host=self._host, port=self._chat_port)
            await self.pai.start()
            await self.storage.start()
            await self._start_images()
            Story(self.pai, tuple(role.account for role in OTHERS)).begin()
        except BaseException:
            await self.tg.stop()
            await self.storage.stop()
            await self.images.stop()
            raise
        if new and not self._asks_visitor:
            await self._talk()
        elif new:
            self.tg.page.on_visit = self._greet
        self.tg.telegram.watch(lambda _: self._stir())
        self._tick()

    async def _start_images(self) -> None:
        """Harbor on the port it had, since jobs of the past name it."""
        self._web_port = self._web_port or free_port()
        accounts = ((one.account, one.password, one.is_admin) for one in EVERYBODY)
        port = int(self._folder.kept("harbor-port", lambda: str(free_port())))
        await self.images.start(accounts, self._web_port, port)
        self.pai.knows(image=self.images.can_pull, env=self.images.env_of)

    async def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.repairs.mend_all()
        await self.images.stop()
        await self.storage.stop()
        await self.pai.stop()
        await self.tg.stop()

    # People

    def _settle_people(self) -> None:
        people = {role: self._settle(role) for role in EVERYBODY}
        self.pai.user(SERVICE_USER, secrets.token_urlsafe(18))
        admin = people[ADMIN]
        group = self.tg.group(
            GROUP_TITLE, members=list(people.values()), admins=[admin], topics=[TOPIC]
        )
        self.scene = Scene(
            tg=self.tg,
            pai=self.pai,
            student=people[STUDENT],
            second=people[SECOND],
            admin=admin,
            group=group,
            topic=group.topic(TOPIC),
        )

    def _settle(self, role: Role) -> Person:
        """Telegram account and OpenPAI user; those who are known already stay as they are."""
        self.pai.user(role.account, role.password, role.vcs, admin=role.is_admin)
        language = "zh-hans" if self._language == "zh" else "en"
        return self.tg.person(role.name, username=role.username, language=language, role=role.part)

    async def _talk(self) -> None:
        people = {
            one.username: Person(self.scene.student.stage, one)
            for one in self.tg.telegram.state.users.values()
        }
        for role, in_topic, words in TALK[self._language]:
            topic = self.scene.topic if in_topic else None
            await people[role.username].sends(words, chat=self.scene.group, topic=topic)

    async def _greet(self, languages: str) -> None:
        """The group has talked in the language of its first visitor's browser.

        What names no language is no browser: somebody looks whether the page is up, before they open it.
        """
        if not languages:
            return
        self.tg.page.on_visit = None
        self._language = language_of(languages)
        self.speak(self._language)
        await self._talk()

    def speak(self, language: str) -> None:
        """The people of the tour use Telegram in this language from now on."""
        if language in ("zh", "en"):
            code = "zh-hans" if language == "zh" else "en"
            for person in (self.scene.student, self.scene.second, self.scene.admin):
                person.user.language_code = code

    # Looking

    def _stir(self) -> None:
        self._stirred = True

    def _tick(self) -> None:
        """Looks at the tour twice a second while something happens, and lets the cluster live."""
        self._timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._tick)
        self.pai.now()
        if self._stirred or len(self.tg.calls) != self._calls:
            self.look()

    def look(self) -> None:
        self._stirred, self._calls = False, len(self.tg.calls)
        if self.tour.look():
            (self._folder.path / "tour.json").write_text(json.dumps(sorted(self.tour.done)))
            self.tg.feed.publish("tour", steps=self.tour.view())

    def _remembered(self) -> list[str]:
        try:
            done = json.loads((self._folder.path / "tour.json").read_text())
        except (OSError, ValueError):
            return []
        return [str(step) for step in done] if isinstance(done, list) else []

    def _publish_lab(self) -> None:
        self.tg.feed.publish("lab", **Controls(self).view())

    # For whoever runs the demo

    @property
    def chat_url(self) -> str:
        return f"{self.tg.url}/"

    @property
    def telegram_url(self) -> str:
        """Root of the Bot API, without `/bot`."""
        return self.tg.url

    @property
    def openpai_url(self) -> str:
        return self.pai.url

    @property
    def bot_token(self) -> str:
        return self.tg.token

    @property
    def admin_id(self) -> int:
        return self.scene.admin.id

    def settings_environ(self) -> dict[str, str]:
        """Settings, as environment variables, with which the bot lives in this lab."""
        path = self._folder.path
        service = (self.pai.app_tokens(SERVICE_USER) or [self.pai.token(SERVICE_USER)])[0]
        return {
            "PAILOT_TELEGRAM__TOKEN": self.bot_token,
            "PAILOT_TELEGRAM__API_URL": self.telegram_url,
            "PAILOT_TELEGRAM__ADMINS": str(self.admin_id),
            "PAILOT_OPENPAI__URL": self.openpai_url,
            "PAILOT_OPENPAI__TOKEN": service,
            "PAILOT_OPENPAI__POLL_SECONDS": str(POLL_SECONDS),
            "PAILOT_DATABASE__URL": f"sqlite:///{path / 'pailot.db'}",
            "PAILOT_SECRETS__KEYS": self._folder.kept("secret-key", make_fernet_key),
            "PAILOT_WEB__HOST": "127.0.0.1",
            "PAILOT_WEB__PORT": str(self._web_port),
            "PAILOT_WEB__PUBLIC_URL": f"http://127.0.0.1:{self._web_port}",
            "PAILOT_SITE__NAME": GROUP_TITLE,
            "PAILOT_SITE__LANGUAGE": self._language,
            "PAILOT_SITE__TIMEZONE": self.zone,
            "PAILOT_JOBS__IMAGE": IMAGE,
            **self.storage.settings_environ(),
            **self.images.settings_environ(),
        }


def make_bot_token() -> str:
    return f"{BOT_ID}:{secrets.token_urlsafe(27)[:35]}"


def make_password() -> str:
    return secrets.token_urlsafe(18)


def make_fernet_key() -> str:
    """32 random bytes in url-safe base64, which is what Fernet calls a key."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
