"""What the reading processes make of an upload: all that is needed of it, and little to move."""

from collections.abc import Collection
from dataclasses import dataclass

from deepsky.imaging import Picture, PictureInfo
from deepsky.imaging.preview import render_preview
from deepsky.models.preparation import Prepared, prepare

__all__ = ["Reading", "make_reading"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A picture, read.

    Attributes
    ----------
    info : PictureInfo
    prepared : mapping of int to ndarray of uint8
        The picture at each size that a network wants.
    preview : bytes
        JPEG.
    """

    info: PictureInfo
    prepared: Prepared
    preview: bytes


def make_reading(picture: Picture, sizes: Collection[int]) -> Reading:
    """Take of a picture what is needed to classify and to show it."""
    return Reading(picture.info, prepare(picture.pixels, sizes), render_preview(picture.pixels))
