"""Schemas of the feedback on classifications."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from deepsky.intervals import Estimate
from deepsky.server.schemas.text import MAX_NAME, NO_NULL
from deepsky.storage.tables import Judgement
from deepsky.taxonomy import Label

__all__ = ["Feedback", "FeedbackForm", "FeedbackSummary"]

JUDGEMENT: Final = (
    "Whether the label of the classification is right; `unsure` if the person does not know."
)


class FeedbackForm(BaseModel):
    """Feedback on a classification."""

    model_config = ConfigDict(extra="forbid")

    verdict: Judgement = Field(description=JUDGEMENT)
    label: Annotated[str, Field(max_length=MAX_NAME, pattern=NO_NULL)] | None = Field(
        None,
        description="The correct label, if the classification is incorrect: one of those in its "
        "`probabilities`.",
    )
    second_label: Annotated[str, Field(max_length=MAX_NAME, pattern=NO_NULL)] | None = Field(
        None,
        description="Another label, if the image clearly shows two classes. The classification is "
        "correct if it has one of the two labels.",
    )
    blind: StrictBool = Field(
        False,
        description="Whether the person answered before they saw the classification. Only such "
        "feedback counts towards the agreement of users with a model.",
    )
    comment: Annotated[str, Field(max_length=2000, pattern=NO_NULL)] | None = None


class Feedback(BaseModel):
    """The latest feedback on a classification."""

    verdict: Judgement = Field(description=JUDGEMENT)
    label: Label | None = Field(description="The correct label, if known.")
    second_label: Label | None = Field(
        description="Another label, if the image clearly shows two classes."
    )
    blind: bool = Field(
        description="Whether the person answered before they saw the classification."
    )
    comment: str | None
    created_at: datetime


class UserAgreement(BaseModel):
    """How often users agreed with classifications that they had not seen.

    Feedback counts if it is `blind` and not `unsure`.
    """

    correct: int
    incorrect: int
    agreement: Estimate = Field(
        description="`correct` / (`correct` + `incorrect`), with the Wilson score interval."
    )


class ClassAgreement(UserAgreement):
    """How often users agreed with classifications that have a particular label."""

    label: Label


class ModelAgreement(UserAgreement):
    """How often users agreed with the classifications of a model."""

    model: str
    model_version: str
    model_sha256: str = Field(
        description="SHA-256 of the network file; equals `network.sha256` in the model card."
    )
    classes: list[ClassAgreement]


class FeedbackSummary(BaseModel):
    """How often users agreed with each model, based on the blind feedback from all clients."""

    models: list[ModelAgreement]
