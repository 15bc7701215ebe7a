"""Read a data block of an XISF file: find it, check it, unpack it."""

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
_MAX_ITEM: Final = 16  # bytes of the longest number of XISF

_Unpack = Callable[[Any, int], Any]
"""From packed bytes and the number of bytes expected, to at most one byte more than these."""


def read_block(stream: BinaryIO, image: XisfImage, size: int, limits: Limits) -> NDArray[np.uint8]:
    """Read the bytes of an image's pixels.

    A checksum is checked, if it is of a kind that Python knows: it costs less than unpacking, and
    uncompressed pixels have nothing else that would show a damaged copy.

    Parameters
    ----------
    stream : binary file
        The whole file.
    image : XisfImage
        Whose pixels to read.
    size : int
        How many bytes it has, by its geometry.
    limits : Limits
        ``max_bytes`` bounds what a compressed block is unpacked to.

    Returns
    -------
    ndarray of uint8, shape (size,)
        As they were before they were shuffled and compressed.

    Raises
    ------
    CorruptImageError
        If the block is cut off, is damaged, or has another size.
    UnsupportedFormatError
        If it is not in the file, or compressed in a way that is not known.
    FileTooLargeError
        If it would unpack to more than ``max_bytes``.
    ValueError
        If text that holds bytes is damaged; RuntimeError or zlib.error if compressed bytes are.

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
    unpack, unpacked_size, item_size = _read_compression(compression)
    _check_length(unpacked_size, size)
    limits.check_bytes(size)
    packed = _read_packed(stream, image)
    _check_checksum(packed, attributes)
    block = _unpack(packed, unpack, _subblocks(attributes, len(packed), size))
    return block if item_size == 1 else _unshuffle(block, item_size)


def _read_compression(text: str) -> tuple[_Unpack, int, int]:
    """Read such as ``zlib:6000`` or ``lz4+sh:6000:2``; the last is 1 where nothing is shuffled."""
    codec, _, rest = text.partition(":")
    name = codec.removesuffix(_SHUFFLED)
    if name not in _CODECS:
        msg = (
            f"XISF with compression {codec[:40]!r} is not read; "
            "save it with zlib, LZ4 or Zstandard, or uncompressed."
        )
        raise UnsupportedFormatError(msg)
    size, *item_sizes = parse_integers(rest, "compression")
    if codec == name:
        return _CODECS[name], size, 1
    if len(item_sizes) != 1 or not 0 < item_sizes[0] <= _MAX_ITEM:
        msg = "The XISF header does not say how its pixels were shuffled; export the image again."
        raise CorruptImageError(msg)
    return _CODECS[name], size, item_sizes[0]


def _read_packed(stream: BinaryIO, image: XisfImage) -> bytes:
    """Read a block as it is in the file, or in the header's text."""
    location = required_attribute(image.attributes, "location")
    kind, _, place = location.partition(":")
    match kind:
        case "attachment":
            return _read_attachment(stream, parse_integers(place, "location"))
        case "embedded":
            return _decode_text("".join(image.text), required_attribute(image.embedded, "encoding"))
    msg = (
        f"XISF with its pixels at {location[:40]!r} is not read; "
        "save it as one file with the pixels attached."
    )
    raise UnsupportedFormatError(msg)


def _read_attachment(stream: BinaryIO, place: list[int]) -> bytes:
    if len(place) != 2:
        msg = "The XISF header does not say where the pixels are; export the image again."
        raise CorruptImageError(msg)
    start, length = place
    if start + length > stream.seek(0, io.SEEK_END):
        msg = "The XISF file is shorter than its header says; copy or download it again."
        raise CorruptImageError(msg)
    stream.seek(start)
    return stream.read(length)


def _decode_text(text: str, encoding: str) -> bytes:
    match encoding:
        case "base64":
            return base64.b64decode("".join(text.split()), validate=True)
        case "hex":
            return bytes.fromhex(text)
    msg = f"XISF with pixels as text in {encoding[:40]!r} is not read; save it with an attachment."
    raise UnsupportedFormatError(msg)


def _check_checksum(packed: bytes, attributes: Mapping[str, str]) -> None:
    """Compare a block with its checksum, such as ``sha-1:…``, ``sha256:…`` or ``sha3-256:…``."""
    kind, _, expected = attributes.get("checksum", "").lower().partition(":")
    algorithm = kind.replace("sha-", "sha").replace("-", "_")
    if algorithm not in _CHECKSUMS:
        return
    if hashlib.new(algorithm, packed, usedforsecurity=False).hexdigest() != expected.strip():
        msg = "The pixels of the XISF file do not match their checksum; copy or download it again."
        raise CorruptImageError(msg)


def _check_length(length: int, size: int) -> None:
    if length != size:
        msg = (
            f"The XISF file has {length:,} bytes of pixels instead of {size:,}; "
            "copy or download it again."
        )
        raise CorruptImageError(msg)


def _subblocks(attributes: Mapping[str, str], length: int, size: int) -> list[list[int]]:
    """Give packed and unpacked length of each part of a block, which mostly is one part.

    The block was shuffled as a whole, before it was divided.
    """
    if "subblocks" not in attributes:
        return [[length, size]]
    parts = [parse_integers(part, "subblocks", ",") for part in attributes["subblocks"].split(":")]
    if any(len(part) != 2 for part in parts) or _totals(parts) != [length, size]:
        msg = "The parts of the XISF file's pixels do not add up; export the image again."
        raise CorruptImageError(msg)
    return parts


def _totals(parts: list[list[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*parts, strict=True)]


def _unpack(packed: bytes, unpack: _Unpack, parts: list[list[int]]) -> NDArray[np.uint8]:
    blocks, start = [], 0
    for length, size in parts:
        block = np.frombuffer(unpack(memoryview(packed)[start : start + length], size), np.uint8)
        _check_length(block.size, size)
        blocks.append(block)
        start += length
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _unshuffle(block: NDArray[np.uint8], item_size: int) -> NDArray[np.uint8]:
    """Put the bytes of each number together: all first bytes stand first, then all second ones."""
    items = block.size // item_size
    end = items * item_size
    ordered = np.empty_like(block)
    for place in range(item_size):
        ordered[place:end:item_size] = block[place * items : (place + 1) * items]
    ordered[end:] = block[end:]
    return ordered


def _unpack_zlib(packed: Any, size: int) -> bytes:
    return zlib.decompressobj().decompress(packed, size + 1)


def _unpack_lz4(packed: Any, size: int) -> Any:
    return imagecodecs.lz4_decode(packed, out=size)


def _unpack_zstd(packed: Any, size: int) -> Any:
    return imagecodecs.zstd_decode(packed, out=size)


_CODECS: Final[dict[str, _Unpack]] = {
    "zlib": _unpack_zlib,
    "lz4": _unpack_lz4,
    "lz4hc": _unpack_lz4,
    "zstd": _unpack_zstd,
}

_CHECKSUMS: Final = frozenset({"sha1", "sha256", "sha512", "sha3_256", "sha3_512"})
