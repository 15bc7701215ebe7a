"""Find and read the images in ZIP and TAR archives."""

import bz2
import gzip
import logging
import lzma
import struct
import tarfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache, partial
from typing import IO, Any, Final, Self

from deepsky.batch.archive_names import decode_names
from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.sources import Source, is_sidecar, unreadable_source
from deepsky.batch.zip_directory import open_zip
from deepsky.errors import (
    CorruptImageError,
    ImageError,
    ImageUnreadableError,
    UnsupportedFormatError,
)
from deepsky.imaging.limits import Limits

__all__ = ["find_members", "is_archive"]

logger = logging.getLogger(__name__)

Open = Callable[[], IO[bytes]]

ZIP: Final = (".zip",)
TAR: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz")

MS_DOS: Final = 0
"""System of the program that created a ZIP member; also Windows."""

ENCRYPTED: Final = 0x1
METHODS: Final = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    10: "PKWARE Implode",
    93: "Zstandard",
    95: "XZ",
    96: "JPEG",
    98: "PPMd",
}
"""Compression methods of ZIP members that Python does not support in all versions."""

MAX_HEADER_BYTES: Final = 1_000_000
"""Maximum size in bytes of the extended header of a TAR member.

Extended headers are read into memory.
"""

_DECOMPRESSORS: Final[dict[bytes, Callable[[IO[bytes]], Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZ": bz2.open,
    b"\xfd7": lzma.open,
}
"""Decompressors for TAR archives, by the first two bytes of the archive."""

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
"""Exceptions that the archive libraries raise for damaged archives."""


def is_archive(name: str) -> bool:
    """Return whether a file name has the suffix of an archive.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> is_archive("night.tar.gz")
    True
    """
    return name.lower().endswith((*ZIP, *TAR))


def find_members(
    name: str,
    open_archive: Open,
    limits: Limits,
    modified: int | None,
    encoding: str | None = None,
) -> Iterator[Source]:
    """Find the files in an archive, in the order in which they are stored.

    Folders, hidden files and XMP sidecars are skipped. A TAR archive is read sequentially, so each
    member must be loaded before the next member is requested.

    Parameters
    ----------
    name : str
        Name of the archive, used as the prefix of the members' names.
    open_archive : callable
        Function that opens the archive, or raises `ImageError`.
    limits : Limits
        Maximum size of a member.
    modified : int or None
        Modification time of the archive in nanoseconds since 1970.
    encoding : str, optional
        Encoding of member names that are not marked as UTF-8. By default, it is guessed in ZIP
        archives, and is UTF-8 in TAR archives.

    Yields
    ------
    Source
        One per member. If the archive is damaged, the last source is named after the archive and
        raises an `ImageError` when it is loaded.
    """
    find = _find_in_zip if name.lower().endswith(ZIP) else _find_in_tar
    try:
        with _as_image_error("archive"):
            yield from find(name, open_archive, limits, modified, encoding)
    except ImageError as error:
        yield unreadable_source(name, error)


@contextmanager
def _as_image_error(what: str) -> Iterator[None]:
    """Convert exceptions raised for damaged archives to `CorruptImageError`."""
    try:
        yield
    except ImageError:  # also caught by `_DAMAGE`: some are OSErrors or ValueErrors
        raise
    except _DAMAGE as error:
        msg = f"The {what} is damaged; copy or download it again."
        raise CorruptImageError(msg) from error


def _find_in_zip(
    name: str, open_archive: Open, limits: Limits, modified: int | None, encoding: str | None
) -> Iterator[Source]:
    file = open_archive()
    try:
        archive = open_zip(file)
    except BaseException:
        file.close()
        raise
    # Members may be read later, so close the file only when no source uses the archive any longer.
    weakref.finalize(archive, file.close)
    members = [info for info in archive.infolist() if not info.is_dir()]
    names, is_certain = decode_names(members, encoding)
    if not is_certain:
        _warn(name)
    for info, member in zip(members, names, strict=True):
        if path := _member_path(member, has_backslashes=info.create_system == MS_DOS):
            yield Source(
                f"{name}/{path}",
                partial(_read_from_zip, archive, info, limits),
                info.file_size,
                modified,
                info.header_offset,
                is_in_memory=True,
                is_found=True,
            )


@cache  # a run may list the members of an archive several times
def _warn(name: str) -> None:
    logger.warning(
        "%s: The encoding of the file names is unknown. Specify it with --archive-encoding, for "
        "example cp932 (Japanese), gbk (Chinese) or cp949 (Korean).",
        escape_control_characters(name),
    )


def _read_from_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    _check_member(info.filename, info.file_size, limits)
    if info.flag_bits & ENCRYPTED:
        msg = "The file is encrypted; extract it with the password and classify the extracted file."
        raise ImageUnreadableError(msg)
    try:
        with _as_image_error("file in the archive"), archive.open(info) as file:
            return file.read()  # returns at most info.file_size bytes
    except CorruptImageError as error:
        if not isinstance(error.__cause__, NotImplementedError):
            raise
        method = METHODS.get(info.compress_type, f"method {info.compress_type}")
        msg = (
            f"The file is compressed with {method}, which is not supported; extract the archive "
            "and classify the extracted files, or compress them again with Deflate."
        )
        raise UnsupportedFormatError(msg) from error


def _check_member(name: str, size: int, limits: Limits) -> None:
    if is_archive(name):
        msg = "The file is an archive inside an archive; extract it, then classify it."
        raise UnsupportedFormatError(msg)
    limits.check_loaded_bytes(size)


def _find_in_tar(
    name: str, open_archive: Open, limits: Limits, modified: int | None, encoding: str | None
) -> Iterator[Source]:
    with open_archive() as file, _decompress(file) as stream:
        # A backward seek would decompress the archive again from the start. Mode "r|" never seeks.
        mode = "r:" if stream is file else "r|"
        options = {"encoding": encoding or "utf-8", "errors": "surrogateescape"}
        with tarfile.open(fileobj=stream, mode=mode, tarinfo=_TarMember, **options) as archive:  # type: ignore[call-overload]
            while (info := archive.next()) is not None:
                archive.members.clear()  # or the list would grow with every member
                if not info.isdir() and (path := _member_path(info.name)):
                    yield Source(
                        f"{name}/{path}",
                        partial(_read_from_tar, archive, info, limits),
                        info.size,
                        modified,
                        info.offset,
                        is_streamed=True,
                        is_in_memory=True,
                        is_found=True,
                    )


def _decompress(file: IO[bytes]) -> Any:
    head = file.read(2)
    file.seek(0)
    return _DECOMPRESSORS[head](file) if head in _DECOMPRESSORS else nullcontext(file)


def _read_from_tar(archive: tarfile.TarFile, info: tarfile.TarInfo, limits: Limits) -> bytes:
    if info.isfile():
        _check_member(info.name, info.size, limits)
    else:
        kind = (
            f"a link to {info.linkname}" if info.islnk() or info.issym() else "not a regular file"
        )
        msg = f"The member is {kind}; extract the archive and classify the extracted files."
        raise ImageUnreadableError(msg)
    with _as_image_error("file in the archive"):
        file = archive.extractfile(info)
        assert file is not None  # noqa: S101
        return file.read()


class _TarMember(tarfile.TarInfo):
    """Member of a TAR archive; reading a damaged header raises an error.

    By default, tarfile treats a damaged header as the end of the archive.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            member = super().frombuf(buf, encoding, errors)
        except _DAMAGED_HEADER as error:
            raise tarfile.ReadError(str(error)) from error
        if member.size > MAX_HEADER_BYTES and member.type in _IN_MEMORY:
            msg = "header too large"
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
"""Types of TAR members that are extended headers."""


def _member_path(name: str, *, has_backslashes: bool = False) -> str | None:
    """Return a member's path without ``..``, or None if the member is hidden or a sidecar."""
    if has_backslashes:  # some programs for Windows do not write slashes
        name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    is_skipped = is_sidecar(name) or any(part.startswith(".") for part in parts)
    return None if is_skipped else "/".join(parts)
