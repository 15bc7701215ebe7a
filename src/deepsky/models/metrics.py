"""Metrics in a model card, measured on one split of the dataset."""

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
Fraction = Annotated[float, Field(ge=0, le=1)]


class CardPart(BaseModel):
    """Base class for the parts of a model card.

    Unknown fields are rejected, because a misspelt optional field would otherwise be ignored.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the explicitly set fields as a dict of JSON values.

        Returns
        -------
        dict
            Contains only strings, numbers, lists, dicts and None.
        """
        return self.model_dump(mode="json", exclude_unset=True)


class Scores(CardPart):
    """Accuracy and macro-F1 with 95 % confidence intervals, from a bootstrap over fields of sky."""

    accuracy: Estimate
    macro_f1: Estimate


class ClassMetrics(CardPart):
    """Precision, recall and F1 of one class."""

    images: Count
    precision: Estimate
    recall: Estimate
    f1: Estimate


class ConfidenceBin(Estimate):
    """Fraction of correct predictions among predictions of similar confidence."""

    images: Count
    count: Count
    confidence: Fraction = Field(description="Mean confidence of the predictions.")


class Coverage(CardPart):
    """Fraction of images whose prediction set contains the true label."""

    overall: Proportion
    per_class: dict[Label, Proportion]


class Unfamiliar(CardPart):
    """Fraction of deep-sky and of other images whose novelty exceeds the threshold."""

    deep_sky: Proportion
    other: Proportion


class RocCurve(CardPart):
    """ROC curve for the detection of out-of-distribution images by their novelty."""

    false_positive_rate: tuple[Fraction, ...] = Field(
        description="Fraction of deep-sky images above each threshold."
    )
    true_positive_rate: tuple[Fraction, ...] = Field(
        description="Fraction of out-of-distribution images above each threshold."
    )


class OutOfDistribution(CardPart):
    """Metrics for images of kinds that do not occur in the training images.

    An image counts as rejected if it is unfamiliar or classified as `other`.
    """

    deep_sky_familiar: Proportion = Field(
        description="Fraction of the split's deep-sky images with a novelty below the threshold."
    )
    auroc: Fraction = Field(description="Area under the ROC curve of novelty.")
    roc: RocCurve
    rejected: Proportion
    rejected_by_kind: dict[str, Proportion]


class Metrics(Scores):
    """Metrics of a model for images that it was not trained on.

    `fair` also counts an image's second label as correct.
    """

    images: Count
    fields: Count = Field(description="Number of fields of sky that the images show.")
    fair: Scores
    accuracy_by_field: Fraction = Field(description="Mean of the accuracies per field of sky.")
    per_class: dict[Label, ClassMetrics]
    confusion: tuple[tuple[Count, ...], ...] = Field(
        description="Rows are the true labels, columns the predicted labels."
    )
    expected_calibration_error: Fraction
    calibration_error_by_chance: Estimate = Field(
        description="Expected calibration error of a perfectly calibrated model, due to chance."
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
        default=None, description="Measured for the test split only."
    )
    empty_skies: dict[str, Proportion] | None = Field(
        default=None,
        description="Fraction of rejected synthetic empty skies, by kind; test split only.",
    )
