"""Where somebody's image can be pushed to, and the docker lines for that place in the reader's own values."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.docker.lines import Terminal, repository
from bot.domain.errors import UserError
from bot.domain.images.ports import ANONYMOUS, Hub
from bot.domain.images.reference import DOCKER_HUB
from bot.domain.people import Person, Token
from bot.services.images.logins import Logins

HARBOR = "harbor"
DOCKER_NAMES = frozenset({"docker.io", "dockerhub", "docker"})
SECONDS = 2.0
REMEMBERED, LEFT_ALONE = timedelta(hours=1), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    """A registry of the settings as people name it; `user` is the site's account there, if it has one."""

    name: str
    host: str
    plain_http: bool = False
    user: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """In Harbor's shared project a repository begins with its owner's name."""

    terminal: Terminal
    plain_http: bool = False
    harbor: bool = False

    def repository(self, leaf: str, user: str) -> str:
        return repository(leaf, user) if self.harbor else leaf


class Pushing:
    def __init__(
        self,
        hub: Hub | None,
        logins: Logins,
        registries: Sequence[RegistryFacts],
        admin: Token,
        clock: Callable[[], datetime],
    ) -> None:
        self._hub = hub
        self._logins = logins
        self._registries = registries
        self._admin = admin
        self._clock = clock
        self._told: tuple[str, datetime] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What `registry=` takes."""
        own = tuple(one.name for one in self._registries)
        return (*((HARBOR,) if self._hub is not None else ()), *own, DOCKER_HUB)

    async def destination(
        self, person: Person, home: Terminal, name: str = "", *, plain_http: bool = False
    ) -> Destination:
        """Raises UserError for a registry nobody knows. Without a name it is the site's own, which `home` says."""
        wanted = name.strip().lower()
        if wanted in {"", HARBOR} and self._hub is not None:
            return await self._harbor(person, home, plain_http=plain_http)
        if wanted in DOCKER_NAMES:
            user = await self._user(person, DOCKER_HUB, "")
            return Destination(
                replace(home, registry=DOCKER_HUB, project=user or "USER", user=user)
            )
        for one in self._registries:
            if wanted in {one.name, one.host} or (not wanted and one.host == home.registry):
                user = await self._user(person, one.host, one.user)
                terminal = replace(home, registry=one.host, project="", user=user)
                return Destination(terminal, one.plain_http)
        if wanted:
            raise UserError("push-no-registry", name=name[:60], names=", ".join(self.names))
        return Destination(home, plain_http)

    async def _harbor(self, person: Person, home: Terminal, *, plain_http: bool) -> Destination:
        """With the person's user name there, and the address that Harbor itself tells for docker."""
        own = await self._logins.own(person, self._logins.hub_host)
        host = await self._told_host(own or self._admin)
        user = own.user if own else home.user
        terminal = replace(home, registry=host or home.registry, user=user)
        return Destination(terminal, plain_http and terminal.registry == home.registry, harbor=True)

    async def _told_host(self, as_: Token) -> str:
        """Empty when Harbor does not tell; it tells only those who are logged in."""
        now = self._clock()
        if self._told is not None and now < self._told[1]:
            return self._told[0]
        if self._hub is None or as_ == ANONYMOUS:
            return ""
        try:
            async with asyncio.timeout(SECONDS):
                host = (await self._hub.info(as_)).registry
        except (UserError, TimeoutError):
            host = ""
        self._told = (host, now + (REMEMBERED if host else LEFT_ALONE))
        return host

    async def _user(self, person: Person, host: str, site: str) -> str:
        own = await self._logins.own(person, host)
        return own.user if own else site
