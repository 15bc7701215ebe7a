"""Store tokens under which clients share classifications."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply the migration."""
    op.add_column("classifications", sa.Column("share", sa.String(43)))
    op.create_index("ix_classifications_share", "classifications", ["share"], unique=True)


def downgrade() -> None:
    """Revert the migration; shared links stop working."""
    op.drop_index("ix_classifications_share", "classifications")
    op.drop_column("classifications", "share")
