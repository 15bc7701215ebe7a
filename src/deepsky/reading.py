"""What the reading processes make of a picture: all that is needed of it, and little to move."""

from collections.abc import Collection
from typing import NamedTuple

from deepsky.imaging import Picture, PictureInfo
from deepsky.imaging.pool import Read
from deepsky.imaging.preview import preview_size, render_preview
from deepsky.models.preparation import SHORTER_SIDE, Prepared, prepare

__all__ = ["Reading", "make_preview", "make_reading"]


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


def make_reading(read: Read, sizes: Collection[int], *, preview: bool) -> Reading:
    """Take of a picture what is needed to classify it, and to show it where that is wanted."""
    picture = read(at_least=SHORTER_SIDE)
    shown = _show(picture, read) if preview else None
    return Reading(picture.info, prepare(picture.pixels, sizes), shown)


def make_preview(read: Read, size: tuple[int, int]) -> bytes:
    """Make a picture's preview, of the size that `preview_size` gives."""
    return render_preview(read(at_least=min(size)).pixels, size)


def _show(picture: Picture, read: Read) -> bytes:
    """Make a preview; it takes more pixels than a network, which must not get other ones for it."""
    size = preview_size(picture.width, picture.height)
    if min(picture.pixels.shape[:2]) < min(size):
        return make_preview(read, size)
    return render_preview(picture.pixels, size)
