"""Alembic environment: runs migrations on the connection from `deepsky.storage.Database`."""

from alembic import context

from deepsky.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
