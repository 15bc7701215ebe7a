"""Model cards: how a model was made, what it needs and how well it does.

After M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from deepsky.errors import ModelCorruptError
from deepsky.models.metrics import CardPart, Metrics
from deepsky.taxonomy import LABELS, Label

__all__ = [
    "CalibrationFacts",
    "CalibrationImages",
    "Data",
    "Epoch",
    "Head",
    "Input",
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

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Use(CardPart):
    """What a model is for, and where it fails."""

    intended: str
    limits: str


class OrientationCheck(CardPart):
    """Effect of quantization on the validation images, each in eight orientations."""

    macro_f1_before: Share
    macro_f1_after: Share
    same_label: Share


class Quantization(CardPart):
    """How a network was quantized."""

    bits: Annotated[int, Field(gt=0)]
    size: Annotated[int, Field(gt=0, description="Side of the input, in pixels.")]
    calibration_images: Count
    validation_in_eight_orientations: OrientationCheck


class Network(CardPart):
    """The network's file. An ensemble has none; its size is the sum over its members."""

    file: str | None = None
    sha256: Sha256
    bytes: Count
    parameters: Count
    largest_difference_from_keras: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="Of any probability, before quantization."
    )
    quantization: Quantization | None = None


class Member(CardPart):
    """A model that an ensemble combines with others."""

    name: str
    sha256: Sha256
    scale: float = Field(description="Factor applied to the member's logits.")


class Head(CardPart):
    """Biases of the head: a logit is the mean of its evidence map plus its bias."""

    bias: Annotated[tuple[float, ...], Field(min_length=len(LABELS), max_length=len(LABELS))]


class Input(CardPart):
    """The square image that the network takes."""

    size: Annotated[int, Field(gt=0, description="Side, in pixels.")]
    loss_by_size: dict[int, float] = Field(
        default_factory=dict, description="Calibrated cross-entropy at each size that was tried."
    )


class CalibrationImages(CardPart):
    """Numbers of images that a model was calibrated on."""

    validation: Count
    cross_validated: Count


class CalibrationFacts(CardPart):
    """How logits become probabilities and prediction sets."""

    temperature: Annotated[float, Field(gt=0)]
    coverage: Share
    thresholds: dict[Label, Share]
    images: CalibrationImages

    @field_validator("thresholds")
    @classmethod
    def _has_every_label(cls, thresholds: dict[Label, float]) -> dict[Label, float]:
        if missing := [label for label in LABELS if label not in thresholds]:
            msg = f"no threshold for {', '.join(missing)}"
            raise ValueError(msg)
        return thresholds


class NoveltyFacts(CardPart):
    """The novelty reference's file, and the novelty above which an image is unfamiliar."""

    file: str | None = Field(default=None, description="An ensemble has none.")
    threshold: Share


class SplitFacts(CardPart):
    """Size of a split of the dataset."""

    images: Count
    fields: Count = Field(description="Fields of sky that the images show.")
    labels: dict[Label, Count]


class Source(CardPart):
    """Where images of the dataset were published."""

    source: str
    licence: str
    images: Count


class Data(CardPart):
    """The dataset that a model was trained and measured on."""

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
    without: tuple[str, ...] = Field(description="Augmentations that were left out.")
    precision: str | None = Field(default=None, description="Keras's dtype policy.")


class Epoch(CardPart):
    """Loss and accuracy after one pass over the training images."""

    epoch: float
    accuracy: float
    loss: float
    val_accuracy: float
    val_loss: float


class Training(CardPart):
    """How a network was trained."""

    recipe: RecipeFacts
    software: dict[str, str] = Field(description="Versions by package.")
    head: tuple[Epoch, ...] = Field(description="With the backbone frozen.")
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
    labels: tuple[Label, ...]
    use: Use
    members: tuple[Member, ...] = Field(
        default=(), description="Empty unless the model is an ensemble."
    )
    network: Network
    head: Head
    input: Input | None = None
    calibration: CalibrationFacts
    novelty: NoveltyFacts
    data: Data
    training: Training | None = None
    metrics: dict[Literal["validation", "test"], Metrics] = Field(
        description="By split; empty until the model has been evaluated."
    )

    @field_validator("labels")
    @classmethod
    def _are_the_labels(cls, labels: tuple[Label, ...]) -> tuple[Label, ...]:
        if labels != LABELS:
            msg = f"the labels must be {', '.join(LABELS)}, in this order"
            raise ValueError(msg)
        return labels

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

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a card.

        Parameters
        ----------
        path : Path
            The JSON file.

        Returns
        -------
        ModelCard

        Raises
        ------
        ModelCorruptError
            If the file cannot be read, or a field is missing, unknown or invalid.
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
            The file, which is replaced if it exists.
        """
        text = json.dumps(self.as_dict(), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def _problems(error: ValidationError) -> str:
    """Return the invalid fields with the reason for each."""
    found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
    return "; ".join(f"{field}: {reason}" if field else reason for field, reason in found)
