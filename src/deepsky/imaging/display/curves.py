"""Curves that convert values to brightness, by the name of the stretch.

The arcsinh, logarithm and square root and the *zscale* limits are those of `astropy.visualization`.

References
----------
Lupton et al., PASP 116, 133 (2004) (arcsinh); IRAF, *display* (zscale).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.midtones import Curve, find_limits, midtones_curve

__all__ = ["linear_curve", "make_curve"]

_ASINH_SOFTENING: Final = 0.01  # fraction of the range at which the curve becomes logarithmic
_LOG_STRENGTH: Final = 1000.0
_PERCENTILE: Final = 99.5  # central share of the values that is displayed, in percent
_ZSCALE_SAMPLES: Final = 10_000

_Name = Literal["mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"]


def make_curve(
    name: _Name, channels: Sequence[NDArray[np.float64]], full_scale: float | None
) -> Curve:
    """Return the curve of a stretch.

    Parameters
    ----------
    name : str
        Name of the stretch.
    channels : sequence of ndarray of float64
        The sorted values of each channel, without borders.
    full_scale : float or None
        The value of white, which ``"linear"`` uses; None if it is unknown.

    Returns
    -------
    callable
        Function that converts values, with channels on the last axis, to brightness (0 to 1).
    """
    match name:
        case "mtf":
            return midtones_curve(channels)
        case "linear":
            return linear_curve(channels, full_scale)
        case "zscale" | "percentile":
            return _scaled(*_find_interval(name, channels))
        case _:
            return _astropy_curve(name, channels)


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


def _astropy_curve(
    name: Literal["asinh", "log", "sqrt"], channels: Sequence[NDArray[np.float64]]
) -> Curve:
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
    name: Literal["zscale", "percentile"], channels: Sequence[NDArray[np.float64]]
) -> tuple[float, float]:
    from astropy.visualization import PercentileInterval, ZScaleInterval

    intervals: dict[str, Any] = {
        "zscale": ZScaleInterval(n_samples=_ZSCALE_SAMPLES),
        "percentile": PercentileInterval(_PERCENTILE),
    }
    low, high = intervals[name].get_limits(np.concatenate(channels))
    return float(low), float(high)
