"""What came in, what is owed, and the buttons and dialogs in between."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from db.columns import Json, RowId, UtcTime
from db.models.common import CHAT, metadata, person
from db.secrets import Encrypted

inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", BigInteger, nullable=False, info=CHAT),
    Column("received_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Encrypted()),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("done_at", UtcTime),
)
_NEW = inbox.c.state == "new"
Index(
    "ix_inbox_new",
    inbox.c.bot_id,
    inbox.c.lane,
    inbox.c.update_id,
    sqlite_where=_NEW,
    postgresql_where=_NEW,
)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", BigInteger, primary_key=True, autoincrement=False, info=CHAT),
    Column("owner", Text, nullable=False),
    Column("until", UtcTime, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("data", Encrypted()),
    Column("recipe", Json),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("once", Text, nullable=False, unique=True),
    Column("chat", BigInteger, nullable=False, info=CHAT),
    Column("topic", BigInteger),
    Column("reply_to", BigInteger),
    Column("language", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("card", Text, nullable=False, server_default=""),
    Column("message", BigInteger),
    Column("owner", BigInteger),
    Column("body", Encrypted(json=True)),
    Column("attachment_id", BigInteger),
    Column("state", Text, nullable=False),
    Column("not_before", UtcTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("sent_message", BigInteger),
    Column("error", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    sqlite_autoincrement=True,  # an id that was swept is not given to another message
)
# Only what is still owed is ever looked for, so the indexes hold only that, however long the history.
_DUE = outbox.c.state == "due"
_DUE_CARD = (outbox.c.state == "due") & (outbox.c.card != "")
Index(
    "ix_outbox_due",
    outbox.c.priority,
    outbox.c.id,
    sqlite_where=_DUE,
    postgresql_where=_DUE,
)
Index(
    "ix_outbox_due_chat",
    outbox.c.chat,
    outbox.c.priority,
    outbox.c.id,
    sqlite_where=_DUE,
    postgresql_where=_DUE,
)
Index(
    "ix_outbox_due_card",
    outbox.c.card,
    sqlite_where=_DUE_CARD,
    postgresql_where=_DUE_CARD,
)
Index("ix_outbox_created_at", outbox.c.created_at)

cards = Table(
    "cards",
    metadata,
    Column("card", Text, primary_key=True),
    Column("chat", BigInteger, nullable=False, info=CHAT),
    Column("message", BigInteger, nullable=False),
    Column("digest", Text, nullable=False, server_default=""),
    Column("updated_at", UtcTime, nullable=False),
)

buttons = Table(
    "buttons",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", BigInteger),
    Column("anyone", Boolean, nullable=False),
    Column("action", Text, nullable=False),
    Column("payload", Encrypted(json=True), nullable=False),
    Column("once", Boolean, nullable=False),
    Column("used_by", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Column("chat", BigInteger, nullable=False, info=CHAT),
)

dialogs = Table(
    "dialogs",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, primary_key=True, autoincrement=False, info=CHAT),
    Column("name", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("data", Encrypted(json=True), nullable=False),
    Column("nonce", Text, nullable=False),
    Column("message", BigInteger),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

held = Table(
    "held",
    metadata,
    Column("id", RowId, primary_key=True),
    person(),
    Column("event", Text, nullable=False),
    Column("once", Text, nullable=False, unique=True),
    Column("body", Encrypted(json=True), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "person_id", "id"),
)
