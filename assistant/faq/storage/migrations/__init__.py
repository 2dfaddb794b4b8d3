"""The history of the FAQ's tables, for Alembic."""
