"""Images the lab has tried, copies under way, and what Harbor told of pushes."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from db.columns import Json, UtcTime
from db.models.common import metadata, person

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
