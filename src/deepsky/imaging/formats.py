"""Which format a file is of, by its first bytes; its name plays no part."""

from typing import Final

from deepsky.errors import UnsupportedFormatError

__all__ = ["HEAD_BYTES", "detect_format"]

HEAD_BYTES: Final = 32
"""How many bytes from the start of a file `detect_format` wants to see."""

_SIGNATURES: Final = {
    "JPEG": (b"\xff\xd8\xff",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "FITS": (b"SIMPLE  =",),
    "XISF": (b"XISF0100",),
    "GZIP": (b"\x1f\x8b",),
}

_BMP_HEADER_SIZES: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

_UNREAD: Final = {
    "a ZIP archive": (b"PK\x03\x04", b"PK\x05\x06"),
    "a PDF document": (b"%PDF",),
    "a Photoshop file": (b"8BPS",),
}


def detect_format(head: bytes) -> str:
    """Name the format of a file.

    Parameters
    ----------
    head : bytes
        The file's first `HEAD_BYTES` bytes, or all of a shorter file.

    Returns
    -------
    str
        ``"JPEG"``, ``"PNG"``, ``"GIF"``, ``"BMP"``, ``"WEBP"``, ``"TIFF"``, ``"FITS"``,
        ``"XISF"``, or ``"GZIP"`` for a gzipped file of whatever content.

    Raises
    ------
    UnsupportedFormatError
        If the content is of none of these formats.
    """
    for name, signatures in _SIGNATURES.items():
        if head.startswith(signatures):
            return name
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    msg = (
        f"The file is {_describe(head)}, which deepsky does not read; "
        "save it as JPEG, PNG, WebP, GIF, BMP, TIFF, FITS or XISF."
    )
    raise UnsupportedFormatError(msg)


def _describe(head: bytes) -> str:
    for description, signatures in _UNREAD.items():
        if head.startswith(signatures):
            return description
    if head[4:8] == b"ftyp":
        return "a HEIC, AVIF or video file"
    return "of an unknown format"
