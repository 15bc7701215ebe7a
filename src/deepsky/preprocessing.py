"""Work functions for reader processes: read an image and scale it to the networks' input sizes.

Only the scaled images and the preview are returned to the parent process, because they are much
smaller than the full image.
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from deepsky.imaging import ImageData, ImageInfo
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.preview import preview_size, render_preview
from deepsky.imaging.preview_kind import PreviewKind
from deepsky.imaging.processes.tasks import ReadImage
from deepsky.models.preparation import SHORTER_SIDE, Prepared, prepare
from deepsky.sky.reduction import ReducedImage, reduce_image

__all__ = ["PreprocessedImage", "make_preview", "preprocess", "read_reduced", "reduce_unplaced"]


class PreprocessedImage(NamedTuple):
    """Result of preprocessing an image: information, network inputs, preview and image for solving.

    Attributes
    ----------
    info : ImageInfo
        Size, format, stretch and SHA-256 of the image.
    prepared : mapping of int to ndarray of uint8, shape (size, size, 3)
        The scaled images. The keys are input sizes in pixels.
    preview : bytes or None
        Preview encoded as JPEG; None if no preview was requested.
    reduced : ReducedImage or None
        Image for plate solving; None if it was not requested, or if the image file contains the
        place on the sky.
    """

    info: ImageInfo
    prepared: Prepared
    preview: bytes | None
    reduced: ReducedImage | None = None


def preprocess(
    read: ReadImage,
    sizes: Collection[int],
    *,
    preview: PreviewKind | None,
    solve: bool = False,
    stretch: StretchChoice = "auto",
) -> PreprocessedImage:
    """Read an image, scale it to the networks' input sizes, and optionally render a preview.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.
    sizes : collection of int
        Input sizes of the networks, in pixels.
    preview : PreviewKind or None
        Kind of the preview to render, if any.
    solve : bool
        Whether to reduce the image for plate solving if its place on the sky is not known.
    stretch : str
        Name of the stretch; see `deepsky.imaging.read.read_image`.

    Returns
    -------
    PreprocessedImage

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    read = partial(read, stretch=stretch)
    image = read(at_least=SHORTER_SIDE)
    rendered = _render_preview(image, read, preview) if preview else None
    reduced = reduce_unplaced(image, read) if solve else None
    return PreprocessedImage(image.info, prepare(image.pixels, sizes), rendered, reduced)


def reduce_unplaced(
    image: ImageData, read: Callable[[], ImageData] | None = None
) -> ReducedImage | None:
    """Reduce an image for plate solving, unless its file contains its place on the sky.

    Parameters
    ----------
    image : ImageData
    read : callable, optional
        Function that reads the image again, at full size. It is called if `image` was read at a
        reduced size.

    Returns
    -------
    ReducedImage or None
        None if the place is known.
    """
    if image.metadata.wcs_header is not None:
        from deepsky.sky.position import read_position  # astropy.wcs is slow to import

        if read_position(image) is not None:
            return None
    if read is not None and image.pixels.shape[:2] != (image.height, image.width):
        image = read()
    return reduce_image(image.pixels, image.width, image.height)


def make_preview(
    read: ReadImage, size: tuple[int, int], *, stretch: StretchChoice = "auto"
) -> bytes:
    """Read an image and render its preview.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.
    size : (int, int)
        Width and height of the preview, in pixels, as returned by `preview_size`.
    stretch : str
        Name of the stretch; see `deepsky.imaging.read.read_image`.

    Returns
    -------
    bytes
        The preview, encoded as JPEG.

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    return render_preview(read(at_least=min(size), stretch=stretch).pixels, size)


def read_reduced(
    read: ReadImage, *, stretch: StretchChoice = "auto"
) -> tuple[ImageInfo, ReducedImage | None]:
    """Read an image and reduce it for plate solving, unless its place on the sky is known.

    Parameters
    ----------
    read : ReadImage
        Function that reads the image.
    stretch : str
        Name of the stretch; see `deepsky.imaging.read.read_image`.

    Returns
    -------
    info : ImageInfo
    reduced : ReducedImage or None
        None if the file contains the place.

    Raises
    ------
    ImageError
        If the image cannot be read.
    """
    image = read(stretch=stretch)
    return image.info, reduce_unplaced(image)


def _render_preview(image: ImageData, read: ReadImage, kind: PreviewKind) -> bytes:
    """Render a preview; if the decoded image is smaller than the preview, read the image again.

    The pixels from the second read are used only for the preview, so that predictions do not
    depend on whether a preview is rendered.
    """
    size = preview_size(image.width, image.height, kind)
    if min(image.pixels.shape[:2]) < min(size):
        return render_preview(read(at_least=min(size)).pixels, size, kind)
    return render_preview(image.pixels, size, kind)
