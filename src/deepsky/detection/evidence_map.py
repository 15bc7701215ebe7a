"""The evidence in all windows of an image, averaged on one grid of cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deepsky.detection.boxes import Box
from deepsky.prediction import Prediction
from deepsky.taxonomy import OTHER, Label

__all__ = ["CELLS", "EvidenceMap"]

CELLS: Final = 32
"""Number of cells along the shorter side of an image."""

_SURROUNDINGS: Final = 2.0
"""Side of the surroundings of a box, as a multiple of the side of the box."""


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """Evidence for each class of objects, in all parts of an image.

    Attributes
    ----------
    labels : tuple of Label
        Labels of the model, without ``other``.
    values : ndarray of float64, shape (k, rows, columns)
        Calibrated log-odds of each label against ``other``. If the model has no such label, they
        are relative to the mean of all labels.
    cell : float
        Side of a cell in pixels.
    """

    labels: tuple[Label, ...]
    values: NDArray[np.float64]
    cell: float

    @classmethod
    def average(
        cls,
        scales: Iterable[Iterable[tuple[Box, Prediction]]],
        labels: Sequence[Label],
        temperature: float,
        size: tuple[int, int],
    ) -> "EvidenceMap":
        """Average the evidence in windows, first within each scale and then over the scales.

        Parameters
        ----------
        scales : iterable of iterable of (Box, Prediction)
            Windows and their predictions, by scale. The windows of a scale cover the image.
        labels : sequence of Label
            Labels of the model.
        temperature : float
            Temperature of the model's calibration.
        size : (int, int)
            Width and height of the image in pixels.

        Returns
        -------
        EvidenceMap
        """
        width, height = size
        cell = min(size) / CELLS
        shape = round(height / cell), round(width / cell)
        kept = [k for k, label in enumerate(labels) if label != OTHER]
        maps = [
            _average_scale(
                [(box, _log_odds(each, temperature)[kept]) for box, each in windows], cell, shape
            )
            for windows in scales
        ]
        return cls(tuple(labels[k] for k in kept), np.mean(maps, axis=0), cell)

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
        return self.labels[int(self.values[:, rows, columns].mean(axis=(1, 2)).argmax())]

    def contrast(self, box: Box, label: Label) -> float:
        """Return how much more evidence for a label is in a box than around it.

        Parameters
        ----------
        box : Box
        label : Label
            One of `labels`.

        Returns
        -------
        float
            Difference of the mean log-odds in the box and in its surroundings, which are twice as
            wide and high; 0 if the box fills the image.
        """
        values = self.values[self.labels.index(label)]
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
    windows: Sequence[tuple[Box, NDArray[np.float32]]], cell: float, shape: tuple[int, int]
) -> NDArray[np.float64]:
    total = np.zeros((len(windows[0][1]), *shape))
    count = np.zeros(shape)
    for box, maps in windows:
        rows = _span(box.top / cell, box.bottom / cell, shape[0])
        columns = _span(box.left / cell, box.right / cell, shape[1])
        size = columns.stop - columns.start, rows.stop - rows.start
        for k, plane in enumerate(maps):
            scaled = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
            total[k, rows, columns] += np.asarray(scaled)
        count[rows, columns] += 1
    return total / np.maximum(count, 1)


def _log_odds(prediction: Prediction, temperature: float) -> NDArray[np.float32]:
    """Return evidence maps of all labels whose means are calibrated log-odds against ``other``."""
    evidence = prediction.evidence / np.float32(temperature)
    mean = np.log(np.maximum(list(prediction.probabilities.values()), 1e-12))
    maps = evidence + (mean - evidence.mean(axis=(1, 2)))[:, None, None]
    labels = list(prediction.probabilities)
    reference = maps[labels.index(OTHER)] if OTHER in labels else maps.mean(axis=0)
    return np.asarray(maps - reference, dtype=np.float32)
