"""Runs the migrations on the connection that :class:`assistant.faq.storage.database.Database` gives."""

from alembic import context

from assistant.faq.storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
