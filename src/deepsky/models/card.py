"""Model cards, which describe the training, data, calibration and performance of models.

Based on M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from deepsky.errors import ModelCorruptError
from deepsky.intervals import Proportion
from deepsky.models.metrics import CardPart, Metrics
from deepsky.taxonomy import Label, is_label, order_labels

__all__ = [
    "CalibrationFacts",
    "CalibrationImages",
    "Data",
    "Epoch",
    "Head",
    "Input",
    "KindFacts",
    "KindPrecision",
    "Kinds",
    "Member",
    "ModelCard",
    "Network",
    "NoveltyFacts",
    "OrientationCheck",
    "Quantization",
    "RecipeFacts",
    "Source",
    "SplitFacts",
    "Training",
    "Use",
]

FEWEST_LABELS: Final = 2

Count = Annotated[int, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Use(CardPart):
    """Intended use and limitations of a model."""

    intended: str
    limits: str


class OrientationCheck(CardPart):
    """Effect of quantization, measured on each validation image in eight orientations."""

    macro_f1_before: Fraction
    macro_f1_after: Fraction
    same_label: Fraction


class Quantization(CardPart):
    """Settings used to quantize a network, and the effect of the quantization."""

    bits: Annotated[int, Field(gt=0)]
    size: Annotated[int, Field(gt=0, description="Side length of the input, in pixels.")]
    calibration_images: Count
    validation_in_eight_orientations: OrientationCheck


class Network(CardPart):
    """Network file and its size. An ensemble has no file; its size is the sum over all members."""

    file: str | None = None
    sha256: Sha256
    bytes: Count
    parameters: Count
    largest_difference_from_keras: Annotated[float, Field(ge=0)] | None = Field(
        default=None,
        description="Largest absolute difference between the probabilities of the exported network "
        "(before quantization) and those of the Keras network.",
    )
    quantization: Quantization | None = None


class Member(CardPart):
    """A model that is part of an ensemble."""

    name: str
    sha256: Sha256
    scale: float = Field(
        description="Factor by which the member's logits are multiplied before they are added."
    )


class Head(CardPart):
    """Biases of the classes. The logit of a class is the mean of its evidence map plus its bias."""

    bias: tuple[float, ...]


class Input(CardPart):
    """Size of the network's square input."""

    size: Annotated[int, Field(gt=0, description="Side length, in pixels.")]
    loss_by_size: dict[int, float] = Field(
        default_factory=dict,
        description="Cross-entropy after calibration, for each input size that was tried.",
    )


EvaluatedSplit = Literal["validation", "test", "source_test"]
"""Splits whose metrics a card contains: new objects from known sources (``validation`` and
``test``), and new sources (``source_test``)."""


class CalibrationImages(CardPart):
    """Numbers of validation images and cross-validated images used to fit a calibration."""

    validation: Count
    cross_validated: Count


class CalibrationFacts(CardPart):
    """Parameters that convert logits into probabilities and prediction sets."""

    temperature: Annotated[float, Field(gt=0)]
    coverage: Fraction
    thresholds: dict[Label, Fraction]
    confident: Fraction = Field(
        default=0.0,
        description="Minimum probability of the predicted label for the verdict `confident`; 0 in "
        "older cards.",
    )
    images: CalibrationImages


class NoveltyFacts(CardPart):
    """Novelty reference file, and the novelty above which an image is unfamiliar."""

    file: str | None = Field(default=None, description="None for an ensemble.")
    sha256: Sha256 | None = Field(
        default=None, description="SHA-256 of the file; None for an ensemble and in older cards."
    )
    threshold: Fraction


class KindPrecision(CardPart):
    """How many of the images in which a kind was asserted show an object of this kind."""

    images: Proportion
    fields: Proportion = Field(
        description="The same for fields of sky, instead of images. A field is correct if the kind "
        "is correct for most of its images."
    )


class KindFacts(CardPart):
    """Training data of a kind, and how reliably it is predicted from the pixels."""

    images: Count = Field(description="Number of training images.")
    fields: Count = Field(
        description="Number of fields of sky that they show. For deep-sky objects, only fields "
        "with a name are counted."
    )
    threshold: Fraction | None = Field(
        description="Minimum probability at which the kind is asserted; null if it never is."
    )
    validation: KindPrecision = Field(
        description="Precision at the threshold, or at 0.5 if the kind is never asserted."
    )
    test: KindPrecision
    source_test: KindPrecision
    recognized: Proportion = Field(
        description="Share of the test images of this kind for which it is asserted."
    )


class Kinds(CardPart):
    """Head that predicts the kind of object or image from the embedding."""

    file: str
    sha256: Sha256
    by_label: dict[Label, dict[str, KindFacts]] = Field(
        description="Kinds of each label, in the order of the outputs of its regression."
    )


class SplitFacts(CardPart):
    """Numbers of images and fields of sky in a split of the dataset."""

    images: Count
    fields: Count = Field(description="Number of distinct fields of sky that the images show.")
    labels: dict[Label, Count]


class Source(CardPart):
    """A source of images in the dataset."""

    source: str
    licence: str
    images: Count


