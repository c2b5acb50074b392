"""SQLite: one writer thread whose waiting callers share a commit, and a few readers."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db.backends.work import Call, DatabaseRefused

OLDEST = (3, 35, 0)  # RETURNING
BUSY_SECONDS = 5
PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "temp_store = MEMORY",
    "journal_size_limit = 67108864",  # the write-ahead log shrinks again after a burst
)


def file_of(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise DatabaseRefused("SQLite needs a file: sqlite:///pailot.db")
    return Path(url.database)


def prepare_file(url: URL) -> None:
    """Make the file, readable by its owner only, in WAL mode. SQLite gives its side files the same mode."""
    if sqlite3.sqlite_version_info < OLDEST:
        raise DatabaseRefused(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 is needed")
    path = file_of(url)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise DatabaseRefused(f"{path}: {error}") from error


def make_engine(url: URL, *, begin: str = "", pragmas: tuple[str, ...] = PRAGMAS) -> Engine:
    """`isolation_level=None` keeps sqlite3 from beginning by itself: `begin` says how, else whoever uses it."""
    engine = create_engine(
        url,
        poolclass=NullPool,
        paramstyle="named",
        hide_parameters=True,  # they would stand in errors, and those in logs
        connect_args={
            "isolation_level": None,
            "timeout": BUSY_SECONDS,
            "cached_statements": 512,
        },
    )

    def set_up(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", set_up)
    if begin:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def refusal(error: BaseException) -> BaseException:
    """What the caller is told: trouble of the database is a DatabaseRefused, the rest stays as it is."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.OperationalError | sqlite3.InternalError):
        refused = DatabaseRefused(str(original))
        refused.__cause__ = error
        return refused
    return error


class _Transactions:
    """One connection's transactions, begun and ended by the driver.

    SQLAlchemy's own beginning and end cost as much as all statements of a command. A query put together at
    run time brings it in all the same: then it believes that it began the transaction, and ends it.
    """

    def __init__(self, engine: Engine, make: Callable[[Connection], Any], begin: str) -> None:
        self._begin = begin
        self._core = engine.connect()
        self._driver: Any = self._core.connection.driver_connection
        self.uow = make(self._core)

    def begin(self) -> None:
        self._driver.execute(self._begin)

    def commit(self) -> None:
        (self._core if self._core.in_transaction() else self._driver).commit()

    def rollback(self) -> None:
        (self._core if self._core.in_transaction() else self._driver).rollback()

    def execute(self, words: str) -> None:
        self._driver.execute(words)

    @property
    def alive(self) -> bool:
        """A full disk or an I/O error makes SQLite roll the whole transaction back by itself."""
        return bool(self._driver.in_transaction)

    def close(self) -> None:
        self._core.close()


class Writer:
    """Runs a group of calls in one transaction."""

    def __init__(self, engine: Engine, make: Callable[[Connection], Any]) -> None:
        # IMMEDIATE: a transaction that reads first and writes later would fail when another one wrote.
        self._tx = _Transactions(engine, make, "BEGIN IMMEDIATE")

    def run(self, calls: list[Call]) -> None:
        calls = [call for call in calls if call.wanted]
        if calls and (len(calls) == 1 or not self._together(calls)):
            self._apart(calls)

    def _together(self, calls: list[Call]) -> bool:
        """One after the other, which nearly always goes well; False when one failed, and nothing is kept."""
        try:
            self._tx.begin()
            for call in calls:
                call.value = call.work(self._tx.uow)
                if not self._tx.alive:
                    raise DatabaseRefused("SQLite rolled the transaction back")
            self._tx.commit()
        except BaseException:
            self._tx.rollback()
            return False
        return True

    def _apart(self, calls: list[Call]) -> None:
        """Each behind its own savepoint, so that one that fails takes no other with it."""
        try:
            self._tx.begin()
            self._run_each(calls)
            if all(call.error for call in calls):
                self._tx.rollback()
            else:
                self._tx.commit()
        except Exception as error:
            # Nothing was committed, so nobody may believe it was.
            for call in calls:
                call.error = call.error or refusal(error)
            self._tx.rollback()

    def _run_each(self, calls: list[Call]) -> None:
        alone = len(calls) == 1  # its savepoint would be the transaction itself
        for call in calls:
            if not alone:
                self._tx.execute("SAVEPOINT call")
            try:
                call.value = call.work(self._tx.uow)
            except BaseException as error:
                call.error = refusal(error)
            if not self._tx.alive:
                if isinstance(call.error, DatabaseRefused):
                    raise call.error
                raise DatabaseRefused("SQLite rolled the transaction back")
            if not alone:
                if call.error is not None:
                    self._tx.execute("ROLLBACK TO call")
                self._tx.execute("RELEASE call")

    def close(self) -> None:
        self._tx.close()


class Reader:
    """Runs a group of calls on one snapshot."""

    def __init__(self, engine: Engine, make: Callable[[Connection], Any]) -> None:
        self._tx = _Transactions(engine, make, "BEGIN")

    def run(self, calls: list[Call]) -> None:
        self._tx.begin()
        try:
            for call in calls:
                if call.wanted:
                    try:
                        call.value = call.work(self._tx.uow)
                    except BaseException as error:
                        call.error = refusal(error)
        finally:
            self._tx.rollback()

    def close(self) -> None:
        self._tx.close()
