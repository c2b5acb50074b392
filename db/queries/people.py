"""People, as Telegram shows them and as they are linked."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update

from bot.domain.people import Person, Role
from db.lists import among
from db.models import (
    buttons,
    cards,
    credentials,
    dialogs,
    drafts,
    jobs,
    outbox,
    people,
)
from db.statements import Statement, Transaction, add

SEEN_EVERY = timedelta(hours=1)
"""`seen_at` is that coarse, so that an ordinary command writes nothing here."""


class LinkedElsewhere(Exception):
    """That OpenPAI user is linked to another person."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A Telegram account as it is stored. `language` is the person's own choice, empty if none was made."""

    id: int
    name: str
    username: str
    language: str
    client_language: str
    admin: bool
    openpai_user: str | None
    linked_at: datetime | None
    started: bool
    blocked_at: datetime | None
    created_at: datetime
    seen_at: datetime


_ID = people.c.id == bindparam("person")
_GET = Statement(select(people).where(_ID))
_BY_USER = Statement(select(people).where(people.c.openpai_user == bindparam("user")))
_LINKED = Statement(select(people).where(people.c.openpai_user.is_not(None)).order_by(people.c.id))
_LINKED_AMONG = Statement(select(people).where(among(people.c.openpai_user, "users")))
_ADMINS = Statement(
    select(people).where(or_(people.c.admin, among(people.c.id, "named"))).order_by(people.c.id)
)
_ALL = Statement(select(people).order_by(people.c.seen_at.desc(), people.c.id))
_ADD = add(people)
_SEEN = Statement(
    update(people)
    .where(_ID)
    .values({n: bindparam(n) for n in ("name", "username", "client_language", "seen_at")})
)
_LINK = Statement(
    update(people).where(_ID).values(openpai_user=bindparam("user"), linked_at=bindparam("now"))
)
_UNLINK = (
    Statement(update(people).where(_ID).values(openpai_user=None, linked_at=None)),
    Statement(
        delete(credentials).where(
            credentials.c.person_id == bindparam("person"), credentials.c.system == "openpai"
        )
    ),
)
_SET_LANGUAGE = Statement(update(people).where(_ID).values(language=bindparam("chosen")))
_SET_ADMIN = Statement(update(people).where(_ID).values(admin=bindparam("promoted")))
_STARTED = Statement(update(people).where(_ID).values(started=True, blocked_at=None))
_SET_BLOCKED = Statement(
    update(people)
    .where(_ID, people.c.blocked_at.is_(None))
    .values(blocked_at=bindparam("now"), started=False)
)
_UNBLOCK = Statement(
    update(people).where(_ID, people.c.blocked_at.is_not(None)).values(blocked_at=None)
)
_FORGET = (
    Statement(
        update(jobs)
        .where(jobs.c.submitted_by == bindparam("person"))
        .values(submitted_by=None, note="")
    ),
    Statement(update(jobs).where(jobs.c.stopped_by == bindparam("person")).values(stopped_by=None)),
    Statement(delete(outbox).where(outbox.c.chat == bindparam("person"))),
    Statement(delete(cards).where(cards.c.chat == bindparam("person"))),
    Statement(delete(drafts).where(drafts.c.person_id == bindparam("person"))),
    Statement(delete(dialogs).where(dialogs.c.person_id == bindparam("person"))),
    Statement(delete(buttons).where(buttons.c.owner == bindparam("person"))),
    Statement(delete(people).where(_ID)),
)


