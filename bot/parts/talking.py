"""Puts together what speaks with Telegram: what comes in, what goes out, and the menus."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

import handlers
from bot.chat.answering import Answering, Site
from bot.chat.direct import Direct
from bot.chat.dispatch import Dispatcher
from bot.chat.exchange.delivery import Delivery, Fetch
from bot.chat.exchange.intake import Intake
from bot.chat.exchange.polling import Poller, introduce, receive_by_webhook
from bot.chat.exchange.rendering import Renderer
from bot.chat.exchange.request import AiohttpRequest, make_bot
from bot.chat.exchange.sender import Sender
from bot.chat.menu import Menus
from bot.i18n import Catalogue
from bot.lease import Lease
from bot.parts.configured import missing_systems
from bot.schedule import Tick
from bot.services import Services
from bot.settings import Settings
from bot.supervise import Supervisor
from bot.web.telegram import webhook
from db import Database, UnitOfWork

MENU_SECONDS = 3600.0
POLLED_LATELY = timedelta(seconds=90)


class Talking:
    """`start` once the services are there; until then nothing is taken and nothing is said."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        supervisor: Supervisor,
        fetch: Fetch,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`fetch` reads attachments when they are sent; `owner` holds the leases."""
        self._settings = settings
        self._db = db
        self._supervisor = supervisor
        self._owner = owner
        self._clock = clock
        telegram = settings.telegram
        token = telegram.token.get_secret_value() if telegram.token else ""
        proxy = telegram.proxy.get_secret_value() if telegram.proxy else ""
        self.bot = make_bot(token, str(telegram.api_url), proxy=proxy)
        self._bot_id = int(token.partition(":")[0])
        self.texts = Catalogue.load(timezone=settings.site.timezone.key, clock=clock)
        self.direct = Direct(self.bot, supervisor.spawn)
        self._router = handlers.router.without(missing_systems(settings))
        self._menus = Menus(self.bot, db, self._router, self.texts.label)
        renderer = Renderer(self.texts.render, self.texts.label)
        self.sender = Sender(
            db,
            Delivery(self.bot._post, renderer, fetch),
            paced=telegram.pace == "on",
            lease=Lease(db, "sender", owner, clock=clock),
            clock=clock,
        )
        self._intake = Intake(db, self._bot_id, clock=clock)
        self._poller = Poller(
            self.bot,
            AiohttpRequest(proxy=proxy, connections=4),
            self._intake,
            lease=Lease(db, "poller", owner, clock=clock),
            clock=clock,
        )

    async def introduced(self, stop: asyncio.Event) -> bool:
        """Learns the bot's name, however long Telegram is away. False: the stop came first."""
        return await _before(stop, introduce(self.bot))

    def start(self, services: Services) -> None:
        """From now on people are heard and answered."""
        site = Site(
            self._bot_id,
            self.bot.username,
            self._settings.site.language,
            frozenset(self._settings.telegram.admins),
        )
        answering = Answering(self._db, self._router, services, self.direct, site, self._clock)
        dispatcher = Dispatcher(
            self._db,
            answering,
            self.direct,
            self.sender,
            self.texts.label,
            bot_id=self._bot_id,
            owner=self._owner,
            clock=self._clock,
        )
        self._intake.answered_by(dispatcher)
        self._supervisor.loop("dispatcher", dispatcher.run)
        self._supervisor.loop("sender", self.sender.run)
        self._supervisor.loop("signs of life", self.direct.signs)
        if self._settings.telegram.mode == "polling":
            self._supervisor.loop("poller", self._poller.run)
        else:
            self._supervisor.spawn("webhook", self._set_webhook())

    async def _set_webhook(self) -> None:
        url = f"{self._settings.web.public_url}/telegram"
        await receive_by_webhook(self.bot, url, self._webhook_secret or "")

    @property
    def _webhook_secret(self) -> str | None:
        secret = self._settings.telegram.webhook_secret
        return None if secret is None else secret.get_secret_value()

    def routes(self) -> list[web.AbstractRouteDef]:
        if self._settings.telegram.mode != "webhook" or self._webhook_secret is None:
            return []
        return [web.post("/telegram", webhook(self._intake, self._webhook_secret))]

    @property
    def menus(self) -> Tick:
        """What was published before costs a look; what Telegram did not take then is tried again."""
        return Tick("menus", MENU_SECONDS, self._menus.publish, everywhere=True)

    def role_changed(self, person: int) -> None:
        """Somebody linked or unlinked an account: Telegram shows them another menu."""
        self._supervisor.spawn("menu", self._menus.publish_for(person))

    def link(self, word: str) -> str:
        """The address that opens the private chat with `/start WORD`."""
        return f"https://t.me/{self.bot.username}?start={word}"

    @property
    def last_good_poll(self) -> datetime | None:
        return self._poller.last_good_poll

    @property
    def hears(self) -> bool:
        """Whether Telegram's updates come, as far as one can know: a webhook is silent when nobody writes."""
        polled = self._poller.last_good_poll
        fresh = polled is not None and self._clock() - polled < POLLED_LATELY
        return fresh or self._settings.telegram.mode == "webhook"

    def waiting(self, uow: UnitOfWork) -> dict[str, int]:
        """How many updates are still to be answered, and how many messages to be sent."""
        return {
            "inbox": uow.inbox.waiting(self._bot_id)[0],
            "outbox": uow.outbox.backlog().total,
        }

    async def close(self) -> None:
        await self.bot.shutdown()
        for request in self.bot._request:  # it leaves them open when it was never introduced
            await request.shutdown()


async def _before(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Whether the work was done before the stop; else it is cancelled."""
    async with asyncio.TaskGroup() as group:
        end = group.create_task(stop.wait())
        done = group.create_task(work)
        await asyncio.wait({end, done}, return_when=asyncio.FIRST_COMPLETED)
        end.cancel()
        done.cancel()
    return not done.cancelled()
