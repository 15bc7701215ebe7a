"""Read HEIC and other HEIF files with libheif."""

from typing import Any, BinaryIO, Final

import numpy as np

from deepsky.errors import NoImageDataError, UnsupportedFormatError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.display.coded_profile import LINEAR, coded_profile
from deepsky.imaging.formats import SAVE_AS
from deepsky.imaging.limits import Limits

__all__ = ["read_heic"]

_PIXEL_BYTES: Final = 8
"""Memory per pixel for decoding an image with 8 bits per sample, in bytes."""


def read_heic(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the primary image of a HEIC file.

    Thumbnails, depth maps, gain maps and the other images of a burst are skipped. libheif applies
    the rotation and mirroring that the container specifies; the orientation in Exif metadata is
    not applied, because HEIC files repeat the rotation there.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked before pixels are decoded.

    Returns
    -------
    DecodedImage
        Values of 8 or 16 bits; transparent areas are black.

    Raises
    ------
    LimitExceededError
        If the image has too many pixels, or the file contains too many images.
    UnsupportedFormatError
        If the image is encoded with a codec other than HEVC.
    NoImageDataError
        If the file contains no image.
    RuntimeError, ValueError, SyntaxError, EOFError
        If libheif detects damage.

    References
    ----------
    ISO/IEC 23008-12 (HEIF), in particular 6.6.2.1 on rotation and Exif.
    """
    import pi_heif
    from pi_heif import options

    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    file = pi_heif.open_heif(stream, convert_hdr_to_8bit=False)
    if not len(file):
        msg = "The HEIC file contains no image; export it again from the original image."
        raise NoImageDataError(msg)
    limits.check_frames(len(file))
    limits.check_pixels(*file.size)
    image = file[file.primary_index]
    pixel_bytes = _PIXEL_BYTES if image.info["bit_depth"] <= 8 else 2 * _PIXEL_BYTES
    limits.check_memory(image.size[0] * image.size[1] * pixel_bytes)
    values = np.array(_decoded(image))  # a copy, because libheif frees the memory of the image
    limits.check_pixels(values.shape[1], values.shape[0])
    values = values[..., np.newaxis] if values.ndim == 2 else values
    colours = 1 if values.shape[2] < 3 else 3
    shown = values[..., :colours]
    if image.has_alpha and not image.premultiplied_alpha:
        shown = blend_on_black(shown, values[..., colours:])
    coded = image.info.get("nclx_profile") or {}
    transfer = coded.get("transfer_characteristics", 0)
    return DecodedImage(
        values=shown,
        full_scale=_full_scale(image.info["bit_depth"], shown.dtype.itemsize),
        state="linear" if transfer == LINEAR else "finished",
        icc_profile=image.info.get("icc_profile")
        or coded_profile(coded.get("color_primaries", 0), transfer),
    )


def _decoded(image: Any) -> Any:
    try:
        image.load()
    except (RuntimeError, ValueError) as error:
        if "unsupported" not in str(error).lower():
            raise
        msg = f"HEIC with a codec other than HEVC is not supported; {SAVE_AS}."
        raise UnsupportedFormatError(msg) from error
    return image


def _full_scale(bits: int, item_size: int) -> float | None:
    """Return the value of white: libheif shifts 10 and 12 bits to the upper bits of 16."""
    return float((2**bits - 1) << (16 - bits)) if item_size == 2 and bits <= 16 else None
