"""Robot accounts of Harbor made by Pailot: people's, for pushing, and the site's, with which jobs pull."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from db.ids import random_id
from db.models import robots
from db.secrets import Unreadable
from db.statements import Statement, Transaction, add


@dataclass(frozen=True, slots=True)
class RobotRow:
    """`person_id` is None for the site's own. `number` is Harbor's; 0 until Harbor has made it."""

    id: str
    key: str
    person_id: int | None
    project: str
    number: int
    name: str
    created_at: datetime
    expires_at: datetime
    shown_until: datetime | None
    warned_at: datetime | None
    gone_at: datetime | None


_COLUMNS = [robots.c[name] for name in RobotRow.__slots__]
_ROW = robots.c.id == bindparam("robot")
_LIVES = (robots.c.gone_at.is_(None), robots.c.number != 0)
_ADD = add(robots)
_GET = Statement(select(*_COLUMNS).where(_ROW))
_BY_KEY = Statement(select(*_COLUMNS).where(robots.c.key == bindparam("of")))
_MADE = Statement(
    update(robots)
    .where(_ROW, robots.c.number == 0)
    .values(
        number=bindparam("as_number"),
        name=bindparam("as_name"),
        secret=bindparam("kept", type_=robots.c.secret.type),
        expires_at=bindparam("until"),
        shown_until=bindparam("hidden_at", type_=robots.c.shown_until.type),
    )
)
_OF_PERSON = Statement(
    select(*_COLUMNS)
    .where(*_LIVES, robots.c.person_id == bindparam("person"))
    .order_by(robots.c.created_at.desc())
)
_OWNER = Statement(
    select(robots.c.person_id).where(
        robots.c.name == bindparam("called"), robots.c.person_id.is_not(None)
    )
)
_PULLING = Statement(
    select(robots.c.id, robots.c.project, robots.c.name, robots.c.secret, robots.c.expires_at)
    .where(
        *_LIVES,
        robots.c.person_id.is_(None),
        robots.c.project == bindparam("of"),
        robots.c.expires_at > bindparam("after"),
    )
    .order_by(robots.c.expires_at.desc())
    .limit(1)
)
_TO_HIDE = Statement(select(*_COLUMNS).where(robots.c.shown_until <= bindparam("now")))
_HIDDEN = Statement(
    update(robots).where(_ROW, robots.c.shown_until.is_not(None)).values(shown_until=None)
)
_TO_WARN = Statement(
    select(*_COLUMNS).where(
        *_LIVES,
        robots.c.person_id.is_not(None),
        robots.c.warned_at.is_(None),
        robots.c.expires_at <= bindparam("before"),
    )
)
_WARNED = Statement(
    update(robots).where(_ROW, robots.c.warned_at.is_(None)).values(warned_at=bindparam("now"))
)
_GONE = Statement(
    update(robots)
    .where(_ROW, robots.c.gone_at.is_(None))
    .values(gone_at=bindparam("now"), secret=None)
)


class Robots:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def begin(
        self,
        key: str,
        person: int | None,
        project: str,
        name: str,
        now: datetime,
        expires_at: datetime,
    ) -> RobotRow:
        """About to be asked for. The same key gives the same row."""
        self._tx.run(
            _ADD, id=random_id(), key=key, person_id=person, project=project, number=0, name=name, secret=None,
            created_at=now, expires_at=expires_at, shown_until=None, warned_at=None, gone_at=None,
        )  # fmt: skip
        row = self._tx.one(RobotRow, _BY_KEY, of=key)
        assert row is not None  # noqa: S101 - just written, or there before
        return row

    def get(self, robot: str) -> RobotRow | None:
        return self._tx.one(RobotRow, _GET, robot=robot)

    def made(
        self,
        row: RobotRow,
        number: int,
        name: str,
        until: datetime,
        *,
        secret: str = "",
        hidden_at: datetime | None = None,
    ) -> bool:
        """Harbor has made it. The secret is kept only where Pailot itself will need it."""
        kept = [row.id, row.project, name, secret] if secret else None
        return (
            self._tx.run(
                _MADE,
                robot=row.id,
                as_number=number,
                as_name=name,
                kept=kept,
                until=until,
                hidden_at=hidden_at,
            )
            == 1
        )

    def of(self, person: int) -> list[RobotRow]:
        """Those that live, the newest first."""
        return self._tx.all(RobotRow, _OF_PERSON, person=person)

    def owner(self, name: str) -> int | None:
        """Whose robot that is or was; None for one that Pailot did not make for anybody."""
        row = self._tx.row(_OWNER, called=name)
        return None if row is None else int(row[0])

    def pulling(self, project: str, after: datetime) -> tuple[str, str, str, datetime] | None:
        """Id, name, secret and end of the site's robot for this project that lives beyond `after`."""
        row = self._tx.row(_PULLING, of=project, after=after)
        return None if row is None else _opened(*row)

    def to_hide(self, now: datetime) -> list[RobotRow]:
        """Those whose secret stands in a chat and should not any more."""
        return self._tx.all(RobotRow, _TO_HIDE, now=now)

    def hidden(self, robot: str) -> bool:
        return self._tx.run(_HIDDEN, robot=robot) == 1

    def to_warn(self, before: datetime) -> list[RobotRow]:
        """People's that end before then, of which nobody was warned."""
        return self._tx.all(RobotRow, _TO_WARN, before=before)

    def warned(self, robot: str, now: datetime) -> bool:
        return self._tx.run(_WARNED, robot=robot, now=now) == 1

    def gone(self, robot: str, now: datetime) -> bool:
        """Deleted, refused or expired; its secret is forgotten."""
        return self._tx.run(_GONE, robot=robot, now=now) == 1


def _opened(
    robot: str, project: str, name: str, kept: Any, until: datetime
) -> tuple[str, str, str, datetime]:
    if not kept or kept[:3] != [robot, project, name]:
        raise Unreadable("this secret was written for another robot")
    return robot, name, kept[3], until
