"""Alembic environment that runs migrations on the connection of `deepsky.storage.Database`."""

from alembic import context

from deepsky.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # on SQLite, most changes to a table require copying it
)
with context.begin_transaction():
    context.run_migrations()
