"""The table of image formats, and detection of a file's format from its first bytes."""

import re
from dataclasses import dataclass
from typing import Final

from deepsky.errors import UnsupportedFormatError
from deepsky.imaging.other_files import describe_other_file

__all__ = [
    "CAMERA_RAW",
    "FORMATS",
    "HEAD_BYTES",
    "SAVE_AS",
    "SIGNATURES",
    "SUFFIXES",
    "TITLES",
    "ImageFormat",
    "detect_format",
    "title",
]

HEAD_BYTES: Final = 1024
"""Number of bytes at the start of a file that `detect_format` examines."""

SAVE_AS: Final = "save the image as FITS, TIFF, PNG or JPEG"
"""Advice for images in a format, or a variant of a format, that is not supported."""


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """A format that deepsky reads.

    Attributes
    ----------
    name : str
        Name in records, such as ``"CR3"``.
    title : str
        Name in messages and documentation, such as ``"Canon raw (CR3)"``.
    suffixes : tuple of str
        Usual suffixes of file names, in lower case, the most common one first.
    signatures : tuple of bytes
        Byte sequences of which files in this format start with one. Empty if `detect_format` or
        `deepsky.imaging.camera.raw_format.detect_camera_raw` uses other criteria.
    is_camera_raw : bool
        Whether the format is a camera raw format.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    signatures: tuple[bytes, ...] = ()
    is_camera_raw: bool = False


def _camera_raw(
    name: str, title: str, suffixes: tuple[str, ...], signatures: tuple[bytes, ...] = ()
) -> ImageFormat:
    return ImageFormat(name, title, suffixes, signatures, is_camera_raw=True)


FORMATS: Final = (
    ImageFormat(
        "JPEG", "JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".jls"), (b"\xff\xd8\xff",)
    ),
    ImageFormat("PNG", "PNG", (".png", ".apng"), (b"\x89PNG\r\n\x1a\n",)),
    ImageFormat("WEBP", "WebP", (".webp",)),
    ImageFormat("GIF", "GIF", (".gif",), (b"GIF87a", b"GIF89a")),
    ImageFormat("BMP", "BMP", (".bmp", ".dib")),
    ImageFormat("TIFF", "TIFF", (".tif", ".tiff"), (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    ImageFormat("FITS", "FITS", (".fits", ".fit", ".fts", ".fz"), (b"SIMPLE  =",)),
    ImageFormat("XISF", "XISF", (".xisf",), (b"XISF0100",)),
    ImageFormat("HEIC", "HEIC", (".heic", ".heif", ".hif")),
    ImageFormat("AVIF", "AVIF", (".avif",)),
    ImageFormat("JXL", "JPEG XL", (".jxl",), (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")),
    ImageFormat(
        "JP2",
        "JPEG 2000",
        (".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc", ".jph"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"),
    ),
    ImageFormat("SER", "SER", (".ser",), (b"LUCAM-RECORDER",)),
    ImageFormat("PSD", "Photoshop (PSD, PSB)", (".psd", ".psb"), (b"8BPS",)),
    _camera_raw("CR2", "Canon raw (CR2)", (".cr2",)),
    _camera_raw("CR3", "Canon raw (CR3)", (".cr3",)),
    _camera_raw("CRW", "Canon raw (CRW)", (".crw",)),
    _camera_raw("NEF", "Nikon raw (NEF)", (".nef", ".nrw")),
    _camera_raw("ARW", "Sony raw (ARW)", (".arw", ".sr2")),
    _camera_raw("DNG", "Adobe DNG raw", (".dng",)),
    _camera_raw("RAF", "Fujifilm raw (RAF)", (".raf",), (b"FUJIFILMCCD-RAW",)),
    _camera_raw("ORF", "Olympus raw (ORF)", (".orf", ".ori"), (b"IIRO", b"IIRS", b"MMOR")),
    _camera_raw("RW2", "Panasonic raw (RW2)", (".rw2", ".rwl"), (b"IIU\0",)),
    _camera_raw("PEF", "Pentax raw (PEF)", (".pef",)),
    _camera_raw("SRW", "Samsung raw (SRW)", (".srw",)),
    _camera_raw("MRW", "Minolta raw (MRW)", (".mrw",), (b"\0MRM",)),
    _camera_raw("X3F", "Sigma raw (X3F)", (".x3f",), (b"FOVb",)),
    _camera_raw("3FR", "Hasselblad raw (3FR)", (".3fr", ".fff")),
    _camera_raw("IIQ", "Phase One raw (IIQ)", (".iiq",)),
    _camera_raw("RAW", "camera raw", (".erf", ".mef", ".mos", ".kdc", ".dcr")),
)
"""All formats that deepsky reads."""

TITLES: Final = (
    *(item.title for item in FORMATS if not item.is_camera_raw),
    "camera raw",
)
"""Names of all formats in messages and documentation, with one name for all camera raw formats."""

SUFFIXES: Final = tuple(suffix for item in FORMATS for suffix in item.suffixes)
"""Usual suffixes of the file names of images, in lower case."""

CAMERA_RAW: Final = frozenset(item.name for item in FORMATS if item.is_camera_raw)
"""Names of the camera raw formats."""

_BMP_HEADER_SIZES: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})

_FITS: Final = re.compile(rb"(SIMPLE|XTENSION) *=", re.IGNORECASE)

_COMPRESSIONS: Final = {
    "GZIP": b"\x1f\x8b",
    "BZIP2": b"BZh",
    "XZ": b"\xfd7zXZ\0",
    "COMPRESS": b"\x1f\x9d",
}
"""Signatures of files that were compressed as a whole."""

SIGNATURES: Final = (
    *((0, start) for item in FORMATS for start in item.signatures),
    *((0, start) for start in _COMPRESSIONS.values()),
    *((4, b"ftyp" + brand) for brand in (b"crx ", *sorted(_HEIC_BRANDS | _AVIF_BRANDS))),
    (0, b"SIMPLE"),
    (0, b"XTENSION"),
    (0, b"BM"),
    (0, b"II\x1a\0"),
    (8, b"WEBP"),
)
"""Byte offsets and byte sequences, of which every file in one of the formats contains one.

