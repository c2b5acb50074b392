"""People, what they chose, and what they listen to."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from db.lists import among
from db.models import buttons, dialogs, drafts, people, preferences, subscriptions
from db.statements import Statement, Transaction, add, put

SEEN_EVERY = timedelta(hours=1)
"""`seen_at` is that coarse, so that an ordinary command writes nothing here."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A Telegram account as it is stored. `language` is the person's own choice, if any."""

    id: int
    name: str
    username: str
    language: str | None
    client_language: str
    admin: bool
    openpai_user: str | None
    linked_at: datetime | None
    started: bool
    blocked_at: datetime | None
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which events a person does not want, and quiet hours in minutes of the person's day."""

    muted_events: frozenset[str] = frozenset()
    quiet_from: int | None = None
    quiet_to: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """`kind` is job or user (hears more) or mute (hears less); `target` a job or a user of OpenPAI."""

    id: int
    person_id: int
    kind: str
    target: str
    created_at: datetime


_ID = people.c.id == bindparam("person")
_GET = Statement(select(people).where(_ID))
_BY_USER = Statement(select(people).where(people.c.openpai_user == bindparam("user")))
_LINKED = Statement(select(people).where(people.c.openpai_user.is_not(None)).order_by(people.c.id))
_LINKED_AMONG = Statement(select(people).where(among(people.c.openpai_user, "users")))
_ADMINS = Statement(select(people).where(people.c.admin).order_by(people.c.id))
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
_UNLINK = Statement(update(people).where(_ID).values(openpai_user=None, linked_at=None))
_SET_LANGUAGE = Statement(update(people).where(_ID).values(language=bindparam("chosen")))
_SET_ADMIN = Statement(update(people).where(_ID).values(admin=bindparam("promoted")))
_SET_STARTED = Statement(
    update(people).where(_ID).values(started=bindparam("opened"), blocked_at=None)
)
_SET_BLOCKED = Statement(
    update(people)
    .where(_ID, people.c.blocked_at.is_(None))
    .values(blocked_at=bindparam("now"), started=False)
)
_FORGET = (
    Statement(delete(drafts).where(drafts.c.person_id == bindparam("person"))),
    Statement(delete(dialogs).where(dialogs.c.person_id == bindparam("person"))),
    Statement(delete(buttons).where(buttons.c.owner == bindparam("person"))),
    Statement(delete(people).where(_ID)),
)
_PREFERENCES = Statement(
    select(preferences.c.muted_events, preferences.c.quiet_from, preferences.c.quiet_to).where(
        preferences.c.person_id == bindparam("person")
    )
)
_PREFERENCES_AMONG = Statement(select(preferences).where(among(preferences.c.person_id, "people")))
_PREFER = put(preferences, change=["muted_events", "quiet_from", "quiet_to"])
_SUBSCRIBE = add(subscriptions, without=["id"])
_UNSUBSCRIBE = Statement(
    delete(subscriptions).where(
        subscriptions.c.person_id == bindparam("person"),
        subscriptions.c.kind == bindparam("kind"),
        subscriptions.c.target == bindparam("target"),
    )
)
_OWN_SUBSCRIPTIONS = Statement(
    select(subscriptions)
    .where(subscriptions.c.person_id == bindparam("person"))
    .order_by(subscriptions.c.id)
)
_SUBSCRIPTIONS_TO = Statement(
    select(subscriptions)
    .where(subscriptions.c.kind == bindparam("kind"), among(subscriptions.c.target, "targets"))
    .order_by(subscriptions.c.id)
)


