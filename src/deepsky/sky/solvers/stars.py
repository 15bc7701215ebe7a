"""Find stars in reduced images with ``sep``, which is optional."""

from importlib.util import find_spec
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["MIN_STARS", "can_find_stars", "find_stars"]

MIN_STARS: Final = 6
"""Solvers need four stars for a pattern and more to verify it."""

_MAX_STARS: Final = 400
_BOX: Final = 32  # pixels of the background mesh; smaller than most nebulae
_SIGMA: Final = 4.0
_MAX_AXIS: Final = 12.0  # pixels; larger sources are not stars
_MAX_ELONGATION: Final = 2.5


def can_find_stars() -> bool:
    """Return whether ``sep`` is installed.

    Returns
    -------
    bool
    """
    return find_spec("sep") is not None


def find_stars(luminance: NDArray[np.float32]) -> NDArray[np.float64]:
    """Find stars.

    Parameters
    ----------
    luminance : ndarray of float32, shape (height, width)

    Returns
    -------
    ndarray of float64, shape (number of stars, 3)
        x and y (0-based; the centre of the first pixel is (0, 0)) and flux of up to 400 stars, the
        brightest first.

    References
    ----------
    Barbary, K. (2016). SEP: Source Extractor as a library. Journal of Open Source Software, 1, 58.
    """
    import sep  # optional

    height, width = luminance.shape
    if min(height, width) < _BOX:
        return np.empty((0, 3))
    background = sep.Background(luminance, bw=_BOX, bh=_BOX)
    signal = luminance - background.back()
    noise = np.maximum(background.rms(), 0.5)  # 0.5: flat skies of 8-bit images
    try:
        sources = sep.extract(signal, _SIGMA, err=noise, minarea=4)
    except Exception:  # noqa: BLE001  # sep raises Exception when its buffers are full
        return np.empty((0, 3))
    elongation = sources["a"] / np.maximum(sources["b"], 1e-3)
    edge = 2.0
    is_star = (
        (elongation < _MAX_ELONGATION)
        & (sources["a"] < _MAX_AXIS)
        & (sources["x"] > edge)
        & (sources["x"] < width - 1 - edge)
        & (sources["y"] > edge)
        & (sources["y"] < height - 1 - edge)
    )
    stars = np.column_stack([sources[name] for name in ("x", "y", "flux")])[is_star]
    brightest = np.argsort(-stars[:, 2], kind="stable")[:_MAX_STARS]
    return np.asarray(stars[brightest], np.float64)
