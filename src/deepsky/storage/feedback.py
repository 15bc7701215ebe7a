"""Database queries for feedback; only the latest feedback on a classification is stored."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as OrmSession

from deepsky.storage.classifications import is_latest_feedback
from deepsky.storage.tables import Classification, Feedback, Judgement, ModelKey
from deepsky.taxonomy import Label

__all__ = ["count_agreement", "label_votes", "record_feedback", "withdraw_feedback"]


def record_feedback(
    session: OrmSession,
    classification: Classification,
    client_id: int,
    verdict: Judgement,
    label: Label | None = None,
    comment: str | None = None,
) -> Feedback:
    """Store feedback on a classification, in place of earlier feedback.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`, in which the classification is locked.
    classification : Classification
    client_id : int
    verdict : {"correct", "incorrect"}
    label : str, optional
        The correct label.
    comment : str, optional

    Returns
    -------
    Feedback
        The new feedback, or the earlier feedback if the new feedback is identical.
    """
    latest = session.scalar(_on(classification).order_by(Feedback.number.desc()).limit(1))
    if latest and (latest.verdict, latest.label, latest.comment) == (verdict, label, comment):
        return latest
    withdraw_feedback(session, classification)
    feedback = Feedback(
        classification=classification.number,
        client_id=client_id,
        created_at=datetime.now(UTC),
        verdict=verdict,
        label=label,
        comment=comment,
    )
    session.add(feedback)
    session.flush()
    return feedback


def withdraw_feedback(session: OrmSession, classification: Classification) -> None:
    """Delete the feedback on a classification, if there is any.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`.
    classification : Classification
    """
    for feedback in session.scalars(_on(classification)):
        session.delete(feedback)
    session.flush()


def count_agreement(session: OrmSession) -> dict[ModelKey, dict[Label, Counter[str]]]:
    """Count the classifications by each model that users marked as correct or incorrect.

    Parameters
    ----------
    session : sqlalchemy.orm.Session

    Returns
    -------
    dict of ModelKey to dict of str to Counter
        For each model and each label that the model assigned, the number of classifications by
        the verdict of their latest feedback (``"correct"`` or ``"incorrect"``). The
        classifications of all clients are counted.
    """
    row = Classification
    columns = row.model, row.model_version, row.model_sha256, row.label, Feedback.verdict
    counts = select(*columns, func.count()).join(Feedback, is_latest_feedback()).group_by(*columns)
    found: dict[ModelKey, dict[Label, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for model, version, sha256, label, verdict, count in session.execute(counts):
        found[ModelKey(model, version, sha256)][label][verdict] += count
    return found


def label_votes(session: OrmSession) -> dict[str, Counter[Label]]:
    """Count how many clients chose each label for each image.

    Each client has one vote per image: its latest feedback on any classification of the image.

    Parameters
    ----------
    session : sqlalchemy.orm.Session

    Returns
    -------
    dict of str to Counter
        Number of clients that chose each label, by the SHA-256 of the image.
    """
    latest = (
        select(Classification.image_sha256, Classification.label, Feedback)
        .join(Feedback, is_latest_feedback())
        .order_by(Feedback.number)
    )
    votes: dict[tuple[str, int], Label] = {}
    for sha256, assigned, feedback in session.execute(latest):
        label = assigned if feedback.verdict == "correct" else feedback.label
        if label is not None:
            votes[sha256, feedback.client_id] = label
        elif votes.get((sha256, feedback.client_id)) == assigned:
            # The client rejected the label without choosing the correct one.
            del votes[sha256, feedback.client_id]
    counts: dict[str, Counter[Label]] = defaultdict(Counter)
    for (sha256, _), label in votes.items():
        counts[sha256][label] += 1
    return counts


def _on(classification: Classification) -> Select[Feedback]:
    return select(Feedback).where(Feedback.classification == classification.number)
