"""What the reading processes make of an image: all that is needed of it, and little to move."""

from collections.abc import Collection
from typing import NamedTuple

from deepsky.imaging import ImageData, ImageInfo
from deepsky.imaging.preview import preview_size, render_preview
from deepsky.imaging.tasks import ReadImage
from deepsky.models.preparation import SHORTER_SIDE, Prepared, prepare

__all__ = ["PreprocessedImage", "make_preview", "preprocess"]


class PreprocessedImage(NamedTuple):
    """An image, read.

    Attributes
    ----------
    info : ImageInfo
    prepared : mapping of int to ndarray of uint8
        The image at each size that a network wants.
    preview : bytes or None
        JPEG, where it is wanted.
    """

    info: ImageInfo
    prepared: Prepared
    preview: bytes | None


def preprocess(read: ReadImage, sizes: Collection[int], *, preview: bool) -> PreprocessedImage:
    """Take of an image what is needed to classify it, and to show it where that is wanted."""
    image = read(at_least=SHORTER_SIDE)
    shown = _show(image, read) if preview else None
    return PreprocessedImage(image.info, prepare(image.pixels, sizes), shown)


def make_preview(read: ReadImage, size: tuple[int, int]) -> bytes:
    """Make an image's preview, of the size that `preview_size` gives."""
    return render_preview(read(at_least=min(size)).pixels, size)


def _show(image: ImageData, read: ReadImage) -> bytes:
    """Make a preview; it takes more pixels than a network, which must not get other ones for it."""
    size = preview_size(image.width, image.height)
    if min(image.pixels.shape[:2]) < min(size):
        return make_preview(read, size)
    return render_preview(image.pixels, size)
