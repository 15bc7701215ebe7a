"""Read the header of a JPEG XL file without decoding pixels."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from deepsky.errors import CorruptImageError

__all__ = ["JpegXlHeader", "read_jpeg_xl_header"]

_HEADER_BYTES: Final = 8_192
_CODESTREAM: Final = b"\xff\x0a"
_MAX_BOXES: Final = 1_000

_RATIOS: Final = {1: (1, 1), 2: (6, 5), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}

# Each choice of a variable-length number: an offset, and the number of bits that are added to it.
_Choices = tuple[tuple[int, int], ...]
_SIZE: Final = ((1, 9), (1, 13), (1, 18), (1, 30))
_ENUM: Final = ((0, 0), (1, 0), (2, 4), (18, 6))
_XY: Final = ((0, 19), (524_288, 19), (1_048_576, 20), (2_097_152, 21))

_GREY, _XYB = 1, 2
_CUSTOM: Final = 2
_ALPHA, _SPOT_COLOUR, _COLOUR_FILTER = 0, 2, 5


@dataclass(frozen=True, slots=True)
class JpegXlHeader:
    """The fields of a JPEG XL header that determine how the image is read.

    Attributes
    ----------
    width, height : int
        Size in pixels, before the orientation is applied.
    bits : int
        Number of bits per sample.
    is_float : bool
        Whether the samples are floats.
    is_premultiplied : bool
        Whether the colours are already multiplied by alpha.
    primaries, transfer : int
        Code points of the primaries and the transfer function as defined in ITU-T H.273; 0 if the
        header contains an ICC profile or describes the colours in another way.
    """

    width: int
    height: int
    bits: int = 8
    is_float: bool = False
    is_premultiplied: bool = False
    primaries: int = 0
    transfer: int = 0


class _Bits:
    """Reader of a sequence of bits, the least significant bit of each byte first."""

    def __init__(self, content: bytes) -> None:
        self._number = int.from_bytes(content, "little")
        self._left = 8 * len(content)

    def read(self, count: int) -> int:
        """Return the next number with the given count of bits."""
        self._left -= count
        if self._left < 0:
            msg = "The JPEG XL file is truncated; copy or download it again."
            raise CorruptImageError(msg)
        value = self._number & ((1 << count) - 1)
        self._number >>= count
        return value

    def flag(self) -> bool:
        """Return the next bit."""
        return bool(self.read(1))

    def choose(self, choices: _Choices) -> int:
        """Return the next number of variable length."""
        offset, count = choices[self.read(2)]
        return offset + self.read(count)


def read_jpeg_xl_header(stream: BinaryIO) -> JpegXlHeader:
    """Read the header of a JPEG XL codestream, or of a file that contains a codestream.

    Parameters
    ----------
    stream : binary file
        The complete file. The position is set to the start of the file afterwards.

    Returns
    -------
    JpegXlHeader

    Raises
    ------
    CorruptImageError
        If the file is truncated or contains no codestream.

    References
    ----------
    ISO/IEC 18181-1, annexes D (image header) and E (colour encoding); ISO/IEC 18181-2 (boxes).
    """
    stream.seek(0)
    content = b"".join(_codestream(stream))[:_HEADER_BYTES]
    stream.seek(0)
    if not content.startswith(_CODESTREAM):
        msg = "The JPEG XL file contains no image data; copy or download it again."
        raise CorruptImageError(msg)
    return _parse(_Bits(content[2:]))


def _codestream(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the start of the codestream, which may be split into several boxes."""
    head = stream.read(12)
    if head.startswith(_CODESTREAM):
        yield head + stream.read(_HEADER_BYTES)
        return
    found, place = 0, 12
    for _ in range(_MAX_BOXES):
        stream.seek(place)
        size, kind = int.from_bytes(stream.read(4), "big"), stream.read(4)
        header = 8
        if size == 1:
            size, header = int.from_bytes(stream.read(8), "big"), 16
        if kind in (b"jxlc", b"jxlp"):
            header += len(stream.read(4)) if kind == b"jxlp" else 0  # number of the part
            length = max(0, size - header) if size else _HEADER_BYTES
            part = stream.read(min(length, _HEADER_BYTES))
            found += len(part)
            yield part
        if size < 8 or found >= _HEADER_BYTES or not kind:
            return
        place += size


