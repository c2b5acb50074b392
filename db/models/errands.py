"""What takes a while on the storage server and was asked for by a person: transfers and unpacking."""

from sqlalchemy import Column, Index, Table, Text

from db.columns import UtcTime
from db.models.common import metadata, person
from db.secrets import Encrypted

errands = Table(
    "errands",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    person(),
    Column("kind", Text, nullable=False),
    # Where from may have a password in it, and names are somebody's words.
    Column("spec", Encrypted(json=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index(None, "state", "created_at"),
)
