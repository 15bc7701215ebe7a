"""Read JPEG XL files with libjxl."""

from typing import BinaryIO, Final

import imagecodecs
import numpy as np

from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.display.coded_profile import coded_profile
from deepsky.imaging.limits import Limits
from deepsky.imaging.raster.jpeg_xl_header import read_jpeg_xl_header

__all__ = ["read_jpeg_xl"]

_PIXEL_SAMPLES: Final = 8
"""Memory per pixel, in samples: up to four channels in the decoder and in the result."""


def read_jpeg_xl(stream: BinaryIO, limits: Limits) -> DecodedImage:
    """Read a JPEG XL image, or the first frame of a JPEG XL animation.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        Limits that are checked before pixels are decoded.

    Returns
    -------
    DecodedImage
        Integers or floats at the depth of the file. The decoder applies the orientation.
        Transparent areas are black.

    Raises
    ------
    LimitExceededError
        If the image has too many pixels.
    RuntimeError
        If libjxl detects damage.
    """
    header = read_jpeg_xl_header(stream)
    limits.check_pixels(header.width, header.height)
    sample_bytes = 1 if header.bits <= 8 else 4 if header.is_float or header.bits > 16 else 2
    limits.check_memory(header.width * header.height * _PIXEL_SAMPLES * sample_bytes)
    values = imagecodecs.jpegxl_decode(stream.read(), index=0, numthreads=1)
    values = values[..., np.newaxis] if values.ndim == 2 else values
    colours, alpha = np.split(values, [1 if values.shape[2] < 3 else 3], axis=-1)
    is_blended = header.is_premultiplied or not alpha.size
    # The state is left open even if the transfer function is linear, because the tools that write
    # deep JPEG XL (for example imagecodecs) mark finished images as linear, too.
    return DecodedImage(
        values=colours if is_blended else blend_on_black(colours, alpha[..., :1]),
        full_scale=None if header.is_float else float(2**header.bits - 1),
        icc_profile=coded_profile(header.primaries, header.transfer),
    )
