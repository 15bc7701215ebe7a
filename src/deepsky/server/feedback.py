"""Routes for feedback on classifications."""

from collections import Counter
from typing import Any, Final

from apiflask import APIBlueprint
from flask import request

from deepsky.intervals import wilson_interval
from deepsky.server.classifications import find_own
from deepsky.server.problems import ProblemError, problems
from deepsky.server.schemas import Feedback, FeedbackForm, FeedbackSummary
from deepsky.server.serialization import serialize_feedback
from deepsky.server.state import state
from deepsky.storage import Database
from deepsky.storage.feedback import count_agreement, record_feedback, withdraw_feedback
from deepsky.taxonomy import order_labels

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
    """Submit feedback: whether the classification is correct and, if not, the correct label.

    It replaces earlier feedback on the classification.
    """
    with state().storage.database.write() as session:
        classification, _ = find_own(session, id, lock=True)
        given, labels = classification.label, tuple(classification.probabilities)
        if form.label is not None and form.label not in labels:
            detail = f"label: The labels of this classification are {', '.join(labels)}."
            raise ProblemError(400, "invalid_request", detail)
        if form.verdict == "correct" and form.label not in (None, given):
            detail = (
                f"label: The classification has the label {given}. To choose {form.label}, send "
                "the verdict `incorrect`."
            )
            raise ProblemError(400, "invalid_request", detail)
        if form.verdict == "incorrect" and form.label == given:
            detail = (
                f"label: The classification has the label {given}. To confirm this label, send the "
                f"verdict `correct`. To reject it, send a label other than {given}, or no label."
            )
            raise ProblemError(400, "invalid_request", detail)
        label = given if form.verdict == "correct" else form.label
        client_id = classification.client_id
        feedback = record_feedback(
            session, classification, client_id, form.verdict, label, form.comment
        )
        return serialize_feedback(feedback)


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
@blueprint.output(FeedbackSummary, description="Users' agreement with each model")
@blueprint.doc(operation_id="getFeedbackSummary", responses=problems(401, 503))
def summary() -> dict[str, Any]:
    """Show how often users agreed with each model, based on the feedback from all clients."""
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
                    {"label": label, **_agreement(labels[label])} for label in order_labels(labels)
                ],
            }
            for key, labels in sorted(counts.items())
        ]
    }


def _agreement(counts: Counter[str]) -> dict[str, Any]:
    correct, incorrect = counts["correct"], counts["incorrect"]
    interval = wilson_interval(correct, correct + incorrect)
    return {
        "correct": correct,
        "incorrect": incorrect,
        "agreement": interval.model_dump(include={"value", "low", "high"}),
    }
