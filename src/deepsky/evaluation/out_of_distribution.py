"""How a model meets images of kinds that it was not trained on."""

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
from deepsky.taxonomy import LABELS

__all__ = [
    "DRAWN",
    "draw_empty_skies",
    "draw_out_of_distribution",
    "measure_rejection",
    "rejected",
]

IMAGES_PER_KIND = 40
"""Drawn images of each kind."""

SIDE = 384

LETTERS = list("etaoin shrdlu cmfwyp vbgk")

ROC_POINTS = 101


def draw_out_of_distribution(kind: str) -> Iterator[NDArray[np.uint8]]:
    """Draw the foreign images of a kind, the same each time.

    Parameters
    ----------
    kind : str
        One of ``DRAWN``.
    """
    for number in range(IMAGES_PER_KIND):
        yield DRAWN[kind](np.random.default_rng([list(DRAWN).index(kind), number, 1]))


def draw_empty_skies(kind: str) -> Iterator[NDArray[np.uint8]]:
    """Draw empty skies of a kind of `SKY_KINDS`, the same each time.

    The networks saw others of these in training: they are near to deep-sky images, not foreign.
    """
    for number in range(IMAGES_PER_KIND):
        rng = np.random.default_rng([list(SKY_KINDS).index(kind), number, 2])
        yield np.asarray(draw_empty_sky(SIDE, rng, kind))


def _noise(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Noise of any strength, grain and colour."""
    grain = int(rng.choice([1, 2, 4, 8, 32]))
    channels = int(rng.choice([1, 3]))
    shape = (SIDE // grain, SIDE // grain, channels)
    values = rng.uniform(20, 200) + rng.normal(0, rng.uniform(5, 80), shape)
    pixels = np.broadcast_to(values, (*shape[:2], 3)).clip(0, 255).astype(np.uint8)
    return pixels.repeat(grain, axis=0).repeat(grain, axis=1)


def _blank(rng: np.random.Generator) -> NDArray[np.uint8]:
    """One colour, or from one colour to another, with a little noise or none."""
    first, last = rng.uniform(0, 255, (2, 3)) * rng.choice([0.1, 1.0])
    last = first if rng.random() < 0.5 else last
    ramp = np.linspace(0, 1, SIDE)[:, None, None]
    pixels = np.broadcast_to(first + ramp * (last - first), (SIDE, SIDE, 3))
    pixels = pixels + rng.choice([0.0, 2.0]) * rng.standard_normal((SIDE, SIDE, 3))
    return np.asarray(np.rot90(pixels.clip(0, 255).astype(np.uint8), int(rng.integers(4))))


def _document(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw a page of text, dark on light or light on dark."""
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


DRAWN: Final[dict[str, Callable[[np.random.Generator], NDArray[np.uint8]]]] = {
    "noise": _noise,
    "blank": _blank,
    "document": _document,
}
"""Kinds of foreign images that are drawn rather than collected."""


def measure_rejection(
    familiar: Predictions, examples: Sequence[Example], foreign: dict[str, Predictions]
) -> OutOfDistribution:
    """Measure how well novelty tells foreign images from deep-sky images.

    Parameters
    ----------
    familiar : Predictions
    examples : sequence of Example
        The images of a split of known kinds; those of deep-sky objects are what is compared.
    foreign : dict of str to Predictions
        The answers to the foreign images of each kind.

    Returns
    -------
    OutOfDistribution
    """
    deep_sky = np.array([example.label != "other" for example in examples])
    known = familiar.novelty[deep_sky]
    unknown = np.concatenate([answers.novelty for answers in foreign.values()])
    is_foreign = np.repeat([False, True], [len(known), len(unknown)])
    novelty = np.concatenate([known, unknown])
    false_alarms, found, _ = roc_curve(is_foreign, novelty)
    grid = np.linspace(0, 1, ROC_POINTS)
    return OutOfDistribution(
        deep_sky_familiar=proportion(~familiar.unfamiliar[deep_sky]),
        auroc=float(roc_auc_score(is_foreign, novelty)),
        roc=RocCurve(
            false_positive_rate=tuple(grid.tolist()),
            true_positive_rate=tuple(np.interp(grid, false_alarms, found).tolist()),
        ),
        rejected=proportion(np.concatenate([_rejected(a) for a in foreign.values()])),
        rejected_by_kind={kind: rejected(a) for kind, a in foreign.items()},
    )


def rejected(answers: Predictions) -> Proportion:
    """Give the share of images that a model refused (unfamiliar) or called ``other``."""
    return proportion(_rejected(answers))


def _rejected(answers: Predictions) -> NDArray[np.bool_]:
    return np.asarray(answers.unfamiliar | (answers.labels == LABELS.index("other")))
