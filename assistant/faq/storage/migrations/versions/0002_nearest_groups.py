"""Which group is perhaps the same as another, and which ones an instructor said are different."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table; the nearest groups are worked out by the running app."""
    op.add_column("cluster", sa.Column("nearest_id", sa.Integer, nullable=True))
    op.create_table(
        "kept_apart",
        sa.Column("one_id", sa.Integer, sa.ForeignKey("cluster.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("other_id", sa.Integer, sa.ForeignKey("cluster.id", ondelete="CASCADE"), primary_key=True),
        sa.CheckConstraint("one_id < other_id", name="ck_kept_apart_order"),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("kept_apart")
    op.drop_column("cluster", "nearest_id")
