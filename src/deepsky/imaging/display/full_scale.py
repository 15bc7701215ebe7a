"""Find the value of white in data whose format does not state it."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.sample import Sample

__all__ = ["find_full_scale", "is_eight_bit"]

_RANGES: Final = (1.0, 255.0, 65535.0)  # ranges in which programs save finished data
_SENSOR_RANGES: Final = (1023.0, 4095.0, 16383.0, 32767.0)  # 10, 12, 14 and 15 bits
_SHIFTED: Final = {65535.0: (256, 65280.0), 32767.0: (128, 32640.0)}
"""For a full scale, the factor by which 8-bit levels may have been multiplied, and the result for
white."""

_NEAR: Final = 0.01  # distance by which any value may exceed the range, after resampling
_COMMON: Final = (1.0, 65535.0, 65280.0, float(2**32 - 1))  # common full scales of finished images
_FEW: Final = 0.005  # largest fraction of values that may exceed it farther, after sharpening
_FAR: Final = 0.3  # distance by which these values may exceed it
_VERY_FEW: Final = 1e-5  # largest fraction of values that may be anywhere, for example hot pixels
_SATURATED: Final = 0.9  # fraction of a sensor's full scale that its brightest pixels reach
_BRIGHT: Final = 0.75  # minimum brightness of the brightest pixels if the full scale is uncommon
_GRID_TOLERANCE: Final = 0.07  # largest distance from a level, which half-precision floats need
_COMPARED: Final = 50_000  # approximate number of values per channel that are compared with levels
_MIN_LEVELS: Final = 2  # minimum number of levels above black in data that came from 8 bits


def find_full_scale(sample: Sample, dtype: np.dtype[Any]) -> float | None:
    """Find the value of white from the type of the values and their distribution.

    Few outliers, for example after sharpening or resampling, do not change the result.

    Parameters
    ----------
    sample : Sample
        Sample of the values.
    dtype : numpy.dtype
        Type of the values in the file.

    Returns
    -------
    float or None
        For unsigned integers, the maximum of the type, unless all values are at most 255 or the
        brightest values reach the maximum of 10, 12 or 14 bits. For signed integers and floats, the
        smallest common maximum (1 for floats, 255, 32767 for 16-bit integers, 65535) that no more
        than a few values exceed. None if there is none, if more than a few values are negative, or
        if the brightest values are far below a maximum in which finished images are rarely saved,
        such as 32767.
    """
    if _highest(sample) <= 0:
        return None
    fits = _fits_roughly if dtype.kind == "f" else _fits_exactly
    for scale in _ranges(dtype):
        if all(fits(values, scale) for values in sample.channels):
            scale = _sensor_scale(sample, scale) or _shifted_scale(sample, scale)
            is_plain = scale in _COMMON or _highest(sample) > _BRIGHT * scale
            return scale if is_plain or is_eight_bit(sample, scale) else None
    return None


def is_eight_bit(sample: Sample, full_scale: float) -> bool:
    """Return whether values are 8-bit levels that were converted to another type.

    Parameters
    ----------
    sample : Sample
        Sample of the values.
    full_scale : float
        The value of white.

    Returns
    -------
    bool
        True if nearly all values are multiples of ``full_scale / 255``, and thus the image was
        finished in 8 bits. Integers from 0 to 255 are accepted if they extend to the brighter half.
    """
    values = np.concatenate([_thin(values) for values in sample.channels])
    levels = values * (255 / full_scale)
    nearest = np.rint(levels)
    shown = (nearest >= 1) & (nearest <= 255)
    if not shown.any():
        return False
    if full_scale == 255 and nearest[shown].max() < 128:
        return False
    on_grid = np.abs(levels - nearest)[shown] <= _GRID_TOLERANCE
    return bool(
        on_grid.mean() >= 1 - _FEW and len(np.unique(nearest[shown][on_grid])) >= _MIN_LEVELS
    )


def _ranges(dtype: np.dtype[Any]) -> list[float]:
    """Return the full scales that are possible for a type, in ascending order."""
    if dtype.kind == "f":
        return list(_RANGES)
    largest = float(np.iinfo(dtype).max)
    ranges = [scale for scale in _RANGES[1:] if scale < largest]
    return [*ranges, largest] if dtype.kind == "u" or dtype.itemsize <= 2 else ranges


def _fits_exactly(values: NDArray[np.float64], scale: float) -> bool:
    return bool(values[0] >= 0 and values[-1] <= scale)


def _fits_roughly(values: NDArray[np.float64], scale: float) -> bool:
    """Return whether sorted values are within a range, except for a few outliers."""
    for fraction, margin in ((_VERY_FEW, _FAR), (_FEW, _NEAR)):
        # In small images, three outliers are more than the fraction.
        skipped = max(int(len(values) * fraction), min(3, len(values) // 100))
        if values[skipped] < -margin * scale or values[-1 - skipped] > (1 + margin) * scale:
            return False
    return True


def _sensor_scale(sample: Sample, scale: float) -> float | None:
    """Return the full scale of a sensor if the brightest values are just below it."""
    highest = _highest(sample)
    for sensor in _SENSOR_RANGES:
        if (
            highest <= sensor < scale
            and highest > _SATURATED * sensor
            and not is_eight_bit(sample, scale)
        ):
            return sensor
    return None


def _highest(sample: Sample) -> float:
    return float(max(values[-1] for values in sample.channels))


def _shifted_scale(sample: Sample, scale: float) -> float:
    """Return the value of white if 8-bit levels were multiplied by a power of two."""
    factor, white = _SHIFTED.get(scale, (0, 0.0))
    # The thinned values are compared first, because few images pass this test.
    thinned = (_thin(values) for values in sample.channels)
    if factor and all((values % factor == 0).all() for values in (*thinned, *sample.channels)):
        return white
    return scale


def _thin(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[:: max(1, len(values) // _COMPARED)]