def _parse(bits: _Bits) -> JpegXlHeader:
    width, height = _read_size(bits)
    if bits.flag():  # all fields have their defaults
        return JpegXlHeader(width, height)
    if bits.flag():
        bits.read(3)  # orientation, which the decoder applies
        if bits.flag():
            _read_size(bits)  # intrinsic size
        if bits.flag():
            _skip_preview(bits)
        if bits.flag():
            _skip_animation(bits)
    is_float, depth = _read_depth(bits)
    bits.flag()  # whether 16-bit buffers are sufficient
    extra = bits.choose(((0, 0), (1, 0), (2, 4), (1, 12)))
    is_premultiplied = True in [_read_extra_channel(bits) for _ in range(extra)]
    bits.flag()  # whether the colours are encoded as XYB
    primaries, transfer = _read_colours(bits)
    return JpegXlHeader(width, height, depth, is_float, is_premultiplied, primaries, transfer)


def _read_size(bits: _Bits) -> tuple[int, int]:
    small = bits.flag()
    height = 8 * (1 + bits.read(5)) if small else bits.choose(_SIZE)
    ratio = bits.read(3)
    if ratio:
        numerator, denominator = _RATIOS[ratio]
        return height * numerator // denominator, height
    return 8 * (1 + bits.read(5)) if small else bits.choose(_SIZE), height


def _skip_preview(bits: _Bits) -> None:
    small = bits.flag()
    choices = (
        ((16, 0), (32, 0), (1, 5), (33, 9)) if small else ((1, 6), (65, 8), (321, 10), (1345, 12))
    )
    bits.choose(choices)
    if not bits.read(3):
        bits.choose(choices)


def _skip_animation(bits: _Bits) -> None:
    bits.choose(((100, 0), (1000, 0), (1, 10), (1, 30)))
    bits.choose(((1, 0), (1001, 0), (1, 8), (1, 10)))
    bits.choose(((0, 0), (0, 3), (0, 16), (0, 32)))
    bits.flag()


def _read_depth(bits: _Bits) -> tuple[bool, int]:
    """Return whether samples are floats, and the number of bits per sample."""
    if bits.flag():
        depth = bits.choose(((32, 0), (16, 0), (24, 0), (1, 6)))
        bits.read(4)  # number of bits of the exponent
        return True, depth
    return False, bits.choose(((8, 0), (10, 0), (12, 0), (1, 6)))


def _read_extra_channel(bits: _Bits) -> bool:
    """Return whether the channel is alpha by which the colours are multiplied."""
    if bits.flag():  # alpha of 8 bits
        return False
    kind = bits.choose(_ENUM)
    _read_depth(bits)
    bits.choose(((0, 0), (3, 0), (4, 0), (1, 3)))
    bits.read(8 * bits.choose(((0, 0), (0, 4), (16, 5), (48, 10))))
    if kind == _ALPHA:
        return bits.flag()
    if kind == _SPOT_COLOUR:
        bits.read(64)
    elif kind == _COLOUR_FILTER:
        bits.choose(((1, 0), (0, 2), (3, 4), (19, 8)))
    return False


def _read_colours(bits: _Bits) -> tuple[int, int]:
    """Return the code points of the primaries and the transfer function, or zeros."""
    if bits.flag():  # sRGB
        return 1, 13
    has_profile, space = bits.flag(), bits.choose(_ENUM)
    if has_profile or space == _XYB:
        return 0, 0
    if bits.choose(_ENUM) == _CUSTOM:  # white point
        _skip_chromaticities(bits, 1)
    primaries = 1
    if space != _GREY:
        primaries = bits.choose(_ENUM)
        if primaries == _CUSTOM:
            _skip_chromaticities(bits, 3)
            primaries = 0
    if bits.flag():
        bits.read(24)  # exponent of a power law
        return primaries, 0
    return {11: 12}.get(primaries, primaries), bits.choose(_ENUM)


def _skip_chromaticities(bits: _Bits, count: int) -> None:
    for _ in range(2 * count):
        bits.choose(_XY)
