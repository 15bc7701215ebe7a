"""Issue sessions before the first upload, keep only the latest feedback, and shorten file names."""

import sqlalchemy as sa
from alembic import op

from deepsky.storage.file_names import MAX_BYTES, clean_file_name

revision = "0003"
down_revision = "0002"

BIG_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the migration."""
    op.add_column("clients", sa.Column("claim", sa.String(64)))
    op.add_column("clients", sa.Column("used_at", sa.DateTime(timezone=True)))
    op.create_index("ix_clients_claim", "clients", ["claim"], unique=True)
    op.create_table(
        "offered_secrets",
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("client_id", BIG_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["clients.id"],
            name="fk_offered_secrets_client_id_clients",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("secret_sha256", name="pk_offered_secrets"),
    )
    op.create_index("ix_offered_secrets_client_id", "offered_secrets", ["client_id"])
    _remove_earlier_feedback()
    _shorten_names()


def downgrade() -> None:
    """Revert the migration; removed feedback and shortened file names are not restored."""
    op.drop_table("offered_secrets")
    op.drop_index("ix_clients_claim", "clients")
    op.drop_column("clients", "used_at")
    op.drop_column("clients", "claim")


def _remove_earlier_feedback() -> None:
    """Remove withdrawn feedback, and feedback that has been replaced by later feedback."""
    op.execute(
        "DELETE FROM feedback WHERE number NOT IN "
        "(SELECT MAX(number) FROM feedback GROUP BY classification)"
    )
    op.execute("DELETE FROM feedback WHERE verdict = 'withdrawn'")


def _shorten_names() -> None:
    """Shorten the names that exceed the current limit; names shorter than it are not read."""
    table = sa.table("classifications", sa.column("number"), sa.column("path"))
    connection = op.get_bind()
    may_be_long = sa.func.length(table.c.path) > MAX_BYTES // 4  # bytes per character, at most
    numbers = sa.select(table.c.number).where(may_be_long)
    for number in connection.scalars(numbers).all():
        this = table.c.number == number
        path = str(connection.scalar(sa.select(table.c.path).where(this)))
        connection.execute(sa.update(table).where(this).values(path=clean_file_name(path)))
