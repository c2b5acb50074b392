"""Feeds: what groups want to be told, and the lines kept for their next message."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.BigInteger(), nullable=True),
        sa.Column("events", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_feeds")),
    )
    op.create_table(
        "feed_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_lines")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feed_lines_chat_id"), "feed_lines", ["chat", "id"])


def downgrade() -> None:
    op.drop_table("feed_lines")
    op.drop_table("feeds")
