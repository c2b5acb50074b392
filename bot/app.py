"""Puts the parts together. The only module that knows them all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from telegram import Bot

import handlers
from bot.chat.answering import Answering, Site
from bot.chat.direct import Direct
from bot.chat.dispatch import Dispatcher
from bot.chat.exchange.delivery import Delivery
from bot.chat.exchange.intake import Intake
from bot.chat.exchange.polling import Poller, introduce, receive_by_webhook
from bot.chat.exchange.rendering import Renderer
from bot.chat.exchange.request import AiohttpRequest, make_bot
from bot.chat.exchange.sender import Sender
from bot.chat.menu import Menus
from bot.configured import feed_events, job_defaults, keys, missing_systems, site_facts
from bot.domain.people import Token
from bot.filing import Filing
from bot.i18n import Catalogue
from bot.imaging import imaging
from bot.lease import Lease, this_process
from bot.openpai.client import Pai
from bot.openpai.protocols import Protocols
from bot.schedule import Tick, Timetable
from bot.services import Services
from bot.services.accounts import Accounts
from bot.services.admin import Admin
from bot.services.alerts import Alerts
from bot.services.attachments import Attachments
from bot.services.cluster import ClusterViews
from bot.services.feeds import Feeds
from bot.services.following import Following
from bot.services.submitting import Submitting
from bot.services.tokens import OPENPAI, Tokens
from bot.services.watching import Watcher
from bot.settings import Settings
from bot.supervise import Supervisor, Work
from bot.web.health import Health
from bot.web.server import build, serve
from bot.web.telegram import webhook
from db import Database

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
"""How long finished rows of inbox and outbox are kept (as marks against repeats; their texts are gone)."""
AUDIT_KEPT = timedelta(days=180)
RELEASE_SECONDS = 30.0
SWEEP_SECONDS = 3600.0
QUEUE_SECONDS = 15.0


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Running:
    """A Pailot at work: what health, demo and tests look at."""

    db: Database
    bot: Bot
    services: Services
    watcher: Watcher
    supervisor: Supervisor
    health: Callable[[], Health]
    web_port: int
    ready: asyncio.Event


async def run(
    settings: Settings, stop: asyncio.Event, *, redact: Callable[[str], str] = str
) -> None:
    """Run until `stop` is set, then finish what was begun."""
    async with running(settings, redact=redact):
        await stop.wait()
        log.info("stopping")


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    redact: Callable[[str], str] = str,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Running]:
    """Everything started, in order; everything stopped in the reverse order, whatever happens.

    Ready (`Running.ready`) once Telegram told the bot's name; until then `/readyz` says 503.
    """
    async with AsyncExitStack() as stack:
        db = Database(
            settings.database.url.get_secret_value(),
            keys(settings),
            language=settings.site.language,
            admins=settings.telegram.admins,
        )
        await db.migrate()
        await db.open()
        stack.push_async_callback(db.close)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                # OpenPAI closes idle connections after 5 s; no cookie of anybody's is kept.
                connector=aiohttp.TCPConnector(keepalive_timeout=4, limit=64),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        )
        supervisor = Supervisor(redact)
        parts = _Parts(settings, db, session, supervisor, clock)
        port = await stack.enter_async_context(
            serve(build(parts.routes(), parts.health), settings.web.host, settings.web.port)
        )
        # Closed after the last answer: whoever is stopped may still have something to say.
        stack.push_async_callback(parts.close_bot)
        await stack.enter_async_context(parts.filing.open())
        await stack.enter_async_context(supervisor)
        supervisor.loop("start", parts.start)
        yield Running(
            db,
            parts.bot,
            parts.services,
            parts.watcher,
            supervisor,
            parts.health,
            port,
            parts.ready,
        )


class _Parts:
    """The parts of one Pailot, and how they start."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        session: aiohttp.ClientSession,
        supervisor: Supervisor,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._db = db
        self._supervisor = supervisor
        self._clock = clock
        self._session = session
        self.ready = asyncio.Event()
        telegram = settings.telegram
        token = telegram.token.get_secret_value() if telegram.token else ""
        proxy = telegram.proxy.get_secret_value() if telegram.proxy else ""
        self.bot = make_bot(token, str(telegram.api_url), proxy=proxy)
        self._bot_id = int(token.partition(":")[0])
        self._owner = this_process()
        self._texts = Catalogue.load(timezone=settings.site.timezone.key)
        self._direct = Direct(self.bot, supervisor.spawn)
        self.cluster = Pai(
            session,
            str(settings.openpai.url),
            ca_file=str(settings.openpai.ca_file) if settings.openpai.ca_file else None,
        )
        self._router = handlers.router.without(missing_systems(settings))
        self._menus = Menus(self.bot, db, self._router, self._texts.label)
        self._menu_tick = Tick("menus", SWEEP_SECONDS, self._menus.publish, everywhere=True)
        self._build_services()
        renderer = Renderer(self._texts.render, self._texts.label)
        self._sender = Sender(
            db,
            Delivery(self.bot._post, renderer, self._attachments.fetch),
            paced=telegram.pace == "on",
            lease=Lease(db, "sender", self._owner, clock=clock),
            clock=clock,
        )
        self._intake = Intake(db, self._bot_id, clock=clock)
        self._poller = Poller(
            self.bot,
            AiohttpRequest(proxy=proxy, connections=4),
            self._intake,
            lease=Lease(db, "poller", self._owner, clock=clock),
            clock=clock,
        )
        self._watching = Lease(db, "watcher", self._owner, clock=clock)
        self._timetable = Timetable(lambda: self._watching.held, self._sender.wake)
        self._waiting: dict[str, int] = {}

    def _build_services(self) -> None:
        settings, db, clock, cluster = self._settings, self._db, self._clock, self.cluster
        service = settings.openpai.token
        tokens = Tokens(
            db,
            Token(OPENPAI, "", service.get_secret_value()) if service else None,
            settings.telegram.admins,
            clock,
        )
        alerts = Alerts(db, settings.site.timezone, clock)
        logs_in_chat = settings.privacy.logs == "chat"
        self.filing = Filing.of(settings, db, cluster, tokens, alerts, clock, self._supervisor.spawn)  # fmt: skip
        self.imaging = imaging(settings, db, cluster, tokens, self._session, clock)
        submitting = Submitting(
            db, cluster, tokens, Protocols(), job_defaults(settings), clock, self.imaging.services.checks,
            self.filing.services.checks,
        )  # fmt: skip
        self.services = Services(
            Accounts(db, cluster, self._role_changed, clock),
            submitting,
            Following(
                db,
                cluster,
                tokens,
                clock,
                self.filing.services.keeping.read,
                logs_in_chat=logs_in_chat,
            ),
            alerts,
            Feeds(db, feed_events(settings), settings.site.language, clock),
            ClusterViews(cluster, tokens),
            Admin(db, clock),
            self.imaging.services,
            self._direct.download,
            site_facts(settings, lambda: self.imaging.services.browsing.hub_host),
            self.filing.services,
            lambda word: f"https://t.me/{self.bot.username}?start={word}",
        )
        self._attachments = Attachments(db, self.services.following, self.filing.services)
        self.watcher = Watcher(db, cluster, tokens, alerts, clock, logs_in_chat=logs_in_chat)
        self._alerts = alerts

    async def start(self, stop: asyncio.Event) -> None:
        """Learn the bot's name, however long Telegram is away; then let everything run."""
        if not await _before(stop, introduce(self.bot)):
            return
        site = Site(
            self._bot_id,
            self.bot.username,
            self._settings.site.language,
            frozenset(self._settings.telegram.admins),
        )
        answering = Answering(
            self._db, self._router, self.services, self._direct, site, self._clock
        )
        dispatcher = Dispatcher(
            self._db,
            answering,
            self._direct,
            self._sender,
            self._texts.label,
            bot_id=self._bot_id,
            owner=self._owner,
            clock=self._clock,
        )
        self._intake.answered_by(dispatcher)
        self._supervisor.loop("dispatcher", dispatcher.run)
        self._supervisor.loop("sender", self._sender.run)
        self._supervisor.loop("signs of life", self._direct.signs)
        if self._settings.telegram.mode == "polling":
            self._supervisor.loop("poller", self._poller.run)
        else:
            self._supervisor.spawn("webhook", self._set_webhook())
        self._supervisor.loop("errands", self._if_leading(self.services.storage.errands.run))
        self._supervisor.loop(
            "copies of images", self._if_leading(self.services.images.copying.run)
        )
        self._supervisor.loop("watcher lease", self._watching.hold)
        self._supervisor.loop("clock", lambda stop: self._timetable.keep(self._ticks(), stop))
        self._supervisor.spawn("menus", self._timetable.once(self._menu_tick))
        log.info(
            "ready", bot=self.bot.username, groups=bool(self.bot.bot.can_read_all_group_messages)
        )
        self.ready.set()
        await stop.wait()

    async def _set_webhook(self) -> None:
        secret = self._settings.telegram.webhook_secret
        url = f"{self._settings.web.public_url}/telegram"
        await receive_by_webhook(self.bot, url, secret.get_secret_value() if secret else "")

    def _if_leading(
        self, run: Callable[[asyncio.Event, Callable[[], bool]], Work]
    ) -> Callable[[asyncio.Event], Work]:
        """A loop that works only while this process leads; it asks itself, for what it began goes on."""
        return lambda stop: run(stop, lambda: self._watching.held)

    def _ticks(self) -> list[Tick]:
        return [
            Tick("watch", self._settings.openpai.poll_seconds, self.watcher.tick),
            Tick("alerts", RELEASE_SECONDS, self._alerts.release),
            Tick("feeds", RELEASE_SECONDS, self.services.feeds.release),
            Tick("recover", RELEASE_SECONDS, self.services.submitting.recover),
            Tick("sweep", SWEEP_SECONDS, self._sweep),
            Tick("queues", QUEUE_SECONDS, self._look_at_queues, everywhere=True),
            *self.filing.ticks(),
            *self.imaging.ticks(),
            self._menu_tick,
        ]

    async def _sweep(self) -> None:
        now = self._clock()
        await self._db.write(lambda uow: uow.sweep(now - KEPT, now, now - AUDIT_KEPT))

    async def _look_at_queues(self) -> None:
        self._waiting = await self._db.read(
            lambda uow: {
                "inbox": uow.inbox.waiting(self._bot_id)[0],
                "outbox": uow.outbox.backlog().total,
            }
        )

    def _role_changed(self, person: int) -> None:
        """Somebody linked or unlinked an account: Telegram shows them another menu."""
        self._supervisor.spawn("menu", self._menus.publish_for(person))

    def routes(self) -> list[web.AbstractRouteDef]:
        pages = self.filing.routes(self._texts.label)
        pages += self.imaging.routes(self._sender.wake)
        secret = self._settings.telegram.webhook_secret
        if self._settings.telegram.mode != "webhook" or secret is None:
            return pages
        return [*pages, web.post("/telegram", webhook(self._intake, secret.get_secret_value()))]

    def health(self) -> Health:
        polled = self._poller.last_good_poll
        webhooked = self._settings.telegram.mode == "webhook"
        fresh = polled is not None and self._clock() - polled < timedelta(seconds=90)
        return Health(
            self._supervisor.states(),
            telegram_answers=self.ready.is_set() and (webhooked or fresh),
            migrated=True,
            last_good_poll=polled,
            waiting=self._waiting,
        )

    async def close_bot(self) -> None:
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
