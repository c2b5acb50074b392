"""People's folders on the storage server, what lies in their trash, and logs kept in them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from db.columns import UtcTime
from db.models.common import metadata, person
from db.secrets import Encrypted

folders = Table(
    "folders",
    metadata,
    person(primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
)

trash = Table(
    "trash",
    metadata,
    Column("id", Text, primary_key=True),
    person(index=True),
    Column("origin", Encrypted(json=True), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
)

kept_logs = Table(
    "kept_logs",
    metadata,
    Column("user", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    person(),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcTime, nullable=False),
    Column("failed_at", UtcTime, nullable=False),
    Index(None, "state", "not_before"),
)

folder_sizes = Table(
    "folder_sizes",
    metadata,
    person(primary_key=True),
    Column("used_bytes", BigInteger, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("level", Integer, nullable=False),
    Column("counted_at", UtcTime, nullable=False, index=True),
    Column("reminded_at", UtcTime),
    Column("not_reminded_until", UtcTime),
)
