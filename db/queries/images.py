"""The catalogue of tried images, copies under way, events of Harbor, and who pushed what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from db.ids import random_id
from db.lists import among
from db.models import catalogue, copies, hub_events, jobs, pushers
from db.statements import Statement, Transaction, add, put


@dataclass(frozen=True, slots=True)
class Tried:
    """An image of the catalogue: added by an admin, or tested. `works` is `yes`, `no` or empty."""

    image: str
    added_by: int | None
    added_at: datetime
    note: str
    tested_at: datetime | None
    works: str
    versions: tuple[tuple[str, str], ...]
    tested_by: str = ""
    tested_on: str = ""
    """The SKU, or the GPU's own name."""


@dataclass(frozen=True, slots=True)
class Learned:
    """An image on which jobs have succeeded here."""

    image: str
    jobs: int
    people: int
    last_at: datetime
    sku: str


@dataclass(frozen=True, slots=True)
class Copy:
    id: str
    key: str
    person_id: int
    source: str
    target: str
    state: str
    created_at: datetime
    over: str
    """The digest that the target may replace; empty when there was none."""


_IMAGE = catalogue.c.image == bindparam("of")
_ALL = Statement(select(catalogue).order_by(catalogue.c.added_at.desc()))
_GET = Statement(select(catalogue).where(_IMAGE))
_PUT = put(catalogue, change=["note", "added_by"])
_TESTED = put(catalogue, change=["tested_at", "works", "versions", "tested_by", "tested_on"])
_DROP = Statement(delete(catalogue).where(_IMAGE))
_GOOD = (jobs.c.state == "succeeded", jobs.c.image != "")
_LEARNED = Statement(
    select(
        jobs.c.image,
        func.count().label("jobs"),
        func.count(jobs.c.user.distinct()).label("people"),
        func.max(jobs.c.completed_at).label("last"),
        func.max(jobs.c.sku).label("sku"),
    )
    .where(*_GOOD, jobs.c.completed_at.is_not(None))
    .group_by(jobs.c.image)
    .order_by(func.max(jobs.c.completed_at).desc())
    .limit(bindparam("most"))
)
_OWN = Statement(
    select(jobs.c.image)
    .where(jobs.c.user == bindparam("of_user"), jobs.c.image != "")
    .group_by(jobs.c.image)
    .order_by(func.max(jobs.c.submitted_at).desc())
    .limit(bindparam("most"))
)
_UNKNOWN = Statement(
    select(jobs.c.user, jobs.c.name)
    .where(jobs.c.state == "succeeded", jobs.c.image == "")
    .order_by(jobs.c.submitted_at.desc())
    .limit(bindparam("most"))
)

OPEN = ("waiting", "running", "naming")
FROM = {
    "running": ("waiting", "running"),
    "cancelled": ("waiting", "running"),
    "naming": ("running", "naming"),
}
"""From which states a copy comes to this one; to any other from all that are open."""
_ADD_COPY = add(copies)
_BY_KEY = Statement(select(copies).where(copies.c.key == bindparam("of")))
_OPEN_COPIES = Statement(
    select(copies).where(copies.c.state.in_(OPEN)).order_by(copies.c.created_at)
)
_MOVE_COPY = Statement(
    update(copies)
    .where(copies.c.id == bindparam("of"), among(copies.c.state, "before"))
    .values(state=bindparam("to"))
)
_SWEEP_COPIES = Statement(
    delete(copies).where(copies.c.state.not_in(OPEN), copies.c.created_at < bindparam("before"))
)

_MET = add(hub_events)
_SWEEP_EVENTS = Statement(delete(hub_events).where(hub_events.c.at < bindparam("before")))
_PUSHED = put(pushers, change=["username", "at"])
_PUSHERS = Statement(
    select(pushers.c.image, pushers.c.username).where(among(pushers.c.image, "images"))
)


