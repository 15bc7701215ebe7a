"""Store whether the cookie of a session is kept after the browser is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply the migration."""
    op.add_column("clients", sa.Column("remembered", sa.Boolean()))


def downgrade() -> None:
    """Revert the migration."""
    op.drop_column("clients", "remembered")
