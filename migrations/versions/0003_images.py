"""The catalogue of images, copies under way, events of Harbor, and who pushed what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue",
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("tested_at", sa.BigInteger(), nullable=True),
        sa.Column("works", sa.Text(), server_default="", nullable=False),
        sa.Column("versions", sa.Text(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("image", name=op.f("pk_catalogue")),
    )
    op.create_table(
        "copies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_copies_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        sa.UniqueConstraint("key", name=op.f("uq_copies_key")),
    )
    op.create_index(op.f("ix_copies_state_created_at"), "copies", ["state", "created_at"])
    op.create_table(
        "hub_events",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_hub_events")),
    )
    op.create_index(op.f("ix_hub_events_at"), "hub_events", ["at"])
    op.create_table(
        "pushers",
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("image", name=op.f("pk_pushers")),
    )


def downgrade() -> None:
    op.drop_table("pushers")
    op.drop_table("hub_events")
    op.drop_table("copies")
    op.drop_table("catalogue")
