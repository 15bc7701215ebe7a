"""Store second labels of feedback, and whether it was given before the answer was shown."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply the migration; earlier feedback was given after the answer was shown."""
    label = sa.String(64).with_variant(sa.String(16), "sqlite")
    op.add_column("feedback", sa.Column("second_label", label))
    op.add_column(
        "feedback", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Revert the migration; second labels and the verdict ``unsure`` are deleted."""
    op.execute("DELETE FROM feedback WHERE verdict = 'unsure'")
    op.drop_column("feedback", "blind")
    op.drop_column("feedback", "second_label")
