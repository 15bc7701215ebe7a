"""Proportions with confidence intervals."""

from math import sqrt
from typing import Final

from pydantic import BaseModel, ConfigDict

__all__ = ["Estimate", "Proportion", "wilson_interval"]

NORMAL_QUANTILE: Final = 1.959964
"""97.5th percentile of the standard normal distribution."""


class Estimate(BaseModel):
    """A value and its 95 % confidence interval."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float
    high: float


class Proportion(BaseModel):
    """A proportion of images and its 95 % confidence interval.

    The value is None if there are no images.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int
    count: int
    value: float | None
    low: float
    high: float


def wilson_interval(count: int, images: int) -> Proportion:
    """Compute a proportion and its 95 % Wilson score interval.

    Parameters
    ----------
    count : int
        Number of images that meet the criterion, from 0 to ``images``.
    images : int
        Total number of images. If it is 0, the value is None and the interval is 0 to 1.

    Returns
    -------
    Proportion

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927.

    Examples
    --------
    >>> interval = wilson_interval(81, 263)
    >>> f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"
    '0.308 (0.255 to 0.366)'
    """
    if images == 0:
        return Proportion(images=0, count=0, value=None, low=0.0, high=1.0)
    z2 = NORMAL_QUANTILE**2
    middle = (count + z2 / 2) / (images + z2)
    half = NORMAL_QUANTILE * sqrt(count * (images - count) / images + z2 / 4) / (images + z2)
    return Proportion(
        images=images,
        count=count,
        value=count / images,
        low=max(middle - half, 0.0),
        high=min(middle + half, 1.0),
    )
