"""Find the place of an image on the sky by plate solving, with hints from the file."""

from os import PathLike
from typing import TYPE_CHECKING

from deepsky.identification.named_objects import find_named_objects
from deepsky.imaging.image_data import ImageInfo
from deepsky.sky.reduction import ReducedImage

if TYPE_CHECKING:
    from deepsky.sky.solvers import Limits, PositionFinder, SearchResult

__all__ = ["find_position"]


def find_position(
    finder: "PositionFinder",
    image: ImageInfo,
    reduced: ReducedImage,
    path: str | PathLike[str] | None,
    limits: "Limits",
) -> "SearchResult":
    """Find the place of an image on the sky by plate solving.

    The search starts with the hints in the metadata and the position of the first object that the
    header or the file name names.

    Parameters
    ----------
    finder : PositionFinder
    image : ImageInfo
        Metadata of the image.
    reduced : ReducedImage
    path : path-like or None
        Path or name of the file, which may contain the name of an object.
    limits : deepsky.sky.solvers.Limits

    Returns
    -------
    SearchResult
    """
    from deepsky.sky.solvers import SearchHints  # astropy is slow to import

    named = find_named_objects(image, path)
    subject = named[0].object if named else None
    return finder.find(reduced, SearchHints.collect(image.metadata.hints, subject), limits)
