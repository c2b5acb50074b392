"""The same tests on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from db import Database
from db.backends import migrating
from db.models import metadata
from tests import databases, servers

NOW = datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL with the tables in it."""
    with servers.postgresql() as url:
        migrating.upgrade(make_url(url))
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database."""
    if request.param == "sqlite":
        return databases.sqlite_url(tmp_path)
    url: str = request.getfixturevalue("server")
    engine = create_engine(url)
    with engine.begin() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    engine.dispose()
    return url


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    database = Database(url, [databases.KEY])
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Database]:
    """For what only SQLite has."""
    database = await databases.sqlite(tmp_path)
    yield database
    await database.close()
    shutil.rmtree(tmp_path, ignore_errors=True)
