"""What people chose to hear, and when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from db.lists import among
from db.models import preferences, subscriptions
from db.statements import Statement, Transaction, add, put


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

    def put(
        self,
        person: int,
        muted_events: Iterable[str],
        quiet_from: int | None = None,
        quiet_to: int | None = None,
    ) -> None:
        self._tx.run(
            _PREFER,
            person_id=person,
            muted_events=sorted(muted_events),
            quiet_from=quiet_from,
            quiet_to=quiet_to,
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
