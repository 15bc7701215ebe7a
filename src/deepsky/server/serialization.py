"""Conversion of stored classifications and feedback to their API representation."""

from typing import Any, Final

from deepsky.identification.fields import IdentificationFields
from deepsky.server.schemas.sharing import SharedClassification
from deepsky.storage.tables import Classification, Feedback

__all__ = [
    "NOT_IN_LISTS",
    "serialize_classification",
    "serialize_feedback",
    "serialize_identification",
    "serialize_shared",
    "summarize_classification",
]

NOT_IDENTIFIED: Final = IdentificationFields(
    subtype=None,
    object=None,
    objects=[],
    sky=None,
    sky_error=None,
    agreement=None,
    difference=None,
    agreement_message=None,
    combined=None,
)
"""Fields of classifications that were stored by earlier versions."""

NOT_IN_LISTS: Final = frozenset({"objects", "sky", "sky_error", "error"})
"""Fields that are not in lists: they can be large, or are always null."""


def serialize_identification(classification: Classification) -> dict[str, Any]:
    """Return the fields that say which object an image shows.

    Parameters
    ----------
    classification : Classification

    Returns
    -------
    dict
        The fields of `deepsky.server.schemas.identification.Identification`.
    """
    return {**NOT_IDENTIFIED, **(classification.identification or {})}


def serialize_classification(
    classification: Classification, feedback: Feedback | None
) -> dict[str, Any]:
    """Convert a stored classification to its API representation.

    The representation contains the fields of a record, and further fields that the server adds.

    Parameters
    ----------
    classification : Classification
    feedback : Feedback or None
        Feedback on the classification.

    Returns
    -------
    dict
        The fields of `deepsky.server.schemas.classifications.Classification`.
    """
    image = classification.image
    return {
        "path": classification.path,
        "label": classification.label,
        "verdict": classification.verdict,
        "probabilities": classification.probabilities,
        "prediction_set": classification.prediction_set,
        "novelty": classification.novelty,
        "model": classification.model,
        "model_version": classification.model_version,
        "model_sha256": classification.model_sha256,
        "image_sha256": image.sha256,
        "width": image.width,
        "height": image.height,
        "format": image.format,
        "stretch": classification.stretch,
        **serialize_identification(classification),
        "error": None,
        "id": classification.id,
        "created_at": classification.created_at,
        "elapsed_ms": {"decode": classification.decode_ms, "infer": classification.infer_ms},
        "feedback": serialize_feedback(feedback),
        "share": classification.share,
    }


def serialize_shared(classification: Classification) -> dict[str, Any]:
    """Convert a shared classification to its API representation.

    Parameters
    ----------
    classification : Classification

    Returns
    -------
    dict
        The fields of `deepsky.server.schemas.sharing.SharedClassification`.
    """
    fields = serialize_classification(classification, None)
    shared = {name: fields[name] for name in SharedClassification.model_fields}
    return {**shared, "path": ""}


def summarize_classification(
    classification: Classification, feedback: Feedback | None
) -> dict[str, Any]:
    """Convert a stored classification to its representation in lists.

    Parameters
    ----------
    classification : Classification
    feedback : Feedback or None
        Feedback on the classification.

    Returns
    -------
    dict
        The fields of `deepsky.server.schemas.lists.ClassificationSummary`.
    """
    whole = serialize_classification(classification, feedback)
    return {name: value for name, value in whole.items() if name not in NOT_IN_LISTS}


def serialize_feedback(feedback: Feedback | None) -> dict[str, Any] | None:
    """Convert stored feedback to its API representation.

    Parameters
    ----------
    feedback : Feedback or None
        Feedback on a classification.

    Returns
    -------
    dict or None
        The fields of `deepsky.server.schemas.feedback.Feedback`, or None if there is no feedback.
    """
    if feedback is None:
        return None
    return {
        "verdict": feedback.verdict,
        "label": feedback.label,
        "second_label": feedback.second_label,
        "blind": feedback.blind,
        "comment": feedback.comment,
        "created_at": feedback.created_at,
    }
