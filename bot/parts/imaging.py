"""Puts the parts about images together, from the settings of Harbor and the other registries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot.domain.images.ports import ANONYMOUS
from bot.domain.people import Token
from bot.domain.ports import Cluster
from bot.harbor.client import Harbor
from bot.registry.client import RegistryClient
from bot.registry.places import HARBOR, Place, authority
from bot.schedule import Tick
from bot.services.alerts import Alerts
from bot.services.images import Images
from bot.services.images.browsing import Browsing
from bot.services.images.care.events import HubEvents
from bot.services.images.care.tidying import Tidying
from bot.services.images.careful import Careful
from bot.services.images.catalogue import ImageCatalogue
from bot.services.images.changing import Changing
from bot.services.images.checking import ImageChecks
from bot.services.images.copying import Copying
from bot.services.images.logins import Logins
from bot.services.images.names import HubNames
from bot.services.images.others import Others
from bot.services.images.usage import ImageUsage
from bot.services.pushing import Pulling, Pushing, RegistryFacts, Robots
from bot.services.tokens import Tokens
from bot.services.trying import Picking, Results, Trying
from bot.settings import Settings
from bot.web.harbor import webhook
from db import Database

KEPT = timedelta(days=7)
"""How long events of Harbor are known as told, and copies that are over as over."""
LEARN_SECONDS = 60.0
RESULT_SECONDS = 3.0
ROBOT_SECONDS = 20.0
OFFER_SECONDS = 600.0
SWEEP_SECONDS = 3600.0


def places(settings: Settings) -> list[Place]:
    """Harbor and the listed registries; Docker Hub is added by whoever uses them."""
    found = []
    if settings.harbor is not None:
        harbor = settings.harbor
        found.append(
            Place(
                HARBOR,
                URL(str(harbor.url)),
                _login(HARBOR, harbor.username, harbor.password),
                ca_file=str(harbor.ca_file) if harbor.ca_file else None,
            )
        )
    found += [
        Place(
            one.name,
            URL(str(one.url)),
            _login(f"registry:{one.name}", one.username, one.password),
            insecure=one.insecure,
            mirror_of=one.mirror_of,
        )
        for one in settings.registries
    ]
    return found


@dataclass(frozen=True, slots=True)
class Imaging:
    """The services, and what of them runs by itself or is reached by the web."""

    services: Images
    settings: Settings
    db: Database
    clock: Callable[[], datetime]

    def ticks(self) -> list[Tick]:
        services = self.services
        return [
            Tick("robots", ROBOT_SECONDS, services.robots.tick),
            Tick("results of tests", RESULT_SECONDS, services.results.tick),
            Tick("learn images", LEARN_SECONDS, services.catalogue.learn),
            Tick("offer garbage collection", OFFER_SECONDS, services.tidying.offer_collection),
            Tick("sweep images", SWEEP_SECONDS, self._sweep),
        ]

    async def _sweep(self) -> None:
        before = self.clock() - KEPT
        await self.db.write(lambda uow: uow.images.sweep(before))

    def routes(self, wake: Callable[[], None]) -> list[web.AbstractRouteDef]:
        """Harbor's webhooks, if their secret is known."""
        secret = self.settings.harbor.webhook_secret if self.settings.harbor else None
        if secret is None:
            return []
        browsing = self.services.browsing
        events = HubEvents(self.db, self.clock, wake, lambda: browsing.hub_host)
        return [web.post("/hooks/harbor", webhook(events, secret.get_secret_value()))]


def imaging(
    settings: Settings,
    db: Database,
    cluster: Cluster,
    tokens: Tokens,
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
) -> Imaging:
    """Without a Harbor in the settings, the services know the other registries only."""
    harbor = settings.harbor
    hub = host = None
    if harbor is not None:
        ca_file = str(harbor.ca_file) if harbor.ca_file else None
        hub, host = (
            Harbor(session, str(harbor.url), ca_file=ca_file),
            authority(URL(str(harbor.url))),
        )
    registries = RegistryClient(session, places(settings))
    admin = _login(HARBOR, harbor.admin_username, harbor.admin_password) if harbor else ANONYMOUS
    logins = Logins(db, hub, registries, clock, admin, host or "")
    names = HubNames(hub, registries, host or "", admin)
    usage = ImageUsage(db, cluster, tokens, names)
    browsing = Browsing(hub, registries, logins, usage, names, clock)
    careful = Careful(browsing, logins)
    project = harbor.project if harbor else ""
    catalogue = ImageCatalogue(db, cluster, tokens, clock)
    pulling = Pulling(db, hub, registries, logins, project, clock)
    services = Images(
        browsing,
        catalogue,
        Changing(db, registries, logins, browsing, careful, usage, clock),
        ImageChecks(hub, registries, logins, usage, browsing, clock, pulling),
        Copying(db, registries, logins, careful, names, project, clock),
        logins,
        Others(registries, logins, names),
        Tidying(db, browsing, logins, usage, project, clock),
        Trying(db, settings.jobs.image),
        Results(db, cluster, tokens, Alerts(db, settings.site.timezone, clock), clock),
        Picking(browsing, catalogue),
        Pushing(hub, logins, registry_facts(settings), admin, clock),
        Robots(db, hub, logins, project, clock),
    )
    return Imaging(services, settings, db, clock)


def registry_facts(settings: Settings) -> tuple[RegistryFacts, ...]:
    """The listed registries to which something can be pushed: a mirror only pulls."""
    return tuple(
        RegistryFacts(
            one.name, authority(URL(str(one.url))), str(one.url).startswith("http://"), one.username
        )
        for one in settings.registries
        if not one.mirror_of
    )


def _login(system: str, user: str, secret: SecretStr | None) -> Token:
    return Token(system, user, secret.get_secret_value()) if user and secret else ANONYMOUS
