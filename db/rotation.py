"""Encrypting everything again with the newest key, in small steps, while the bot may be at work."""

from typing import Any

from sqlalchemy import Column, LargeBinary, Table, and_, select, tuple_, type_coerce, update

from db.models import metadata
from db.sealing import Broken, Seals
from db.secrets import Encrypted, Unreadable
from db.session import Database, UnitOfWork

BATCH = 200


async def rotate(db: Database) -> int:
    """How many values were encrypted again. Started again after a stop, it does only what is left.

    Raises Unreadable when no key of the database opens a value; what was done before stays done.
    """
    done = 0
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Encrypted):
                done += await _rotate_column(db, table, column)
    return done


async def _rotate_column(db: Database, table: Table, column: Column[Any]) -> int:
    seals = Seals(db.keys)
    key = list(table.primary_key)
    stored = type_coerce(column, LargeBinary)
    done, last = 0, None
    while True:
        query = select(*key, stored).where(column.is_not(None)).order_by(*key).limit(BATCH)
        if last is not None:
            query = query.where(tuple_(*key) > tuple_(*last))

        def look(uow: UnitOfWork, query: Any = query) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in uow.transaction.core.execute(query)]

        rows = await db.read(look)
        if not rows:
            return done
        *last, _ = rows[-1]
        changed = [
            (values, old, _again(seals, old))
            for *values, old in rows
            if not seals.is_newest(bytes(old))
        ]
        if changed:

            def write(uow: UnitOfWork, changed: Any = changed) -> int:
                return sum(
                    uow.transaction.core.execute(
                        update(table)
                        .where(
                            and_(*(c == v for c, v in zip(key, values, strict=True))),
                            stored == old,  # else it was changed meanwhile, with the newest key
                        )
                        .values({column: type_coerce(new, LargeBinary)})
                    ).rowcount
                    for values, old, new in changed
                )

            done += await db.write(write)


def _again(seals: Seals, value: bytes) -> bytes:
    try:
        return seals.close(seals.open(bytes(value)))
    except Broken:
        raise Unreadable("no key opens this value") from None
