"""Who somebody is on OpenPAI: linking, unlinking, and what is linked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import TokenRefused, UserError
from bot.domain.messages import Button, Owed, Priority
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.domain.text import text
from bot.services.tokens import OPENPAI
from db import Database, LinkedElsewhere, UnitOfWork


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of a login."""

    user: str
    admin: bool
    vcs: tuple[str, ...]
    browser_token_lives: bool = False
    """The browser token of this login could not be revoked; it ends by itself after at most 7 days."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    user: str
    revoked: bool
    """False: the application token lives on in OpenPAI until the person revokes it there."""


class Accounts:
    def __init__(
        self,
        db: Database,
        cluster: Cluster,
        role_changed: Callable[[int], None],
        clock: Callable[[], datetime],
    ) -> None:
        """`role_changed` hears of every Telegram account that was linked or unlinked: its menu is another."""
        self._role_changed = role_changed
        self._db = db
        self._cluster = cluster
        self._clock = clock

    async def link(self, person: Person, user: str, password: str) -> Linked:
        """Log in, keep an application token, forget the rest.

        The password and the browser token made with it are not stored anywhere. Done twice it makes a
        second application token, keeps that, and revokes the first. Raises WrongLogin, Refused, Unavailable.
        """
        browser = await self._cluster.login(user, password)
        old = await self._db.read(lambda uow: uow.credentials.get(person.id, OPENPAI))
        try:
            await self._not_somebody_elses(person, browser.user)
            token = await self._cluster.create_application_token(browser)
            try:
                account = await self._cluster.check(token.secret)
                await self._keep(person, Token(OPENPAI, account.name, token.secret))
            except Exception:  # kept nowhere, it would live for ever
                await self._revoke(token, browser)
                raise
            if old is not None and old.user == account.name and old.secret != token.secret:
                await self._revoke(old, browser)
        finally:
            lives = not await self._forget(browser)
        vcs = await self._vcs(account.name, token)
        return Linked(account.name, account.admin, vcs, lives)

    async def link_token(self, person: Person, secret: str) -> Linked:
        """Keep an application token the person made on the portal (the only way on OIDC clusters)."""
        try:
            account = await self._cluster.check(secret)
        except TokenRefused:
            raise UserError("login-token-refused") from None
        await self._not_somebody_elses(person, account.name)
        token = Token(OPENPAI, account.name, secret)
        await self._keep(person, token)
        return Linked(account.name, account.admin, await self._vcs(account.name, token))

    async def unlink(self, person: Person, password: str = "") -> Unlinked:
        """Delete the token here, and revoke it there if a password is given. Raises WrongLogin."""
        token = await self._db.read(lambda uow: uow.credentials.get(person.id, OPENPAI))
        if token is None:
            raise UserError("logout-nothing")
        revoked = False
        if password:
            browser = await self._cluster.login(token.user, password)
            try:
                revoked = await self._cluster.revoke(token, browser)
            finally:
                await self._forget(browser)
        await self._db.write(lambda uow: uow.people.unlink(person.id))
        self._role_changed(person.id)
        return Unlinked(token.user, revoked)

    async def password_login(self) -> bool:
        """Whether this cluster knows passwords at all (an OIDC cluster does not)."""
        return not (await self._cluster.info()).oidc

    async def claim(self, owner: Person, user: str, claimant: int, key: str) -> None:
        """The owner of a link lets another Telegram account have it. Raises when it is another's by now.

        That it is nobody's, or the claimant's, is what was wanted: so it is after this was done once before.
        """
        now = self._clock()

        def give(uow: UnitOfWork) -> bool:
            holder = uow.people.by_openpai_user(user)
            if not user or (holder is not None and holder.id not in {owner.id, claimant}):
                return False
            if holder is not None and holder.id == owner.id:
                uow.people.unlink(owner.id)
            other = uow.people.get(claimant)
            if other is not None and (holder is None or holder.id != claimant):
                uow.outbox.owe(
                    Owed(
                        f"claim:{key}",
                        claimant,
                        (text("claim-granted", user=user),),
                        language=other.language,
                        owner=claimant,
                        buttons=((Button(text("button-login"), "login.start"),),),
                        priority=Priority.ALERT,
                    ),
                    now,
                )
            return True

        if not await self._db.write(give):
            raise UserError("claim-over", user=user)
        self._role_changed(owner.id)

    async def _keep(self, person: Person, token: Token) -> None:
        now = self._clock()

        def keep(uow: UnitOfWork) -> None:
            uow.people.link(person.id, token.user, now)
            uow.credentials.put(person.id, token, now)

        try:
            await self._db.write(keep)
        except LinkedElsewhere:  # just now, by somebody else with the same password
            raise UserError("claim-asked", user=token.user) from None
        self._role_changed(person.id)

    async def _not_somebody_elses(self, person: Person, user: str) -> None:
        """An OpenPAI user belongs to one Telegram account: a second one asks the first."""
        now = self._clock()

        def ask_owner(uow: UnitOfWork) -> bool:
            owner = uow.people.by_openpai_user(user)
            if owner is None or owner.id == person.id:
                return False
            uow.outbox.owe(
                Owed(
                    f"claim-ask:{user}:{owner.id}:{person.id}:{now:%Y%m%d%H}",
                    owner.id,
                    (text("claim-ask", user=user, name=person.name or str(person.id)),),
                    language=owner.language,
                    owner=owner.id,
                    buttons=(
                        (
                            Button(
                                text("button-claim-allow"),
                                "claim.allow",
                                {"claimant": person.id, "user": user},
                                style="danger",
                                once=True,
                            ),
                            Button(
                                text("button-claim-refuse"),
                                "claim.refuse",
                                {"claimant": person.id, "user": user},
                                once=True,
                            ),
                        ),
                    ),
                    priority=Priority.ALERT,
                ),
                now,
            )
            return True

        if await self._db.write(ask_owner):
            raise UserError("claim-asked", user=user)

    async def _forget(self, browser: Token) -> bool:
        """Revoke our own browser token; it would live on for a week otherwise."""
        return await self._revoke(browser, browser)

    async def _revoke(self, token: Token, browser: Token) -> bool:
        try:
            async with asyncio.timeout(10):
                return await self._cluster.revoke(token, browser)
        except (UserError, TimeoutError):
            return False

    async def _vcs(self, user: str, token: Token) -> tuple[str, ...]:
        """Told with a link that is made already: whatever fails here must not look as if that had."""
        try:
            return (await self._cluster.account(user, token)).vcs
        except UserError:
            return ()
