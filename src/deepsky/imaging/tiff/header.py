"""Choose the page of a TIFF to read, and read its tags, without decoding pixels."""

import io
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO, Final

from deepsky.errors import CorruptImageError
from deepsky.imaging.limits import Limits
from deepsky.imaging.tiff.composite import count_channels
from deepsky.imaging.tiff.directory import Directory, read_chain, read_directory

__all__ = ["TiffPage", "read_pages"]

_NEW_SUBFILE_TYPE: Final = 254
_SUBFILE_TYPE: Final = 255
_WIDTH: Final = 256
_HEIGHT: Final = 257
_BITS: Final = 258
_COMPRESSION: Final = 259
_PHOTOMETRIC: Final = 262
_DESCRIPTION: Final = 270
_STRIP_OFFSETS: Final = 273
_ORIENTATION: Final = 274
_SAMPLES: Final = 277
_STRIP_BYTE_COUNTS: Final = 279
_PLANAR_CONFIGURATION: Final = 284
_COLOUR_MAP: Final = 320
_TILE_WIDTH: Final = 322
_TILE_LENGTH: Final = 323
_TILE_OFFSETS: Final = 324
_TILE_BYTE_COUNTS: Final = 325
_SUBDIRECTORIES: Final = 330
_EXTRA_SAMPLES: Final = 338
_SAMPLE_FORMAT: Final = 339
_IMAGE_DEPTH: Final = 32997
_TILE_DEPTH: Final = 32998
_ICC_PROFILE: Final = 34675

_REDUCED_OR_MASK: Final = 0b101
_REDUCED: Final = 2
_MASK: Final = 4
_CCITT: Final = (2, 3, 4)
_JPEG: Final = (6, 7)
_SEPARATE_PLANES: Final = 2
_MAX_SUBDIRECTORIES: Final = 16
_COLOURS: Final = 3
_UNCOMPRESSED: Final = 1
_WHOLE_BYTES: Final = (8, 16, 32, 64)
_THUMBNAIL_RATIO: Final = 2  # minimum ratio of the sizes of an image and its unmarked thumbnail


@dataclass(frozen=True, slots=True)
class TiffPage:
    """The tags of a page that determine how it is decoded.

    Attributes
    ----------
    directory : Directory
        All tags of the page.
    width, height : int
        Size in pixels as stored, before the orientation is applied.
    tile_width, tile_height : int
        Size of a tile in pixels; 0 if the page has no tiles.
    depth : int
        Number of images in the page (ImageDepth, TileDepth); the decoder would read all of them.
    samples, bits : int
        Number of samples per pixel, and number of bits per sample.
    sample_format : int
        Value of the SampleFormat tag: 1 for unsigned and 2 for signed integers, 3 for floats.
    photometric : int
        Value of the PhotometricInterpretation tag, such as 2 for RGB. If the tag is missing, the
        value is derived from the number of samples.
    compression : int
        Value of the Compression tag, such as 7 for JPEG.
    orientation : int
        Value of the Orientation tag, 1 to 8.
    extra_samples : tuple of int
        Values of the ExtraSamples tag: 1 for associated and 2 for unassociated alpha.
    has_planes : bool
        Whether each sample is stored in a separate plane (PlanarConfiguration 2).
    start, end : int
        Byte offsets of the start of the first and the end of the last strip or tile in the file.
    follows_directory : bool
        Whether the pixels are a further channel that has no directory of its own. They are not
        compressed and start at `start`.
    icc_profile : bytes or None
        Colour profile, if the page has one.
    """

    directory: Directory
    width: int
    height: int
    tile_width: int
    tile_height: int
    depth: int
    samples: int
    bits: int
    sample_format: int
    photometric: int
    compression: int
    orientation: int
    extra_samples: tuple[int, ...]
    has_planes: bool
    start: int
    end: int
    icc_profile: bytes | None
    follows_directory: bool = False


def read_pages(stream: BinaryIO, limits: Limits) -> list[TiffPage]:
    """Choose the page of a TIFF or BigTIFF that contains the image at its full size.

    This is the first page that is neither marked as a mask nor as a version with reduced
    resolution, in the chain of pages or, if there is none, among their subdirectories. If another
    such page has the same shape and at least twice the size, the first one is an unmarked
    thumbnail, and the other page is chosen.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        ``max_frames`` limits the number of pages.

    Returns
    -------
    list of TiffPage
        One page, or three pages with the red, green and blue channel of a composite.

    Raises
    ------
    CorruptImageError
        If no page has a size and pixels, or the chain of pages is circular.
    TooManyFramesError
        If there are too many pages.
    """
    chain = list(islice(read_chain(stream), limits.max_frames + 1))
    limits.check_frames(len(chain))
    page = _choose(stream, chain)
    if page.directory.offset != chain[0].offset or page.samples != 1:
        return [page]
    description = page.directory.data(_DESCRIPTION).rstrip(b"\0").decode("utf-8", "replace")
    is_composite = count_channels(description) >= _COLOURS
    return _channels(page, chain, stream) if is_composite else [page]


def _channels(page: TiffPage, chain: list[Directory], stream: BinaryIO) -> list[TiffPage]:
    """Return the first three channels of a composite, or only the page if they are not there."""
    if len(chain) == 1:
        return _channels_without_directories(page, stream)
    pages = [_read_page(entry) for entry in chain[:_COLOURS] if _has_image(entry)]
    shapes = {(entry.width, entry.height, entry.samples, entry.bits) for entry in pages}
    return pages if len(pages) == _COLOURS and len(shapes) == 1 else [page]


