"""People's folders on the storage server, and what lies in their trash."""

from sqlalchemy import Column, Table, Text

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
