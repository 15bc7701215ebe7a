"""Draw evidence overlays.

The head ends with global average pooling, so the logit of a class is exactly the mean of its
evidence map plus the class's bias. Evidence maps are class activation maps: B. Zhou et al.,
"Learning Deep Features for Discriminative Localization", CVPR 2016.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.taxonomy import LABELS, Label

__all__ = ["overlay", "strength_map"]

Colour = tuple[int, int, int]

COLOURS: Final[dict[Label, Colour]] = {
    "galaxy": (255, 176, 32),
    "nebula": (255, 72, 130),
    "star_cluster": (64, 186, 255),
    "other": (132, 220, 120),
}

FURTHER_COLOURS: Final[tuple[Colour, ...]] = (
    (255, 128, 14),
    (190, 120, 255),
    (40, 210, 190),
    (255, 240, 110),
    (255, 120, 200),
    (110, 150, 255),
    (200, 230, 60),
    (255, 100, 90),
)
"""Colours of other labels, in turn."""


def overlay(
    evidence: NDArray[np.float32],
    label: Label,
    size: tuple[int, int],
    labels: Sequence[Label] = LABELS,
) -> NDArray[np.uint8]:
    """Draw the evidence map of one class as a semi-transparent layer.

    The opacity is proportional to the difference between the evidence for the class and the mean
    evidence for all classes, because only differences between classes affect the prediction. The
    scale is the same for all classes of an image: full opacity corresponds to the strongest
    evidence for any class.

    Parameters
    ----------
    evidence : ndarray of float32, shape (k, rows, columns)
        Evidence maps of all classes; see `Prediction.evidence`.
    label : str
        The class to draw.
    size : (int, int)
        Width and height of the layer, in pixels.
    labels : sequence of k labels
        Labels of the model in the order of the maps. By default, those of the shipped models.

    Returns
    -------
    ndarray of uint8, shape (height, width, 4)
        RGBA layer to composite over the image. It is fully transparent if there is no evidence for
        the class.

    Examples
    --------
    >>> import deepsky
    >>> from deepsky.models import overlay
    >>> prediction = deepsky.classify("samples/m-90.jpg")
    >>> overlay(prediction.evidence, "galaxy", (320, 240)).shape
    (240, 320, 4)
    """
    alpha = strength_map(evidence, label, size, labels)
    rgba = np.empty((size[1], size[0], 4), dtype=np.uint8)
    rgba[..., :3] = _colour(label, labels)
    rgba[..., 3] = np.rint(alpha * 255)
    return rgba


def strength_map(
    evidence: NDArray[np.float32],
    label: Label,
    size: tuple[int, int],
    labels: Sequence[Label] = LABELS,
) -> NDArray[np.float32]:
    """Return how strongly each part of an image supports a class, on the scale of `overlay`.

    Parameters
    ----------
    evidence : ndarray of float32, shape (k, rows, columns)
        Evidence maps of all classes; see `Prediction.evidence`.
    label : str
        The class.
    size : (int, int)
        Width and height of the map, in pixels.
    labels : sequence of k labels
        Labels of the model in the order of the maps. By default, those of the shipped models.

    Returns
    -------
    ndarray of float32, shape (height, width)
        Values from 0 to 1, interpolated between the cells of the evidence map.
    """
    relative = evidence - evidence.mean(axis=0)
    strength = relative[labels.index(label)] / max(float(relative.max()), 1e-6)
    layer = Image.fromarray(np.clip(strength, 0, 1).astype(np.float32))
    return np.asarray(layer.resize(size, Image.Resampling.BICUBIC)).clip(0, 1)


def _colour(label: Label, labels: Sequence[Label]) -> Colour:
    own = [each for each in labels if each not in COLOURS]
    return COLOURS.get(label) or FURTHER_COLOURS[own.index(label) % len(FURTHER_COLOURS)]
