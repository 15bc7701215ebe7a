"""Fits what stands behind the network on held-out pictures: input size, calibration, novelty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsky.dataset.manifest import Example
from deepsky.dataset.truth import truth
from deepsky.models.calibration import Calibration
from deepsky.models.novelty import NoveltyReference, threshold
from deepsky.taxonomy import LABELS
from deepsky.training.outputs import Outputs

__all__ = ["Adjustment", "adjust", "losses_by_input_size"]

INPUT_SIZES = (224, 256, 288, 320)
"""Network inputs to choose from. Objects fill more of a training crop than of the whole picture,
so a larger input suits whole pictures (H. Touvron et al., "Fixing the train-test resolution
discrepancy", NeurIPS 2019)."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What stands between a network's scores and an answer.

    Attributes
    ----------
    calibration : Calibration
    reference : NoveltyReference
    novelty_threshold : float
        Novelty above which a picture is unfamiliar.
    """

    calibration: Calibration
    reference: NoveltyReference
    novelty_threshold: float


def losses_by_input_size(network: bytes, validation: Sequence[Example]) -> dict[int, float]:
    """Try input sizes.

    Parameters
    ----------
    network : bytes
        The exported network (ONNX).
    validation : sequence of Example

    Returns
    -------
    dict of int to float
        Cross-entropy on the pictures at each of `INPUT_SIZES`, after calibration.
    """
    right = truth(validation)
    losses = {}
    for size in INPUT_SIZES:
        logits = Outputs.of(network, size, validation).logits
        probabilities = Calibration.fit(logits, right).probabilities(logits)
        losses[size] = _cross_entropy(probabilities, right)
    return losses


def adjust(
    network: bytes, size: int, train: Sequence[Example], validation: Sequence[Example]
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
    """
    right = truth(validation)
    held_out = Outputs.of(network, size, validation)
    deep_sky = [e for e in train if e.label != "other"]
    known = Outputs.of(network, size, deep_sky)
    familiar = held_out.embeddings[right != LABELS.index("other")]
    reference = NoveltyReference.fit(known.embeddings, truth(deep_sky), familiar)
    return Adjustment(
        calibration=Calibration.fit(held_out.logits, right),
        reference=reference,
        novelty_threshold=threshold(reference.novelty(familiar)),
    )


def _cross_entropy(probabilities: NDArray[np.floating], right: NDArray[np.integer]) -> float:
    return float(-np.log(probabilities[np.arange(len(right)), right] + 1e-12).mean())
