"""Curves that convert values to brightness, by the name of the stretch.

The arcsinh, logarithm and square root and the *zscale* limits are those of `astropy.visualization`.

References
----------
Lupton et al., PASP 116, 133 (2004) (arcsinh); IRAF, *display* (zscale).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.midtones import Curve, find_limits, midtones_curve
from deepsky.imaging.display.stretch_choice import StretchChoice, parse_midtones

__all__ = ["linear_curve", "make_curve"]

_ASINH_SOFTENING: Final = 0.01  # fraction of the range at which the curve becomes logarithmic
_LOG_STRENGTH: Final = 1000.0
_PERCENTILE: Final = 99.5  # central share of the values that is displayed, in percent
_ZSCALE_SAMPLES: Final = 10_000


def make_curve(
    name: StretchChoice, channels: Sequence[NDArray[np.float64]], full_scale: float | None
) -> Curve:
    """Return the curve of a stretch.

    Parameters
    ----------
    name : str
        Name of a stretch other than ``"auto"``.
    channels : sequence of ndarray of float64
        The sorted values of each channel, without borders.
    full_scale : float or None
        The value of white, which ``"linear"`` uses; None if it is unknown.

    Returns
    -------
    callable
        Function that converts values, with channels on the last axis, to brightness (0 to 1).
    """
    if (midtones := parse_midtones(name)) is not None:
        return midtones_curve(channels, midtones)
    match name:
        case "linear":
            return linear_curve(channels, full_scale)
        case "zscale" | "percentile":
            return _scaled(*_find_interval(name, channels))
        case "asinh" | "log" | "sqrt":
            return _astropy_curve(name, channels)
        case _:
            return midtones_curve(channels)


def linear_curve(channels: Sequence[NDArray[np.float64]], full_scale: float | None) -> Curve:
    """Return the curve that only scales values to the range 0 to 1.

    Parameters
    ----------
    channels : sequence of ndarray of float64
        The sorted values of each channel.
    full_scale : float or None
        The value of white. If it is unknown, the lowest value becomes black and the highest white.

    Returns
    -------
    callable
        The curve.
    """
    if full_scale is not None:
        return lambda band: band / full_scale
    return _scaled(
        float(min(values[0] for values in channels)), float(max(values[-1] for values in channels))
    )


def _scaled(low: float, high: float) -> Curve:
    if not 0 < high - low < np.inf:
        return np.zeros_like
    return lambda band: (band - low) / (high - low)


def _astropy_curve(name: StretchChoice, channels: Sequence[NDArray[np.float64]]) -> Curve:
    # Importing astropy.visualization takes longer than reading most images.
    from astropy.visualization import AsinhStretch, LogStretch, SqrtStretch

    black, white = find_limits(channels)
    if not 0 < white < np.inf:
        return np.zeros_like
    stretches: dict[str, Callable[..., Any]] = {
        "asinh": AsinhStretch(_ASINH_SOFTENING),
        "log": LogStretch(_LOG_STRENGTH),
        "sqrt": SqrtStretch(),
    }
    stretch = stretches[name]
    return lambda band: np.asarray(stretch(np.clip((band - black) / white, 0, 1), clip=False))


def _find_interval(
    name: StretchChoice, channels: Sequence[NDArray[np.float64]]
) -> tuple[float, float]:
    from astropy.visualization import PercentileInterval, ZScaleInterval

    intervals: dict[str, Any] = {
        "zscale": ZScaleInterval(n_samples=_ZSCALE_SAMPLES),
        "percentile": PercentileInterval(_PERCENTILE),
    }
    low, high = intervals[name].get_limits(np.concatenate(channels))
    return float(low), float(high)
