"""Cutouts: parts of an image, classified like images."""

from collections.abc import Collection, Iterable
from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepsky.classifier import Classifier, classify_prepared
from deepsky.detection.boxes import Box
from deepsky.models.preparation import Prepared, prepare
from deepsky.prediction import Prediction

__all__ = ["CONTEXT", "classify_cutouts", "prepare_cutout"]

CONTEXT: Final = 1.5
"""Side of the cutout of an object, as a multiple of the side of its box. In the images that
networks are trained on, objects have surroundings, too."""


def classify_cutouts(
    classifier: Classifier, pixels: NDArray[np.uint8], boxes: Iterable[Box]
) -> list[Prediction]:
    """Classify the cutouts of objects.

    Parameters
    ----------
    classifier : Classifier
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB image.
    boxes : iterable of Box
        Boxes of the objects, without surroundings, in pixels.

    Returns
    -------
    list of Prediction
        One for each box.
    """
    cutouts = [
        prepare_cutout(pixels, box.enlarged(CONTEXT), classifier.input_sizes) for box in boxes
    ]
    return classify_prepared(classifier, cutouts)


def prepare_cutout(pixels: NDArray[np.uint8], box: Box, sizes: Collection[int]) -> Prepared:
    """Scale the part of an image in a box to the input sizes of networks.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB image.
    box : Box
        At least one pixel of it is inside the image.
    sizes : collection of int
        See `deepsky.models.preparation.prepare`.

    Returns
    -------
    mapping of int to ndarray of uint8, shape (size, size, 3)
    """
    height, width = pixels.shape[:2]
    left, top = min(max(floor(box.left), 0), width - 1), min(max(floor(box.top), 0), height - 1)
    right, bottom = (
        max(min(ceil(box.right), width), left + 1),
        max(min(ceil(box.bottom), height), top + 1),
    )
    return prepare(np.ascontiguousarray(pixels[top:bottom, left:right]), sizes)
