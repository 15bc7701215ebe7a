"""Create valid and invalid XISF files for tests."""

import base64
import zlib
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import quoteattr

import imagecodecs
import numpy as np
from numpy.typing import NDArray

__all__ = ["ATTACHED_AT", "CODECS", "as_file", "image_element", "xisf"]

ATTACHED_AT = 4096
"""Byte offset of attached pixels in a file."""

SAMPLES = {"u1": "UInt8", "u2": "UInt16", "u4": "UInt32", "f4": "Float32", "f8": "Float64"}
CODECS: dict[str, Callable[[Any], bytes | bytearray]] = {
    "zlib": zlib.compress,
    "lz4": imagecodecs.lz4_encode,
    "lz4hc": imagecodecs.lz4_encode,
    "zstd": imagecodecs.zstd_encode,
}


def xisf(
    data: NDArray[Any],
    *,
    storage: str = "Planar",
    byte_order: str = "little",
    compression: str = "",
    parts: int = 1,
    embedded: str = "",
    **changed: str | None,
) -> bytes:
    """Return the content of an XISF file that contains one image.

    Parameters
    ----------
    data : ndarray, shape (height, width) or (height, width, channels)
        Pixels; the colour space is RGB if there are three or more channels.
    storage, byte_order : str
        Values of the attributes ``pixelStorage`` and ``byteOrder``.
    compression : str
        Codec, with the suffix ``+sh`` for byte shuffling; pixels are uncompressed by default.
    parts : int
        Number of subblocks into which compressed pixels are divided.
    embedded : str
        Encoding of pixels embedded in the header, ``base64`` or ``hex``; pixels are attached by
        default.
    **changed : str or None
        Attributes of the ``Image`` element to set; None omits an attribute.

    Returns
    -------
    bytes
    """
    values = data.astype(data.dtype.newbyteorder("<" if byte_order == "little" else ">"))
    if data.ndim == 3 and storage == "Planar":
        values = np.moveaxis(values, -1, 0)
    raw = values.tobytes()
    attributes: dict[str, str | None] = {
        "geometry": ":".join(map(str, (*data.shape[1::-1], *(data.shape[2:] or (1,))))),
        "sampleFormat": SAMPLES[data.dtype.str[1:]],
        "colorSpace": "RGB" if data.ndim == 3 and data.shape[2] > 2 else "Gray",
    }
    if data.dtype.kind == "f":
        attributes["bounds"] = "0:1"
    if storage != "Planar":
        attributes["pixelStorage"] = storage
    if byte_order != "little":
        attributes["byteOrder"] = byte_order
    packed, packing = _pack(raw, data.dtype.itemsize, compression, parts)
    if not embedded:
        place = {"location": f"attachment:{ATTACHED_AT}:{len(packed)}"}
        return as_file(image_element(attributes | packing | place | changed), packed)
    text = packed.hex() if embedded == "hex" else base64.encodebytes(packed).decode()
    within = image_element({"encoding": embedded} | packing, "Data", text)
    return as_file(image_element(attributes | {"location": "embedded"} | changed, inside=within))


def image_element(attributes: dict[str, Any], name: str = "Image", inside: str = "") -> str:
    """Return an XML element, by default ``Image``, as text."""
    written = [
        f"{key}={quoteattr(value)}" for key, value in attributes.items() if value is not None
    ]
    return f"<{' '.join([name, *written])}>{inside}</{name}>"


def as_file(elements: str, attachment: bytes = b"", before: str = "") -> bytes:
    """Return an XISF file with the given XML elements and an attachment at `ATTACHED_AT`."""
    header = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<xisf version="1.0" xmlns="http://www.pixinsight.com/xisf" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{elements}<Metadata/></xisf>"
    ).encode()
    file = b"XISF0100" + len(header).to_bytes(4, "little") + bytes(4) + header
    return file.ljust(ATTACHED_AT, b"\0") + attachment if attachment else file


def _pack(raw: bytes, item: int, compression: str, parts: int) -> tuple[bytes, dict[str, str]]:
    """Shuffle and compress bytes in `parts` subblocks; return them and the XISF attributes."""
    if not compression:
        return raw, {}
    codec, _, shuffled = compression.partition("+")
    packing = {"compression": f"{compression}:{len(raw)}{f':{item}' if shuffled else ''}"}
    if shuffled:
        raw = np.frombuffer(raw, np.uint8).reshape(-1, item).T.tobytes()
    step = len(raw) // parts + 1  # + 1, so that some numbers span two subblocks
    pieces = [raw[start : start + step] for start in range(0, len(raw), step)]
    packed = [CODECS[codec](piece) for piece in pieces]
    if parts > 1:
        lengths = zip(packed, pieces, strict=True)
        packing["subblocks"] = ":".join(f"{len(one)},{len(other)}" for one, other in lengths)
    return b"".join(packed), packing
