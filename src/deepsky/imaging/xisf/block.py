"""Read a data block of an XISF file: locate, verify and decompress it."""

import base64
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, UnsupportedFormatError
from deepsky.imaging.limits import Limits
from deepsky.imaging.xisf.header import XisfImage, parse_integers, required_attribute

__all__ = ["ReadBytes", "open_block"]

_SHUFFLED: Final = "+sh"
_MAX_ITEM: Final = 16  # size in bytes of the largest numeric type in XISF files

_PIECE: Final = 2**20

ReadBytes = Callable[[int, int], NDArray[np.uint8]]
"""Function that returns the bytes of a block from the first to before the last offset."""

_Decompress = Callable[[Any, int], Any]
"""Function that decompresses data and returns at most one byte more than the expected size."""


def open_block(
    stream: BinaryIO, image: XisfImage, size: int, limits: Limits
) -> tuple[ReadBytes, int]:
    """Open the data block that contains the pixels of an image, and decompress it.

    A checksum is verified if Python supports its algorithm. Verification is faster than
    decompression, and is the only way to detect damage in uncompressed pixels.

    Parameters
    ----------
    stream : binary file
        The complete file.
    image : XisfImage
        ``Image`` element of the header.
    size : int
        Size of the pixels in bytes, as computed from the geometry of the image.
    limits : Limits
        ``max_bytes`` limits the size of decompressed data, and ``max_memory`` the memory needed
        for decompression.

    Returns
    -------
    read : callable
        Function that returns the bytes of the pixels from the first to before the last offset, as
        an array of uint8; byte shuffling is undone.
    memory : int
        Memory that the block occupies, in bytes; 0 if it is read from the file.

    Raises
    ------
    CorruptImageError
        If the block is truncated or damaged, or its size differs from `size`.
    UnsupportedFormatError
        If the block is stored in a separate file, or its compression or encoding is not supported.
    FileTooLargeError
        If the decompressed data would exceed ``max_bytes``.
    TooMuchMemoryError
        If decompression needs too much memory.
    ValueError
        If the text of an embedded block is damaged.
    RuntimeError, zlib.error
        If compressed data are damaged.

    References
    ----------
    XISF 1.0 specification, section 10 (data blocks):
    https://pixinsight.com/doc/docs/XISF-1.0-spec/XISF-1.0-spec.html.
    """
    attributes = image.attributes | image.embedded
    compression = attributes.get("compression")
    start, length, packed = _locate(stream, image)
    if compression is None:
        _check_length(length, size)
        _check_checksum(_pieces(stream, start, length, packed), attributes)
        if packed is not None:
            block = np.frombuffer(packed, np.uint8)
            return lambda first, last: block[first:last], size
        return partial(_read_range, stream, start), 0
    decompress, decompressed_size, item_size = _read_compression(compression)
    _check_length(decompressed_size, size)
    limits.check_bytes(size)
    parts = _subblocks(attributes, length, size)
    largest = max(size for _, size in parts) if len(parts) > 1 else 0
    limits.check_memory(length + size + largest)
    _check_checksum(_pieces(stream, start, length, packed), attributes)
    compressed = _read_range(stream, start, 0, length) if packed is None else packed
    block = _decompress(compressed, decompress, parts)
    if item_size == 1:
        return lambda first, last: block[first:last], size
    return partial(_unshuffle, block, item_size), size


def _read_compression(text: str) -> tuple[_Decompress, int, int]:
    """Parse a ``compression`` attribute such as ``zlib:6000`` or ``lz4+sh:6000:2``.

    Returns the decompressor, the uncompressed size, and the item size for byte shuffling (1 if the
    block is not shuffled). Both sizes are in bytes.
    """
    codec, _, rest = text.partition(":")
    name = codec.removesuffix(_SHUFFLED)
    if name not in _CODECS:
        msg = (
            f"XISF with compression {codec[:40]!r} is not supported; "
            "save the image with zlib, LZ4 or Zstandard compression, or uncompressed."
        )
        raise UnsupportedFormatError(msg)
    size, *item_sizes = parse_integers(rest, "compression")
    if codec == name:
        return _CODECS[name], size, 1
    if len(item_sizes) != 1 or not 0 < item_sizes[0] <= _MAX_ITEM:
        msg = (
            "The XISF header does not specify a valid item size for byte shuffling; "
            "export the image again."
        )
        raise CorruptImageError(msg)
    return _CODECS[name], size, item_sizes[0]


def _locate(stream: BinaryIO, image: XisfImage) -> tuple[int, int, bytes | None]:
    """Return the byte offset and the length of an attached block, or the bytes of embedded text."""
    location = required_attribute(image.attributes, "location")
    kind, _, place = location.partition(":")
    match kind:
        case "attachment":
            return *_locate_attachment(stream, parse_integers(place, "location")), None
        case "embedded":
            encoding = required_attribute(image.embedded, "encoding")
            packed = _decode_text("".join(image.text), encoding)
            return 0, len(packed), packed
    msg = (
        f"XISF with pixels at location {location[:40]!r} is not supported; "
        "save the image as a single file with attached pixels."
    )
    raise UnsupportedFormatError(msg)


def _locate_attachment(stream: BinaryIO, place: list[int]) -> tuple[int, int]:
    if len(place) != 2:
        msg = "The XISF header has no valid location for the pixels; export the image again."
        raise CorruptImageError(msg)
    start, length = place
    if start + length > stream.seek(0, io.SEEK_END):
        msg = "The XISF file is shorter than its header specifies; copy or download it again."
        raise CorruptImageError(msg)
    return start, length


