"""Read the image file directories (IFDs) of a TIFF without decoding pixels."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from PIL import TiffImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2 as Directory

from deepsky.errors import CorruptImageError

__all__ = ["TiffPage", "count_pages", "read_first_page"]

_TILE_WIDTH: Final = 322
_TILE_LENGTH: Final = 323
_TILE_OFFSETS: Final = 324
_TILE_BYTE_COUNTS: Final = 325
_IMAGE_DEPTH: Final = 32997
_TILE_DEPTH: Final = 32998
_ORIENTATION: Final = 274
_UNASSOCIATED_ALPHA: Final = 2
_SEPARATE_PLANES: Final = 2


@dataclass(frozen=True, slots=True)
class TiffPage:
    """The tags of a page that determine how it is decoded.

    Attributes
    ----------
    width, height : int
        Size in pixels as stored, before the orientation is applied.
    tile_width, tile_height : int
        Size of a tile in pixels; 0 if the page has no tiles.
    depth : int
        Number of images in the page (ImageDepth, TileDepth); the decoder would read all of them.
    samples, bits : int
        Number of samples per pixel, and number of bits per sample.
    photometric : int
        Value of the PhotometricInterpretation tag, such as 2 for RGB.
    compression : int
        Value of the Compression tag, such as 7 for JPEG.
    orientation : int
        Value of the Orientation tag, 1 to 8.
    has_alpha : bool
        Whether the sample that follows the colours is unassociated alpha, that is, whether the
        colours are not premultiplied by alpha.
    has_planes : bool
        Whether each sample is stored in a separate plane (PlanarConfiguration 2).
    end : int
        Byte offset of the end of the last strip or tile in the file.
    icc_profile : bytes or None
        Colour profile, if the page has one.
    """

    width: int
    height: int
    tile_width: int
    tile_height: int
    depth: int
    samples: int
    bits: int
    photometric: int
    compression: int
    orientation: int
    has_alpha: bool
    has_planes: bool
    end: int
    icc_profile: bytes | None


def read_first_page(stream: BinaryIO) -> TiffPage:
    """Read the tags of the first page of a TIFF or BigTIFF.

    Parameters
    ----------
    stream : binary file
        The complete file.

    Returns
    -------
    TiffPage

    Raises
    ------
    CorruptImageError
        If a tag has the wrong type.
    KeyError
        If a required tag is missing. Other built-in exceptions are also possible.
    """
    stream.seek(0)
    directory = _open_directory(stream.read(16))
    stream.seek(directory.next)
    directory.load(stream)
    samples = _number(directory, TiffImagePlugin.SAMPLESPERPIXEL, 1)
    planes = _number(directory, TiffImagePlugin.PLANAR_CONFIGURATION, 1)
    extra = _number(directory, TiffImagePlugin.EXTRASAMPLES, 0)
    profile = directory.get(TiffImagePlugin.ICCPROFILE)
    return TiffPage(
        width=_number(directory, TiffImagePlugin.IMAGEWIDTH),
        height=_number(directory, TiffImagePlugin.IMAGELENGTH),
        tile_width=_number(directory, _TILE_WIDTH, 0),
        tile_height=_number(directory, _TILE_LENGTH, 0),
        depth=max(_number(directory, tag, 1) for tag in (_IMAGE_DEPTH, _TILE_DEPTH)),
        samples=samples,
        bits=_number(directory, TiffImagePlugin.BITSPERSAMPLE, 1),
        photometric=_number(directory, TiffImagePlugin.PHOTOMETRIC_INTERPRETATION),
        compression=_number(directory, TiffImagePlugin.COMPRESSION, 1),
        orientation=_number(directory, _ORIENTATION, 1),
        has_alpha=extra == _UNASSOCIATED_ALPHA,
        has_planes=planes == _SEPARATE_PLANES and samples > 1,
        end=_data_end(directory),
        icc_profile=profile if isinstance(profile, bytes) else None,
    )


def _open_directory(head: bytes) -> Directory:
    if not _is_big(head):
        return Directory(head[:8])
    # Pillow detects BigTIFF only by the third byte, but in big-endian files this byte is zero.
    return Directory(b"II+\0" + head[4:], prefix=head[:2])


def count_pages(stream: BinaryIO, most: int) -> int:
    """Count the pages in a TIFF or BigTIFF, up to a limit.

    Parameters
    ----------
    stream : binary file
        The complete file.
    most : int
        Maximum number of pages; counting stops when this number is exceeded.

    Returns
    -------
    int
        Number of pages, at most ``most + 1``.

    Raises
    ------
    CorruptImageError
        If the chain of pages is circular.
    struct.error
        If the file is truncated.
    """
    return sum(1 for _ in islice(_directories(stream), most + 1))


def _number(directory: Directory, tag: int, default: int | None = None) -> int:
    """Return the integer value of a tag, or the first value if the tag has one per sample."""
    value = directory.get(tag, default)
    if isinstance(value, tuple):
        value = value[0]
    if not isinstance(value, int):
        msg = (
            f"Tag {tag} in the TIFF file has the value {value!r} instead of an integer; "
            "copy or download the file again."
        )
        raise CorruptImageError(msg)
    return value


def _data_end(directory: Directory) -> int:
    """Return the byte offset of the end of the last strip or tile."""
    tiled = _TILE_OFFSETS in directory
    offsets = directory[_TILE_OFFSETS if tiled else TiffImagePlugin.STRIPOFFSETS]
    lengths = directory.get(_TILE_BYTE_COUNTS if tiled else TiffImagePlugin.STRIPBYTECOUNTS, ())
    return max(map(sum, zip(offsets, lengths, strict=False)), default=0)


def _directories(stream: BinaryIO) -> Iterator[int]:
    """Yield the byte offset of each image file directory (IFD) in the chain of directories."""
    stream.seek(0)
    head = stream.read(16)
    order = "<" if head.startswith(b"II") else ">"
    count, entry_bytes, pointer, start = ("Q", 20, "Q", 8) if _is_big(head) else ("H", 12, "L", 4)
    seen: set[int] = set()
    (offset,) = struct.unpack_from(order + pointer, head, start)
    while offset:
        if offset in seen:
            msg = "The chain of pages in the TIFF file is circular; save the image again."
            raise CorruptImageError(msg)
        seen.add(offset)
        yield offset
        stream.seek(offset)
        entries = _unpack(stream, order + count)
        stream.seek(entries * entry_bytes, 1)
        offset = _unpack(stream, order + pointer)


def _is_big(head: bytes) -> bool:
    return b"+" in head[2:4]


def _unpack(stream: BinaryIO, number: str) -> int:
    (value,) = struct.unpack(number, stream.read(struct.calcsize(number)))
    return int(value)
