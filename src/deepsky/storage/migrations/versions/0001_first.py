"""Create the tables for clients, pictures, classifications and feedback."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply the migration."""
    identity = op.create_table(
        "identity",
        sa.Column("id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
    )
    op.bulk_insert(identity, [{"id": secrets.token_hex(16)}])
    op.create_table(
        "clients",
        sa.Column("id", BIG_NUMBER, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("revoked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_clients"),
        sa.UniqueConstraint("name", name="uq_clients_name"),
        sa.UniqueConstraint("secret_sha256", name="uq_clients_secret_sha256"),
    )
    op.create_table(
        "pictures",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_pictures"),
    )
    op.create_table(
        "classifications",
        sa.Column("number", BIG_NUMBER, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("client_id", BIG_NUMBER, nullable=False),
        sa.Column("picture_sha256", sa.String(64), nullable=False),
        sa.Column("request_key", sa.String(64)),
        sa.Column("request_part", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("label", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("probabilities", sa.JSON(), nullable=False),
        sa.Column("prediction_set", sa.JSON(), nullable=False),
        sa.Column("novelty", sa.Double(), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("stretch", sa.String(16)),
        sa.Column("decode_ms", sa.Double(), nullable=False),
        sa.Column("infer_ms", sa.Double(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name="fk_classifications_client_id_clients"
        ),
        sa.ForeignKeyConstraint(
            ["picture_sha256"],
            ["pictures.sha256"],
            name="fk_classifications_picture_sha256_pictures",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_classifications"),
        sa.UniqueConstraint("id", name="uq_classifications_id"),
        sa.UniqueConstraint(
            "client_id",
            "request_key",
            "request_part",
            "model",
            name="uq_classifications_client_id_request_key_request_part_model",
        ),
    )
    for column in ("client_id", "created_at", "picture_sha256"):
        op.create_index(f"ix_classifications_{column}", "classifications", [column])
    op.create_table(
        "feedback",
        sa.Column("number", BIG_NUMBER, primary_key=True),
        sa.Column("classification", BIG_NUMBER, nullable=False),
        sa.Column("client_id", BIG_NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("label", sa.String(16)),
        sa.Column("comment", sa.Text()),
        sa.ForeignKeyConstraint(
            ["classification"],
            ["classifications.number"],
            name="fk_feedback_classification_classifications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name="fk_feedback_client_id_clients"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_feedback"),
    )
    op.create_index("ix_feedback_classification", "feedback", ["classification"])


def downgrade() -> None:
    """Revert the migration."""
    for table in ("feedback", "classifications", "pictures", "clients", "identity"):
        op.drop_table(table)
