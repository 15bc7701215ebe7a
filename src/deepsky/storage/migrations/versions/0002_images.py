"""Rename the table ``pictures`` to ``images``, and the related columns and constraints."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the migration."""
    _rename("picture", "image")


def downgrade() -> None:
    """Revert the migration."""
    _rename("image", "picture")


def _rename(old: str, new: str) -> None:
    op.drop_index(f"ix_classifications_{old}_sha256", "classifications")
    op.rename_table(f"{old}s", f"{new}s")
    # SQLite cannot rename constraints, so each table is copied. PostgreSQL requires that the
    # foreign key is dropped before the primary key that it refers to.
    with op.batch_alter_table("classifications") as table:
        table.drop_constraint(f"fk_classifications_{old}_sha256_{old}s", type_="foreignkey")
        table.alter_column(f"{old}_sha256", new_column_name=f"{new}_sha256")
    with op.batch_alter_table(f"{new}s") as table:
        table.drop_constraint(f"pk_{old}s", type_="primary")
        table.create_primary_key(f"pk_{new}s", ["sha256"])
    with op.batch_alter_table("classifications") as table:
        table.create_foreign_key(
            f"fk_classifications_{new}_sha256_{new}s",
            f"{new}s",
            [f"{new}_sha256"],
            ["sha256"],
        )
    op.create_index(f"ix_classifications_{new}_sha256", "classifications", [f"{new}_sha256"])
