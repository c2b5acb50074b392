"""What groups want to be told, and the lines kept for their next message."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from db.columns import Json, RowId, UtcTime
from db.models.common import CHAT, metadata
from db.secrets import Encrypted

feeds = Table(
    "feeds",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False, info=CHAT),
    Column("topic", BigInteger),
    Column("events", Json, nullable=False),
)

feed_lines = Table(
    "feed_lines",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat", BigInteger, nullable=False, info=CHAT),
    Column("event", Text, nullable=False),
    Column("body", Encrypted(json=True), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "chat", "id"),
    sqlite_autoincrement=True,  # a batch is told once by the id of its last line: none may come again
)
