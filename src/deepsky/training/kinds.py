"""Fit the head that predicts kinds, such as *spiral galaxy* or *planet*, from embeddings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from deepsky.catalogue.objects import Kind
from deepsky.dataset.manifest import VALIDATION, Example
from deepsky.dataset.splits import sky_fields
from deepsky.errors import DatasetError
from deepsky.intervals import wilson_interval
from deepsky.models.bundle import ModelBundle
from deepsky.models.calibration import TEMPERATURES, Calibration, softmax
from deepsky.models.card import KindFacts, KindPrecision, Kinds
from deepsky.models.kinds import KindHead, LinearHead
from deepsky.taxonomy import OTHER, Label, OtherKind
from deepsky.training.calibration import calibration_weights
from deepsky.training.card import write_card
from deepsky.training.outputs import NetworkOutputs

__all__ = ["KINDS_OF_LABEL", "MIN_FIELDS", "fit_kinds", "kind_of"]

KINDS_OF_LABEL: Final[dict[Label, dict[str, Kind | OtherKind]]] = {
    "galaxy": {
        "spiral": "spiral galaxy",
        "elliptical": "elliptical galaxy",
        "lenticular": "lenticular galaxy",
        "irregular": "irregular galaxy",
        "galaxy_group": "galaxy group",
    },
    "nebula": {
        "emission": "emission nebula",
        "nebula_with_cluster": "emission nebula",
        "reflection": "reflection nebula",
        "planetary": "planetary nebula",
        "dark": "dark nebula",
        "supernova_remnant": "supernova remnant",
    },
    "star_cluster": {"open": "open cluster", "globular": "globular cluster"},
    "other": {
        "milky_way": "Milky Way",
        "star_field": "star field",
        "star_trails": "star trails",
        "meteor": "meteor",
        "landscape": "aurora or landscape",
        "comet": "comet",
        "asteroid": "asteroid",
        "moon": "Moon",
        "planet": "planet",
        "sun": "Sun",
        "chart": "chart or screenshot",
        "screenshot": "chart or screenshot",
        "equipment": "equipment",
        "snapshot": "everyday picture",
        "wallpaper": "everyday picture",
    },
}
"""For each label, the kinds of the manifest and those that the model predicts."""

MIN_FIELDS: Final = 30
"""Minimum number of fields of sky in training from which a kind is asserted. Fields without a name
count only for the label ``other``, whose images rarely show a named field."""

_LOWEST_THRESHOLD: Final = 0.5
_TEST_PRECISION: Final = 0.9  # below, a kind is not asserted
_MIN_VALIDATION_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class _Settings:
    """Settings for the kinds of a label.

    Attributes
    ----------
    inverse_regularization : float
        Parameter ``C`` of the regression.
    precision : float
        Minimum share of correct assertions on the validation images, where the threshold is chosen.
    min_validation : int
        Minimum number of validation images for which a kind is asserted.
    """

    inverse_regularization: float
    precision: float
    min_validation: int


_OBJECTS: Final = _Settings(0.01, 0.95, 20)
_OTHER: Final = _Settings(0.1, 0.9, 10)  # more kinds, each with fewer images


def kind_of(example: Example) -> Kind | OtherKind | None:
    """Return the kind of object or scene that an image shows.

    Parameters
    ----------
    example : Example

    Returns
    -------
    Kind, OtherKind or None
        None if the manifest states no kind that can be predicted.
    """
    return KINDS_OF_LABEL.get(example.label, {}).get(example.kind)


def fit_kinds(folder: Path, examples: Sequence[Example], outputs: NetworkOutputs) -> Kinds:
    """Fit the head of a model that predicts kinds, and write it into the bundle.

    The regression is fitted to the training images. Its temperature and the thresholds are chosen
    on the validation images: at least 95 % of the asserted kinds of objects, and 90 % of those of
    images without a deep-sky object, are correct there. A kind is never asserted if it has too few
    fields of sky in training or too few validation images, or if less than 90 % of the asserted
    kinds are correct on the test images.

    Parameters
    ----------
    folder : Path
        Bundle of a single model. Its card is replaced.
    examples : sequence of Example
        Images with their splits and kinds.
    outputs : NetworkOutputs
        Outputs of the network for these images.

    Returns
    -------
    Kinds
        The new section of the card.

    Raises
    ------
    DatasetError
        If no label has two kinds in the training split.
    """
    bundle = ModelBundle(folder)
    data = _Data.prepare(bundle, examples, outputs)
    heads: dict[Label, LinearHead] = {}
    by_label: dict[Label, dict[str, KindFacts]] = {}
    for label in [each for each in KINDS_OF_LABEL if each in bundle.card.labels]:
        kinds = _kinds_in_training(label, examples)
        if len(kinds) < 2:
            continue
        heads[label] = _fit(label, kinds, data)
        by_label[label] = _describe(label, kinds, heads[label], data)
    if not heads:
        msg = (
            "No class has training images of two kinds. Fill in the column 'kind' of the manifest."
        )
        raise DatasetError(msg)
    path = folder / "kinds.npz"
    KindHead(heads, {}).save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    facts = Kinds(file=path.name, sha256=digest, by_label=by_label)
    write_card(folder, bundle.card.model_copy(update={"kinds": facts}))
    return facts


@dataclass(frozen=True, slots=True)
class _Data:
    """Images and the outputs of the network for them, as arrays of length n."""

    embeddings: NDArray[np.float32]
    probabilities: dict[Label, NDArray[np.float64]]
    predicted: NDArray[np.str_]
    unfamiliar: NDArray[np.bool_]
    label: NDArray[np.str_]
    second_label: NDArray[np.str_]
    kind: NDArray[np.str_]
    split: NDArray[np.str_]
    field: NDArray[np.intp]
    counted: NDArray[np.bool_]  # whether the field counts for MIN_FIELDS
    weight: NDArray[np.float64]

    @classmethod
    def prepare(
        cls, bundle: ModelBundle, examples: Sequence[Example], outputs: NetworkOutputs
    ) -> "_Data":
        card = bundle.card
        probabilities = Calibration.from_card(card).probabilities(outputs.logits)
        predicted = np.array(card.labels)[probabilities.argmax(axis=1)]
        novelty = bundle.read_novelty_reference().novelty(outputs.embeddings)
        return cls(
            embeddings=outputs.embeddings,
            probabilities=dict(zip(card.labels, probabilities.T, strict=True)),
            predicted=predicted,
            unfamiliar=(novelty > card.novelty.threshold) & (predicted != OTHER),
            label=np.array([example.label for example in examples]),
            second_label=np.array([example.second_label or "" for example in examples]),
            kind=np.array([kind_of(example) or "" for example in examples]),
            split=np.array([example.split or "" for example in examples]),
            field=np.array(sky_fields(examples)),
            counted=np.array([bool(e.group) or e.label == OTHER for e in examples]),
            weight=calibration_weights(examples),
        )


def _kinds_in_training(label: Label, examples: Sequence[Example]) -> list[Kind | OtherKind]:
    present = {kind_of(e) for e in examples if e.split == "train" and e.label == label}
    return [k for k in dict.fromkeys(KINDS_OF_LABEL[label].values()) if k in present]


def _settings(label: Label) -> _Settings:
    return _OTHER if label == OTHER else _OBJECTS


def _fit(label: Label, kinds: Sequence[Kind | OtherKind], data: _Data) -> LinearHead:
    """Fit the regression of a label, and divide its weights by the best temperature."""
    known = (data.label == label) & (data.kind != "")
    train = known & (data.split == "train")
    truth = np.array([kinds.index(k) for k in data.kind[train].tolist()])
    mean, scale = data.embeddings[train].mean(axis=0), data.embeddings[train].std(axis=0)
    scale = np.maximum(scale, 0.01 * scale.mean())
    # Images of the same field resemble each other.
    _, inverse, counts = np.unique(data.field[train], return_inverse=True, return_counts=True)
    regression = LogisticRegression(C=_settings(label).inverse_regularization, max_iter=1000)
    regression.fit(
        (data.embeddings[train] - mean) / scale, truth, sample_weight=counts[inverse] ** -0.5
    )
    weights, bias = regression.coef_, regression.intercept_
    if len(kinds) == 2:  # scikit-learn stores the difference of the two
        weights, bias = np.concatenate([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    weights = (weights / scale).T
    bias = bias - mean @ weights
    validation = known & np.isin(data.split, VALIDATION) & np.isin(data.kind, kinds)
    logits = data.embeddings[validation] @ weights + bias
    right = np.array([kinds.index(k) for k in data.kind[validation].tolist()], dtype=int)
    temperature = _temperature(logits, right, data.weight[validation])
    return LinearHead(
        (weights / temperature).astype(np.float32), (bias / temperature).astype(np.float32)
    )


def _temperature(
    logits: NDArray[np.floating], truth: NDArray[np.integer], weights: NDArray[np.float64]
) -> float:
    if not len(truth):
        return 1.0
    rows = np.arange(len(truth))
    losses = [
        np.average(-np.log(softmax(logits / t)[rows, truth] + 1e-12), weights=weights)
        for t in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _describe(
    label: Label, kinds: Sequence[Kind | OtherKind], head: LinearHead, data: _Data
) -> dict[str, KindFacts]:
    probabilities = head.probabilities(data.embeddings)
    certainty = probabilities.max(axis=1) * data.probabilities[label]
    best = np.array(kinds)[probabilities.argmax(axis=1)]
    # Whether the kind is right is not known if the manifest does not state it, or if it states
    # that of another object in the same image.
    unknown = ((data.label == label) & (data.kind == "")) | (
        (data.label != label) & (data.second_label == label)
    )
    answered = (data.predicted == label) & ~data.unfamiliar & ~unknown
    return {
        kind: _describe_kind(
            answered & (best == kind),
            certainty,
            (data.label == label) & (data.kind == kind),
            data,
            _settings(label),
        )
        for kind in kinds
    }


def _describe_kind(
    candidates: NDArray[np.bool_],
    certainty: NDArray[np.float64],
    right: NDArray[np.bool_],
    data: _Data,
    settings: _Settings,
) -> KindFacts:
    train = right & (data.split == "train")
    fields = len(np.unique(data.field[train & data.counted]))
    threshold = None
    if fields >= MIN_FIELDS:
        validation = candidates & np.isin(data.split, VALIDATION)
        threshold = _threshold(validation, certainty, right, data, settings)

    def asserted(minimum: float, *splits: str) -> NDArray[np.bool_]:
        return candidates & (certainty >= minimum) & np.isin(data.split, splits)

    if threshold is not None:
        tested = asserted(threshold, "test", "source_test")
        if not tested.any() or right[tested].mean() < _TEST_PRECISION:
            threshold = None
    minimum = _LOWEST_THRESHOLD if threshold is None else threshold
    present = right & np.isin(data.split, ("test", "source_test"))
    found = present & asserted(minimum, "test", "source_test")
    return KindFacts(
        images=int(train.sum()),
        fields=fields,
        threshold=threshold,
        validation=_precision(asserted(minimum, *VALIDATION), right, data.field),
        test=_precision(asserted(minimum, "test"), right, data.field),
        source_test=_precision(asserted(minimum, "source_test"), right, data.field),
        recognized=wilson_interval(
            int(found.sum()) if threshold is not None else 0, int(present.sum())
        ),
    )


def _threshold(
    candidates: NDArray[np.bool_],
    certainty: NDArray[np.float64],
    right: NDArray[np.bool_],
    data: _Data,
    settings: _Settings,
) -> float | None:
    """Return the lowest threshold at which the precision on validation images is high enough."""
    chosen = np.flatnonzero(candidates & (certainty >= _LOWEST_THRESHOLD))
    chosen = chosen[np.argsort(-certainty[chosen], kind="stable")]
    weights = data.weight[chosen]
    precision = np.cumsum(weights * right[chosen]) / np.cumsum(weights)
    for last in range(len(chosen) - 1, settings.min_validation - 2, -1):
        enough_fields = len(np.unique(data.field[chosen[: last + 1]])) >= _MIN_VALIDATION_FIELDS
        if precision[last] >= settings.precision and enough_fields:
            return float(certainty[chosen[last]])
    return None


def _precision(
    asserted: NDArray[np.bool_], right: NDArray[np.bool_], field: NDArray[np.intp]
) -> KindPrecision:
    fields = np.unique(field[asserted])
    correct = sum(right[asserted & (field == one)].mean() > 0.5 for one in fields)
    return KindPrecision(
        images=wilson_interval(int(right[asserted].sum()), int(asserted.sum())),
        fields=wilson_interval(int(correct), len(fields)),
    )
