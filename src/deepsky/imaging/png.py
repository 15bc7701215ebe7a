"""PNG with 16 bits a channel, which Pillow would cut down to 8."""

from typing import Any, BinaryIO, Final

import imagecodecs
from numpy.typing import NDArray
from PIL import PngImagePlugin

from deepsky.imaging.alpha import on_black

__all__ = ["has_sixteen_bits", "read_sixteen_bits"]

_DEPTH_OFFSET: Final = 24


def has_sixteen_bits(stream: BinaryIO) -> bool:
    """Tell from the header of a PNG whether it has 16 bits a channel."""
    position = stream.tell()
    stream.seek(_DEPTH_OFFSET)
    depth = stream.read(1)
    stream.seek(position)
    return depth == b"\x10"


def read_sixteen_bits(stream: BinaryIO) -> NDArray[Any]:
    """Decode a PNG at its full depth.

    Parameters
    ----------
    stream : binary file
        The whole file.

    Returns
    -------
    ndarray of uint16, shape (height, width) or (height, width, 1 or 3)
        Grey or RGB; transparent parts are black.
    """
    stream.seek(0)
    PngImagePlugin.PngImageFile(stream).verify()  # libpng would complain of damage on stderr
    stream.seek(0)
    data = imagecodecs.png_decode(stream.read())
    has_alpha = data.ndim == 3 and data.shape[2] % 2 == 0
    return on_black(data[..., :-1], data[..., -1:]) if has_alpha else data
