"""Bringing a database to the tables of this version, from an installed package as well as from a clone."""

import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text

import migrations
from db.backends import sqlite
from db.backends.work import DatabaseRefused

WAIT_SECONDS = 60  # for another instance that is migrating
ADVISORY_LOCK = 0x5041494C4F54  # "PAILOT"

_alembic_is_global = threading.Lock()


def upgrade(url: URL, revision: str = "head") -> None:
    """Upgrade in one transaction: killed in between, the database is as it was before.

    A second instance waits for the first and then finds nothing to do.
    """
    engine, refusal = _engine(url)
    try:
        with _alembic_is_global, engine.connect() as connection, connection.begin():
            _run(connection, revision)
    except Exception as error:
        refused = refusal(error)
        if refused is error:
            raise
        raise refused from error
    finally:
        engine.dispose()


def _engine(url: URL) -> tuple[Engine, Callable[[BaseException], BaseException]]:
    if url.get_backend_name() == "sqlite":
        sqlite.prepare_file(url)
        # Tables are rebuilt by dropping them, which must not cascade; checked before the commit instead.
        pragmas = (
            "foreign_keys = OFF",
            "synchronous = FULL",
            f"busy_timeout = {WAIT_SECONDS * 1000}",
        )
        return sqlite.make_engine(url, begin="BEGIN IMMEDIATE", pragmas=pragmas), sqlite.refusal
    # Imported late: psycopg takes its time, and most sites never need it.
    from db.backends import postgresql

    # Serializable would look at the version as it was before the wait for the lock.
    return postgresql.make_engine(url, isolation="READ COMMITTED"), postgresql.refusal


def newest() -> str:
    """The revision of this version: steps are numbered, and their files are called so."""
    steps = Path(migrations.__file__).parent / "versions"
    return max(path.name.partition("_")[0] for path in steps.glob("[0-9]*.py"))


def _current(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    return str(found[0][0]) if len(found) == 1 else ""


def _run(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
    if revision == "head" and _current(connection) == newest():
        return  # as at nearly every start: Alembic takes its time, and so do the checks of large tables
    _step(connection, revision)


def _step(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise DatabaseRefused(f"the tables belong to another version: {error}") from error
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise DatabaseRefused(f"rows without their parents: {broken[:5]}")
