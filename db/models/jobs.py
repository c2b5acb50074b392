"""Jobs as last seen, and drafts on their way to become jobs."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from db.columns import Json, UtcTime
from db.models.common import CHAT, metadata
from db.secrets import Encrypted

jobs = Table(
    "jobs",
    metadata,
    Column("user", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("stop_requested", Boolean, nullable=False, server_default=text("false")),
    Column("retries", Integer, nullable=False, server_default="0"),
    Column("told_attempt", Integer, nullable=False, server_default="-1"),
    Column("submitted_at", UtcTime, nullable=False),
    Column("launched_at", UtcTime),
    Column("completed_at", UtcTime),
    Column("exit_code", Integer),
    Column("vc", Text, nullable=False, server_default=""),
    Column("gpus", Integer, nullable=False, server_default="0"),
    Column("tasks", Integer, nullable=False, server_default="1"),
    Column("priority", Text, nullable=False, server_default=""),
    Column("tags", Json, nullable=False, server_default="[]"),
    Column("note", Text, nullable=False, server_default=""),
    Column("image", Text, nullable=False, server_default=""),
    Column("sku", Text, nullable=False, server_default=""),
    Column("stopped_by", BigInteger),
    Column("submitted_by", BigInteger),
    Column("explained", Boolean),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)
Index("ix_jobs_newest", jobs.c.user, jobs.c.submitted_at, jobs.c.name)
Index("ix_jobs_submitted_at", jobs.c.submitted_at)
Index("ix_jobs_name", jobs.c.name)
_UNFINISHED = jobs.c.state.not_in(["succeeded", "failed", "stopped"])
Index(
    "ix_jobs_unfinished",
    jobs.c.state,
    jobs.c.user,
    sqlite_where=_UNFINISHED,
    postgresql_where=_UNFINISHED,
)
_CHOSEN = jobs.c.image != ""
Index(
    "ix_jobs_chosen",
    jobs.c.user,
    jobs.c.submitted_at,
    sqlite_where=_CHOSEN,
    postgresql_where=_CHOSEN,
)
_UNEXPLAINED = jobs.c.explained.is_(False)
Index(
    "ix_jobs_unexplained",
    jobs.c.completed_at,
    sqlite_where=_UNEXPLAINED,
    postgresql_where=_UNEXPLAINED,
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False, info=CHAT),
    Column("state", Text, nullable=False),
    Column("submit_key", Text),
    Column("job_user", Text),
    Column("job_name", Text),
    Column("body", Encrypted(json=True)),
    Column("created_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("expires_at", UtcTime, nullable=False),
    Index(None, "state", "started_at"),
    Index(None, "expires_at"),
)
