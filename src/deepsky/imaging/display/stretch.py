"""Convert 16-bit and floating-point data to 8 bits, stretching linear data.

The values of linear data are proportional to the recorded light, so most of the sky is nearly
black. Finished data were stretched before they were saved. They are only scaled to 8 bits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.decoded import State
from deepsky.imaging.display.curves import linear_curve, make_curve
from deepsky.imaging.display.full_scale import find_full_scale
from deepsky.imaging.display.levels import apply_curve
from deepsky.imaging.display.linearity import is_linear
from deepsky.imaging.display.sample import take_sample
from deepsky.imaging.display.stretch_choice import StretchChoice

__all__ = ["to_eight_bits"]


def to_eight_bits(
    data: NDArray[Any],
    stretch: StretchChoice = "auto",
    *,
    full_scale: float | None = None,
    state: State | None = None,
) -> tuple[NDArray[np.uint8], str | None]:
    """Convert data of any bit depth to 8-bit RGB.

    Parameters
    ----------
    data : ndarray of integers or floats, shape (height, width) or (height, width, 1 or 3)
        Grey or RGB.
    stretch : str
        Name of the stretch. ``"auto"`` applies ``"mtf"`` to linear data and no stretch to finished
        data; it returns values of dtype uint8 unchanged unless `state` is ``"linear"``.
    full_scale : float, optional
        The value of white. By default, it is found by `deepsky.imaging.display.full_scale`.
    state : {"linear", "finished"}, optional
        Whether the data are linear. By default, it is decided by
        `deepsky.imaging.display.linearity`.

    Returns
    -------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB; NaN becomes black, and infinite values become black or white. The array is read-only,
        because the channels of grey data are views of the same plane, and values of dtype uint8
        are not copied.
    stretch : str or None
        Name of the stretch; None if ``"auto"`` only scaled the data to 8 bits.

    Raises
    ------
    NoImageDataError
        If the data contain no finite values.
    """
    planes = data[..., np.newaxis] if data.ndim == 2 else data
    if stretch == "auto" and planes.dtype == np.uint8 and state != "linear":
        return _as_rgb(planes), None
    sample = take_sample(planes)
    if full_scale is None:
        full_scale = find_full_scale(sample, planes.dtype)
    channels = [_without_border(values) for values in sample.channels]
    if stretch != "auto":
        return _as_rgb(apply_curve(planes, make_curve(stretch, channels, full_scale))), stretch
    if state == "linear" or (state is None and is_linear(sample, full_scale)):
        return _as_rgb(apply_curve(planes, make_curve("mtf", channels, full_scale))), "mtf"
    return _as_rgb(apply_curve(planes, linear_curve(sample.channels, full_scale))), None


def _without_border(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Remove exact zeros, which stacking software writes to unexposed borders."""
    exposed = values[values != 0]
    return exposed if exposed.size else values


def _as_rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))
