"""First tables: questions, their phrasings and clusters, entries, accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    _create_groups()
    _create_questions()
    _create_entries()
    op.create_table(
        "account",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop all tables."""
    for name in ("account", "entry", "question", "phrasing", "cluster"):
        op.drop_table(name)


def _create_groups() -> None:
    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("title_by_hand", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("out_of_scope", sa.Boolean, nullable=False, server_default=sa.false()),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "phrasing",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("encoder", sa.Text, nullable=False),
        sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("cluster_id", sa.Integer, sa.ForeignKey("cluster.id"), nullable=False, index=True),
    )


def _create_questions() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("asked_ms", sa.BigInteger, nullable=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("module", sa.Text, nullable=False),
        sa.Column("grounded", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("session", sa.String(32), nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=True),
        sa.Column("feedback", sa.Text, nullable=False, server_default=""),
        sa.Column("for_instructor", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("entry_id", sa.Integer, nullable=True),
        sa.Column("phrasing_id", sa.Integer, sa.ForeignKey("phrasing.id"), nullable=True, index=True),
    )


def _create_entries() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("slug", sa.String(80), nullable=False, unique=True),
        sa.Column("cluster_id", sa.Integer, sa.ForeignKey("cluster.id"), nullable=True, index=True),
        sa.Column("module", sa.Text, nullable=False),
        sa.Column("question_ko", sa.Text, nullable=False),
        sa.Column("question_en", sa.Text, nullable=False),
        sa.Column("answer_ko", sa.Text, nullable=False),
        sa.Column("answer_en", sa.Text, nullable=False),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
