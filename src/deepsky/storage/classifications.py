"""Database queries for stored classifications."""

import io
import re
import secrets
from collections import defaultdict
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session as OrmSession

from deepsky.storage.database import insert_into
from deepsky.storage.tables import Classification, Feedback, ModelKey, StoredImage

__all__ = [
    "ClassificationAndFeedback",
    "Timings",
    "delete_classification",
    "find_by_image",
    "find_by_request_key",
    "find_classification",
    "is_latest_feedback",
    "is_used",
    "latest_timings",
    "lock_image",
    "new_id",
    "pack_evidence",
    "unpack_evidence",
    "with_feedback",
]

ID: Final = re.compile("[0-9a-f]{32}")
"""Pattern that matches the public identifiers of classifications."""

LATEST: Final = 1000
"""Default number of most recent classifications to read, limited to keep queries fast."""

ClassificationAndFeedback = tuple[Classification, Feedback | None]
"""A classification and its latest feedback, if any."""


class Timings(NamedTuple):
    """Durations of one classification, in milliseconds.

    Attributes
    ----------
    decode_ms, infer_ms : float
        Time to read the image, and time to run the model.
    """

    decode_ms: float
    infer_ms: float


def new_id() -> str:
    """Return a new, unguessable public identifier: 128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def lock_image(session: OrmSession, image: StoredImage) -> None:
    """Lock the row of an image until the transaction ends; insert the row if it is missing.

    Every process that adds or removes an image file, on any machine, must hold this lock. The lock
    prevents one transaction from removing a file that another transaction is about to use.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    image : StoredImage
        Row to insert if the table has no row with the same SHA-256.
    """
    values = {c.name: getattr(image, c.name) for c in StoredImage.__table__.columns}
    insert = insert_into(session, StoredImage).values(values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[StoredImage.sha256], set_={"sha256": insert.excluded.sha256}
        )
    )


def with_feedback() -> Select[Classification, Feedback | None]:
    """Return the query for classifications with their latest feedback."""
    return select(Classification, Feedback).outerjoin(Feedback, is_latest_feedback())


def find_classification(
    session: OrmSession,
    client_id: int,
    id: str,  # noqa: A002
    *,
    lock: bool = False,
) -> ClassificationAndFeedback | None:
    """Return one of a client's classifications with its latest feedback.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
    id : str
        Public identifier of the classification.
    lock : bool
        Whether to lock the row until the transaction ends, so that no other transaction deletes it
        or changes the feedback.

    Returns
    -------
    tuple of (Classification, Feedback or None), or None
        None if the client has no classification with this identifier.
    """
    if not ID.fullmatch(id):  # PostgreSQL raises an error for strings with null characters
        return None
    own = with_feedback().where(Classification.id == id, Classification.client_id == client_id)
    if lock:
        own = own.with_for_update(of=Classification, key_share=True)
    row = session.execute(own).one_or_none()
    return (row[0], row[1]) if row else None


def find_by_request_key(
    session: OrmSession, client_id: int, request_key: str
) -> list[ClassificationAndFeedback]:
    """Return the classifications stored by an earlier request with the same idempotency key.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
    request_key : str
        Value of the ``Idempotency-Key`` header.

    Returns
    -------
    list of (Classification, Feedback or None)
    """
    own = with_feedback().where(
        Classification.client_id == client_id, Classification.request_key == request_key
    )
    return [(row[0], row[1]) for row in session.execute(own)]


def find_by_image(
    session: OrmSession, client_id: int, sha256: str
) -> list[ClassificationAndFeedback]:
    """Return a client's classifications of an image, the newest first.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    client_id : int
        Database id of the client.
    sha256 : str
        SHA-256 of the image, in hexadecimal.

    Returns
    -------
    list of (Classification, Feedback or None)
    """
    own = (
        with_feedback()
        .where(Classification.client_id == client_id, Classification.image_sha256 == sha256)
        .order_by(Classification.number.desc())
    )
    return [(row[0], row[1]) for row in session.execute(own)]


def delete_classification(session: OrmSession, client_id: int, id: str) -> str | None:  # noqa: A002
    """Delete one of a client's classifications and its feedback.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    client_id : int
    id : str
        Public identifier of the classification.

    Returns
    -------
    str or None
        SHA-256 of the classified image. The image may now be unused. None if the client has no
        classification with this identifier.
    """
    found = find_classification(session, client_id, id)
    if found is None:
        return None
    session.delete(found[0])
    return found[0].image_sha256


def latest_timings(session: OrmSession, number: int = LATEST) -> dict[ModelKey, list[Timings]]:
    """Return the durations of the latest classifications of all clients, grouped by model.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    number : int
        Maximum number of classifications to read, for all models together.

    Returns
    -------
    dict of ModelKey to list of Timings
    """
    row = Classification
    columns = row.model, row.model_version, row.model_sha256, row.decode_ms, row.infer_ms
    latest = select(*columns).order_by(row.number.desc()).limit(number)
    found: dict[ModelKey, list[Timings]] = defaultdict(list)
    for model, version, sha256, decode_ms, infer_ms in session.execute(latest):
        found[ModelKey(model, version, sha256)].append(Timings(decode_ms, infer_ms))
    return found


def pack_evidence(evidence: NDArray[np.float32]) -> bytes:
    """Encode evidence maps for storage in the database.

    Parameters
    ----------
    evidence : ndarray of float32, shape (4, rows, columns)

    Returns
    -------
    bytes
        The array in NumPy's ``.npy`` format.
    """
    buffer = io.BytesIO()
    np.save(buffer, evidence)
    return buffer.getvalue()


def unpack_evidence(classification: Classification) -> NDArray[np.float32]:
    """Decode the evidence maps of a stored classification.

    Parameters
    ----------
    classification : Classification
        Row attached to an open session; the evidence column is loaded on first access.

    Returns
    -------
    ndarray of float32, shape (4, rows, columns)
    """
    return np.asarray(np.load(io.BytesIO(classification.evidence)), dtype=np.float32)


def is_latest_feedback() -> ColumnElement[bool]:
    """Return the join condition that selects the latest feedback on each classification."""
    latest = (
        select(func.max(Feedback.number))
        .where(Feedback.classification == Classification.number)
        .correlate(Classification)
        .scalar_subquery()
    )
    return Feedback.number == latest


def is_used(session: OrmSession, sha256: str) -> bool:
    """Return whether any classification refers to an image.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    sha256 : str
        SHA-256 of the image, in hexadecimal.
    """
    return bool(session.scalar(select(exists().where(Classification.image_sha256 == sha256))))
