"""Database tables, as SQLAlchemy classes."""

from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

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
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.taxonomy import Label, Verdict

__all__ = [
    "ApiKey",
    "Base",
    "Classification",
    "Client",
    "Feedback",
    "Identity",
    "Judgement",
    "ModelKey",
    "OfferedSecret",
    "Session",
    "StoredImage",
]

Judgement = Literal["correct", "incorrect", "unsure"]
"""Verdict of feedback: whether the label is right, or ``unsure`` if the person does not know."""

BigNumber: Final = BigInteger().with_variant(Integer(), "sqlite")
"""Type of autoincremented row numbers; SQLite supports them only in columns of type INTEGER."""


class ModelKey(NamedTuple):
    """Unique key of a model; retraining may keep the name and version, but changes the SHA-256.

    Attributes
    ----------
    model : str
        Name of the model.
    version : str
    sha256 : str
        SHA-256 of the network file.
    """

    model: str
    version: str
    sha256: str


LabelText: Final = String(64).with_variant(String(16), "sqlite")
"""Column type for labels. SQLite ignores the length, and changing it would copy the table."""


class UtcDateTime(TypeDecorator[datetime]):
    """Column type for times in UTC; it also supports SQLite, which stores no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a time to UTC before it is stored."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return a stored time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base class of all tables.

    The naming convention gives constraints the same names on every database, so that migrations
    can refer to them.
    """

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
    """Table with a single row: the random id of this database."""

    __tablename__ = "identity"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)


class Client(Base):
    """A browser session or API key. Each client has access only to its own classifications."""

    __tablename__ = "clients"

    id: Mapped[int] = mapped_column(BigNumber, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the session cookie or API key; the secret itself is not stored."""

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012


class Session(Client):
    """A browser session, identified by its cookie.

    The server offers a session to each browser that has none. The session is confirmed when the
    browser first sends the cookie back. Until then, the server does not know whether its response
    with the cookie has arrived.
    """

    claim: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    """While the session is unconfirmed, a hash that identifies the request for which it was
    created; null for confirmed sessions. If this request is repeated, the session is offered
    again, with another secret (`OfferedSecret`)."""
    used_at: Mapped[datetime | None]
    """Time of the latest use, to within a day; null if only `created_at` is known."""
    remembered: Mapped[bool | None]
    """Whether the cookie is kept after the browser is closed; null in rows of earlier versions,
    whose cookies are kept."""

    __mapper_args__ = {"polymorphic_identity": "session"}  # noqa: RUF012


class ApiKey(Client):
    """An API key issued by the operator."""

    name: Mapped[str | None] = mapped_column(String(200), unique=True)
    revoked_at: Mapped[datetime | None]

    __mapper_args__ = {"polymorphic_identity": "key"}  # noqa: RUF012


class OfferedSecret(Base):
    """Another secret of an unconfirmed session. Only the secret that is sent back remains valid."""

    __tablename__ = "offered_secrets"

    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)


class StoredImage(Base):
    """An image file, stored only once even if it is uploaded several times."""

    __tablename__ = "images"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class Classification(Base):
    """Classification of one image by one model."""

    __tablename__ = "classifications"
    __table_args__ = (
        # Prevents a repeated request from storing its classifications again.
        UniqueConstraint("client_id", "request_key", "request_part", "model"),
    )

    number: Mapped[int] = mapped_column(BigNumber, primary_key=True)
    """Row number. It increases with time and determines the order of lists."""
    id: Mapped[str] = mapped_column(String(32), unique=True)
    """Unguessable public identifier."""
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), index=True)
    image_sha256: Mapped[str] = mapped_column(ForeignKey("images.sha256"), index=True)
    request_key: Mapped[str | None] = mapped_column(String(64))
    request_part: Mapped[int | None]
    """Index of the image in the request, from 0."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(Text)
    label: Mapped[Label] = mapped_column(LabelText)
    verdict: Mapped[Verdict] = mapped_column(String(16))
    confidence: Mapped[float]
    """The largest of the probabilities."""
    probabilities: Mapped[dict[str, Any]]
    prediction_set: Mapped[list[str]]
    novelty: Mapped[float]
    model: Mapped[str] = mapped_column(String(64))
    model_version: Mapped[str] = mapped_column(String(64))
    model_sha256: Mapped[str] = mapped_column(String(64))
    stretch: Mapped[StretchChoice | None] = mapped_column(String(16))
    """Name of the stretch that was applied."""
    identification: Mapped[dict[str, Any] | None]
    """Fields that say which object the image shows; null in rows of earlier versions."""
    share: Mapped[str | None] = mapped_column(String(43), index=True, unique=True)
    """Random token under which the client shares the classification; null if it is not shared."""
    decode_ms: Mapped[float]
    infer_ms: Mapped[float]
    evidence: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Evidence maps as a float32 array in ``.npy`` format, loaded on first access."""
    image: Mapped[StoredImage] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class Feedback(Base):
    """The latest feedback on a classification. New feedback replaces the row."""

    __tablename__ = "feedback"

    number: Mapped[int] = mapped_column(BigNumber, primary_key=True)
    classification: Mapped[int] = mapped_column(
        ForeignKey("classifications.number", ondelete="CASCADE"), index=True
    )
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))
    created_at: Mapped[datetime]
    verdict: Mapped[Judgement] = mapped_column(String(16))
    label: Mapped[Label | None] = mapped_column(LabelText)
    second_label: Mapped[Label | None] = mapped_column(LabelText)
    """A second class of object that the image clearly shows."""
    blind: Mapped[bool] = mapped_column(server_default=false())
    """Whether the feedback was given before the person saw the classification."""
    comment: Mapped[str | None] = mapped_column(Text)
