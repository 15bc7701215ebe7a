"""Routes for feedback on classifications."""

from collections import Counter
from typing import Any, Final

from apiflask import APIBlueprint
from flask import request

from deepsky.intervals import wilson_interval
from deepsky.server.classifications import find_own
from deepsky.server.problems import ProblemError, problems
from deepsky.server.schemas.feedback import Feedback, FeedbackForm, FeedbackSummary
from deepsky.server.serialization import serialize_feedback
from deepsky.server.state import state
from deepsky.storage import Database
from deepsky.storage.feedback import (
    Assessment,
    count_agreement,
    record_feedback,
    withdraw_feedback,
)
from deepsky.taxonomy import Label, order_labels

__all__ = ["blueprint"]

blueprint = APIBlueprint("feedback", __name__, url_prefix="/api/v1")

MAX_BYTES: Final = 1_000_000
"""Maximum size of a feedback request, in bytes.

Real feedback is much smaller. The limit prevents the server from running out of memory, because
parsed JSON can need 30 times as much memory as its text.
"""


@blueprint.before_request
def limit_size() -> None:
    """Limit the size of a feedback request."""
    request.max_content_length = MAX_BYTES


@blueprint.put("/classifications/<id>/feedback")
@blueprint.input(FeedbackForm, arg_name="form")
@blueprint.output(Feedback, description="The latest feedback")
@blueprint.doc(operation_id="putFeedback", responses=problems(400, 401, 403, 404, 413, 429, 503))
def put(id: str, form: FeedbackForm) -> dict[str, Any] | None:  # noqa: A002
    """Submit feedback: whether the classification is correct, and the correct labels.

    It replaces earlier feedback on the classification.
    """
    with state().storage.database.write() as session:
        classification, _ = find_own(session, id, lock=True)
        assessment = _assess(form, classification.label, tuple(classification.probabilities))
        feedback = record_feedback(session, classification, classification.client_id, assessment)
        return serialize_feedback(feedback)


def _assess(form: FeedbackForm, given: Label, labels: tuple[Label, ...]) -> Assessment:
    """Check feedback on a classification with the label `given`."""
    chosen = [each for each in (form.label, form.second_label) if each is not None]
    problem = None
    if not set(chosen) <= set(labels):
        problem = f"The labels of this classification are {', '.join(labels)}."
    elif form.verdict == "unsure" and chosen:
        problem = "Send no labels with the verdict `unsure`."
    elif form.verdict == "correct" and form.label not in (None, given):
        problem = (
            f"The classification has the label {given}. To choose {form.label}, send the verdict "
            "`incorrect`. If the image also shows another class, send this class as second_label."
        )
    elif form.verdict == "incorrect" and given in chosen:
        problem = (
            f"The classification has the label {given}. To confirm this label, send the verdict "
            f"`correct`. To reject it, send labels other than {given}, or no label."
        )
    label = given if form.verdict == "correct" else form.label
    if problem is None and form.second_label is not None and label in (None, form.second_label):
        problem = "Send a second label only with another label."
    if problem is not None:
        raise ProblemError(400, "invalid_request", f"label: {problem}")
    return Assessment(form.verdict, label, form.second_label, form.comment, form.blind)


@blueprint.delete("/classifications/<id>/feedback")
@blueprint.output({}, status_code=204, description="Withdrawn")
@blueprint.doc(operation_id="deleteFeedback", responses=problems(401, 403, 404, 429, 503))
def withdraw(id: str) -> str:  # noqa: A002
    """Delete the feedback on a classification."""
    database = state().storage.database
    database.run_on_full_disk(lambda: _withdraw(database, id))
    return ""


def _withdraw(database: Database, id: str) -> None:  # noqa: A002
    with database.write() as session:
        classification, _ = find_own(session, id, lock=True)
        withdraw_feedback(session, classification)


@blueprint.get("/feedback/summary")
@blueprint.output(FeedbackSummary, description="Agreement of users with each model")
@blueprint.doc(operation_id="getFeedbackSummary", responses=problems(401, 503))
def summary() -> dict[str, Any]:
    """Show how often users agreed with each model, based on the blind feedback from all clients."""
    with state().storage.database.read() as session:
        counts = count_agreement(session)
    return {
        "models": [
            {
                "model": key.model,
                "model_version": key.version,
                "model_sha256": key.sha256,
                **_agreement(sum(labels.values(), Counter())),
                "classes": [
                    {"label": label, **_agreement(labels[label])}
                    for label in order_labels(labels)
                    if _is_known(labels[label])
                ],
            }
            for key, labels in sorted(counts.items())
            if any(map(_is_known, labels.values()))
        ]
    }


def _is_known(counts: Counter[str]) -> bool:
    return counts["correct"] + counts["incorrect"] > 0


def _agreement(counts: Counter[str]) -> dict[str, Any]:
    correct, incorrect = counts["correct"], counts["incorrect"]
    interval = wilson_interval(correct, correct + incorrect)
    return {
        "correct": correct,
        "incorrect": incorrect,
        "agreement": interval.model_dump(include={"value", "low", "high"}),
    }
