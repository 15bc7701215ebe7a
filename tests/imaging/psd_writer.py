"""Write small Photoshop documents for tests and benchmarks."""

import struct
from typing import Any

import imagecodecs
from numpy.typing import NDArray

__all__ = ["psd"]


def psd(
    planes: NDArray[Any],
    mode: int,
    *,
    compression: int = 0,
    is_large: bool = False,
    layers: int = 0,
    palette: bytes = b"",
    resources: dict[int, bytes] | None = None,
    depth: int | None = None,
) -> bytes:
    """Return a Photoshop document.

    Parameters
    ----------
    planes : ndarray of uint8, uint16 or float32, shape (channels, rows, columns)
        Channels of the flattened image.
    mode : int
        Colour mode: 1 grey, 2 indexed, 3 RGB, 4 CMYK.
    compression : {0, 1}
        1 compresses the rows with PackBits.
    is_large : bool
        Whether the document is a large document (PSB).
    layers : int
        Number of layers in the header of the layers, which is negative if the first channel
        after the colours is alpha.
    palette : bytes
        Colour mode data.
    resources : dict of int to bytes, optional
        Image resources.
    depth : int, optional
        Number of bits per channel in the header. The default is that of the dtype.

    Returns
    -------
    bytes

    References
    ----------
    *Adobe Photoshop File Formats Specification* (2019).
    """
    channels, rows, columns = planes.shape
    depth = depth or 8 * planes.dtype.itemsize
    version = 2 if is_large else 1
    header = struct.pack(">4sH6xHLLHH", b"8BPS", version, channels, rows, columns, depth, mode)
    blocks = b"".join(
        struct.pack(">4sHHL", b"8BIM", number, 0, len(content))
        + content
        + b"\0" * (len(content) % 2)
        for number, content in (resources or {}).items()
    )
    width = ">Q" if is_large else ">L"
    section = struct.pack(width, 2) + struct.pack(">h", layers) if layers else b""
    parts = [
        header,
        struct.pack(">L", len(palette)),
        palette,
        struct.pack(">L", len(blocks)),
        blocks,
    ]
    parts += [struct.pack(width, len(section)), section, struct.pack(">H", compression)]
    samples = planes.astype(planes.dtype.newbyteorder(">"))
    if not compression:
        return b"".join([*parts, samples.tobytes()])
    packed = [
        bytes(imagecodecs.packbits_encode(row.tobytes())) for plane in samples for row in plane
    ]
    lengths = struct.pack(f">{len(packed)}{'L' if is_large else 'H'}", *map(len, packed))
    return b"".join([*parts, lengths, *packed])
