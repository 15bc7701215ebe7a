"""What people say of answers."""

from collections import Counter
from typing import Any, Final

from apiflask import APIBlueprint
from flask import request

from deepsky.intervals import wilson_interval
from deepsky.server.classifications import find_own
from deepsky.server.clients import client_id
from deepsky.server.problems import Refusal, problems
from deepsky.server.schemas import Feedback, FeedbackForm, FeedbackSummary
from deepsky.server.serialization import tell_feedback
from deepsky.server.state import state
from deepsky.storage.feedback import agreement, say
from deepsky.taxonomy import LABELS

__all__ = ["blueprint"]

blueprint = APIBlueprint("feedback", __name__, url_prefix="/api/v1")

LONGEST: Final = 1_000_000
"""Bytes of a request, with room to spare: JSON that is read may take thirty times the memory."""


@blueprint.before_request
def refuse_long() -> None:
    """Refuse what is longer than anything to be said."""
    request.max_content_length = LONGEST


@blueprint.put("/classifications/<id>/feedback")
@blueprint.input(FeedbackForm, arg_name="form")
@blueprint.output(Feedback, description="What now counts")
@blueprint.doc(operation_id="putFeedback", responses=problems(400, 401, 403, 404, 413, 429, 503))
def put(id: str, form: FeedbackForm) -> dict[str, Any] | None:  # noqa: A002
    """Say whether an answer is right and, if not, what is. Said again, the last word counts."""
    with state().storage.database.write() as session:
        answer, _ = find_own(session, id, hold=True)
        if form.verdict == "correct" and form.label not in (None, answer.label):
            detail = f"label: The answer was {answer.label}; if {form.label} is right, it is not."
            raise Refusal(400, "invalid_request", detail)
        if form.verdict == "incorrect" and form.label == answer.label:
            detail = f"label: The answer was {form.label}; it cannot be both right and incorrect."
            raise Refusal(400, "invalid_request", detail)
        label = answer.label if form.verdict == "correct" else form.label
        said = say(session, answer, client_id(session), form.verdict, label, form.comment)
        return tell_feedback(said)


@blueprint.delete("/classifications/<id>/feedback")
@blueprint.output({}, status_code=204, description="Taken back")
@blueprint.doc(operation_id="deleteFeedback", responses=problems(401, 403, 404, 429, 503))
def withdraw(id: str) -> str:  # noqa: A002
    """Take back what was said of an answer."""
    with state().storage.database.write() as session:
        answer, said = find_own(session, id, hold=True)
        if said is not None:
            say(session, answer, client_id(session), "withdrawn")
    return ""


@blueprint.get("/feedback/summary")
@blueprint.output(FeedbackSummary, description="Agreement of each model")
@blueprint.doc(operation_id="getFeedbackSummary", responses=problems(401, 503))
def summary() -> dict[str, Any]:
    """Tell how often people agreed with each model, over everybody's answers."""
    with state().storage.database.read() as session:
        counted = agreement(session)
    return {
        "models": [
            {
                "model": model,
                "model_version": version,
                **_agreement(sum(labels.values(), Counter())),
                "classes": [
                    {"label": label, **_agreement(labels[label])}
                    for label in LABELS
                    if label in labels
                ],
            }
            for (model, version), labels in sorted(counted.items())
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
