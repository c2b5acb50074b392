"""Images the lab has tried, copies under way, and what Harbor told of pushes."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from db.columns import Json, UtcTime
from db.models.common import metadata, person
from db.secrets import Encrypted

catalogue = Table(
    "catalogue",
    metadata,
    Column("image", Text, primary_key=True),
    Column("added_by", BigInteger),
    Column("added_at", UtcTime, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("tested_at", UtcTime),
    Column("works", Text, nullable=False, server_default=""),
    Column("versions", Json, nullable=False, server_default="[]"),
    Column("tested_by", Text, nullable=False, server_default=""),
    Column("tested_on", Text, nullable=False, server_default=""),
)

trials = Table(
    "trials",
    metadata,
    Column("user", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    person(index=True),
    Column("image", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("told_at", UtcTime),
)
_UNTOLD = trials.c.told_at.is_(None)
Index(
    "ix_trials_untold",
    trials.c.created_at,
    sqlite_where=_UNTOLD,
    postgresql_where=_UNTOLD,
)

robots = Table(
    "robots",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("person_id", BigInteger, index=True),
    Column("project", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("secret", Encrypted(json=True)),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("shown_until", UtcTime),
    Column("warned_at", UtcTime),
    Column("gone_at", UtcTime),
)

copies = Table(
    "copies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    person(),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("over", Text, nullable=False, server_default=""),
    Index(None, "state", "created_at"),
)

hub_events = Table(
    "hub_events",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
)

pushers = Table(
    "pushers",
    metadata,
    Column("image", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
