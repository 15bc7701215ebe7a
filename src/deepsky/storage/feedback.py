"""What people said of answers: every word is kept, the last one counts."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as OrmSession

from deepsky.storage.classifications import is_last
from deepsky.storage.tables import Classification, Feedback, Judgement
from deepsky.taxonomy import Label

__all__ = ["agreement", "history", "said_labels", "say"]


def say(
    session: OrmSession,
    classification: Classification,
    client_id: int,
    verdict: Judgement,
    label: Label | None = None,
    comment: str | None = None,
) -> Feedback:
    """Note what a client says of an answer. Said again in the same words, nothing is added."""
    before = history(session, classification)
    if before and (before[-1].verdict, before[-1].label, before[-1].comment) == (
        verdict,
        label,
        comment,
    ):
        return before[-1]
    said = Feedback(
        classification=classification.number,
        client_id=client_id,
        created_at=datetime.now(UTC),
        verdict=verdict,
        label=label,
        comment=comment,
    )
    session.add(said)
    session.flush()
    return said


def history(session: OrmSession, classification: Classification) -> list[Feedback]:
    """Give all that was said of an answer, in order."""
    own = select(Feedback).where(Feedback.classification == classification.number)
    return list(session.scalars(own.order_by(Feedback.number)))


def agreement(session: OrmSession) -> dict[tuple[str, str], dict[Label, Counter[str]]]:
    """Count how often people agreed, over everybody's answers.

    Returns
    -------
    dict
        For each model and its version, and each label that it gave: how many answers were
        called ``correct`` and ``incorrect``.
    """
    answer = Classification
    columns = answer.model, answer.model_version, answer.label, Feedback.verdict
    counts = (
        select(*columns, func.count())
        .join(Feedback, is_last())
        .where(Feedback.verdict.in_(["correct", "incorrect"]))
        .group_by(*columns)
    )
    found: dict[tuple[str, str], dict[Label, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for model, version, label, verdict, count in session.execute(counts):
        found[model, version][label][verdict] += count
    return found


def said_labels(session: OrmSession) -> dict[str, Counter[Label]]:
    """Tell what people said that images show, over everybody's answers.

    Returns
    -------
    dict
        For each image, by SHA-256, how many clients said which label. A client counts once for
        an image: what it said last.
    """
    said = (
        select(Classification.image_sha256, Classification.label, Feedback)
        .join(Feedback, is_last())
        .where(Feedback.verdict.in_(["correct", "incorrect"]))
        .order_by(Feedback.number)
    )
    last: dict[tuple[str, int], Label] = {}
    for sha256, given, own in session.execute(said):
        label = given if own.verdict == "correct" else own.label
        if label is not None:
            last[sha256, own.client_id] = label
        elif last.get((sha256, own.client_id)) == given:
            del last[sha256, own.client_id]
    found: dict[str, Counter[Label]] = defaultdict(Counter)
    for (sha256, _), label in last.items():
        found[sha256][label] += 1
    return found
