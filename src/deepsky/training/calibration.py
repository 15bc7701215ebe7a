"""Choose the input size, and calibrate probabilities and novelty on held-out images."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import label_indices
from deepsky.evaluation.cross_validation import calibrated_cross_entropy
from deepsky.models.calibration import Calibration
from deepsky.models.novelty import NoveltyReference, threshold
from deepsky.taxonomy import LABELS, OTHER, Label
from deepsky.training.outputs import CrossValidationLogits, NetworkOutputs

__all__ = [
    "INPUT_SIZES",
    "ModelCalibration",
    "calibrate",
    "calibration_weights",
    "candidate_sizes",
    "held_out_logits",
    "losses_by_input_size",
]

INPUT_SIZES: Final = (224, 256, 288, 320)
"""Candidate sizes of the network's input (side in pixels). Objects appear larger in training crops
than in whole images of the same size, so classification needs a larger input than training
(H. Touvron et al., "Fixing the train-test resolution discrepancy", NeurIPS 2019)."""


def candidate_sizes(training_size: int | None) -> tuple[int, ...]:
    """Return the candidate sizes of the network's input.

    Parameters
    ----------
    training_size : int or None
        Side of the training images in pixels, if it is not the size of the backbone.

    Returns
    -------
    tuple of int
        `INPUT_SIZES`, or the same distances from ``training_size``.
    """
    if training_size is None:
        return INPUT_SIZES
    return tuple(training_size + size - INPUT_SIZES[0] for size in INPUT_SIZES)


@dataclass(frozen=True, slots=True)
class ModelCalibration:
    """Parameters that convert a network's outputs to probabilities, prediction sets and novelty.

    Attributes
    ----------
    calibration : Calibration
    reference : NoveltyReference
    novelty_threshold : float
        Images with a novelty above this threshold (0 to 1) are unfamiliar.
    """

    calibration: Calibration
    reference: NoveltyReference
    novelty_threshold: float


def losses_by_input_size(
    network: bytes,
    train: Sequence[Example],
    validation: Sequence[Example],
    cross: CrossValidationLogits | None,
    labels: Sequence[Label] = LABELS,
    sizes: Sequence[int] = INPUT_SIZES,
) -> dict[int, float]:
    """Compute the loss on held-out images for each input size.

    Parameters
    ----------
    network : bytes
        The exported network (ONNX).
    train, validation : sequence of Example
        Images of the training and validation splits.
    cross : CrossValidationLogits or None
        Logits of the training images, in the order of ``train``, predicted by cross-validated
        networks with the same backbone.
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.
    sizes : sequence of int
        Candidate input sizes. By default, `INPUT_SIZES`.

    Returns
    -------
    dict of int to float
        Cross-entropy after calibration for each input size, in nats. It is computed on the
        validation images and, if ``cross`` is not None, also on the training images.
    """
    return {
        size: calibrated_cross_entropy(
            *held_out_logits(
                NetworkOutputs.compute(network, size, validation).logits,
                validation,
                cross.logits[size] if cross else None,
                train,
                labels,
            ),
            labels,
        )
        for size in sizes
    }


def held_out_logits(
    logits: NDArray[np.floating],
    validation: Sequence[Example],
    cross_logits: NDArray[np.floating] | None,
    train: Sequence[Example],
    labels: Sequence[Label] = LABELS,
) -> tuple[NDArray[np.floating], NDArray[np.integer]]:
    """Return the logits and labels of the validation images and the cross-validated images.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
        Logits of the n validation images.
    validation : sequence of Example
        The validation images.
    cross_logits : ndarray of float, shape (m, k), or None
        Logits of the m training images, predicted by networks that were not trained on them.
    train : sequence of Example
        The training images.
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    logits : ndarray of float, shape (n + m, k), or (n, k) if ``cross_logits`` is None
    truth : ndarray of int, shape (n + m,), or (n,) if ``cross_logits`` is None
        Indices of the images' labels in ``labels``.
    """
    if cross_logits is None:
        return logits, label_indices(validation, labels)
    return np.concatenate([logits, cross_logits]), label_indices([*validation, *train], labels)


def calibration_weights(
    validation: Sequence[Example], cross_validated: int = 0
) -> NDArray[np.float64]:
    """Return the weights of the held-out images in the calibration.

    Images of sources that do not occur in training resemble the images that users have, but are
    few. Together, they have the same weight as all other validation images.

    Parameters
    ----------
    validation : sequence of Example
        Validation images.
    cross_validated : int
        Number of cross-validated images, which follow the validation images.

    Returns
    -------
    ndarray of float, shape (n + cross_validated,)
    """
    new = np.array([example.split == "source_validation" for example in validation])
    weight = max(1.0, (~new).sum() / max(1, new.sum()))
    return np.concatenate([np.where(new, weight, 1.0), np.ones(cross_validated)])


def calibrate(
    network: bytes,
    size: int,
    train: Sequence[Example],
    validation: Sequence[Example],
    cross: CrossValidationLogits | None,
    labels: Sequence[Label] = LABELS,
) -> ModelCalibration:
    """Calibrate the probabilities of a network, and fit its novelty reference.

    Parameters
    ----------
    network : bytes
        The final network (ONNX), after quantization if the model is quantized.
    size : int
        Side of the network's input, in pixels.
    train : sequence of Example
        Training images. Novelty is computed from the distance to those that are not ``other``.
    validation : sequence of Example
        Validation images, on which the probabilities and the scale of novelty are calibrated. Each
        label must occur at least once.
    cross : CrossValidationLogits or None
        Logits of the training images, in the order of ``train``, predicted by cross-validated
        networks with the same backbone. If not None, they are also used to calibrate the
        probabilities.
    labels : sequence of str
        Labels of the model. By default, those of the shipped models.

    Returns
    -------
    ModelCalibration
    """
    held_out = NetworkOutputs.compute(network, size, validation)
    named = [e for e in train if e.label != OTHER]
    known = NetworkOutputs.compute(network, size, named)
    familiar = held_out.embeddings[[e.label != OTHER for e in validation]]
    reference = NoveltyReference.fit(known.embeddings, label_indices(named, labels), familiar)
    return ModelCalibration(
        calibration=Calibration.fit(
            *held_out_logits(
                held_out.logits, validation, cross.logits[size] if cross else None, train, labels
            ),
            labels,
            weights=calibration_weights(validation, len(train) if cross else 0),
        ),
        reference=reference,
        novelty_threshold=threshold(reference.novelty(familiar)),
    )
