"""Whose rights count at a registry: the person's own login, else the site's, else nobody's."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.errors import LoginNeeded, TokenRefused, UserError
from bot.domain.images.artifact import HubAccount
from bot.domain.images.ports import ANONYMOUS, Hub, Registries
from bot.domain.people import Person, Role, Token
from db import Database, UnitOfWork

HARBOR = "harbor"


class Logins:
    """`admin` is the account of the settings that may care for the whole Harbor, if there is one.

    `hub_host` is how references call Harbor.
    """

    def __init__(
        self,
        db: Database,
        hub: Hub | None,
        registries: Registries,
        clock: Callable[[], datetime],
        admin: Token = ANONYMOUS,
        hub_host: str = "",
    ) -> None:
        self._db = db
        self._hub = hub
        self._registries = registries
        self._clock = clock
        self._admin = admin
        self.hub_host = hub_host

    async def reading(self, person: Person | None, host: str) -> Token:
        """For looking: the person's own login, else the site's, else anonymous.

        Admins without either see what the care-taking account sees, with which they may change it.
        """
        own = await self.own(person, host)
        if own is not None:
            return own
        site = self._registries.site_login(host)
        if not site.user and person is not None and self._cares(person, host):
            return self._admin
        return ANONYMOUS if site.user and await self.stopped(site) else site

    async def own(self, person: Person | None, host: str) -> Token | None:
        """The login this person left for the registry; None without one."""
        system = self._registries.system_of(host)
        if person is None or not system:
            return None
        return await self._db.read(lambda uow: uow.credentials.get(person.id, system))

    async def writing(self, person: Person, host: str) -> Token:
        """For changing: on Harbor only the person's own rights count. Raises LoginNeeded, TokenRefused.

        Admins may use the site's care-taking account where they have no login of their own. Other registries
        are the site's, and nobody has an account of their own there: see `borrows`.
        """
        own = await self.own(person, host)
        if own is not None:
            if await self.stopped(own):
                raise TokenRefused(HARBOR)
            return own
        if self._cares(person, host):
            return self._admin
        system = self._registries.system_of(host)
        if system and system != HARBOR:
            return self._registries.site_login(host)
        raise LoginNeeded(system or HARBOR)

    def _cares(self, person: Person, host: str) -> bool:
        ours = self._registries.system_of(host) == HARBOR
        return ours and person.role is Role.ADMIN and bool(self._admin.user)

    async def stopped(self, login: Token) -> bool:
        """Whether Harbor does not take it any more, which it says of no request by itself."""
        if self._hub is None or login.system != HARBOR:
            return False
        try:
            return not await self._hub.believes(login)
        except UserError:  # it does not answer, and whoever asks next will say so
            return False

    async def borrows(self, person: Person, host: str) -> bool:
        """Whether the person writes there as the site does: then nothing may be replaced, but by admins."""
        return person.role is not Role.ADMIN and await self.own(person, host) is None

    def caring(self, person: Person) -> Token:
        """The care-taking account, for admins. Raises UserError."""
        if person.role is not Role.ADMIN or not self._admin.user:
            raise UserError("harbor-no-admin")
        return self._admin

    @property
    def has_caretaker(self) -> bool:
        return bool(self._admin.user)

    @property
    def caretaker(self) -> Token:
        """That account, for what Pailot does by itself."""
        return self._admin

    async def link(self, person: Person, user: str, secret: str) -> HubAccount:
        """Keep a login for Harbor once Harbor took it. Raises WrongLogin."""
        if self._hub is None:
            raise UserError("harbor-none")
        account = await self._hub.check(Token(HARBOR, user, secret))
        token, now = Token(HARBOR, account.name or user, secret), self._clock()

        def keep(uow: UnitOfWork) -> None:
            uow.credentials.put(person.id, token, now)
            uow.audit.add(now, person.id, None, "login", HARBOR, "done", account.kind)

        await self._db.write(keep)
        return account

    async def unlink(self, person: Person) -> bool:
        """Delete it here; there it stays what it is. False when there was none."""
        now = self._clock()

        def drop(uow: UnitOfWork) -> bool:
            uow.audit.add(now, person.id, None, "logout", HARBOR, "done")
            return uow.credentials.drop(person.id, HARBOR)

        return await self._db.write(drop)
