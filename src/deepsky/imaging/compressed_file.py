"""Decompress files that were compressed as a whole: gzip, bzip2, xz and compress (``.Z``)."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final, Protocol, cast

import uncompresspy

from deepsky.errors import CorruptImageError, ImageError
from deepsky.imaging.limits import Limits

__all__ = ["COMPRESSIONS", "decompress"]

_PIECE: Final = 2**20
"""Maximum number of bytes that are decompressed at a time."""

_XZ_MEMORY: Final = 2**28
"""Maximum size of the dictionary of an xz file in bytes; the strongest preset uses 2**26."""

_MAX_CODE_BITS: Final = 16
_DAMAGE: Final = (EOFError, OSError, ValueError, lzma.LZMAError, zlib.error)


class _Decompressor(Protocol):
    """Interface of the decompressors in bz2 and lzma."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _GzipDecompressor:
    """Decompressor for gzip with the interface of the decompressors in bz2 and lzma."""

    def __init__(self) -> None:
        self._zlib: Any = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: gzip format

    @property
    def eof(self) -> bool:
        return cast("bool", self._zlib.eof)

    @property
    def needs_input(self) -> bool:
        return not self.eof and not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return cast("bytes", self._zlib.unused_data)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        piece: bytes = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        return piece


def _read_streams(
    source: BinaryIO, signature: bytes, new_decompressor: Callable[[], _Decompressor]
) -> Iterator[bytes]:
    """Decompress consecutive streams; anything else after the first stream is ignored."""
    data = source.read(_PIECE)
    while data.startswith(signature):
        decompressor = new_decompressor()
        while not decompressor.eof:
            if not data and decompressor.needs_input:
                msg = "it ends too early"
                raise EOFError(msg)
            yield decompressor.decompress(data, _PIECE)
            data = source.read(_PIECE) if decompressor.needs_input else b""
        data = (decompressor.unused_data + source.read(_PIECE)).lstrip(b"\0")


def _read_gzip(source: BinaryIO) -> Iterator[bytes]:
    return _read_streams(source, b"\x1f\x8b", _GzipDecompressor)


def _read_bzip2(source: BinaryIO) -> Iterator[bytes]:
    return _read_streams(source, b"BZh", bz2.BZ2Decompressor)


def _read_xz(source: BinaryIO) -> Iterator[bytes]:
    return _read_streams(
        source, b"\xfd7zXZ", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    )


def _read_compress(source: BinaryIO) -> Iterator[bytes]:
    flags = source.read(3)[-1]
    if flags & 0x60 or flags & 0x1F > _MAX_CODE_BITS:  # reserved bits; code size
        msg = "its header is invalid"
        raise ValueError(msg)
    source.seek(0)
    file = uncompresspy.LZWFile(source, warn_truncation=False, save_checkpoints=False)
    while piece := file.read(_PIECE):
        yield piece


COMPRESSIONS: Final[dict[str, tuple[str, Callable[[BinaryIO], Iterator[bytes]]]]] = {
    "GZIP": ("gzip", _read_gzip),
    "BZIP2": ("bzip2", _read_bzip2),
    "XZ": ("xz", _read_xz),
    "COMPRESS": ("compress (.Z)", _read_compress),
}
"""Name for messages and decompressor of each compression that `detect_format` returns."""


def decompress(source: BinaryIO, compression: str, limits: Limits) -> BinaryIO:
    """Return a stream of the decompressed content of a file.

    The content is decompressed only as far as it is read, and is then kept in memory. A file whose
    header specifies a huge image is therefore rejected without decompressing all of it.

    Parameters
    ----------
    source : binary file
        The compressed file, positioned at its start.
    compression : str
        Key of `COMPRESSIONS`.
    limits : Limits
        ``max_bytes`` limits the size of the decompressed content.

    Returns
    -------
    binary file
        Reading it raises `FileTooLargeError` if the content exceeds ``max_bytes``, and
        `CorruptImageError` if the file is damaged or truncated.

    References
    ----------
    gzip: RFC 1952. xz: https://tukaani.org/xz/xz-file-format.txt. compress: Welch, *A Technique for
    High-Performance Data Compression* (1984).
    """
    return cast("BinaryIO", _DecompressedFile(source, compression, limits))


class _DecompressedFile(io.BufferedIOBase):
    """Seekable stream that decompresses on demand."""

    def __init__(self, source: BinaryIO, compression: str, limits: Limits) -> None:
        self._name, read = COMPRESSIONS[compression]
        self._pieces = read(source)
        self._limits = limits
        self._content = io.BytesIO()
        self._available = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._content.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            self._fill(None)
        return self._content.seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        everything = size is None or size < 0
        self._fill(None if everything else self._content.tell() + cast("int", size))
        return self._content.read(size)

    def _fill(self, end: int | None) -> None:
        """Decompress until `end` bytes are available; None for everything."""
        position = self._content.tell()
        while end is None or self._available < end:
            piece = self._next_piece()
            if piece is None:
                break
            self._limits.check_bytes(self._available + len(piece))
            self._content.seek(self._available)
            self._available += self._content.write(piece)
        self._content.seek(position)

    def _next_piece(self) -> bytes | None:
        try:
            return next(self._pieces, None)
        except ImageError:
            raise
        except _DAMAGE as error:
            state = "truncated" if isinstance(error, EOFError) else "damaged"
            msg = f"The {self._name} file is {state}; copy or download it again."
            raise CorruptImageError(msg) from error