def _read_range(stream: BinaryIO, start: int, first: int, last: int) -> NDArray[np.uint8]:
    """Read a range of bytes of a block that starts at the offset `start`."""
    stream.seek(start + first)
    return np.frombuffer(stream.read(last - first), np.uint8)


def _pieces(stream: BinaryIO, start: int, length: int, packed: bytes | None) -> Iterator[Any]:
    """Yield the bytes of a block in pieces."""
    if packed is not None:
        yield packed
        return
    for first in range(0, length, _PIECE):
        yield _read_range(stream, start, first, min(length, first + _PIECE))


def _decode_text(text: str, encoding: str) -> bytes:
    match encoding:
        case "base64":
            return base64.b64decode("".join(text.split()), validate=True)
        case "hex":
            return bytes.fromhex(text)
    msg = (
        f"XISF with pixels encoded as {encoding[:40]!r} is not supported; "
        "save the image with attached pixels."
    )
    raise UnsupportedFormatError(msg)


def _check_checksum(pieces: Iterator[Any], attributes: Mapping[str, str]) -> None:
    """Verify the checksum of a block, such as ``sha-1:…``, ``sha256:…`` or ``sha3-256:…``."""
    kind, _, expected = attributes.get("checksum", "").lower().partition(":")
    algorithm = kind.replace("sha-", "sha").replace("-", "_")
    if algorithm not in _CHECKSUMS:
        return
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    if digest.hexdigest() != expected.strip():
        msg = (
            "Pixels in the XISF file do not match their checksum; copy or download the file again."
        )
        raise CorruptImageError(msg)


def _check_length(length: int, size: int) -> None:
    if length != size:
        msg = (
            f"The XISF file has {length:,} bytes of pixel data instead of {size:,}; "
            "copy or download it again."
        )
        raise CorruptImageError(msg)


def _subblocks(attributes: Mapping[str, str], length: int, size: int) -> list[list[int]]:
    """Return the compressed and the uncompressed size of each subblock.

    Most blocks have a single subblock. Byte shuffling is applied to the whole block before it is
    divided into subblocks.
    """
    if "subblocks" not in attributes:
        return [[length, size]]
    parts = [parse_integers(part, "subblocks", ",") for part in attributes["subblocks"].split(":")]
    if any(len(part) != 2 for part in parts) or _totals(parts) != [length, size]:
        msg = "Subblock sizes in the XISF file do not match its pixel data; export the image again."
        raise CorruptImageError(msg)
    return parts


def _totals(parts: list[list[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*parts, strict=True)]


def _decompress(packed: Any, decompress: _Decompress, parts: list[list[int]]) -> NDArray[np.uint8]:
    if len(parts) == 1:
        [[_, size]] = parts
        return _decompress_part(packed, decompress, size)
    block = np.empty(sum(size for _, size in parts), np.uint8)
    start, first = 0, 0
    for length, size in parts:
        part = memoryview(packed)[start : start + length]
        block[first : first + size] = _decompress_part(part, decompress, size)
        start, first = start + length, first + size
    return block


def _decompress_part(packed: Any, decompress: _Decompress, size: int) -> NDArray[np.uint8]:
    part = np.frombuffer(decompress(packed, size), np.uint8)
    _check_length(part.size, size)
    return part


def _unshuffle(
    block: NDArray[np.uint8], item_size: int, first: int, last: int
) -> NDArray[np.uint8]:
    """Undo byte shuffling, and return the bytes from the first to before the last offset.

    Shuffled data contain the first bytes of all items, then the second bytes, and so on.
    """
    items = block.size // item_size
    top, bottom = first // item_size, min(items, -(-last // item_size))
    unshuffled = np.empty((bottom - top, item_size), np.uint8)
    for place in range(item_size):
        unshuffled[:, place] = block[place * items + top : place * items + bottom]
    flat = unshuffled.reshape(-1)
    if last > items * item_size:  # bytes that do not fill an item are not shuffled
        flat = np.concatenate([flat, block[items * item_size :]])
    offset = top * item_size
    return flat[first - offset : last - offset]


def _decompress_zlib(packed: Any, size: int) -> NDArray[np.uint8]:
    # Decompressing everything at once would need twice the memory.
    block = np.empty(size + 1, np.uint8)
    inflate, end = zlib.decompressobj(), 0
    view = memoryview(packed)
    for start in range(0, len(view), _PIECE):
        data: Any = view[start : start + _PIECE]
        while len(data) and end <= size:
            part = inflate.decompress(data, min(_PIECE, size + 1 - end))
            block[end : end + len(part)] = np.frombuffer(part, np.uint8)
            end += len(part)
            data = inflate.unconsumed_tail
    return block[:end]


def _decompress_lz4(packed: Any, size: int) -> Any:
    return imagecodecs.lz4_decode(packed, out=size)


def _decompress_zstd(packed: Any, size: int) -> Any:
    return imagecodecs.zstd_decode(packed, out=size)


_CODECS: Final[dict[str, _Decompress]] = {
    "zlib": _decompress_zlib,
    "lz4": _decompress_lz4,
    "lz4hc": _decompress_lz4,
    "zstd": _decompress_zstd,
}

_CHECKSUMS: Final = frozenset({"sha1", "sha256", "sha512", "sha3_256", "sha3_512"})
