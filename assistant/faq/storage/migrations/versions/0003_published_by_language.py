"""Each language of an entry is published by itself; saving counts versions; deleting can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LANGUAGES = ("ko", "en")


def upgrade() -> None:
    """Add the columns; what was published stays published in every language that was written."""
    for language in _LANGUAGES:
        column = sa.Column(f"published_{language}", sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column("entry", column)
    op.add_column("entry", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("entry", sa.Column("deleted_ms", sa.BigInteger, nullable=True))
    entry = _entry()
    for language in _LANGUAGES:
        written = sa.func.trim(entry.c[f"answer_{language}"]) != ""
        update = sa.update(entry).where(entry.c.published.is_(True), written)
        op.execute(update.values({f"published_{language}": True}))
    op.drop_column("entry", "published")


def downgrade() -> None:
    """Go back to one mark for both languages; what was deleted is gone."""
    op.add_column("entry", sa.Column("published", sa.Boolean, nullable=False, server_default=sa.false()))
    entry = _entry()
    op.execute(sa.delete(entry).where(entry.c.deleted_ms.is_not(None)))
    shown = sa.or_(entry.c.published_ko.is_(True), entry.c.published_en.is_(True))
    op.execute(sa.update(entry).where(shown).values(published=True))
    for name in (*(f"published_{language}" for language in _LANGUAGES), "version", "deleted_ms"):
        op.drop_column("entry", name)


def _entry() -> sa.TableClause:
    flags = ("published", *(f"published_{language}" for language in _LANGUAGES))
    texts = (f"answer_{language}" for language in _LANGUAGES)
    return sa.table(
        "entry",
        *(sa.column(name, sa.Boolean) for name in flags),
        *(sa.column(name, sa.Text) for name in texts),
        sa.column("deleted_ms", sa.BigInteger),
    )
