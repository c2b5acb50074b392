"""Whose login is it, does it still work, and how much of Harbor does it open."""

import time
from collections.abc import Awaitable, Callable

from bot.domain.errors import TokenRefused, WrongLogin
from bot.domain.images.artifact import HubAccount, HubInfo
from bot.domain.people import Token
from bot.harbor import paths, wire
from bot.harbor.answers import SYSTEM
from bot.harbor.transport import Transport

BELIEVED_SECONDS = 300.0
"""For so long a login that worked is not probed again."""
DOUBTED_SECONDS = 10.0
"""For so long one that did not work is not tried again: each try would lock its user anew."""
OIDC = "oidc_auth"
KEPT = 1000


class Accounts:
    """Harbor takes a wrong login for nobody's, and shows less instead of refusing (contracts/harbor.md 2.1)."""

    def __init__(
        self,
        transport: Transport,
        base: Callable[[], Awaitable[str]],
        info: Callable[[Token], Awaitable[HubInfo]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._base = base
        self._info = info
        self._clock = clock
        self._believed: dict[tuple[str, str], tuple[str, float]] = {}

    async def check(self, as_: Token, anonymous: Token) -> HubAccount:
        """Of which kind it is: a robot is answered 412, a CLI secret is known by the token service alone.

        Raises WrongLogin. Where people sign in elsewhere (OIDC) the token service is asked first: it takes
        every login that is right, and no password is tried where only a secret can be.
        """
        base = await self._base()
        oidc = (await self._info(anonymous)).auth_mode == OIDC
        if oidc and not await self._token(as_):
            raise self._wrong(as_)
        answer = await self._transport.call("GET", f"{base}/users/current", as_, fragile=True)
        if answer.ok:
            return wire.account(answer)
        if answer.status == 412:
            return HubAccount(as_.user, "robot")
        if answer.status == 401 and oidc:
            return HubAccount(as_.user, "oidc")
        if answer.status == 401:
            raise self._wrong(as_)
        raise wire.failure(answer, "user", as_.user)

    async def believe(self, as_: Token) -> str:
        """`oidc` for a CLI secret, `full` for other logins, `none` for nobody's. Raises TokenRefused.

        Harbor tells its version only to those who are logged in, a CLI secret included.
        """
        if not as_.user:
            return "none"
        key, now = (as_.user, as_.secret), self._clock()
        kind, until = self._believed.get(key, ("", 0.0))
        if until > now and not kind:
            raise TokenRefused(SYSTEM)
        if until > now:
            return kind
        told = await self._info(as_)
        if not told.version:
            self._transport.failed(as_.user)
            self._believed[key] = "", now + DOUBTED_SECONDS
            raise TokenRefused(SYSTEM)
        kind = "full"
        if told.auth_mode == OIDC:
            path = f"{await self._base()}/users/current"
            answer = await self._transport.call("GET", path, as_, fragile=True)
            kind = "oidc" if answer.status == 401 else "full"
        if len(self._believed) >= KEPT:
            self._believed.clear()
        self._believed[key] = kind, now + BELIEVED_SECONDS
        return kind

    async def _token(self, as_: Token) -> bool:
        """Without a scope the token service refuses a wrong login; with one it would not."""
        target = "/service/token" + paths.query(service="harbor-registry", account=as_.user)
        answer = await self._transport.call("GET", target, as_, fragile=True)
        if answer.ok:
            return True
        if answer.status in {401, 403}:
            return False
        raise wire.failure(answer, "user", as_.user)

    def _wrong(self, as_: Token) -> WrongLogin:
        """Nobody asks as this user again until the lock is off."""
        self._transport.failed(as_.user)
        return WrongLogin(SYSTEM)
