"""Logs of failed jobs, to be kept in their owner's folder."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_logs",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_kept_logs_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user", "name", name=op.f("pk_kept_logs")),
    )
    op.create_index(op.f("ix_kept_logs_state_not_before"), "kept_logs", ["state", "not_before"])


def downgrade() -> None:
    op.drop_table("kept_logs")
