"""Detect the image format of a file from its first bytes, regardless of its name."""

import re
from typing import Final

from deepsky.errors import UnsupportedFormatError

__all__ = ["HEAD_BYTES", "detect_format"]

HEAD_BYTES: Final = 32
"""Number of bytes at the start of a file that `detect_format` examines."""

_SIGNATURES: Final = {
    "JPEG": (b"\xff\xd8\xff",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "XISF": (b"XISF0100",),
    "GZIP": (b"\x1f\x8b",),
    "BZIP2": (b"BZh",),
    "XZ": (b"\xfd7zXZ\0",),
    "COMPRESS": (b"\x1f\x9d",),
}

_FITS: Final = re.compile(rb"(SIMPLE|XTENSION) *=", re.IGNORECASE)

_BMP_HEADER_SIZES: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

_UNSUPPORTED: Final = {
    "a ZIP archive": (b"PK\x03\x04", b"PK\x05\x06"),
    "a PDF document": (b"%PDF",),
    "a Photoshop file": (b"8BPS",),
}


def detect_format(head: bytes) -> str:
    """Return the image format of a file.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes of the file, or the whole file if it is shorter.

    Returns
    -------
    str
        ``"JPEG"``, ``"PNG"``, ``"GIF"``, ``"BMP"``, ``"WEBP"``, ``"TIFF"``, ``"FITS"``,
        ``"XISF"``, or the compression of a file that was compressed as a whole: ``"GZIP"``,
        ``"BZIP2"``, ``"XZ"`` or ``"COMPRESS"``.

    Raises
    ------
    UnsupportedFormatError
        If the file has an unsupported format.

    Examples
    --------
    >>> detect_format(b"SIMPLE  =                    T")
    'FITS'
    """
    for name, signatures in _SIGNATURES.items():
        if head.startswith(signatures):
            return name
    if _FITS.match(head):
        return "FITS"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    msg = (
        f"The file is {_describe(head)}, which deepsky cannot read; "
        "save it as JPEG, PNG, WebP, GIF, BMP, TIFF, FITS or XISF."
    )
    raise UnsupportedFormatError(msg)


def _describe(head: bytes) -> str:
    for description, signatures in _UNSUPPORTED.items():
        if head.startswith(signatures):
            return description
    if head[4:8] == b"ftyp":
        return "a HEIC, AVIF or video file"
    return "in an unknown format"
