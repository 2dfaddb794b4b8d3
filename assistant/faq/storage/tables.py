"""The tables of the FAQ as SQLAlchemy sees them; the migrations create them, a test compares the two.

Times are milliseconds since 1970 in UTC, which SQLite and PostgreSQL store, index and compare alike.
"""

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CLUSTERS = sa.Table(
    "cluster",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("title_by_hand", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("out_of_scope", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("nearest_id", sa.Integer, nullable=True),  # a group that may be gone
    sqlite_autoincrement=True,  # the number of a group that is gone is never given again
)

#: Pairs of groups that an instructor said are different, the smaller number first.
KEPT_APART = sa.Table(
    "kept_apart",
    METADATA,
    sa.Column("one_id", sa.Integer, sa.ForeignKey("cluster.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("other_id", sa.Integer, sa.ForeignKey("cluster.id", ondelete="CASCADE"), primary_key=True),
    sa.CheckConstraint("one_id < other_id", name="ck_kept_apart_order"),
)

PHRASINGS = sa.Table(
    "phrasing",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("encoder", sa.Text, nullable=False),
    sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("cluster_id", sa.Integer, sa.ForeignKey("cluster.id"), nullable=False, index=True),
)

QUESTIONS = sa.Table(
    "question",
    METADATA,
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

ENTRIES = sa.Table(
    "entry",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("slug", sa.String(80), nullable=False, unique=True),
    sa.Column("cluster_id", sa.Integer, sa.ForeignKey("cluster.id"), nullable=True, index=True),
    sa.Column("module", sa.Text, nullable=False),
    sa.Column("question_ko", sa.Text, nullable=False),
    sa.Column("question_en", sa.Text, nullable=False),
    sa.Column("answer_ko", sa.Text, nullable=False),
    sa.Column("answer_en", sa.Text, nullable=False),
    sa.Column("citations", sa.JSON, nullable=False),
    sa.Column("published_ko", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("published_en", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("updated_ms", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),  # one more whenever it is saved
    sa.Column("deleted_ms", sa.BigInteger, nullable=True),  # until it is too late to undo that
    sqlite_autoincrement=True,
)

ACCOUNTS = sa.Table(
    "account",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
)
