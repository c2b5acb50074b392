"""The keys people left with us, opened for one call at a time."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import TypeVar

from bot.domain.errors import LoginNeeded, TokenRefused, UserError
from bot.domain.people import Person, Token
from db import Database, UnitOfWork

OPENPAI = "openpai"
T = TypeVar("T")


class Tokens:
    """Opens stored credentials. `service` is the site's own application token, when it has one."""

    def __init__(
        self,
        db: Database,
        service: Token | None,
        admins: Collection[int],
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._service = service
        self._admins = tuple(admins)
        self._clock = clock

    async def of(self, person: Person) -> Token:
        """The person's own OpenPAI token. Raises LoginNeeded."""
        token = await self._db.read(lambda uow: uow.credentials.get(person.id, OPENPAI))
        if token is None:
            raise LoginNeeded(OPENPAI)
        return token

    async def watching(self) -> list[Token]:
        """Tokens by which the cluster may be watched, best first: the site's, admins', then members'.

        One that was refused lately comes last, so that one broken account does not blind the watcher.
        """
        stored = await self._db.read(self._candidates)
        return ([self._service] if self._service else []) + stored

    async def anybody(self, call: Callable[[Token], Awaitable[T]]) -> T:
        """Ask on nobody's behalf (a group's view): with the first token that is not refused."""
        refused: UserError = UserError("error-nobody-linked")
        for token in await self.watching():
            try:
                return await call(token)
            except TokenRefused as cause:
                refused = cause
        raise refused

    def _candidates(self, uow: UnitOfWork) -> list[Token]:
        return uow.credentials.for_watching(OPENPAI, self._admins, limit=5)

    async def refused(self, token: Token) -> None:
        """Note that a token was refused; it stays, since OpenPAI says so of every Kubernetes hiccup."""
        now = self._clock()
        await self._db.write(lambda uow: uow.credentials.failing(OPENPAI, token.user, now))

    async def worked(self, token: Token) -> None:
        await self._db.write(lambda uow: uow.credentials.failing(OPENPAI, token.user, None))
