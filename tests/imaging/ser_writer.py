"""Write small SER videos for tests and benchmarks."""

import struct
from typing import Any, Literal

from numpy.typing import NDArray

__all__ = ["ser"]


def ser(
    frames: NDArray[Any],
    *,
    colours: int = 0,
    depth: int | None = None,
    byte_order: Literal["<", ">"] = "<",
    flag: int = 0,
    count: int | None = None,
) -> bytes:
    """Return a SER video.

    Parameters
    ----------
    frames : ndarray of uint8 or uint16, shape (frames, rows, columns) or (frames, rows, columns, 3)
        Samples of all frames.
    colours : int
        Colour format: 0 for grey, 8 to 11 for Bayer mosaics, 100 for RGB, 101 for BGR.
    depth : int, optional
        Number of bits per sample in the header. The default is that of the dtype.
    byte_order : {"<", ">"}
        Byte order of the samples.
    flag : int
        The header's flag for little-endian samples, which is often wrong.
    count : int, optional
        Number of frames in the header.

    Returns
    -------
    bytes

    References
    ----------
    H. Wilkens, G. Chevalley, *SER format description*, version 3 (2014).
    """
    number, rows, columns = frames.shape[:3]
    depth = depth or 8 * frames.dtype.itemsize
    number = number if count is None else count
    numbers = (0, colours, flag, columns, rows, depth, number)
    header = struct.pack("<14s7i", b"LUCAM-RECORDER", *numbers)
    samples = frames.astype(frames.dtype.newbyteorder(byte_order))
    return header.ljust(178, b"\0") + samples.tobytes()
