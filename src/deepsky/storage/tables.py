"""What is stored, as tables."""

from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from deepsky.taxonomy import Label, Verdict

__all__ = [
    "ApiKey",
    "Base",
    "Classification",
    "Feedback",
    "Identity",
    "Judgement",
    "Session",
    "StoredImage",
]

Judgement = Literal["correct", "incorrect", "withdrawn"]
"""What a person says of an answer, or that what was said is taken back."""

BigNumber: Final = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store in UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names constraints alike on every database, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012


class Identity(Base):
    """Tells this database from every other; it has one row."""

    __tablename__ = "identity"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)


class Client(Base):
    """Somebody who asks: a browser session or the holder of an API key. Sees only their own."""

    __tablename__ = "clients"

    id: Mapped[int] = mapped_column(BigNumber, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the session's cookie or of the key, which are themselves stored nowhere."""

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012


class Session(Client):
    """A browser, known again by its cookie."""

    __mapper_args__ = {"polymorphic_identity": "session"}  # noqa: RUF012


class ApiKey(Client):
    """A key that an operator gave out."""

    name: Mapped[str | None] = mapped_column(String(200), unique=True)
    revoked_at: Mapped[datetime | None]

    __mapper_args__ = {"polymorphic_identity": "key"}  # noqa: RUF012


class StoredImage(Base):
    """An image file, kept once however often it is sent."""

    __tablename__ = "pictures"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class Classification(Base):
    """What a model said about an image."""

    __tablename__ = "classifications"
    __table_args__ = (
        # A request that is sent again finds each of its answers: it is never given twice.
        UniqueConstraint("client_id", "request_key", "request_part", "model"),
    )

    number: Mapped[int] = mapped_column(BigNumber, primary_key=True)
    """Grows with time, so that pages of a list follow on each other."""
    id: Mapped[str] = mapped_column(String(32), unique=True)
    """The public name, which cannot be guessed."""
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), index=True)
    image_sha256: Mapped[str] = mapped_column(
        "picture_sha256", ForeignKey("pictures.sha256"), index=True
    )
    request_key: Mapped[str | None] = mapped_column(String(64))
    request_part: Mapped[int | None]
    """Which of the request's images it is about, from 0."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(Text)
    label: Mapped[Label] = mapped_column(String(16))
    verdict: Mapped[Verdict] = mapped_column(String(16))
    confidence: Mapped[float]
    """Largest of the probabilities."""
    probabilities: Mapped[dict[str, Any]]
    prediction_set: Mapped[list[str]]
    novelty: Mapped[float]
    model: Mapped[str] = mapped_column(String(64))
    model_version: Mapped[str] = mapped_column(String(64))
    model_sha256: Mapped[str] = mapped_column(String(64))
    stretch: Mapped[str | None] = mapped_column(String(16))
    decode_ms: Mapped[float]
    infer_ms: Mapped[float]
    evidence: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Array of float32, shape (4, rows, columns), as NumPy's ``.npy``; read when asked for."""
    image: Mapped[StoredImage] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class Feedback(Base):
    """What a person said about an answer. Rows are added, never changed: the last one counts."""

    __tablename__ = "feedback"

    number: Mapped[int] = mapped_column(BigNumber, primary_key=True)
    classification: Mapped[int] = mapped_column(
        ForeignKey("classifications.number", ondelete="CASCADE"), index=True
    )
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))
    created_at: Mapped[datetime]
    verdict: Mapped[Judgement] = mapped_column(String(16))
    label: Mapped[Label | None] = mapped_column(String(16))
    comment: Mapped[str | None] = mapped_column(Text)
