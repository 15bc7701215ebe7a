"""Database queries for feedback; only the latest feedback on a classification is stored."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as OrmSession

from deepsky.storage.classifications import is_latest_feedback
from deepsky.storage.tables import Classification, Feedback, Judgement, ModelKey
from deepsky.taxonomy import Label

__all__ = [
    "Assessment",
    "Vote",
    "count_agreement",
    "label_votes",
    "record_feedback",
    "withdraw_feedback",
]

Vote = tuple[Label, Label | None]
"""The label that a client chose for an image, and the second label, if any."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a person says about a classification.

    Attributes
    ----------
    verdict : {"correct", "incorrect", "unsure"}
        Whether the label is right; ``"unsure"`` if the person does not know.
    label : str or None
        The correct label.
    second_label : str or None
        A second class of object that the image clearly shows.
    comment : str or None
        Remark of the person.
    blind : bool
        Whether the person answered before they saw the classification.
    """

    verdict: Judgement
    label: Label | None = None
    second_label: Label | None = None
    comment: str | None = None
    blind: bool = False


def record_feedback(
    session: OrmSession,
    classification: Classification,
    client_id: int,
    assessment: Assessment,
) -> Feedback:
    """Store feedback on a classification, in place of earlier feedback.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session from `Database.write`, in which the classification is locked.
    classification : Classification
    client_id : int
    assessment : Assessment

    Returns
    -------
    Feedback
        The new feedback, or the earlier feedback if the new feedback is identical.
    """
    latest = session.scalar(_on(classification).order_by(Feedback.number.desc()).limit(1))
    given = asdict(assessment)
    if latest and all(getattr(latest, name) == value for name, value in given.items()):
        return latest
    withdraw_feedback(session, classification)
    feedback = Feedback(
        classification=classification.number,
        client_id=client_id,
        created_at=datetime.now(UTC),
        **given,
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
    """Count how often users agreed with each model before they saw its classification.

    Feedback that was given after the classification was shown is not counted, because people tend
    to agree with an answer that they see.

    Parameters
    ----------
    session : sqlalchemy.orm.Session

    Returns
    -------
    dict of ModelKey to dict of str to Counter
        For each model and each label that the model assigned, the number of classifications by
        the verdict of their latest feedback, if it is blind. The classifications of all clients
        are counted.
    """
    row = Classification
    columns = row.model, row.model_version, row.model_sha256, row.label, Feedback.verdict
    counts = (
        select(*columns, func.count())
        .join(Feedback, is_latest_feedback())
        .where(Feedback.blind)
        .group_by(*columns)
    )
    found: dict[ModelKey, dict[Label, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for model, version, sha256, label, verdict, count in session.execute(counts):
        found[ModelKey(model, version, sha256)][label][verdict] += count
    return found


def label_votes(session: OrmSession) -> dict[str, Counter[Vote]]:
    """Count how many clients chose each label, or each pair of labels, for each image.

    Each client has one vote per image: its latest feedback on any classification of the image.

    Parameters
    ----------
    session : sqlalchemy.orm.Session

    Returns
    -------
    dict of str to Counter
        Number of clients that chose each label and second label, by the SHA-256 of the image. The
        order of two labels does not matter; the pair is in the order in which it was first chosen.
    """
    latest = (
        select(Classification.image_sha256, Classification.label, Feedback)
        .join(Feedback, is_latest_feedback())
        .order_by(Feedback.number)
    )
    votes: dict[tuple[str, int], Vote] = {}
    for sha256, assigned, feedback in session.execute(latest):
        label = assigned if feedback.verdict == "correct" else feedback.label
        vote = votes.get((sha256, feedback.client_id))
        if label is not None:
            votes[sha256, feedback.client_id] = (label, feedback.second_label)
        elif feedback.verdict == "unsure" or (vote is not None and assigned in vote):
            # The client does not know, or rejected the label without choosing the correct one.
            votes.pop((sha256, feedback.client_id), None)
    counts: dict[str, Counter[Vote]] = defaultdict(Counter)
    for (sha256, _), (label, second) in votes.items():
        turned: Vote = (label, None) if second is None else (second, label)
        counted = counts[sha256]
        counted[turned if turned in counted else (label, second)] += 1
    return counts


def _on(classification: Classification) -> Select[Feedback]:
    return select(Feedback).where(Feedback.classification == classification.number)
