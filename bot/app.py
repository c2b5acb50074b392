"""Puts the parts together. The only module that knows them all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog
from aiohttp import web
from telegram import Bot

from bot.domain.people import Token
from bot.lease import Lease, this_process
from bot.openpai.client import Pai
from bot.openpai.protocols import Protocols
from bot.parts.configured import feed_events, job_defaults, keys, site_facts
from bot.parts.filing import Filing
from bot.parts.imaging import imaging
from bot.parts.talking import Talking
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
from db import Database, DatabaseRefused

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
        if not await db.read(lambda uow: uow.credentials.legible()):
            # Else everybody's next command would fail, and what waits be put aside as broken.
            raise DatabaseRefused(
                "no key in secrets.keys opens it: put the earlier key behind the new one"
            )
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
        stack.push_async_callback(parts.talking.close)
        await stack.enter_async_context(parts.filing.open())
        await stack.enter_async_context(supervisor)
        supervisor.loop("start", parts.start)
        yield Running(
            db,
            parts.talking.bot,
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
        self.ready = asyncio.Event()
        owner = this_process()
        self._leading = Lease(db, "watcher", owner, clock=clock)
        self.talking = Talking(settings, db, supervisor, self._fetch, owner, clock)
        self._timetable = Timetable(lambda: self._leading.held, self.talking.sender.wake)
        self._waiting: dict[str, int] = {}
        self._build_services(session)

    def _build_services(self, session: aiohttp.ClientSession) -> None:
        settings, db, clock, talking = self._settings, self._db, self._clock, self.talking
        openpai = settings.openpai
        cluster = Pai(
            session, str(openpai.url), ca_file=str(openpai.ca_file) if openpai.ca_file else None
        )
        tokens = Tokens(
            db,
            Token(OPENPAI, "", openpai.token.get_secret_value()) if openpai.token else None,
            settings.telegram.admins,
            clock,
        )
        self._alerts = alerts = Alerts(db, settings.site.timezone, clock)
        logs_in_chat = settings.privacy.logs == "chat"
        self.filing = Filing.of(settings, db, cluster, tokens, alerts, clock, self._supervisor.spawn)  # fmt: skip
        self.imaging = imaging(settings, db, cluster, tokens, session, clock)
        submitting = Submitting(
            db, cluster, tokens, Protocols(), job_defaults(settings), clock, self.imaging.services.checks,
            self.filing.services.checks,
        )  # fmt: skip
        following = Following(
            db, cluster, tokens, clock, self.filing.services.keeping.read, logs_in_chat=logs_in_chat
        )
        self._attachments = Attachments(db, following, self.filing.services)
        self.services = Services(
            Accounts(db, cluster, talking.role_changed, clock),
            submitting,
            following,
            alerts,
            Feeds(db, feed_events(settings), settings.site.language, clock),
            ClusterViews(cluster, tokens),
            Admin(db, clock),
            self.imaging.services,
            talking.direct.download,
            site_facts(settings, lambda: self.imaging.services.browsing.hub_host),
            self.filing.services,
            talking.link,
        )
        self.watcher = Watcher(db, cluster, tokens, alerts, clock, logs_in_chat=logs_in_chat)

    async def _fetch(self, recipe: tuple[str, ...]) -> bytes:
        """What is sent comes from services, and they need what sends."""
        return await self._attachments.fetch(recipe)

    async def start(self, stop: asyncio.Event) -> None:
        """Once the bot's name is known, let everything run."""
        if not await self.talking.introduced(stop):
            return
        self.talking.start(self.services)
        loop, bot = self._supervisor.loop, self.talking.bot
        loop("errands", self._if_leading(self.services.storage.errands.run))
        loop("copies of images", self._if_leading(self.services.images.copying.run))
        loop("watcher lease", self._leading.hold)
        loop("clock", lambda stop: self._timetable.keep(self._ticks(), stop))
        self._supervisor.spawn("menus", self._timetable.once(self.talking.menus))
        log.info("ready", bot=bot.username, groups=bool(bot.bot.can_read_all_group_messages))
        self.ready.set()
        await stop.wait()

    def _if_leading(
        self, run: Callable[[asyncio.Event, Callable[[], bool]], Work]
    ) -> Callable[[asyncio.Event], Work]:
        """A loop that works only while this process leads; it asks itself, for what it began goes on."""
        return lambda stop: run(stop, lambda: self._leading.held)

    def _ticks(self) -> list[Tick]:
        return [
            Tick("watch", self._settings.openpai.poll_seconds, self.watcher.tick),
            Tick("alerts", RELEASE_SECONDS, self._alerts.release),
            Tick("feeds", RELEASE_SECONDS, self.services.feeds.release),
            Tick("recover", RELEASE_SECONDS, self.services.submitting.recover),
            Tick("sweep", SWEEP_SECONDS, self._sweep),
            Tick("queues", QUEUE_SECONDS, self._count_waiting, everywhere=True),
            *self.filing.ticks(),
            *self.imaging.ticks(),
            self.talking.menus,
        ]

    async def _sweep(self) -> None:
        now = self._clock()
        await self._db.write(lambda uow: uow.sweep(now - KEPT, now, now - AUDIT_KEPT))

    async def _count_waiting(self) -> None:
        self._waiting = await self._db.read(self.talking.waiting)

    def routes(self) -> list[web.AbstractRouteDef]:
        pages = self.filing.routes(self.talking.texts.label)
        return [*pages, *self.imaging.routes(self.talking.sender.wake), *self.talking.routes()]

    def health(self) -> Health:
        return Health(
            self._supervisor.states(),
            telegram_answers=self.ready.is_set() and self.talking.hears,
            migrated=True,
            last_good_poll=self.talking.last_good_poll,
            waiting=self._waiting,
        )
