"""Leases, single values and the audit trail."""

from sqlalchemy import BigInteger, Column, Table, Text

from db.columns import RowId, UtcTime
from db.models.common import CHAT, metadata

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", UtcTime, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("person_id", BigInteger, index=True),
    Column("chat", BigInteger, info=CHAT),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("result", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
)
