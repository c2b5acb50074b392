"""People, chats, what they chose and which accounts they linked."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from db.columns import Json, RowId, UtcTime
from db.models.common import CHAT, metadata, person
from db.secrets import Encrypted

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("username", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default=""),
    Column("client_language", Text, nullable=False, server_default=""),
    Column("admin", Boolean, nullable=False, server_default=text("false")),
    Column("openpai_user", Text, unique=True),
    Column("linked_at", UtcTime),
    Column("started", Boolean, nullable=False, server_default=text("false")),
    Column("blocked_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, info=CHAT),
    Column("type", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default=""),
    Column("allowed_at", UtcTime),
    Column("allowed_by", BigInteger),
    Column("dead_at", UtcTime),
    Column("dead_reason", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    person(primary_key=True),
    Column("muted_events", Json, nullable=False, server_default="[]"),
    Column("quiet_from", Integer),  # minute of the day, in the reader's zone
    Column("quiet_to", Integer),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", RowId, primary_key=True),
    person(),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("person_id", "kind", "target"),
    Index(None, "kind", "target"),
)

credentials = Table(
    "credentials",
    metadata,
    person(primary_key=True),
    Column("system", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("secret", Encrypted(json=True), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("failing_since", UtcTime),
    Index(None, "system", "created_at"),
)
