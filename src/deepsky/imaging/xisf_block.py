"""Read a data block of an XISF file: locate, verify and decompress it."""

import base64
import hashlib
import io
import zlib
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.errors import CorruptImageError, UnsupportedFormatError
from deepsky.imaging.limits import Limits
from deepsky.imaging.xisf_header import XisfImage, parse_integers, required_attribute

__all__ = ["read_block"]

_SHUFFLED: Final = "+sh"
_MAX_ITEM: Final = 16  # size in bytes of the largest numeric type in XISF files

_Decompress = Callable[[Any, int], Any]
"""Function that decompresses data and returns at most one byte more than the expected size."""


def read_block(stream: BinaryIO, image: XisfImage, size: int, limits: Limits) -> NDArray[np.uint8]:
    """Read the data block that contains the pixels of an image.

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
        ``max_bytes`` limits the size of decompressed data.

    Returns
    -------
    ndarray of uint8, shape (size,)
        Decompressed bytes, with byte shuffling undone.

    Raises
    ------
    CorruptImageError
        If the block is truncated or damaged, or its size differs from `size`.
    UnsupportedFormatError
        If the block is stored in a separate file, or its compression or encoding is not supported.
    FileTooLargeError
        If the decompressed data would exceed ``max_bytes``.
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
    if compression is None:
        packed = _read_packed(stream, image)
        _check_checksum(packed, attributes)
        _check_length(len(packed), size)
        return np.frombuffer(packed, np.uint8)
    decompress, decompressed_size, item_size = _read_compression(compression)
    _check_length(decompressed_size, size)
    limits.check_bytes(size)
    packed = _read_packed(stream, image)
    _check_checksum(packed, attributes)
    block = _decompress(packed, decompress, _subblocks(attributes, len(packed), size))
    return block if item_size == 1 else _unshuffle(block, item_size)


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


def _read_packed(stream: BinaryIO, image: XisfImage) -> bytes:
    """Read a block without decompressing it, from an attachment or from text in the header."""
    location = required_attribute(image.attributes, "location")
    kind, _, place = location.partition(":")
    match kind:
        case "attachment":
            return _read_attachment(stream, parse_integers(place, "location"))
        case "embedded":
            return _decode_text("".join(image.text), required_attribute(image.embedded, "encoding"))
    msg = (
        f"XISF with pixels at location {location[:40]!r} is not supported; "
        "save the image as a single file with attached pixels."
    )
    raise UnsupportedFormatError(msg)


def _read_attachment(stream: BinaryIO, place: list[int]) -> bytes:
    if len(place) != 2:
        msg = "The XISF header has no valid location for the pixels; export the image again."
        raise CorruptImageError(msg)
    start, length = place
    if start + length > stream.seek(0, io.SEEK_END):
        msg = "The XISF file is shorter than its header specifies; copy or download it again."
        raise CorruptImageError(msg)
    stream.seek(start)
    return stream.read(length)


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


def _check_checksum(packed: bytes, attributes: Mapping[str, str]) -> None:
    """Verify the checksum of a block, such as ``sha-1:…``, ``sha256:…`` or ``sha3-256:…``."""
    kind, _, expected = attributes.get("checksum", "").lower().partition(":")
    algorithm = kind.replace("sha-", "sha").replace("-", "_")
    if algorithm not in _CHECKSUMS:
        return
    if hashlib.new(algorithm, packed, usedforsecurity=False).hexdigest() != expected.strip():
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


def _decompress(
    packed: bytes, decompress: _Decompress, parts: list[list[int]]
) -> NDArray[np.uint8]:
    blocks, start = [], 0
    for length, size in parts:
        block = np.frombuffer(
            decompress(memoryview(packed)[start : start + length], size), np.uint8
        )
        _check_length(block.size, size)
        blocks.append(block)
        start += length
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _unshuffle(block: NDArray[np.uint8], item_size: int) -> NDArray[np.uint8]:
    """Undo byte shuffling.

    Shuffled data contain the first bytes of all items, then the second bytes, and so on.
    """
    items = block.size // item_size
    end = items * item_size
    unshuffled = np.empty_like(block)
    for place in range(item_size):
        unshuffled[place:end:item_size] = block[place * items : (place + 1) * items]
    unshuffled[end:] = block[end:]
    return unshuffled


def _decompress_zlib(packed: Any, size: int) -> bytes:
    return zlib.decompressobj().decompress(packed, size + 1)


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
