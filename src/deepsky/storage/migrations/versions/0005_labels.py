"""Store labels of up to 64 characters."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = ("classifications", "feedback")


def upgrade() -> None:
    """Apply the migration; SQLite does not limit the length of texts."""
    if op.get_bind().dialect.name != "sqlite":
        for table in TABLES:
            op.alter_column(table, "label", type_=sa.String(64))


def downgrade() -> None:
    """Revert the migration; longer labels are truncated."""
    if op.get_bind().dialect.name != "sqlite":
        for table in TABLES:
            short = "substr(label, 1, 16)::varchar(16)"
            op.alter_column(table, "label", type_=sa.String(16), postgresql_using=short)