The web page uses them to choose the images in a folder.
"""


def detect_format(head: bytes) -> str:
    """Return the image format of a file.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes of the file, or the whole file if it is shorter.

    Returns
    -------
    str
        The name of one of the `FORMATS`, or the compression of a file that was compressed as a
        whole: ``"GZIP"``, ``"BZIP2"``, ``"XZ"`` or ``"COMPRESS"``. For camera raw files that are
        based on TIFF, this can be ``"TIFF"``; see
        `deepsky.imaging.camera.raw_format.detect_camera_raw`.

    Raises
    ------
    UnsupportedFormatError
        If the file has an unsupported format. The message names the format if it is known.

    Examples
    --------
    >>> detect_format(b"SIMPLE  =                    T")
    'FITS'
    """
    name = _detect_raw(head) or _detect_by_signature(head) or _detect_by_parts(head)
    if name is None:
        raise UnsupportedFormatError(describe_other_file(head))
    return name


def title(name: str) -> str:
    """Return the title of a format for messages.

    Parameters
    ----------
    name : str
        Name of the format in records.

    Returns
    -------
    str

    Examples
    --------
    >>> title("CR3")
    'Canon raw (CR3)'
    """
    return next((item.title for item in FORMATS if item.name == name), name)


def _detect_raw(head: bytes) -> str | None:
    """Return the name of a camera raw format whose signature extends that of another format."""
    if head[8:10] == b"CR" and head.startswith((b"II*\0", b"MM\0*")):
        return "CR2"
    if head[6:14] == b"HEAPCCDR":
        return "CRW"
    if head[8:12] in (b"IIII", b"MMMM") and head.startswith((b"II*\0", b"MM\0*")):
        return "IIQ"
    return None


def _detect_by_signature(head: bytes) -> str | None:
    for item in FORMATS:
        if item.signatures and head.startswith(item.signatures):
            return item.name
    for name, signature in _COMPRESSIONS.items():
        if head.startswith(signature):
            return name
    return None


def _detect_by_parts(head: bytes) -> str | None:
    """Return the name of a format that is identified by more than the first bytes."""
    if _FITS.match(head):  # a variant of the usual signature
        return "FITS"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    return _detect_by_brands(head) if head[4:8] == b"ftyp" else None


def _detect_by_brands(head: bytes) -> str | None:
    """Return the name of a format that is based on the ISO base media file format.

    A file lists its brands in its first box: the major brand, a version, and compatible brands.
    """
    length = int.from_bytes(head[:4], "big")
    box = head[8 : max(length, 12)]
    if box.startswith(b"crx "):
        return "CR3"
    brands = {box[start : start + 4] for start in range(0, len(box) - 3, 4)}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & _HEIC_BRANDS else None
