"""Runs migrations on the connection that `deepsky.storage.Database` lends."""

from alembic import context

from deepsky.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by writing it anew
)
with context.begin_transaction():
    context.run_migrations()