class People:
    def __init__(self, transaction: Transaction, language: str, admins: Collection[int]) -> None:
        """The site's language, and the admins its settings name."""
        self._tx = transaction
        self._language = language
        self._admins = admins

    def meet(
        self,
        person: int,
        name: str,
        username: str,
        client_language: str,
        now: datetime,
        *,
        started: bool = False,
    ) -> PersonRow:
        """Who is this? Writes only what changed since the last time.

        `started`: wrote in private, so the bot may write there (again).
        """
        known = self.row(person)
        seen = {"name": name, "username": username, "client_language": client_language}
        if known is None:
            new = PersonRow(
                person,
                name,
                username,
                "",
                client_language,
                False,
                None,
                None,
                started,
                None,
                now,
                now,
            )
            self._tx.run(_ADD, **asdict(new))
        else:
            fresh = (
                all(getattr(known, field) == value for field, value in seen.items())
                and now - known.seen_at <= SEEN_EVERY
            )
            back = started and (not known.started or known.blocked_at is not None)
            if fresh and not back:
                return known
            self._tx.run(_SEEN, person=person, seen_at=now, **seen)
            if back:
                self._tx.run(_STARTED, person=person)
        met = self.row(person)
        assert met is not None  # noqa: S101 - just written
        return met

    def row(self, person: int) -> PersonRow | None:
        return self._tx.one(PersonRow, _GET, person=person)

    def get(self, person: int) -> Person | None:
        return self._person(self.row(person))

    def by_openpai_user(self, user: str) -> Person | None:
        return self._person(self._tx.one(PersonRow, _BY_USER, user=user))

    def all_linked(self, users: Collection[str] | None = None) -> dict[str, Person]:
        """By OpenPAI user: of these users, or all there are."""
        if users is None:
            found = self._tx.all(PersonRow, _LINKED)
        else:
            found = self._tx.all(PersonRow, _LINKED_AMONG, users=users)
        people = [self.as_person(row) for row in found]
        return {person.openpai_user: person for person in people}

    def admins(self) -> list[Person]:
        """Whom we met: those named in the settings, and those promoted by another admin."""
        found = self._tx.all(PersonRow, _ADMINS, named=self._admins)
        return [self.as_person(row) for row in found]

    def all(self) -> list[PersonRow]:
        """Whoever was seen last comes first."""
        return self._tx.all(PersonRow, _ALL)

    def as_person(self, row: PersonRow) -> Person:
        """The stored account as the rest knows it: language and role decided."""
        admin = row.admin or row.id in self._admins
        role = Role.ADMIN if admin else Role.MEMBER if row.openpai_user else Role.STRANGER
        return Person(
            id=row.id,
            name=row.name,
            username=row.username,
            language=self._reads(row),
            role=role,
            openpai_user=row.openpai_user or "",
            linked_at=row.linked_at,
            started=row.started,
        )

    def link(self, person: int, user: str, now: datetime) -> None:
        """One OpenPAI user belongs to one person: raises LinkedElsewhere."""
        holder = self._tx.one(PersonRow, _BY_USER, user=user)
        if holder is not None and holder.id != person:
            raise LinkedElsewhere(user)
        self._tx.run(_LINK, person=person, user=user, now=now)

    def unlink(self, person: int) -> None:
        """Their OpenPAI user is free again, and the stored token is gone."""
        for statement in _UNLINK:
            self._tx.run(statement, person=person)

    def set_language(self, person: int, language: str) -> None:
        """Empty: whatever Telegram says."""
        self._tx.run(_SET_LANGUAGE, person=person, chosen=language)

    def set_admin(self, person: int, admin: bool) -> None:
        self._tx.run(_SET_ADMIN, person=person, promoted=admin)

    def set_blocked(self, person: int, at: datetime | None) -> None:
        """The person blocked the bot (nothing may be sent until they come back), or let it in again."""
        if at is None:
            self._tx.run(_UNBLOCK, person=person)
        else:
            self._tx.run(_SET_BLOCKED, person=person, now=at)

    def forget(self, person: int) -> None:
        """Everything Pailot knows about the person, but for the audit trail and their jobs' states."""
        for statement in _FORGET:
            self._tx.run(statement, person=person)

    def _person(self, row: PersonRow | None) -> Person | None:
        return None if row is None else self.as_person(row)

    def _reads(self, row: PersonRow) -> str:
        """Telegram's codes are `zh-hans`, `en-GB`: the prefix counts."""
        for code in (row.language, row.client_language):
            for language in ("en", "zh"):
                if code.lower().startswith(language):
                    return language
        return self._language
