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

__all__ = ["Adjustment", "adjust"]

INPUT_SIZES = (224, 256, 288, 320)
"""Network inputs to choose from. Objects fill more of a training crop than of the whole picture,
so a larger input suits whole pictures (H. Touvron et al., "Fixing the train-test resolution
discrepancy", NeurIPS 2019)."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What stands between a network's scores and an answer.

    Attributes
    ----------
    input_size : int
        Side of the network's input, in pixels.
    losses : dict of int to float
        Cross-entropy on the validation pictures at each input size tried, after calibration.
    calibration : Calibration
    reference : NoveltyReference
    novelty_threshold : float
        Novelty above which a picture is unfamiliar.
    """

    input_size: int
    losses: dict[int, float]
    calibration: Calibration
    reference: NoveltyReference
    novelty_threshold: float


def adjust(network: bytes, train: Sequence[Example], validation: Sequence[Example]) -> Adjustment:
    """Choose the input size, calibrate, and learn what is familiar.

    Parameters
    ----------
    network : bytes
        The exported network (ONNX).
    train : sequence of Example
        Says what is familiar.
    validation : sequence of Example
        Says how sure the network may be; it must hold every class.
    """
    right = truth(validation)
    tried = {size: Outputs.of(network, size, validation) for size in INPUT_SIZES}
    calibrations = {size: Calibration.fit(tried[size].logits, right) for size in tried}
    losses = {
        size: _cross_entropy(calibrations[size].probabilities(tried[size].logits), right)
        for size in tried
    }
    size = min(losses, key=lambda size: losses[size])
    deep_sky = [e for e in train if e.label != "other"]
    known = Outputs.of(network, size, deep_sky)
    held_out = tried[size].embeddings[right != LABELS.index("other")]
    reference = NoveltyReference.fit(known.embeddings, truth(deep_sky), held_out)
    return Adjustment(
        input_size=size,
        losses=losses,
        calibration=calibrations[size],
        reference=reference,
        novelty_threshold=threshold(reference.novelty(held_out)),
    )


def _cross_entropy(probabilities: NDArray[np.floating], right: NDArray[np.integer]) -> float:
    return float(-np.log(probabilities[np.arange(len(right)), right] + 1e-12).mean())
