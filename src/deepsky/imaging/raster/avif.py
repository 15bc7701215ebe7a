"""Read AVIF files."""

import struct
from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import AvifImagePlugin, ExifTags

from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.display.coded_profile import LINEAR, coded_profile
from deepsky.imaging.limits import Limits
from deepsky.imaging.raster.pillow import to_rgb

__all__ = ["read_avif"]

_PIXEL_BYTES: Final = 16
"""Memory per pixel for decoding, in bytes."""

_METADATA_BYTES: Final = 65_536
"""Number of bytes at the start of the file that are searched for boxes that describe the image."""


def read_avif(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read the image of an AVIF file, or the first frame of an AVIF sequence.

    Pillow reads the metadata and images of 8 bits; imagecodecs decodes still images of 10 and 12
    bits at their full depth. The first frame of a sequence is decoded with 8 bits.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked before pixels are decoded.

    Returns
    -------
    DecodedImage
        Transparent areas are black. The orientation is that of the container (``irot`` and
        ``imir``); the orientation in Exif metadata does not count.

    Raises
    ------
    LimitExceededError
        If the image has too many pixels or frames.
    SyntaxError, OSError, ValueError, RuntimeError
        If Pillow or libavif detects damage.

    References
    ----------
    AV1 Image File Format, version 1.2 (Alliance for Open Media, 2025); AV1-ISOBMFF, 2.3 (``av1C``).
    """
    stream.seek(0)
    content = stream.read()
    image = _open(stream)
    limits.check_pixels(*image.size)
    limits.check_frames(image.n_frames)
    limits.check_memory(image.width * image.height * _PIXEL_BYTES)
    depth = _bits(content[:_METADATA_BYTES]) if image.n_frames == 1 else 8
    primaries, transfer = _colour_codes(content[:_METADATA_BYTES])
    return DecodedImage(
        values=np.asarray(to_rgb(image)) if depth == 8 else _decode_deep(content),
        full_scale=float(2**depth - 1),
        state="linear" if transfer == LINEAR else "finished",
        icc_profile=image.info.get("icc_profile") or coded_profile(primaries, transfer),
        orientation=image.getexif().get(ExifTags.Base.Orientation, 1),
    )


def _open(stream: BinaryIO) -> AvifImagePlugin.AvifImageFile:
    stream.seek(0)
    return AvifImagePlugin.AvifImageFile(stream)


def _bits(metadata: bytes) -> int:
    """Return the number of bits per sample according to the AV1 configuration (``av1C``)."""
    flags = metadata[metadata.find(b"av1C") + 6 :][:1] if b"av1C" in metadata else b""
    if not flags or not flags[0] & 0x40:
        return 8
    return 12 if flags[0] & 0x20 else 10


def _colour_codes(metadata: bytes) -> tuple[int, int]:
    """Return the code points of primaries and transfer function, or zeros if there are none."""
    place = metadata.find(b"colrnclx")
    codes = metadata[place + 8 : place + 12] if place >= 0 else b""
    return struct.unpack(">HH", codes) if len(codes) == 4 else (0, 0)


def _decode_deep(content: bytes) -> NDArray[Any]:
    values: NDArray[Any] = imagecodecs.avif_decode(content, index=0)
    values = values[..., np.newaxis] if values.ndim == 2 else values
    colours, extra = np.split(values, [1 if values.shape[2] < 3 else 3], axis=-1)
    return blend_on_black(colours, extra) if extra.size else colours
