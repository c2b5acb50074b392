"""Accounts on other systems: the secret encrypted, and bound to its person and system."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, case, delete, or_, select, update

from bot.domain.people import Token
from db.lists import among
from db.models import credentials, people
from db.secrets import Unreadable
from db.statements import Statement, Transaction, put


@dataclass(frozen=True, slots=True)
class Account:
    """That somebody has an account there; without its secret."""

    system: str
    username: str
    created_at: datetime
    failing_since: datetime | None


_ROW = (
    credentials.c.person_id == bindparam("person"),
    credentials.c.system == bindparam("of"),
)
_SECRETS = select(
    credentials.c.person_id, credentials.c.system, credentials.c.username, credentials.c.secret
)
_GET = Statement(_SECRETS.where(*_ROW))
_PUT = put(credentials, change=["username", "secret", "created_at", "failing_since"])
_DROP = Statement(delete(credentials).where(*_ROW))
_ACCOUNTS = Statement(
    select(
        credentials.c.system,
        credentials.c.username,
        credentials.c.created_at,
        credentials.c.failing_since,
    )
    .where(credentials.c.person_id == bindparam("person"))
    .order_by(credentials.c.system)
)
_ADMIN = or_(people.c.admin, among(people.c.id, "admins"))
_FOR_WATCHING = Statement(
    select(credentials.c.person_id)
    .join_from(credentials, people)
    .where(credentials.c.system == bindparam("of"))
    .order_by(
        case((credentials.c.failing_since.is_(None), 0), else_=1),
        case((_ADMIN, 0), else_=1),
        credentials.c.created_at,
    )
)
_NEWEST = Statement(
    select(credentials.c.person_id, credentials.c.system)
    .order_by(credentials.c.created_at.desc())
    .limit(5)
)
_SAME = (credentials.c.system == bindparam("of"), credentials.c.username == bindparam("user"))
_FAILING = Statement(
    update(credentials)
    .where(*_SAME, credentials.c.failing_since.is_(None))
    .values(failing_since=bindparam("since"))
)
_WORKING = Statement(
    update(credentials)
    .where(*_SAME, credentials.c.failing_since.is_not(None))
    .values(failing_since=None)
)


class Credentials:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def put(self, person: int, token: Token, now: datetime) -> None:
        """Keep it in place of the one before. The person must have been met."""
        self._tx.run(
            _PUT,
            person_id=person,
            system=token.system,
            username=token.user,
            secret=[person, token.system, token.user, token.secret],
            created_at=now,
            failing_since=None,
        )

    def get(self, person: int, system: str) -> Token | None:
        """Raises Unreadable when it was not written for this person and system."""
        row = self._tx.row(_GET, person=person, of=system)
        return None if row is None else _opened(*row)

    def drop(self, person: int, system: str) -> bool:
        """False when there was none."""
        return self._tx.run(_DROP, person=person, of=system) == 1

    def accounts(self, person: int) -> list[Account]:
        return self._tx.all(Account, _ACCOUNTS, person=person)

    def for_watching(self, system: str, admins: Collection[int], limit: int) -> list[Token]:
        """Anybody's, best first: those that work before those refused lately, admins' before members'.

        One that can't be read keeps nobody from the others.
        """
        people = (person for (person,) in self._tx.rows(_FOR_WATCHING, of=system, admins=admins))
        tokens = (self._legible(person, system) for person in people)
        return list(islice((token for token in tokens if token is not None), limit))

    def legible(self) -> bool:
        """Whether our keys open any of the newest ones; True where none is kept."""
        newest = self._tx.rows(_NEWEST)
        return not newest or any(self._legible(*row) is not None for row in newest)

    def _legible(self, person: int, system: str) -> Token | None:
        try:
            return self.get(person, system)
        except Unreadable:
            return None

    def failing(self, system: str, user: str, since: datetime | None) -> None:
        """That user's secret was refused, or (None) works. The first refusal's time is kept."""
        if since is None:
            self._tx.run(_WORKING, of=system, user=user)
        else:
            self._tx.run(_FAILING, of=system, user=user, since=since)


def _opened(person: int, system: str, username: str, secret: Any) -> Token:
    if secret[:3] != [person, system, username]:
        raise Unreadable("this credential was written for another account")
    return Token(system, username, secret[3])
