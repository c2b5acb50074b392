"""Statements as the databases see them: literal where they never change, served by an index where rows are many."""

import re
import sqlite3
import sys

import pytest
from sqlalchemy import create_engine

import db.session  # noqa: F401 - so that every module of queries is there
from db.secrets import lend
from db.statements import Statement
from tests import databases

GROWS_WITH_HISTORY = {
    "inbox",
    "outbox",
    "jobs",
    "audit",
    "buttons",
    "drafts",
    "attachments",
    "cards",
}
RARE = {"_MOVES", "_LEAVE_MESSAGES", "_FORGET", "_COUNT"}
"""Once in a group's or a person's life, or when an admin asks."""


def statements():
    def inside(value):
        if isinstance(value, Statement):
            yield value
        elif isinstance(value, tuple):
            for part in value:
                yield from inside(part)

    for module in sorted(name for name in sys.modules if name.startswith("db.queries.")):
        for name, value in vars(sys.modules[module]).items():
            for statement in inside(value):
                yield pytest.param(
                    name, statement, id=f"{module.removeprefix('db.queries.')}:{name}"
                )


def prepare(statement, url):
    engine = create_engine(url, **({"paramstyle": "named"} if url == "sqlite://" else {}))
    lend(engine.dialect, [databases.KEY])
    return statement.prepare(engine.dialect)


@pytest.mark.parametrize(("name", "statement"), list(statements()))
def test_no_question_asked_often_reads_the_whole_history(name, statement):
    words = prepare(statement, "sqlite://").sql
    connection = sqlite3.connect(databases.template())
    lists = ("refs", "lanes", "users", "people", "named", "admins", "targets", "except_chats")
    values = {key: "[]" if key in lists else 1 for key in re.findall(r":(\w+)", words)}
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {words}", values)]
    connection.close()
    scanned = {
        step.split()[1] for step in plan if step.startswith("SCAN") and "INDEX ix_" not in step
    }
    if "_SWEEP" not in name and name not in RARE:
        assert not scanned & GROWS_WITH_HISTORY, plan


@pytest.mark.parametrize(("name", "statement"), list(statements()))
def test_it_can_be_said_to_postgresql(name, statement):
    """Every value has a name there, and nothing but names is left to be filled in."""
    words = prepare(statement, "postgresql+psycopg://x@127.0.0.1/x").sql
    assert "POSTCOMPILE" not in words
    assert re.sub(r"%\(\w+\)s", "", words).count("%") == 0


async def test_the_character_zero_is_no_trouble(db, now):
    def meet(uow):
        uow.audit.add(now, 1, 1, "run", "a\0b")
        uow.people.meet(1, "Ann\0", "", "", now)
        return uow.people.meet(1, "Ann\0", "", "", now).name

    assert (await db.write(meet)).startswith("Ann")
    assert await db.read(lambda uow: uow.buttons.open("\0", now)) is None


async def test_an_error_says_nothing_of_the_values(db, now):
    def clash(uow):
        for _ in range(2):
            uow.transaction.core.exec_driver_sql(
                "INSERT INTO meta (key, value) VALUES ('a', 'hunter2')", {}
            )

    with pytest.raises(Exception, match=r"(?i)unique") as raised:
        await db.write(clash)
    assert "parameters: {" not in str(raised.value)
