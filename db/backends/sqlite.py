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


def make_engine(url: URL, *, begin: str, pragmas: tuple[str, ...] = PRAGMAS) -> Engine:
    """`isolation_level=None` keeps sqlite3 from beginning by itself: we say how each transaction begins."""
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

    def open_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", open_transaction)
    return engine


def refusal(error: BaseException) -> BaseException:
    """What the caller is told: trouble of the database is a DatabaseRefused, the rest stays as it is."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.OperationalError | sqlite3.InternalError):
        refused = DatabaseRefused(str(original))
        refused.__cause__ = error
        return refused
    return error


class Writer:
    """Runs a group of calls in one transaction, each behind its own savepoint."""

    def __init__(self, engine: Engine, make: Callable[[Connection], Any]) -> None:
        self._core = engine.connect()
        self._driver: Any = self._core.connection.driver_connection
        self._uow = make(self._core)

    def run(self, calls: list[Call]) -> None:
        calls = [call for call in calls if call.wanted]
        if not calls:
            return
        try:
            with self._core.begin() as transaction:
                self._run_all(calls)
                if all(call.error for call in calls):
                    transaction.rollback()
        except Exception as error:
            # Nothing was committed, so nobody may believe it was.
            for call in calls:
                call.error = call.error or refusal(error)

    def _run_all(self, calls: list[Call]) -> None:
        alone = len(calls) == 1  # its savepoint would be the transaction itself
        for call in calls:
            if not alone:
                self._driver.execute("SAVEPOINT call")
            try:
                call.value = call.work(self._uow)
            except BaseException as error:
                call.error = refusal(error)
            if not self._driver.in_transaction:
                # A full disk or an I/O error makes SQLite roll the whole transaction back.
                if isinstance(call.error, DatabaseRefused):
                    raise call.error
                raise DatabaseRefused("SQLite rolled the transaction back")
            if not alone:
                if call.error is not None:
                    self._driver.execute("ROLLBACK TO call")
                self._driver.execute("RELEASE call")

    def close(self) -> None:
        self._core.close()


class Reader:
    """Runs a group of calls on one snapshot."""

    def __init__(self, engine: Engine, make: Callable[[Connection], Any]) -> None:
        self._core = engine.connect()
        self._uow = make(self._core)

    def run(self, calls: list[Call]) -> None:
        with self._core.begin():
            for call in calls:
                if call.wanted:
                    try:
                        call.value = call.work(self._uow)
                    except BaseException as error:
                        call.error = refusal(error)

    def close(self) -> None:
        self._core.close()
