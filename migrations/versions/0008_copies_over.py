"""What a copy may replace, so that nothing else is lost when it comes to an end hours later."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("copies", sa.Column("over", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("copies") as table:
        table.drop_column("over")
