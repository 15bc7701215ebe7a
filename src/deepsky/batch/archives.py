"""Images in ZIP and TAR archives."""

import bz2
import gzip
import lzma
import struct
import tarfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import IO, Any, Final, Self

from deepsky.batch.sources import Source, unreadable_source
from deepsky.errors import CorruptImageError, ImageError, ImageUnreadableError
from deepsky.imaging.limits import Limits

__all__ = ["find_members", "is_archive"]

Open = Callable[[], IO[bytes]]

ZIP: Final = (".zip",)
TAR: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz")

MOST_HEADER: Final = 1_000_000
"""Bytes of a TAR member's name and the like, which are held in memory."""

_UNPACK: Final[dict[bytes, Callable[[IO[bytes]], Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZ": bz2.open,
    b"\xfd7": lzma.open,
}
"""By the first two bytes."""

_DAMAGE: Final = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the libraries raise on damaged archives."""


def is_archive(name: str) -> bool:
    """Tell by a file's name whether it is an archive."""
    return name.lower().endswith((*ZIP, *TAR))


def find_members(name: str, opened: Open, limits: Limits, modified: int | None) -> Iterator[Source]:
    """Find the files in an archive, in the order in which it holds them.

    Folders and hidden files are left out. A TAR archive is read once, from its beginning to its
    end. What is damaged gives a source whose loading says so: under the archive's own name where
    more than one member is concerned.

    Parameters
    ----------
    name : str
        The archive's name, which begins those of its members.
    opened : callable
        Opens it, or raises `ImageError`.
    limits : Limits
        How large a member may be.
    modified : int or None
        When the archive was last changed: nanoseconds since 1970.
    """
    find = _zipped if name.lower().endswith(ZIP) else _taped
    try:
        with _told("archive"):
            yield from find(name, opened, limits, modified)
    except ImageError as error:
        yield unreadable_source(name, error)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Tell of damage in words for people."""
    try:
        yield
    except _DAMAGE as error:
        msg = f"The {what} cannot be unpacked ({error}); copy or download it again."
        raise CorruptImageError(msg) from error


def _zipped(name: str, opened: Open, limits: Limits, modified: int | None) -> Iterator[Source]:
    file = opened()
    try:
        archive = zipfile.ZipFile(file)
    except BaseException:
        file.close()
        raise
    # Its members may be read later, so that it is closed when the last of them is forgotten.
    weakref.finalize(archive, file.close)
    for info in archive.infolist():
        if not info.is_dir() and (inside := _shown(info.filename)):
            yield Source(
                f"{name}/{inside}",
                partial(_unzip, archive, info, limits),
                info.file_size,
                modified,
                info.header_offset,
            )


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    limits.check_bytes(info.file_size)
    if info.flag_bits & 1:
        msg = "The file is encrypted; unpack the archive with its password."
        raise ImageUnreadableError(msg)
    with _told("file in the archive"), archive.open(info) as file:
        return file.read()  # never more than stated


def _taped(name: str, opened: Open, limits: Limits, modified: int | None) -> Iterator[Source]:
    with opened() as file, _unpacked(file) as stream:
        # Going back in what is compressed means to begin anew: "|" never does.
        mode = "r:" if stream is file else "r|"
        with tarfile.open(fileobj=stream, mode=mode, tarinfo=_Member) as archive:  # type: ignore[call-overload]
            while (info := archive.next()) is not None:
                archive.members.clear()  # it would keep all
                if not info.isdir() and (inside := _shown(info.name)):
                    yield Source(
                        f"{name}/{inside}",
                        partial(_untar, archive, info, limits),
                        info.size,
                        modified,
                        info.offset,
                        is_streamed=True,
                    )


def _unpacked(file: IO[bytes]) -> Any:
    head = file.read(2)
    file.seek(0)
    return _UNPACK[head](file) if head in _UNPACK else nullcontext(file)


def _untar(archive: tarfile.TarFile, info: tarfile.TarInfo, limits: Limits) -> bytes:
    limits.check_bytes(info.size)
    if not info.isfile():
        kind = f"a link to {info.linkname}" if info.islnk() or info.issym() else "no file"
        msg = f"This is {kind}; unpack the archive first."
        raise ImageUnreadableError(msg)
    with _told("file in the archive"):
        file = archive.extractfile(info)
        assert file is not None  # noqa: S101
        return file.read()


class _Member(tarfile.TarInfo):
    """The header of a member; damage in the midst is an error, not the end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            member = super().frombuf(buf, encoding, errors)
        except _DAMAGED_HEADER as error:
            raise tarfile.ReadError(str(error)) from error
        if member.size > MOST_HEADER and member.type in _IN_MEMORY:
            msg = "a header is too large"
            raise tarfile.ReadError(msg)
        return member


_DAMAGED_HEADER: Final = (
    tarfile.InvalidHeaderError,  # type: ignore[attr-defined]
    tarfile.TruncatedHeaderError,  # type: ignore[attr-defined]
)

_IN_MEMORY: Final = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
"""Kinds of members whose content belongs to a header."""


def _shown(name: str) -> str | None:
    """Give a member's path as it is shown: below the archive; None for what is hidden."""
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    return None if any(part.startswith(".") for part in parts) else "/".join(parts)
