"""Metrics that a model card contains for each split of the dataset."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from deepsky.intervals import Estimate, Proportion
from deepsky.taxonomy import Label

__all__ = [
    "CardPart",
    "ClassMetrics",
    "ConfidenceBin",
    "Confident",
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
        """Return a dict of the fields that were set explicitly, with JSON values.

        Returns
        -------
        dict
            Contains only strings, numbers, lists, dicts and None.
        """
        return self.model_dump(mode="json", exclude_unset=True)


class Scores(CardPart):
    """Accuracy and macro-F1, with 95 % confidence intervals bootstrapped over fields of sky."""

    accuracy: Estimate
    macro_f1: Estimate


class ClassMetrics(CardPart):
    """Precision, recall and F1 of one class."""

    images: Count
    precision: Estimate
    recall: Estimate
    f1: Estimate


class ConfidenceBin(Estimate):
    """Fraction of correct predictions in one confidence bin."""

    images: Count
    count: Count
    confidence: Fraction = Field(description="Mean confidence of the predictions in the bin.")


class Coverage(CardPart):
    """Fraction of images whose prediction set contains the true label."""

    overall: Proportion
    per_class: dict[Label, Proportion]


class Unfamiliar(CardPart):
    """Fractions of unfamiliar images among those with the label `other`, and among the rest."""

    deep_sky: Proportion
    other: Proportion


class Confident(CardPart):
    """Predictions with the verdict `confident`."""

    share: Proportion = Field(description="Fraction of all predictions that are confident.")
    accuracy: Proportion = Field(description="Fraction of confident predictions that are correct.")


class RocCurve(CardPart):
    """ROC curve for the detection of out-of-distribution images by their novelty."""

    false_positive_rate: tuple[Fraction, ...] = Field(
        description="Fraction of deep-sky images whose novelty exceeds each threshold."
    )
    true_positive_rate: tuple[Fraction, ...] = Field(
        description="Fraction of out-of-distribution images whose novelty exceeds each threshold."
    )


class OutOfDistribution(CardPart):
    """Metrics for images that do not show the sky.

    An image counts as rejected if it is unfamiliar or classified as `other`.
    """

    deep_sky_familiar: Proportion = Field(
        description="Fraction of the split's deep-sky images that are not `unfamiliar`."
    )
    auroc: Fraction = Field(description="Area under the ROC curve.")
    roc: RocCurve
    rejected: Proportion
    rejected_by_kind: dict[str, Proportion]


class Metrics(Scores):
    """Metrics of a model, measured on images that were not used to train it.

    In `fair`, the second label of an image that clearly shows two classes also counts as correct.
    """

    images: Count
    fields: Count = Field(description="Number of distinct fields of sky that the images show.")
    fair: Scores
    accuracy_by_field: Fraction = Field(
        description="Accuracy for each field of sky, averaged over all fields."
    )
    per_class: dict[Label, ClassMetrics]
    confusion: tuple[tuple[Count, ...], ...] = Field(
        description="Confusion matrix: one row per true label, one column per predicted label."
    )
    expected_calibration_error: Fraction
    calibration_error_by_chance: Estimate = Field(
        description="Calibration error that a perfectly calibrated model would have by chance."
    )
    reliability: tuple[ConfidenceBin, ...]
    coverage: Coverage
    mean_set_size: float = Field(ge=0, description="Mean number of labels per prediction set.")
    unfamiliar: Unfamiliar
    confident: Confident | None = Field(default=None, description="Missing in older cards.")
    by_kind: dict[str, Proportion] = Field(description="Accuracy for each kind of object.")
    by_source: dict[str, Proportion] = Field(description="Accuracy for each source of images.")
    by_size: dict[str, Proportion] = Field(
        description="Accuracy for each range of image sizes (length of the longest side)."
    )
    by_quality: dict[str, Proportion] = Field(
        description="Accuracy for each range of JPEG quality."
    )
    out_of_distribution: OutOfDistribution | None = Field(
        default=None, description="Measured for the test split only."
    )
    empty_skies: dict[str, Proportion] | None = Field(
        default=None,
        description="Fraction of rejected images among the synthetic images of empty sky, for "
        "each kind of synthetic image. Measured for the test split only.",
    )