class Data(CardPart):
    """Dataset on which a model was trained and evaluated."""

    splits: dict[str, SplitFacts]
    sources: tuple[Source, ...]


class RecipeFacts(CardPart):
    """Settings of a training run."""

    seed: int
    head_epochs: Count
    epochs: Count
    frozen_stages: Count
    head_learning_rate: float
    learning_rate: float
    batch_size: Count
    weight_decay: float
    label_smoothing: float
    without: tuple[str, ...] = Field(
        description="Augmentation steps that were disabled for this training run."
    )
    precision: str | None = Field(default=None, description="Keras dtype policy.")
    backbone: str | None = Field(default=None, description="Name of the backbone.")
    input_size: Annotated[int, Field(gt=0)] | None = Field(
        default=None, description="Side length of the training images, in pixels."
    )
    repeat_rare: bool = Field(
        default=False,
        description="Whether images of rare kinds of objects and of small sources were used "
        "several times per epoch.",
    )
    initial_share: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.0,
        description="Share of the initial weights in the average of the initial and the trained "
        "weights; 0 if they were not averaged.",
    )
    continued_from: str | None = Field(
        default=None,
        description="Name and version of the model whose weights were the initial weights; None "
        "if they were ImageNet weights.",
    )


class Epoch(CardPart):
    """Loss and accuracy after one pass over the training images."""

    epoch: float
    accuracy: float
    loss: float
    val_accuracy: float
    val_loss: float


class Training(CardPart):
    """Settings and software used to train a network, and the learning curves."""

    recipe: RecipeFacts
    software: dict[str, str] = Field(
        description="Version of each software package used for training."
    )
    head: tuple[Epoch, ...] = Field(description="Epochs in which only the head was trained.")
    fine_tuning: tuple[Epoch, ...]


class ModelCard(CardPart):
    """Facts about a model, stored as ``card.json`` in its bundle.

    A single model has a network file, an input size and a novelty reference; an ensemble has
    members instead.
    """

    name: str
    title: str
    version: str
    created: dt.date
    licence: str
    labels: tuple[Label, ...] = Field(description="In the order of the network's outputs.")
    use: Use
    members: tuple[Member, ...] = Field(
        default=(), description="Members of the ensemble; empty for a single model."
    )
    network: Network
    head: Head
    input: Input | None = None
    calibration: CalibrationFacts
    novelty: NoveltyFacts
    kinds: Kinds | None = Field(
        default=None, description="None if the model predicts no kinds of objects."
    )
    data: Data
    training: Training | None = None
    metrics: dict[EvaluatedSplit, Metrics] = Field(
        description="Metrics for each split; empty until the model has been evaluated."
    )

    @field_validator("labels")
    @classmethod
    def _are_labels(cls, labels: tuple[Label, ...]) -> tuple[Label, ...]:
        if wrong := [label for label in labels if not is_label(label)]:
            msg = f"{wrong[0]!r} is not a label"
            raise ValueError(msg)
        if len(set(labels)) != len(labels) or len(labels) < FEWEST_LABELS:
            msg = f"there must be at least {FEWEST_LABELS} different labels"
            raise ValueError(msg)
        if labels != order_labels(labels):
            msg = f"the labels must be {', '.join(order_labels(labels))}, in this order"
            raise ValueError(msg)
        return labels

    @model_validator(mode="after")
    def _describes_every_label(self) -> Self:
        thresholds = self.calibration.thresholds
        if missing := [label for label in self.labels if label not in thresholds]:
            msg = f"calibration.thresholds: no threshold for {', '.join(missing)}"
            raise ValueError(msg)
        if len(self.head.bias) != len(self.labels):
            msg = f"head.bias: {len(self.head.bias)} values for {len(self.labels)} labels"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _is_single_or_ensemble(self) -> Self:
        if self.members:
            return self
        required = {
            "input": self.input,
            "network.file": self.network.file,
            "novelty.file": self.novelty.file,
        }
        if missing := [name for name, value in required.items() if value is None]:
            msg = f"a model without members needs {', '.join(missing)}"
            raise ValueError(msg)
        return self

    @property
    def predicts_kinds(self) -> bool:
        """Whether the model predicts kinds of objects."""
        return self.kinds is not None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and validate a model card.

        Parameters
        ----------
        path : Path
            JSON file of the card.

        Returns
        -------
        ModelCard

        Raises
        ------
        ModelCorruptError
            If the file cannot be read, or if a field is missing, unknown or invalid.
        """
        try:
            return cls.model_validate_json(path.read_bytes(), strict=True)
        except OSError as error:
            msg = f"The model card {path} cannot be read: {error.strerror}."
            raise ModelCorruptError(msg) from error
        except ValidationError as error:
            msg = f"The model card {path} is invalid: {_problems(error)}."
            raise ModelCorruptError(msg) from error

    def write(self, path: Path) -> None:
        """Write the card to a JSON file.

        Parameters
        ----------
        path : Path
            File to write. An existing file is replaced.
        """
        text = json.dumps(self.as_dict(), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def _problems(error: ValidationError) -> str:
    """Return one line of text that lists each invalid field and why it is invalid."""
    found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
    return "; ".join(f"{field}: {reason}" if field else reason for field, reason in found)
