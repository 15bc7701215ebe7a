"""Figures that a model card states for a split of the dataset."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from deepsky.intervals import Estimate, Proportion
from deepsky.taxonomy import Label

__all__ = [
    "CardPart",
    "ClassMetrics",
    "ConfidenceBin",
    "Coverage",
    "Metrics",
    "OutOfDistribution",
    "RocCurve",
    "Scores",
    "Unfamiliar",
]

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class CardPart(BaseModel):
    """Part of a model card.

    Unknown fields are errors: a misspelt optional field would otherwise be lost without notice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that were set.

        Returns
        -------
        dict
            Of JSON types: strings, numbers, lists, dicts and None.
        """
        return self.model_dump(mode="json", exclude_unset=True)


class Scores(CardPart):
    """Accuracy and macro-F1 with 95 % intervals, by resampling fields of sky."""

    accuracy: Estimate
    macro_f1: Estimate


class ClassMetrics(CardPart):
    """Precision, recall and F1 of one class."""

    images: Count
    precision: Estimate
    recall: Estimate
    f1: Estimate


class ConfidenceBin(Estimate):
    """Proportion of correct answers among answers of similar confidence."""

    images: Count
    count: Count
    confidence: Share = Field(description="Mean confidence of the bin.")


class Coverage(CardPart):
    """How often the prediction set contains the label."""

    overall: Proportion
    per_class: dict[Label, Proportion]


class Unfamiliar(CardPart):
    """How often the novelty exceeds the threshold."""

    deep_sky: Proportion
    other: Proportion


class RocCurve(CardPart):
    """Novelty as a detector of out-of-distribution images, at increasing thresholds."""

    false_positive_rate: tuple[Share, ...] = Field(description="Of deep-sky images.")
    true_positive_rate: tuple[Share, ...] = Field(description="Of out-of-distribution images.")


class OutOfDistribution(CardPart):
    """Answers to images of kinds that no training image shows.

    An image is rejected if it is unfamiliar or classified as `other`.
    """

    deep_sky_familiar: Proportion = Field(description="Of the deep-sky images of the split.")
    auroc: Share = Field(description="Area under the ROC curve of novelty.")
    roc: RocCurve
    rejected: Proportion
    rejected_by_kind: dict[str, Proportion]


class Metrics(Scores):
    """Figures of a model on images that it was not trained on.

    `fair` counts the second label of a mixed image as correct too.
    """

    images: Count
    fields: Count = Field(description="Fields of sky that the images show.")
    fair: Scores
    accuracy_by_field: Share = Field(description="Mean over fields of sky.")
    per_class: dict[Label, ClassMetrics]
    confusion: tuple[tuple[Count, ...], ...] = Field(
        description="Rows are the labels, columns the answers."
    )
    expected_calibration_error: Share
    calibration_error_by_chance: Estimate = Field(
        description="The expected calibration error of a perfectly calibrated model."
    )
    reliability: tuple[ConfidenceBin, ...]
    coverage: Coverage
    mean_set_size: float = Field(ge=0, description="Mean number of labels in a prediction set.")
    unfamiliar: Unfamiliar
    by_kind: dict[str, Proportion] = Field(description="Accuracy by kind of object.")
    by_source: dict[str, Proportion] = Field(description="Accuracy by source.")
    by_size: dict[str, Proportion] = Field(description="Accuracy by longest side.")
    by_quality: dict[str, Proportion] = Field(description="Accuracy by JPEG quality.")
    out_of_distribution: OutOfDistribution | None = Field(
        default=None, description="Test split only."
    )
    empty_skies: dict[str, Proportion] | None = Field(
        default=None,
        description="Rejected proportion of drawn skies without an object; test split only.",
    )
