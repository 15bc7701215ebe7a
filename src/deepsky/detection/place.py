"""Find the place of an image on the sky before its objects are looked for."""

from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING

from deepsky.identification.position import find_position
from deepsky.imaging.image_data import ImageInfo
from deepsky.sky.reduction import ReducedImage

if TYPE_CHECKING:
    from deepsky.sky.position import SkyPosition
    from deepsky.sky.solvers import PositionFinder
    from deepsky.sky.solving import Reason

__all__ = ["place"]


def place(
    image: ImageInfo,
    reduced: ReducedImage | None,
    path: str | PathLike[str] | None,
    finder: "PositionFinder | None",
    seconds: float,
    cancelled: Callable[[], bool] = lambda: False,
) -> "tuple[SkyPosition | None, Reason | None]":
    """Return the place of an image on the sky: from its file, or by plate solving.

    Parameters
    ----------
    image : ImageInfo
    reduced : ReducedImage or None
        Image for plate solving; None if the file contains the place.
    path : path-like or None
        Path or name of the file, which may contain the name of an object.
    finder : PositionFinder or None
        None if no plate solver may be used.
    seconds : float
        Time limit for plate solving, in seconds.
    cancelled : callable
        Function that returns whether the search has been cancelled.

    Returns
    -------
    sky : SkyPosition or None
    reason : Reason or None
        Why plate solving has not placed the image.
    """
    if finder is not None and reduced is not None:
        from deepsky.sky.solvers import Limits

        limits = Limits(seconds=seconds, cancelled=cancelled)
        found = find_position(finder, image, reduced, path, limits)
        return found.position, found.reason
    if image.metadata.wcs_header is None:
        return None, None
    from deepsky.sky.position import read_position  # astropy.wcs is slow to import

    return read_position(image), None
