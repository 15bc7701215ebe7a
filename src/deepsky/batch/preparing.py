"""What the reading processes make of a picture: all that is needed of it, and little to move."""

from collections.abc import Collection
from typing import NamedTuple

from deepsky.imaging import Picture, PictureInfo
from deepsky.imaging.preview import render_preview
from deepsky.models.preparation import Prepared, prepare

__all__ = ["Reading", "prepare_picture"]


class Reading(NamedTuple):
    """A picture, read.

    Attributes
    ----------
    info : PictureInfo
    prepared : mapping of int to ndarray of uint8
        The picture at each size that a network wants.
    preview : bytes or None
        JPEG, where it is wanted.
    """

    info: PictureInfo
    prepared: Prepared
    preview: bytes | None


def prepare_picture(picture: Picture, sizes: Collection[int], *, preview: bool) -> Reading:
    """Take of a picture what is needed to classify it, and to show it where that is wanted."""
    shown = render_preview(picture.pixels) if preview else None
    return Reading(picture.info, prepare(picture.pixels, sizes), shown)