class Images:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def catalogue(self) -> list[Tried]:
        """The newest first."""
        return self._tx.all(_tried, _ALL)

    def tried(self, image: str) -> Tried | None:
        return self._tx.one(_tried, _GET, of=image)

    def recommend(self, image: str, by: int, note: str, now: datetime) -> None:
        self._tx.run(_PUT, **_row(image, by, now, note))

    def tested(
        self,
        image: str,
        works: bool,
        versions: Collection[tuple[str, str]],
        now: datetime,
        by: str = "",
        on: str = "",
    ) -> None:
        """What a test found, whose and on what; an image nobody recommended enters the catalogue by it."""
        row = _row(image, None, now, "")
        row.update(tested_at=now, works="yes" if works else "no", versions=list(versions))
        row.update(tested_by=by, tested_on=on)
        self._tx.run(_TESTED, **row)

    def forget(self, image: str) -> bool:
        return self._tx.run(_DROP, of=image) == 1

    def learned(self, limit: int) -> list[Learned]:
        """What jobs have succeeded on, the latest first."""
        rows = self._tx.rows(_LEARNED, most=limit)
        return [
            Learned(image, count, people, _moment(at), sku)
            for image, count, people, at, sku in rows
        ]

    def own(self, user: str, limit: int) -> list[str]:
        """What this user's jobs ran on, the latest first."""
        return [row[0] for row in self._tx.rows(_OWN, of_user=user, most=limit)]

    def succeeded_on_unknown(self, limit: int) -> list[tuple[str, str]]:
        """Users and names of succeeded jobs whose image was never looked up."""
        return [(user, name) for user, name in self._tx.rows(_UNKNOWN, most=limit)]

    def begin_copy(
        self, key: str, person: int, source: str, target: str, now: datetime, over: str = ""
    ) -> Copy:
        """The same key makes one copy."""
        self._tx.run(
            _ADD_COPY,
            id=random_id(),
            key=key,
            person_id=person,
            source=source,
            target=target,
            state="waiting",
            created_at=now,
            over=over,
        )
        made = self._tx.one(Copy, _BY_KEY, of=key)
        assert made is not None  # noqa: S101 - just written, or there before
        return made

    def open_copies(self) -> list[Copy]:
        """Waiting, or broken off by a restart; the oldest first."""
        return self._tx.all(Copy, _OPEN_COPIES)

    def move_copy(self, copy: str, state: str) -> bool:
        """`running`, `naming` (its tag is being set), `done`, `failed` or `cancelled`.

        False when it was over already, or too far for that.
        """
        return self._tx.run(_MOVE_COPY, of=copy, to=state, before=FROM.get(state, OPEN)) == 1

    def met(self, event: str, now: datetime) -> bool:
        """Whether this event of Harbor is told for the first time."""
        return self._tx.run(_MET, key=event, at=now) == 1

    def pushed(self, image: str, username: str, now: datetime) -> None:
        self._tx.run(_PUSHED, image=image, username=username, at=now)

    def pushers(self, images: Collection[str]) -> Mapping[str, str]:
        return dict(self._tx.rows(_PUSHERS, images=images))

    def sweep(self, before: datetime) -> None:
        """Forget events and copies that were over by then."""
        self._tx.run(_SWEEP_EVENTS, before=before)
        self._tx.run(_SWEEP_COPIES, before=before)


def _row(image: str, by: int | None, now: datetime, note: str) -> dict[str, Any]:
    return {
        "image": image,
        "added_by": by,
        "added_at": now,
        "note": note,
        "tested_at": None,
        "works": "",
        "versions": [],
        "tested_by": "",
        "tested_on": "",
    }


def _tried(*row: Any) -> Tried:
    values = dict(zip(Tried.__slots__, row, strict=True))
    values["versions"] = tuple((str(a), str(b)) for a, b in values["versions"] or ())
    return Tried(**values)


def _moment(value: Any) -> datetime:
    from db.columns import moment

    return value if isinstance(value, datetime) else moment(int(value))
