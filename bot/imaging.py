"""Puts the parts about images together, from the settings of Harbor and the other registries."""

from collections.abc import Callable
from datetime import datetime

import aiohttp
from pydantic import SecretStr
from yarl import URL

from bot.domain.images.ports import ANONYMOUS
from bot.domain.people import Token
from bot.domain.ports import Cluster
from bot.harbor.client import Harbor
from bot.registry.client import RegistryClient
from bot.registry.places import HARBOR, Place, authority
from bot.services.images import Images
from bot.services.images.browsing import Browsing
from bot.services.images.changing import Changing
from bot.services.images.checking import ImageChecks
from bot.services.images.copying import Copying
from bot.services.images.logins import Logins
from bot.services.images.usage import ImageUsage
from bot.services.tokens import Tokens
from bot.settings import Settings
from db import Database


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


def images(
    settings: Settings,
    db: Database,
    cluster: Cluster,
    tokens: Tokens,
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
) -> Images:
    """The services; without a Harbor in the settings they know the other registries only."""
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
    logins = Logins(db, hub, registries, clock, admin)
    usage = ImageUsage(db, cluster, tokens)
    browsing = Browsing(hub, registries, logins, usage, host or "", clock)
    return Images(
        browsing,
        Changing(db, hub, registries, logins, browsing, usage, clock),
        ImageChecks(hub, registries, logins, usage, browsing, clock),
        Copying(db, registries, logins, host or "", harbor.project if harbor else "", clock),
        logins,
    )


def _login(system: str, user: str, secret: SecretStr | None) -> Token:
    return Token(system, user, secret.get_secret_value()) if user and secret else ANONYMOUS
