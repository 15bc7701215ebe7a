"""Fits what stands behind the network on held-out images: input size, calibration, novelty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.truth import truth
from deepsky.models.calibration import Calibration
from deepsky.models.novelty import NoveltyReference, threshold
from deepsky.taxonomy import LABELS
from deepsky.training.cross_answers import CrossAnswers
from deepsky.training.outputs import Outputs

__all__ = [
    "INPUT_SIZES",
    "Adjustment",
    "adjust",
    "calibrated_cross_entropy",
    "held_out_answers",
    "losses_by_input_size",
]

INPUT_SIZES = (224, 256, 288, 320)
"""Network inputs to choose from. Objects fill more of a training crop than of the whole image,
so a larger input suits whole images (H. Touvron et al., "Fixing the train-test resolution
discrepancy", NeurIPS 2019)."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What stands between a network's scores and an answer.

    Attributes
    ----------
    calibration : Calibration
    reference : NoveltyReference
    novelty_threshold : float
        Novelty above which an image is unfamiliar.
    """

    calibration: Calibration
    reference: NoveltyReference
    novelty_threshold: float


def losses_by_input_size(
    network: bytes,
    train: Sequence[Example],
    validation: Sequence[Example],
    cross: CrossAnswers | None,
) -> dict[int, float]:
    """Try input sizes.

    Parameters
    ----------
    network : bytes
        The exported network (ONNX).
    train, validation : sequence of Example
    cross : CrossAnswers or None
        Of networks of the same kind about the training images, in their order.

    Returns
    -------
    dict of int to float
        Cross-entropy at each of `INPUT_SIZES`, after calibration, on the validation images and
        on those that ``cross`` is about.
    """
    return {
        size: calibrated_cross_entropy(
            *held_out_answers(
                Outputs.of(network, size, validation).logits,
                validation,
                cross.logits[size] if cross else None,
                train,
            )
        )
        for size in INPUT_SIZES
    }


def held_out_answers(
    logits: NDArray[np.floating],
    validation: Sequence[Example],
    cross_logits: NDArray[np.floating] | None,
    train: Sequence[Example],
) -> tuple[NDArray[np.floating], NDArray[np.integer]]:
    """Put the answers about validation images and those of cross-validated networks together.

    Parameters
    ----------
    logits : ndarray of float, shape (n, 4)
        Of the n validation images.
    validation : sequence of Example
    cross_logits : ndarray of float, shape (m, 4), or None
        Of the m training images, if networks were asked that did not learn from them.
    train : sequence of Example

    Returns
    -------
    logits : ndarray of float, shape (n + m, 4), or (n, 4)
    truth : ndarray of int, shape (n + m,), or (n,)
        Indices of the right labels in ``LABELS``.
    """
    if cross_logits is None:
        return logits, truth(validation)
    return np.concatenate([logits, cross_logits]), truth([*validation, *train])


def calibrated_cross_entropy(logits: NDArray[np.floating], right: NDArray[np.integer]) -> float:
    """Cross-entropy of scores, of shape (n, 4), once they are calibrated on their own truth."""
    probabilities = Calibration.fit(logits, right).probabilities(logits)
    return float(-np.log(probabilities[np.arange(len(right)), right] + 1e-12).mean())


def adjust(
    network: bytes,
    size: int,
    train: Sequence[Example],
    validation: Sequence[Example],
    cross: CrossAnswers | None,
) -> Adjustment:
    """Calibrate a network, and learn what is familiar.

    Parameters
    ----------
    network : bytes
        The network that ships (ONNX).
    size : int
        Side of its input, in pixels.
    train : sequence of Example
        Says what is familiar.
    validation : sequence of Example
        Says how sure the network may be; it must hold every class.
    cross : CrossAnswers or None
        Of networks of the same kind about the training images, in their order: says so too.
    """
    right = truth(validation)
    held_out = Outputs.of(network, size, validation)
    deep_sky = [e for e in train if e.label != "other"]
    known = Outputs.of(network, size, deep_sky)
    familiar = held_out.embeddings[right != LABELS.index("other")]
    reference = NoveltyReference.fit(known.embeddings, truth(deep_sky), familiar)
    return Adjustment(
        calibration=Calibration.fit(
            *held_out_answers(
                held_out.logits, validation, cross.logits[size] if cross else None, train
            )
        ),
        reference=reference,
        novelty_threshold=threshold(reference.novelty(familiar)),
    )
