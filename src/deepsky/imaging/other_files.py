"""Recognize files that are not images, or are images in formats that deepsky does not read."""

import re
from typing import Final

__all__ = ["describe_other_file", "is_other_file"]

_EXPORT: Final = "export the image as TIFF, PNG or JPEG"
_SAVE: Final = "save the image as FITS, TIFF, PNG or JPEG"
_EXTRACT: Final = "extract the images from it"
_FRAME: Final = "save one of its frames, or a stack of its frames, as TIFF, PNG or JPEG"
_DOWNLOAD: Final = "download or copy the image itself"

_SIGNATURES: Final = (
    ("a ZIP archive", _EXTRACT, (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")),
    ("a RAR archive", _EXTRACT, (b"Rar!\x1a\x07",)),
    ("a 7z archive", _EXTRACT, (b"7z\xbc\xaf\x27\x1c",)),
    ("a Zstandard file", "decompress it", (b"\x28\xb5\x2f\xfd",)),
    ("a PDF document", _EXPORT, (b"%PDF",)),
    ("a PostScript document", _EXPORT, (b"%!PS", b"\xc5\xd0\xd3\xc6")),
    ("a GIMP image (XCF)", _EXPORT, (b"gimp xcf",)),
    ("an Affinity document", _EXPORT, (b"\x00\xffKA",)),
    ("a Paint Shop Pro image", _EXPORT, (b"Paint Shop Pro Image File",)),
    ("an ASDF file", _SAVE, (b"#ASDF",)),
    ("an HDF5 file", _SAVE, (b"\x89HDF\r\n\x1a\n",)),
    ("a netCDF file", _SAVE, (b"CDF\x01", b"CDF\x02", b"CDF\x05")),
    ("a NumPy array", _SAVE, (b"\x93NUMPY",)),
    ("an OpenEXR image", _SAVE, (b"\x76\x2f\x31\x01",)),
    ("a Radiance HDR image", _SAVE, (b"#?RADIANCE", b"#?RGBE")),
    ("a JPEG XR image", _SAVE, (b"II\xbc",)),
    ("a QOI image", _SAVE, (b"qoif",)),
    ("a BPG image", _SAVE, (b"BPG\xfb",)),
    ("an FLIF image", _SAVE, (b"FLIF",)),
    ("a DDS texture", _SAVE, (b"DDS ",)),
    ("an icon", _SAVE, (b"\0\0\1\0", b"icns")),
    ("a Targa image (TGA)", _SAVE, (b"\0\0\2\0\0\0\0\0", b"\0\0\x0a\0\0\0\0\0")),
    ("an SGI image", _SAVE, (b"\x01\xda",)),
    ("a DjVu document", _EXPORT, (b"AT&TFORM",)),
    ("an SBIG image", _SAVE, (b"SBIG", b"ST-")),
    ("a Flash video", _FRAME, (b"FLV\x01",)),
    ("an audio file", _DOWNLOAD, (b"ID3", b"OggS", b"fLaC")),
    ("metadata that macOS stores beside a file", "use the file itself", (b"\0\x05\x16\x07",)),
    ("a Matroska or WebM video", _FRAME, (b"\x1a\x45\xdf\xa3",)),
    ("an MPEG video", _FRAME, (b"\0\0\1\xba", b"\0\0\1\xb3")),
    ("a Windows Media video", _FRAME, (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",)),
    ("a SQLite database", _DOWNLOAD, (b"SQLite format 3\0",)),
    ("a Microsoft Office document", _EXPORT, (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    ("a program", _DOWNLOAD, (b"\x7fELF", b"MZ")),
)
"""Descriptions, advice and signatures of files that start with a signature."""

_PORTABLE_ANYMAP: Final = re.compile(rb"P[1-7Ff][\s#]")

_MIN_ASCII: Final = 0.7
"""Minimum fraction of ASCII characters in a text in Latin-1."""

_LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"

_MARKUP: Final = (
    ("an SVG drawing", _EXPORT, re.compile(rb"<svg[\s>]")),
    (
        "a web page, such as an error message of the website",
        "download the image itself",
        re.compile(rb"<(!doctype html|html|head|body|title)[\s>]"),
    ),
    (
        "an XMP sidecar",
        "use the image that it describes",
        re.compile(rb"<(x:xmpmeta|\?xpacket|rdf:rdf)[\s>]"),
    ),
    ("an XML document", _DOWNLOAD, re.compile(rb"^\s*<\?xml[\s>]")),
    ("a JSON document", _DOWNLOAD, re.compile(rb'^\s*[{\[]\s*["{\[\]}]')),
)
"""Descriptions, advice and patterns of text files. The patterns are in lower case."""


_NO_IMAGES: Final = frozenset(
    {
        "a text file",
        "a JSON document",
        "an XML document",
        "a web page, such as an error message of the website",
        "an XMP sidecar",
        "a PDF document",
        "a PostScript document",
        "a Microsoft Office document",
        "an audio file",
        "a SQLite database",
        "a program",
        "metadata that macOS stores beside a file",
    }
)
"""Descriptions of files that are not images in any format."""


def describe_other_file(head: bytes) -> str:
    """Return an error message for a file that is in none of the supported formats.

    Parameters
    ----------
    head : bytes
        Bytes from the start of the file.

    Returns
    -------
    str
        A message that names the file's format, if it is known, and says what the user can do.
    """
    what, advice = _describe(head)
    return f"The file is {what}, which deepsky cannot read; {advice}."


def is_other_file(head: bytes) -> bool:
    """Return whether a file that is in none of the supported formats is plainly not an image.

    Parameters
    ----------
    head : bytes
        Bytes from the start of the file.

    Returns
    -------
    bool
        True for texts, documents, programs and the like; False for images in other formats,
        archives and videos, which may contain images, and for unknown content.

    Examples
    --------
    >>> is_other_file(b"Guiding began at 21:14")
    True
    """
    return _describe(head)[0] in _NO_IMAGES


def _describe(head: bytes) -> tuple[str, str]:
    """Return what a file is, and what the user can do."""
    return (
        _describe_binary(head)
        or _describe_media(head)
        or _describe_text(head)
        or ("in an unknown format", _SAVE)
    )


def _describe_binary(head: bytes) -> tuple[str, str] | None:
    for what, advice, signatures in _SIGNATURES:
        if head.startswith(signatures):
            return what, advice
    if head[257:262] == b"ustar":
        return "a tar archive", _EXTRACT
    if head[128:132] == b"DICM":
        return "a DICOM image", _SAVE
    if _PORTABLE_ANYMAP.match(head):
        return "a portable anymap (PBM, PGM, PPM)", _SAVE
    return None


def _describe_media(head: bytes) -> tuple[str, str] | None:
    """Describe videos and other files in the containers RIFF and ISO base media."""
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "an AVI video", _FRAME
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip") or head[4:12] == b"ftypqt  ":
        return "a QuickTime (MOV) video", _FRAME
    if head[4:8] == b"ftyp":
        return "an MP4 video", _FRAME
    return None


def _describe_text(head: bytes) -> tuple[str, str] | None:
    if head.startswith(_LFS_POINTER):
        return "a Git LFS pointer, not the image", "run `git lfs pull` to download the image"
    text = _decode(head)
    if text is None:
        return None
    lower = text.encode().lower()
    for what, advice, pattern in _MARKUP:
        if pattern.search(lower):
            return what, advice
    return "a text file", _DOWNLOAD


def _decode(head: bytes) -> str | None:
    """Return the start of a text file, or None if the file is binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    else:
        text = head.decode("utf-8-sig", errors="ignore")
        if len(text.encode()) < len(head) - 3:  # not UTF-8, but possibly Latin-1
            text = head.decode("latin-1")
            if sum(character.isascii() for character in text) < _MIN_ASCII * len(text):
                return None
    controls = sum(character < " " and character not in "\t\n\r\f\x1b" for character in text)
    return None if controls or not text.strip() else text
