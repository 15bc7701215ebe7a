"""Store which object an image shows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the migration."""
    op.add_column("classifications", sa.Column("identification", sa.JSON()))


def downgrade() -> None:
    """Revert the migration; identifications are deleted."""
    op.drop_column("classifications", "identification")
