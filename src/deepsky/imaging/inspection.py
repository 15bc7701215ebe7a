"""Inspect the data in an image file: the header, and the distribution of the values."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.midtones import find_noise
from deepsky.imaging.display.sample import quantile, take_sample
from deepsky.imaging.fits.card_table import CardRow, list_cards, list_values
from deepsky.imaging.processes.tasks import ReadImage

__all__ = ["BINS", "MAX_ROWS", "ChannelHistogram", "Histogram", "Inspection", "inspect_image"]

BINS: Final = 128
"""Number of bins of a histogram."""

MAX_ROWS: Final = 1_000
"""Maximum number of rows of the header."""

_SKY_WIDTH: Final = 12.0  # in normalised deviations around the sky, which are always in the range
_HIGHEST: Final = 0.995  # quantile of the values up to which the histogram extends
_SHORTER_SIDE: Final = 512


@dataclass(frozen=True, slots=True)
class ChannelHistogram:
    """Distribution of the values of a channel.

    Attributes
    ----------
    counts : tuple of int
        Number of values in each bin, from low to high, in a sample of the pixels. Values outside of
        the range of the histogram are not counted.
    median : float
        Median, which is about the value of the sky background.
    deviation : float
        Normalised median absolute deviation, which is about the noise of the sky background.
    """

    counts: tuple[int, ...]
    median: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Distribution of the values as stored in the file, before the stretch.

    Attributes
    ----------
    low, high : float
        Values at the lower edge of the first and the upper edge of the last of `BINS` bins.
    channels : tuple of ChannelHistogram
        One for grey images, otherwise red, green and blue.
    """

    low: float
    high: float
    channels: tuple[ChannelHistogram, ...]


class Inspection(NamedTuple):
    """What an image file contains.

    Attributes
    ----------
    header : list of CardRow
        Rows of the FITS header, or of the corresponding metadata of another format; at most
        `MAX_ROWS`.
    rows : int
        Number of rows of the complete header.
    histogram : Histogram
    """

    header: list[CardRow]
    rows: int
    histogram: Histogram


def inspect_image(read: ReadImage) -> Inspection:
    """Read an image, and return its header and the distribution of its values.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.

    Returns
    -------
    Inspection

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    found: list[Inspection] = []
    read(at_least=_SHORTER_SIDE, observe=lambda decoded: found.append(_inspect(decoded)))
    return found[0]


def _inspect(decoded: DecodedImage) -> Inspection:
    if decoded.fits_header is not None:
        rows = list_cards(decoded.fits_header.cards)
    else:
        rows = list_values(decoded.found.cards)
    planes = np.atleast_3d(decoded.values)
    return Inspection(rows[:MAX_ROWS], len(rows), _make_histogram(take_sample(planes).channels))


def _make_histogram(channels: list[NDArray[np.float64]]) -> Histogram:
    noise = [find_noise(values) for values in channels]
    low = min(
        max(values[0], median - _SKY_WIDTH * deviation)
        for values, (median, deviation) in zip(channels, noise, strict=True)
    )
    high = max(
        min(values[-1], max(quantile(values, _HIGHEST), median + _SKY_WIDTH * deviation))
        for values, (median, deviation) in zip(channels, noise, strict=True)
    )
    if not low < high:
        high = low + 1
    edges = np.linspace(low, high, BINS + 1)
    return Histogram(
        float(low),
        float(high),
        tuple(
            ChannelHistogram(_count(values, edges), median, deviation)
            for values, (median, deviation) in zip(channels, noise, strict=True)
        ),
    )


def _count(values: NDArray[np.float64], edges: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the number of sorted values in each bin."""
    places = np.searchsorted(values, edges)
    places[-1] = np.searchsorted(values, edges[-1], "right")
    return tuple(np.diff(places).tolist())
