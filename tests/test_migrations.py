"""The tables of every version can be reached, left again, and are those of the models."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

import migrations
from db import Database, DatabaseRefused
from db.backends import migrating, sqlite
from db.models import metadata
from tests import databases, servers

ROOT = Path(__file__).parents[1]
SCRIPTS = Config()
SCRIPTS.set_main_option("script_location", str(Path(migrations.__file__).parent))
REVISIONS = [
    s.revision for s in reversed(list(ScriptDirectory.from_config(SCRIPTS).walk_revisions()))
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'pailot.db'}"
        sqlite.prepare_file(make_url(url))
        return url
    url = request.getfixturevalue("server")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return url


def engine_of(url):
    if url.startswith("sqlite"):
        return sqlite.make_engine(make_url(url), begin="BEGIN IMMEDIATE", pragmas=())
    return create_engine(url, poolclass=NullPool)


def tables(url):
    with engine_of(url).connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def alembic(url, run, *arguments):
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine_of(url).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        run(config, *arguments)


def test_every_step_can_be_taken_taken_back_and_taken_again(url):
    for revision in REVISIONS:
        alembic(url, command.upgrade, revision)
        alembic(url, command.downgrade, "-1")
        alembic(url, command.upgrade, revision)
    alembic(url, command.downgrade, "base")
    assert tables(url) == set()


def test_models_and_migrations_agree(url):
    alembic(url, command.upgrade, "head")
    assert tables(url) == set(metadata.tables)
    alembic(url, command.check)


def test_indexes_of_both_are_the_same_to_the_letter(url):
    """Alembic's check knows nothing of an index's WHERE."""
    alembic(url, command.upgrade, "head")
    made = indexes(url)
    alembic(url, command.downgrade, "base")
    engine = engine_of(url)
    with engine.begin() as connection:
        metadata.create_all(connection)
    assert made == indexes(url)


def indexes(url):
    words = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if url.startswith("sqlite")
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version'"
    )
    with engine_of(url).connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(words))}


def test_the_newest_step_has_the_highest_number():
    """So that a start knows without Alembic that there is nothing to do."""
    assert REVISIONS[-1] == migrating.newest()


def test_migrating_twice_is_as_good_as_once(url):
    for _ in range(2):
        migrating.upgrade(make_url(url))
    assert tables(url) == set(metadata.tables)


def test_two_instances_that_start_at_once_both_come_up(url):
    failed = []

    def upgrade():
        try:
            migrating.upgrade(make_url(url))
        except BaseException as error:
            failed.append(error)

    code = f"from db.backends import migrating; from sqlalchemy import make_url; migrating.upgrade(make_url({url!r}))"
    others = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    thread = threading.Thread(target=upgrade)
    thread.start()
    thread.join()
    for other in others:
        _, errors = other.communicate(timeout=30)
        assert other.returncode == 0, errors.decode()
    assert failed == []
    assert tables(url) == set(metadata.tables)


SLOW = """
import os, sys, time
from sqlalchemy import event, make_url
from sqlalchemy.engine import Engine
from db.backends import migrating

@event.listens_for(Engine, "after_cursor_execute")
def stop_halfway(connection, cursor, statement, *rest):
    if "CREATE TABLE outbox" in statement:
        print("halfway", flush=True)
        time.sleep(60)

migrating.upgrade(make_url(sys.argv[1]))
"""


def test_a_migration_killed_halfway_leaves_nothing_and_is_done_again(url):
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "halfway\n"
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    deadline = time.monotonic() + 30
    while tables(url) and time.monotonic() < deadline:
        time.sleep(0.05)  # the server has yet to notice
    assert tables(url) == set()
    migrating.upgrade(make_url(url))
    assert tables(url) == set(metadata.tables)


def test_tables_of_a_newer_version_are_left_alone(url):
    migrating.upgrade(make_url(url))
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    with pytest.raises(DatabaseRefused, match="another version"):
        migrating.upgrade(make_url(url))
    assert tables(url) == set(metadata.tables)


APART = """
import sys
from bot.__main__ import migrated_apart
went_well = migrated_apart(sys.argv[1], lambda said: said.replace("pailot.db", "…"))
print(went_well, "alembic.command" in sys.modules)
"""


def test_what_migrating_takes_is_given_back(url):
    """`run` does it in a process of its own, and says once why it can't be done."""

    def apart():
        command = [sys.executable, "-c", APART, url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout, done.stderr

    assert apart()[0] == "True False\n"
    engine = engine_of(url)
    with engine.begin() as connection:
        assert migrating._current(connection) == migrating.newest()
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    out, said = apart()
    assert out == "False False\n"
    assert said.count("belong to another version") == 1
    assert "Traceback" not in said


async def test_it_migrates_an_open_database(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'pailot.db'}", [databases.KEY])
    await database.open()
    try:
        await asyncio.gather(database.migrate(), database.migrate())
        await database.write(lambda uow: uow.meta.set("a", "b"))
    finally:
        await database.close()


def test_it_migrates_from_an_installed_package(tmp_path):
    """Unpacked as pip would, started elsewhere: nothing may be looked for beside the working folder."""
    wheels = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    (wheel,) = wheels.WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path / "dist"), versions=["standard"]
    )
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    path = tmp_path / "elsewhere" / "pailot.db"
    path.parent.mkdir()
    code = (
        "import asyncio, db, sys; assert db.__file__.startswith(sys.argv[1]), db.__file__;"
        "asyncio.run(db.Database('sqlite:///pailot.db').migrate())"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(installed)],
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
        timeout=30,
    )
    assert tables(f"sqlite:///{path}") == set(metadata.tables)
