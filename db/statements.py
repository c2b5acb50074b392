"""Statements built by SQLAlchemy Core once, and run by the driver: the text of a query never changes at run time.

Core's own `execute` costs 12-15 µs a statement on top of SQLite's 2-3; a command needs about ten.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Insert,
    Table,
    bindparam,
    literal,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import ExternallyTraversible
from sqlalchemy.types import TypeEngine

T = TypeVar("T")
Row = tuple[Any, ...]
_Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement in the words of one database."""

    sql: str
    constants: dict[str, Any]
    binds: tuple[tuple[str, _Processor], ...]
    results: tuple[tuple[int, _Processor], ...]
    without_nul: bool = False
    """PostgreSQL refuses the character 0 in a text, which Telegram lets people write."""

    def values(self, given: dict[str, Any]) -> dict[str, Any]:
        """`given` as the driver wants it; changed in place."""
        if self.without_nul:
            for name, value in given.items():
                if type(value) is str and "\0" in value:
                    given[name] = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        for name, process in self.binds:
            given[name] = process(given[name])
        if self.constants:
            given.update(self.constants)
        return given

    def row(self, raw: Sequence[Any]) -> Row:
        if not self.results:
            return raw if type(raw) is tuple else tuple(raw)
        row = list(raw)
        for index, process in self.results:
            row[index] = process(row[index])
        return tuple(row)


class Statement:
    """One query of the program, a constant of its module; every value is a `bindparam`.

    `postgresql` is its form there, where it must differ.
    """

    __slots__ = ("_clause", "_postgresql")

    def __init__(self, clause: Executable, *, postgresql: Executable | None = None) -> None:
        self._clause = clause
        self._postgresql = postgresql

    @classmethod
    def inserting(cls, build: Callable[[Any], Executable]) -> "Statement":
        """For `ON CONFLICT`: `build` is given the `insert` of each dialect in turn."""
        return cls(build(sqlite.insert), postgresql=build(postgresql.insert))

    def prepare(self, dialect: Dialect) -> Prepared:
        clause = self._clause
        if dialect.name == "postgresql" and self._postgresql is not None:
            clause = self._postgresql

        def literally(element: Any, **_: Any) -> ColumnElement[Any] | None:
            return _literal(element, dialect)

        written: Any = visitors.replacement_traverse(
            cast("ExternallyTraversible", clause), {}, literally
        )
        compiled: Any = written.compile(dialect=dialect)
        constants: dict[str, Any] = {}
        binds: dict[str, _Processor] = {}  # by name: one value may stand in several places
        for parameter, name in compiled.bind_names.items():
            process = _implementation(parameter.type, dialect).bind_processor(dialect)
            if not parameter.required:  # the compiler's own: SQLite's OFFSET 0
                constants[name] = parameter.effective_value
            elif process:
                binds[name] = process
        return Prepared(
            compiled.string,
            constants,
            tuple(binds.items()),
            _results(clause, dialect),
            without_nul=dialect.name == "postgresql",
        )


def _literal(part: Any, dialect: Dialect) -> ColumnElement[Any] | None:
    """What is the same each time stands in the text: only then does a partial index serve the query."""
    if not isinstance(part, BindParameter) or part.required:
        return None
    value = part.effective_value
    if part.expanding:
        words = "(" + ", ".join(_rendered(each, part.type, dialect) for each in value or ()) + ")"
    else:
        words = _rendered(value, part.type, dialect)
    return literal_column(words, part.type)


def _rendered(value: Any, kind: TypeEngine[Any], dialect: Dialect) -> str:
    if value is None:
        return "NULL"
    process = _implementation(kind, dialect).literal_processor(dialect)
    if process is None:
        process = _implementation(literal(value).type, dialect).literal_processor(dialect)
    if process is None:
        raise TypeError(f"{value!r} can't stand in the text of a statement")
    words: str = process(value)
    return words


def _implementation(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _results(clause: Any, dialect: Dialect) -> tuple[tuple[int, _Processor], ...]:
    columns: ReadOnlyColumnCollection[str, Any] | tuple[()] = getattr(
        clause, "exported_columns", ()
    )
    found = []
    for index, column in enumerate(columns):
        process = _implementation(column.type, dialect).result_processor(dialect, None)
        if process:
            found.append((index, process))
    return tuple(found)


def given(table: Table, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """`values(...)` for an insert that is given every column by its name."""
    return {c.name: bindparam(c.name) for c in table.columns if c.name not in without}


def add(
    table: Table, *, without: Iterable[str] = (), returning: Sequence[ColumnElement[Any]] = ()
) -> Statement:
    """Insert unless it is there already."""

    def build(insert: Any) -> Executable:
        statement: Insert = (
            insert(table).values(given(table, without=without)).on_conflict_do_nothing()
        )
        return statement.returning(*returning) if returning else statement

    return Statement.inserting(build)


def put(
    table: Table,
    *,
    change: Sequence[str],
    where: Callable[[Any], ColumnElement[bool]] | None = None,
    returning: Sequence[ColumnElement[Any]] = (),
) -> Statement:
    """Insert, or change those columns of the row with the same primary key, if `where` (of the new row) holds."""

    def build(insert: Any) -> Executable:
        statement = insert(table).values(given(table))
        new = statement.excluded
        changing: Insert = statement.on_conflict_do_update(
            index_elements=[column.name for column in table.primary_key],
            set_={name: new[name] for name in change},
            where=where(new) if where else None,
        )
        return changing.returning(*returning) if returning else changing

    return Statement.inserting(build)


class Transaction:
    """One open transaction, as the query modules see it."""

    __slots__ = ("_driver", "_known", "core")

    def __init__(self, core: Connection, known: dict[Statement, Prepared]) -> None:
        self.core = core
        """For the few queries put together at run time."""
        self._known = known
        self._driver: Any = core.connection.driver_connection

    def prepared(self, statement: Statement) -> Prepared:
        prepared = self._known.get(statement)
        if prepared is None:
            prepared = self._known[statement] = statement.prepare(self.core.dialect)
        return prepared

    def run(self, statement: Statement, **values: Any) -> int:
        """How many rows it changed."""
        prepared = self.prepared(statement)
        changed: int = self._driver.execute(prepared.sql, prepared.values(values)).rowcount
        return changed

    def many(self, statement: Statement, rows: Iterable[dict[str, Any]]) -> int:
        """The same statement for every row; each dictionary is used up. How many rows it changed."""
        prepared = self.prepared(statement)
        values = [prepared.values(row) for row in rows]
        if not values:
            return 0
        cursor = self._driver.cursor()
        cursor.executemany(prepared.sql, values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def row(self, statement: Statement, **values: Any) -> Row | None:
        prepared = self.prepared(statement)
        raw = self._driver.execute(prepared.sql, prepared.values(values)).fetchone()
        return None if raw is None else prepared.row(raw)

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        prepared = self.prepared(statement)
        found = self._driver.execute(prepared.sql, prepared.values(values)).fetchall()
        return [prepared.row(raw) for raw in found]

    def one(self, make: Callable[..., T], statement: Statement, **values: Any) -> T | None:
        """The row as a value: `make` takes the columns in their order."""
        row = self.row(statement, **values)
        return None if row is None else make(*row)

    def all(self, make: Callable[..., T], statement: Statement, **values: Any) -> list[T]:
        return [make(*row) for row in self.rows(statement, **values)]
