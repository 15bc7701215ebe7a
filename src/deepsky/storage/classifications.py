"""Keeping answers, and finding them again."""

import io
import re
import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session as OrmSession

from deepsky.storage.database import insert_into
from deepsky.storage.tables import Classification, Feedback, StoredImage
from deepsky.taxonomy import Label, Verdict

__all__ = [
    "Filter",
    "Order",
    "Page",
    "Times",
    "delete",
    "evidence_of",
    "find",
    "find_requested",
    "is_last",
    "is_used",
    "latest_times",
    "lock_image",
    "new_id",
    "pack_evidence",
    "page",
]

ID: Final = re.compile("[0-9a-f]{32}")

LATEST: Final = 1000
"""Answers that tell how fast models are: few enough to be read at once."""

Order = Literal["newest", "oldest", "most_uncertain"]
Answered = tuple[Classification, Feedback | None]
"""An answer, and what was last said of it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which answers to list; None lets all pass.

    Attributes
    ----------
    label, verdict, model : str or None
    feedback : {"correct", "incorrect", "none"} or None
        What was last said of the answer; ``none`` where nothing was, or it was taken back.
    """

    label: Label | None = None
    verdict: Verdict | None = None
    model: str | None = None
    feedback: Literal["correct", "incorrect", "none"] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list.

    Attributes
    ----------
    answers : list of (Classification, Feedback or None)
    following : tuple or None
        Where the next page begins; None on the last.
    """

    answers: list[Answered]
    following: tuple[float, ...] | None


class Times(NamedTuple):
    """What an answer took, in milliseconds.

    Attributes
    ----------
    decode_ms, infer_ms : float
        Reading the image, and classifying it.
    """

    decode_ms: float
    infer_ms: float


def new_id() -> str:
    """Draw a public name that nobody can guess: 128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def lock_image(session: OrmSession, image: StoredImage) -> None:
    """Add an image, or take hold of the row it has, until the transaction ends.

    Whoever keeps or removes an image's file holds its row meanwhile, on this machine or another,
    so that none removes what another is about to rely on.
    """
    values = {c.name: getattr(image, c.name) for c in StoredImage.__table__.columns}
    insert = insert_into(session, StoredImage).values(values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[StoredImage.sha256], set_={"sha256": insert.excluded.sha256}
        )
    )


def find(
    session: OrmSession,
    client_id: int,
    id: str,  # noqa: A002
    *,
    hold: bool = False,
) -> Answered | None:
    """Find an answer that was given to this client.

    Parameters
    ----------
    session : Session
    client_id : int
    id : str
    hold : bool
        Have nobody delete it until the transaction ends.
    """
    if not ID.fullmatch(id):  # PostgreSQL does not even take every text to look for
        return None
    own = _with_feedback().where(Classification.id == id, Classification.client_id == client_id)
    if hold:
        own = own.with_for_update(of=Classification, key_share=True, read=True)
    row = session.execute(own).one_or_none()
    return (row[0], row[1]) if row else None


def find_requested(session: OrmSession, client_id: int, request_key: str) -> list[Answered]:
    """Find what a request that is sent again was answered before."""
    own = _with_feedback().where(
        Classification.client_id == client_id, Classification.request_key == request_key
    )
    return [(row[0], row[1]) for row in session.execute(own)]


def page(
    session: OrmSession,
    client_id: int,
    wanted: Filter,
    order: Order = "newest",
    after: tuple[float, ...] | None = None,
    limit: int = 50,
) -> Page:
    """List answers that were given to this client.

    Parameters
    ----------
    session : Session
    client_id : int
    wanted : Filter
    order : {"newest", "oldest", "most_uncertain"}
    after : tuple, optional
        `Page.following` of the page before.
    limit : int
        Most answers on the page.
    """
    number, confidence = Classification.number, Classification.confidence
    place = [confidence, number] if order == "most_uncertain" else [number]
    query = _with_feedback().where(Classification.client_id == client_id, *_conditions(wanted))
    if after is not None:
        here, there = tuple_(*place), tuple_(*after)
        query = query.where(here < there if order == "newest" else here > there)
    query = query.order_by(*(c.desc() if order == "newest" else c for c in place)).limit(limit + 1)
    rows = [(row[0], row[1]) for row in session.execute(query)]
    following = None
    if len(rows) > limit:
        rows.pop()
        following = tuple(getattr(rows[-1][0], column.key) for column in place)
    return Page(rows, following)


def delete(session: OrmSession, client_id: int, id: str) -> str | None:  # noqa: A002
    """Delete an answer that was given to this client, with what was said of it.

    Returns
    -------
    str or None
        SHA-256 of its image, which may now be of no use; None if there is no such answer.
    """
    found = find(session, client_id, id)
    if found is None:
        return None
    session.delete(found[0])
    return found[0].image_sha256


def latest_times(session: OrmSession, answers: int = LATEST) -> dict[tuple[str, str], list[Times]]:
    """Tell what the latest answers took, over everybody's.

    Returns
    -------
    dict
        The times of each model and its version.
    """
    answer = Classification
    columns = answer.model, answer.model_version, answer.decode_ms, answer.infer_ms
    latest = select(*columns).order_by(answer.number.desc()).limit(answers)
    found: dict[tuple[str, str], list[Times]] = defaultdict(list)
    for model, version, decode_ms, infer_ms in session.execute(latest):
        found[model, version].append(Times(decode_ms, infer_ms))
    return found


def pack_evidence(evidence: NDArray[np.float32]) -> bytes:
    """Turn evidence maps, of shape (4, rows, columns), into what is stored."""
    buffer = io.BytesIO()
    np.save(buffer, evidence)
    return buffer.getvalue()


def evidence_of(classification: Classification) -> NDArray[np.float32]:
    """Give the evidence maps, of shape (4, rows, columns)."""
    return np.asarray(np.load(io.BytesIO(classification.evidence)), dtype=np.float32)


def is_last() -> ColumnElement[bool]:
    """Let only what was last said of an answer pass, in queries about both."""
    last = (
        select(func.max(Feedback.number))
        .where(Feedback.classification == Classification.number)
        .correlate(Classification)
        .scalar_subquery()
    )
    return Feedback.number == last


def is_used(session: OrmSession, sha256: str) -> bool:
    """Tell whether any answer is about an image."""
    return bool(session.scalar(select(exists().where(Classification.image_sha256 == sha256))))


def _with_feedback() -> Select[Classification, Feedback | None]:
    return select(Classification, Feedback).outerjoin(Feedback, is_last())


def _conditions(wanted: Filter) -> list[Any]:
    columns = {"label": wanted.label, "verdict": wanted.verdict, "model": wanted.model}
    found = [getattr(Classification, k) == v for k, v in columns.items() if v is not None]
    if wanted.feedback == "none":
        found.append(Feedback.verdict.is_(None) | (Feedback.verdict == "withdrawn"))
    elif wanted.feedback is not None:
        found.append(Feedback.verdict == wanted.feedback)
    return found
