"""The Telegram emulator as one object: start it, drive people, look at what the bot did."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import ClientSession, web

from bot.demo.telegram.memory import Memory
from bot.demo.telegram.page.api import Page, speak_json
from bot.demo.telegram.page.feed import Feed
from bot.demo.telegram.people.actors import Group, Person, Stage
from bot.demo.telegram.people.crowd import Crowd
from bot.demo.telegram.people.hearing import Ears, Message
from bot.demo.telegram.people.places import Places
from bot.demo.telegram.server import BotApi, Call
from bot.demo.telegram.state import State, User
from bot.demo.telegram.telegram import Event, Telegram
from bot.demo.telegram.traffic.faults import Faults
from bot.demo.telegram.traffic.flood import FloodLimits
from bot.demo.telegram.traffic.updates import first_update_id
from bot.demo.telegram.traffic.webhook import WebhookSender

ANY_ADDRESS = ("0.0.0.0", "::", "")
BODY_LIMIT_BYTES = 60 * 1024 * 1024


class TelegramEmulator:
    """A Bot API server with its chat page, on one port.

    `flood` switches the limits of 1.2 on; `privacy` is the bot's privacy mode in groups; `state`
    names the file that keeps everything over a restart. `clock` gives unix seconds: it dates
    messages and ages updates, while waiting and polling go by real time.
    """

    def __init__(
        self,
        token: str = "7000001:TEST-token",  # noqa: S107 - no secret, the default of tests
        *,
        flood: bool | FloodLimits = False,
        state: Path | None = None,
        clock: Callable[[], float] = time.time,
        privacy: bool = True,
        name: str = "Pailot",
        username: str = "pailot_bot",
    ) -> None:
        self.token = token
        bot = User(int(token.partition(":")[0]), name, username=username, is_bot=True)
        self._memory = Memory(state)
        remembered = self._memory.load(bot) or State(bot, first_update_id())
        limits = FloodLimits() if flood is True else flood or None
        files = None if state is None else state.with_suffix(".files")
        self.telegram = Telegram(remembered, clock, limits=limits, files=files, privacy=privacy)
        self.places = Places(self.telegram)
        self.crowd = Crowd(self.telegram, self.places)
        self.ears = Ears(self.telegram)
        self.api = BotApi(self.telegram, token)
        self._stage = Stage(self.telegram, self.places, self.crowd, self.ears)
        self._webhook = WebhookSender(
            remembered,
            self.telegram.queue,
            clock,
            self.api.call,
        )
        self.telegram.on_webhook = self._follow_webhook
        self.telegram.watch(self._remember)
        self.feed = Feed(self.telegram)
        self.app = web.Application(client_max_size=BODY_LIMIT_BYTES, middlewares=[speak_json])
        self.app.add_routes(self.api.routes())
        self.page = Page(self.telegram, self.crowd, self.feed)
        self.app.add_routes(self.page.routes())
        self._stack = AsyncExitStack()
        self.url = ""

    # Running

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens; port 0 takes a free one, OSError if taken. Mount routes before."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._stack.push_async_callback(runner.cleanup)
        shown = "127.0.0.1" if host in ANY_ADDRESS else host
        self.url = f"http://{shown}:{runner.addresses[0][1]}"
        tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        session = await self._stack.enter_async_context(ClientSession())
        self._webhook.start(tasks, session)
        self._memory.start(self.telegram.state)

    async def stop(self) -> None:
        """Ends waiting polls, deliveries and connections, and writes the state."""
        self._webhook.pause()
        self.telegram.faults.back()
        self.telegram.queue.cut_poll()
        self.feed.close()
        await self._stack.aclose()
        self._memory.stop()

    def mount(self, routes: Iterable[web.AbstractRouteDef]) -> None:
        """Adds routes of others (the lab's controls) to the same server, before `start`."""
        self.app.add_routes(routes)

    def reset(self) -> None:
        """Forgets messages, files, menus and updates; people and groups stay as they were made."""
        state = self.telegram.state
        for messages in state.messages.values():
            messages.clear()
        for chat in state.chats.values():
            chat.pinned.clear()
            chat.read.clear()
            if chat.is_private:
                chat.started, chat.bot = False, "member"
            for topic in chat.topics.values():
                self.places.open_topic(chat, topic)
        self.telegram.files.clear()
        state.commands.clear()
        self.telegram.queue.clear()
        self.telegram.callbacks.clear()
        self.ears.clear()
        self.telegram.tell(Event("reset", 0))

    def _follow_webhook(self) -> None:
        if self.telegram.state.webhook.url:
            self._webhook.resume()
        else:
            self._webhook.pause()

    def _remember(self, event: Event) -> None:
        self._memory.changed()

    @property
    def webhook_retry_seconds(self) -> float:
        """The first pause after a failed webhook delivery; it doubles up to a minute."""
        return self._webhook.retry_seconds

    @webhook_retry_seconds.setter
    def webhook_retry_seconds(self, seconds: float) -> None:
        self._webhook.retry_seconds = seconds

    @property
    def flood_limits(self) -> FloodLimits | None:
        """The limits in force; None takes any number of messages."""
        return self.telegram.flood.limits

    @flood_limits.setter
    def flood_limits(self, limits: FloodLimits | None) -> None:
        self.telegram.flood.limits = limits

    # People and groups

    def person(
        self,
        name: str,
        *,
        username: str = "",
        language: str = "",
        role: str = "",
        color: str = "",
        user_id: int | None = None,
    ) -> Person:
        """Somebody new, or the one who has this username already."""
        user = self.places.person(
            name, username=username, language=language, role=role, color=color, user_id=user_id
        )
        self._memory.changed()
        return Person(self._stage, user)

    def group(
        self,
        title: str,
        *,
        members: Sequence[Person],
        admins: Sequence[Person] = (),
        supergroup: bool = True,
        topics: Sequence[str] = (),
        announce: bool = True,
    ) -> Group:
        """A group with the bot as ordinary member; the first admin owns it.

        `announce`: the bot is told that it was added, as in life.
        """
        people = {one.id: "member" for one in members}
        people |= {one.id: "creator" if one is admins[0] else "administrator" for one in admins}
        owner = (list(admins) or list(members))[0].user
        chat = self.places.group(
            title,
            people,
            supergroup=supergroup or bool(topics),
            topics=list(topics),
            by=owner if announce else None,
        )
        return Group(self._stage, chat)

    def channel(self, title: str) -> Group:
        return Group(self._stage, self.places.channel(title))

    # Looking

    @property
    def faults(self) -> Faults:
        return self.telegram.faults

    @property
    def oddities(self) -> list[str]:
        """What Telegram ignores silently: unknown parameters and fields, unknown methods."""
        return self.api.oddities

    @property
    def calls(self) -> deque[Call]:
        """The bot's latest calls, oldest first, those still waiting left out."""
        return self.api.calls

    @property
    def call_count(self) -> int:
        """How many calls were ever answered; it goes on when `calls` forgets old ones."""
        return self.api.call_count

    @property
    def is_polled(self) -> bool:
        """Whether the bot's getUpdates is waiting right now."""
        return self.telegram.queue.is_polled

    def calls_of(self, *methods: str) -> list[Call]:
        return [call for call in self.api.calls if call.method in methods]

    def reactions(self, message: Message) -> list[str]:
        """The bot's reactions on a message."""
        stored = self.telegram.state.messages[message.chat_id].get(message.id)
        return [] if stored is None else stored.reactions.get(self.telegram.state.bot.id, [])
