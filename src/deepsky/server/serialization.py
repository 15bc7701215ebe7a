"""What is stored, as the API tells it."""

from typing import Any

from deepsky.storage.tables import Classification, Feedback

__all__ = ["tell_classification", "tell_feedback"]


def tell_classification(answer: Classification, said: Feedback | None) -> dict[str, Any]:
    """Tell an answer: its record, and what the server knows beside.

    Parameters
    ----------
    answer : Classification
    said : Feedback or None
        What was last said of it.
    """
    image = answer.image
    return {
        "path": answer.path,
        "label": answer.label,
        "verdict": answer.verdict,
        "probabilities": answer.probabilities,
        "prediction_set": answer.prediction_set,
        "novelty": answer.novelty,
        "model": answer.model,
        "model_version": answer.model_version,
        "model_sha256": answer.model_sha256,
        "image_sha256": image.sha256,
        "width": image.width,
        "height": image.height,
        "format": image.format,
        "stretch": answer.stretch,
        "error": None,
        "id": answer.id,
        "created_at": answer.created_at,
        "elapsed_ms": {"decode": answer.decode_ms, "infer": answer.infer_ms},
        "feedback": tell_feedback(said),
    }


def tell_feedback(said: Feedback | None) -> dict[str, Any] | None:
    """Tell what was last said of an answer; None where it was taken back."""
    if said is None or said.verdict == "withdrawn":
        return None
    return {
        "verdict": said.verdict,
        "label": said.label,
        "comment": said.comment,
        "created_at": said.created_at,
    }
