"""Evaluate novelty on out-of-distribution images: images of kinds that are not used in training."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from sklearn.metrics import roc_auc_score, roc_curve

from deepsky.dataset.manifest import Example
from deepsky.dataset.synthetic_skies import SKY_KINDS, draw_empty_sky
from deepsky.evaluation.metrics import proportion
from deepsky.evaluation.predictions import Predictions
from deepsky.intervals import Proportion
from deepsky.models.metrics import OutOfDistribution, RocCurve
from deepsky.taxonomy import OTHER

__all__ = [
    "DRAWN_KINDS",
    "draw_empty_skies",
    "draw_images",
    "measure_rejection",
    "rejected",
]

IMAGES_PER_KIND = 40
"""Number of synthetic images to generate per kind."""

SIDE: Final = 384
"""Side of synthetic images, in pixels."""

LETTERS: Final = list("etaoin shrdlu cmfwyp vbgk")

ROC_POINTS: Final = 101


def draw_images(kind: str) -> Iterator[NDArray[np.uint8]]:
    """Generate reproducible synthetic out-of-distribution images of one kind.

    Parameters
    ----------
    kind : str
        One of `DRAWN_KINDS`.

    Yields
    ------
    ndarray of uint8, shape (384, 384, 3)
        RGB image.
    """
    for number in range(IMAGES_PER_KIND):
        yield DRAWN_KINDS[kind](np.random.default_rng([list(DRAWN_KINDS).index(kind), number, 1]))


def draw_empty_skies(kind: str) -> Iterator[NDArray[np.uint8]]:
    """Generate reproducible synthetic skies of one kind, without a deep-sky object.

    These images are not out of distribution, because synthetic skies of the same kinds are used in
    training.

    Parameters
    ----------
    kind : str
        One of `SKY_KINDS`.

    Yields
    ------
    ndarray of uint8, shape (384, 384, 3)
        RGB image.
    """
    for number in range(IMAGES_PER_KIND):
        rng = np.random.default_rng([list(SKY_KINDS).index(kind), number, 2])
        yield np.asarray(draw_empty_sky(SIDE, rng, kind))


def _noise(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return an image of noise with random strength, grain size and colour."""
    grain = int(rng.choice([1, 2, 4, 8, 32]))
    channels = int(rng.choice([1, 3]))
    shape = (SIDE // grain, SIDE // grain, channels)
    values = rng.uniform(20, 200) + rng.normal(0, rng.uniform(5, 80), shape)
    pixels = np.broadcast_to(values, (*shape[:2], 3)).clip(0, 255).astype(np.uint8)
    return pixels.repeat(grain, axis=0).repeat(grain, axis=1)


def _blank(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return an image of one colour or a gradient of two colours, with or without weak noise."""
    first, last = rng.uniform(0, 255, (2, 3)) * rng.choice([0.1, 1.0])
    last = first if rng.random() < 0.5 else last
    ramp = np.linspace(0, 1, SIDE)[:, None, None]
    pixels = np.broadcast_to(first + ramp * (last - first), (SIDE, SIDE, 3))
    pixels = pixels + rng.choice([0.0, 2.0]) * rng.standard_normal((SIDE, SIDE, 3))
    return np.asarray(np.rot90(pixels.clip(0, 255).astype(np.uint8), int(rng.integers(4))))


def _document(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return an image of a page of random text, dark on light or light on dark."""
    paper, ink = (245, 20) if rng.random() < 0.7 else (15, 220)
    page = Image.new("RGB", (SIDE, SIDE), (paper,) * 3)
    draw = ImageDraw.Draw(page)
    size = int(rng.integers(9, 22))
    font = ImageFont.load_default(size)
    for top in range(size, SIDE - size, int(size * 1.4)):
        if rng.random() < 0.85:
            line = "".join(rng.choice(LETTERS, int(rng.integers(20, 90))))
            draw.text((size, top), line, (ink,) * 3, font)
    return np.asarray(page)


DRAWN_KINDS: Final[dict[str, Callable[[np.random.Generator], NDArray[np.uint8]]]] = {
    "noise": _noise,
    "blank": _blank,
    "document": _document,
}
"""Functions that generate a synthetic image, by kind of image."""


def measure_rejection(
    predictions: Predictions, examples: Sequence[Example], unknown: dict[str, Predictions]
) -> OutOfDistribution:
    """Measure how well novelty separates out-of-distribution images from deep-sky images.

    Parameters
    ----------
    predictions : Predictions
        Predictions for the images of a split.
    examples : sequence of Example
        The images of the split. At least one must show a deep-sky object. Images with the label
        ``other`` are ignored.
    unknown : dict of str to Predictions
        Predictions for out-of-distribution images, by kind.

    Returns
    -------
    OutOfDistribution
    """
    deep_sky = np.array([example.label != OTHER for example in examples])
    parts = [predictions.novelty[deep_sky], *(own.novelty for own in unknown.values())]
    novelty = np.concatenate(parts)
    is_unknown = np.arange(len(novelty)) >= len(parts[0])
    false_positives, true_positives, _ = roc_curve(is_unknown, novelty)
    grid = np.linspace(0, 1, ROC_POINTS)
    return OutOfDistribution(
        deep_sky_familiar=proportion(~predictions.unfamiliar[deep_sky]),
        auroc=float(roc_auc_score(is_unknown, novelty)),
        roc=RocCurve(
            false_positive_rate=tuple(grid.tolist()),
            true_positive_rate=tuple(np.interp(grid, false_positives, true_positives).tolist()),
        ),
        rejected=proportion(np.concatenate([_rejected(own) for own in unknown.values()])),
        rejected_by_kind={kind: rejected(own) for kind, own in unknown.items()},
    )


def rejected(predictions: Predictions) -> Proportion:
    """Return the proportion of images that are unfamiliar or classified as ``other``.

    Parameters
    ----------
    predictions : Predictions

    Returns
    -------
    Proportion
    """
    return proportion(_rejected(predictions))


def _rejected(predictions: Predictions) -> NDArray[np.bool_]:
    is_other = np.array([predictions.classes[k] == OTHER for k in predictions.labels], dtype=bool)
    return np.asarray(predictions.unfamiliar | is_other)