class People:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def meet(
        self, person: int, name: str, username: str, client_language: str, now: datetime
    ) -> PersonRow:
        """Who is this? Writes only what changed since the last time."""
        known = self.get(person)
        seen = {"name": name, "username": username, "client_language": client_language}
        if known is None:
            new = PersonRow(
                person,
                name,
                username,
                None,
                client_language,
                False,
                None,
                None,
                False,
                None,
                now,
                now,
            )
            self._tx.run(_ADD, **asdict(new))
        elif (
            any(getattr(known, field) != value for field, value in seen.items())
            or now - known.seen_at > SEEN_EVERY
        ):
            self._tx.run(_SEEN, person=person, seen_at=now, **seen)
        else:
            return known
        met = self.get(person)
        assert met is not None  # noqa: S101 - just written
        return met

    def get(self, person: int) -> PersonRow | None:
        return self._tx.one(PersonRow, _GET, person=person)

    def by_openpai_user(self, user: str) -> PersonRow | None:
        return self._tx.one(PersonRow, _BY_USER, user=user)

    def all_linked(self, users: Collection[str] | None = None) -> dict[str, PersonRow]:
        """By OpenPAI user: of these users, or all there are."""
        if users is None:
            found = self._tx.all(PersonRow, _LINKED)
        else:
            found = self._tx.all(PersonRow, _LINKED_AMONG, users=users)
        return {person.openpai_user: person for person in found if person.openpai_user}

    def admins(self) -> list[PersonRow]:
        """Those promoted by another admin; the settings name the first ones."""
        return self._tx.all(PersonRow, _ADMINS)

    def all(self) -> list[PersonRow]:
        """Whoever was seen last comes first."""
        return self._tx.all(PersonRow, _ALL)

    def link(self, person: int, user: str, now: datetime) -> bool:
        """False when that OpenPAI user is linked to somebody else."""
        holder = self.by_openpai_user(user)
        if holder is not None and holder.id != person:
            return False
        return self._tx.run(_LINK, person=person, user=user, now=now) == 1

    def unlink(self, person: int) -> None:
        self._tx.run(_UNLINK, person=person)

    def set_language(self, person: int, language: str | None) -> None:
        self._tx.run(_SET_LANGUAGE, person=person, chosen=language)

    def set_admin(self, person: int, admin: bool) -> None:
        self._tx.run(_SET_ADMIN, person=person, promoted=admin)

    def set_started(self, person: int, started: bool = True) -> None:
        """The person wrote in private (or unblocked us): the bot may write there."""
        self._tx.run(_SET_STARTED, person=person, opened=started)

    def set_blocked(self, person: int, now: datetime) -> None:
        """The person blocked the bot: nothing may be sent until they come back."""
        self._tx.run(_SET_BLOCKED, person=person, now=now)

    def forget(self, person: int) -> None:
        """Everything Pailot knows about the person, but for the audit trail and what others own."""
        for statement in _FORGET:
            self._tx.run(statement, person=person)


class Choices:
    """Preferences and subscriptions."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def get(self, person: int) -> Preferences:
        return self._tx.one(_preferences, _PREFERENCES, person=person) or Preferences()

    def of(self, people: Collection[int]) -> dict[int, Preferences]:
        """Only those who ever chose something."""
        rows = self._tx.rows(_PREFERENCES_AMONG, people=people)
        return {person: _preferences(*chosen) for person, *chosen in rows}

    def put(self, person: int, chosen: Preferences) -> None:
        self._tx.run(
            _PREFER,
            person_id=person,
            muted_events=sorted(chosen.muted_events),
            quiet_from=chosen.quiet_from,
            quiet_to=chosen.quiet_to,
        )

    def subscribe(self, person: int, kind: str, target: str, now: datetime) -> bool:
        """False when it was there before."""
        return (
            self._tx.run(_SUBSCRIBE, person_id=person, kind=kind, target=target, created_at=now)
            == 1
        )

    def unsubscribe(self, person: int, kind: str, target: str) -> bool:
        return self._tx.run(_UNSUBSCRIBE, person=person, kind=kind, target=target) == 1

    def subscriptions(self, person: int) -> list[Subscription]:
        return self._tx.all(Subscription, _OWN_SUBSCRIPTIONS, person=person)

    def subscribed(self, kind: str, targets: Collection[str]) -> list[Subscription]:
        """Who listens to (or muted) any of these."""
        return self._tx.all(Subscription, _SUBSCRIPTIONS_TO, kind=kind, targets=targets)


def _preferences(
    muted_events: list[str], quiet_from: int | None, quiet_to: int | None
) -> Preferences:
    return Preferences(frozenset(muted_events), quiet_from, quiet_to)