def _channels_without_directories(page: TiffPage, stream: BinaryIO) -> list[TiffPage]:
    """Return channels whose pixels follow each other without compression, as ImageJ stores them."""
    size = page.width * page.height * page.bits // 8
    is_plain = page.compression == _UNCOMPRESSED and page.bits in _WHOLE_BYTES
    if not is_plain or page.start + _COLOURS * size > stream.seek(0, io.SEEK_END):
        return [page]
    places = [page.start + index * size for index in range(_COLOURS)]
    return [
        replace(page, start=place, end=place + size, follows_directory=True) for place in places
    ]


def _choose(stream: BinaryIO, chain: list[Directory]) -> TiffPage:
    found = [directory for directory in chain if _has_image(directory)]
    full = [directory for directory in found if _is_full(directory)]
    nested = [
        subdirectory
        for directory in (full[:1] or found)
        for subdirectory in _subdirectories(stream, directory)
    ]
    inner = [directory for directory in nested if _is_full(directory)]
    candidates = full + inner
    if candidates:
        return _read_page(_without_thumbnail(candidates))
    unmarked = [directory for directory in found + nested if not _is_mask(directory)]
    if not (unmarked or found):
        msg = "No page of the TIFF file has a size and pixels; copy or download it again."
        raise CorruptImageError(msg)
    return _read_page(max(unmarked or found, key=lambda directory: _size(directory)[0]))


def _without_thumbnail(candidates: list[Directory]) -> Directory:
    """Return the first page, or the largest one of which the first page is a thumbnail."""
    width, height = _size(candidates[0])
    larger = [
        directory
        for directory in candidates[1:]
        if _has_shape(directory, width, height) and _size(directory)[0] >= _THUMBNAIL_RATIO * width
    ]
    return max(larger, key=lambda directory: _size(directory)[0], default=candidates[0])


def _has_shape(directory: Directory, width: int, height: int) -> bool:
    """Return whether a page has the given shape, within the rounding of a thumbnail's size."""
    other_width, other_height = _size(directory)
    expected = other_height * width / other_width
    return abs(expected - height) <= 1 + 0.01 * height


def _subdirectories(stream: BinaryIO, directory: Directory) -> list[Directory]:
    offsets = directory.numbers(_SUBDIRECTORIES)[:_MAX_SUBDIRECTORIES]
    found = (read_directory(stream, int(offset)) for offset in offsets)
    return [entry for entry in found if entry is not None and _has_image(entry)]


def _has_image(directory: Directory) -> bool:
    return min(_size(directory)) > 0 and (_STRIP_OFFSETS in directory or _TILE_OFFSETS in directory)


def _size(directory: Directory) -> tuple[int, int]:
    return directory.number(_WIDTH, 0), directory.number(_HEIGHT, 0)


def _is_full(directory: Directory) -> bool:
    """Return whether a page is not marked as a mask or as a version with reduced resolution."""
    if _NEW_SUBFILE_TYPE in directory:
        is_marked = bool(directory.number(_NEW_SUBFILE_TYPE, 0) & _REDUCED_OR_MASK)
    else:
        is_marked = directory.number(_SUBFILE_TYPE, 1) == _REDUCED
    return not is_marked and not _is_mask(directory)


def _is_mask(directory: Directory) -> bool:
    return directory.number(_PHOTOMETRIC, 0) == _MASK or bool(
        directory.number(_NEW_SUBFILE_TYPE, 0) & _MASK
    )


def _read_page(directory: Directory) -> TiffPage:
    width, height = _size(directory)
    samples = directory.number(_SAMPLES, 1)
    start, end = _extent(directory)
    return TiffPage(
        directory=directory,
        width=width,
        height=height,
        tile_width=directory.number(_TILE_WIDTH, 0),
        tile_height=directory.number(_TILE_LENGTH, 0),
        depth=max(directory.number(tag, 1) for tag in (_IMAGE_DEPTH, _TILE_DEPTH)),
        samples=samples,
        bits=directory.number(_BITS, 1),
        sample_format=directory.number(_SAMPLE_FORMAT, 1),
        photometric=directory.number(_PHOTOMETRIC, _likely_photometric(directory, samples)),
        compression=directory.number(_COMPRESSION, 1),
        orientation=directory.number(_ORIENTATION, 1),
        extra_samples=tuple(directory.numbers(_EXTRA_SAMPLES).tolist()),
        has_planes=directory.number(_PLANAR_CONFIGURATION, 1) == _SEPARATE_PLANES and samples > 1,
        start=start,
        end=end,
        icc_profile=directory.data(_ICC_PROFILE) or None,
    )


def _likely_photometric(directory: Directory, samples: int) -> int:
    """Return the photometric interpretation of a page that does not state it."""
    compression = directory.number(_COMPRESSION, 1)
    if samples >= _COLOURS:
        return 6 if compression in _JPEG else 2
    if _COLOUR_MAP in directory:
        return 3
    return 0 if compression in _CCITT else 1


def _extent(directory: Directory) -> tuple[int, int]:
    """Return the byte offsets of the first strip or tile and of the end of the last one."""
    tiled = _TILE_OFFSETS in directory
    offsets = directory.numbers(_TILE_OFFSETS if tiled else _STRIP_OFFSETS).astype(object)
    lengths = directory.numbers(_TILE_BYTE_COUNTS if tiled else _STRIP_BYTE_COUNTS).astype(object)
    count = min(len(offsets), len(lengths))
    ends = offsets[:count] + lengths[:count]
    return int(offsets[0]) if len(offsets) else 0, int(max(ends, default=0))
