"""The evidence in all windows of an image, averaged on one grid of cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.detection.boxes import Box
from deepsky.prediction import Prediction
from deepsky.taxonomy import LABELS, Label

__all__ = ["CELLS", "DEEP_SKY", "EvidenceMap"]

CELLS: Final = 32
"""Number of cells along the shorter side of an image."""

DEEP_SKY: Final[tuple[Label, ...]] = tuple(label for label in LABELS if label != "other")
"""Labels of objects."""

_SURROUNDINGS: Final = 2.0
"""Side of the surroundings of a box, as a multiple of the side of the box."""


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """Evidence for each class of objects, in all parts of an image.

    Attributes
    ----------
    values : ndarray of float64, shape (3, rows, columns)
        Calibrated log-odds of each label of `DEEP_SKY` against ``other``.
    cell : float
        Side of a cell in pixels.
    """

    values: NDArray[np.float64]
    cell: float

    @classmethod
    def average(
        cls,
        scales: Iterable[Iterable[tuple[Box, Prediction]]],
        temperature: float,
        width: int,
        height: int,
    ) -> "EvidenceMap":
        """Average the evidence in windows, first within each scale and then over the scales.

        Parameters
        ----------
        scales : iterable of iterable of (Box, Prediction)
            Windows and their predictions, by scale. The windows of a scale cover the image.
        temperature : float
            Temperature of the model's calibration.
        width, height : int
            Size of the image in pixels.

        Returns
        -------
        EvidenceMap
        """
        cell = min(width, height) / CELLS
        shape = max(round(height / cell), 1), max(round(width / cell), 1)
        maps = [_average_scale(windows, temperature, cell, shape) for windows in scales]
        return cls(np.mean(maps, axis=0), cell)

    def best_label(self, box: Box) -> Label:
        """Return the label for which there is most evidence in a box.

        Parameters
        ----------
        box : Box

        Returns
        -------
        Label
        """
        rows, columns = self._cells(box)
        return DEEP_SKY[int(self.values[:, rows, columns].mean(axis=(1, 2)).argmax())]

    def contrast(self, box: Box, label: Label) -> float:
        """Return how much more evidence for a label is in a box than around it.

        Parameters
        ----------
        box : Box
        label : Label
            One of `DEEP_SKY`.

        Returns
        -------
        float
            Difference of the mean log-odds in the box and in its surroundings, which are twice as
            wide and high; 0 if the box fills the image.
        """
        values = self.values[DEEP_SKY.index(label)]
        inner = values[self._cells(box)]
        outer = values[self._cells(box.enlarged(_SURROUNDINGS))]
        if outer.size == inner.size:
            return 0.0
        around = (outer.sum() - inner.sum()) / (outer.size - inner.size)
        return float(inner.mean() - around)

    def _cells(self, box: Box) -> tuple[slice, slice]:
        """Return the rows and columns of the cells in a box, at least one of each."""
        rows, columns = self.values.shape[1:]
        return (
            _span(box.top / self.cell, box.bottom / self.cell, rows),
            _span(box.left / self.cell, box.right / self.cell, columns),
        )


def _span(start: float, stop: float, count: int) -> slice:
    first = min(max(floor(start + 0.5), 0), count - 1)
    return slice(first, min(max(floor(stop + 0.5), first + 1), count))


def _average_scale(
    windows: Iterable[tuple[Box, Prediction]],
    temperature: float,
    cell: float,
    shape: tuple[int, int],
) -> NDArray[np.float64]:
    total = np.zeros((len(DEEP_SKY), *shape))
    count = np.zeros(shape)
    for box, prediction in windows:
        rows = _span(box.top / cell, box.bottom / cell, shape[0])
        columns = _span(box.left / cell, box.right / cell, shape[1])
        size = columns.stop - columns.start, rows.stop - rows.start
        for k, plane in enumerate(_log_odds(prediction, temperature)):
            scaled = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
            total[k, rows, columns] += np.asarray(scaled)
        count[rows, columns] += 1
    return total / np.maximum(count, 1)


def _log_odds(prediction: Prediction, temperature: float) -> NDArray[np.float32]:
    """Return evidence maps of the labels of objects whose means are calibrated log-odds."""
    evidence = prediction.evidence / np.float32(temperature)
    mean = np.log([max(prediction.probabilities[label], 1e-12) for label in LABELS])
    maps = evidence + (mean - evidence.mean(axis=(1, 2)))[:, None, None]
    others = maps[LABELS.index("other")]
    return np.stack([maps[LABELS.index(label)] - others for label in DEEP_SKY]).astype(np.float32)
