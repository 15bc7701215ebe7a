"""Find and fetch remote images through fsspec."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final, cast

from deepsky.batch.archives import find_members, is_archive
from deepsky.batch.sources import Source, is_sidecar, mark_found, unreadable_source
from deepsky.errors import ImageError, ImageNotFoundError, ImageUnreadableError, SourceError
from deepsky.imaging.limits import Limits

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

__all__ = ["check_address", "find_remote", "is_address"]

CHUNK: Final = 2**20
"""Number of bytes to fetch before the size limit is checked again."""

NOT_FOUND: Final = 404
"""HTTP status code for missing files."""

_MODIFIED: Final = ("LastModified", "last_modified", "updated", "modified", "mtime")
"""Keys that fsspec's file systems use for the modification time of a file."""

_PASSWORD: Final = re.compile("(?<=://)([^/:@]*):[^/@]*@")


def is_address(name: str) -> bool:
    """Return whether a name is a URL, such as ``s3://bucket/m51.fits``, and not a path.

    Parameters
    ----------
    name : str
    """
    return "://" in name


def check_address(address: str) -> None:
    """Check that the library required for a URL is installed, without connecting.

    Parameters
    ----------
    address : str
        URL.

    Raises
    ------
    SourceError
        If fsspec, or the library that fsspec requires for the scheme, is not installed.
    """
    _open_file_system(address)


def find_remote(
    address: str, limits: Limits, archive_encoding: str | None = None
) -> Iterator[Source]:
    """Find the images at a URL.

    Parameters
    ----------
    address : str
        URL of a file, an archive or, if it ends with ``/``, a folder; or a pattern with ``*``.
    limits : Limits
        Maximum size of a file.
    archive_encoding : str, optional
        Encoding of names in archives that are not marked as UTF-8.

    Yields
    ------
    Source
        One per file or archive member. If the URL cannot be read, a source is yielded that raises
        an `ImageError` when it is loaded.
    """
    try:
        finder = _Finder(address, *_open_file_system(address), limits, archive_encoding)
        if "*" in address:
            yield from finder.find_matches()
        elif address.endswith("/"):
            yield from finder.find_below(finder.path)
        else:
            yield from finder.find_in_file(address, finder.path, {})
    except SourceError as error:
        yield unreadable_source(address, ImageUnreadableError(str(error)))
    except ImageError as error:
        yield unreadable_source(address, error)


def _open_file_system(address: str) -> "tuple[AbstractFileSystem, str]":
    """Return the file system of a URL, and the path in that file system."""
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError as error:
        msg = f"Reading {address} requires fsspec. Install it: pip install 'deepsky[remote]'."
        raise SourceError(msg) from error
    try:
        system, path = url_to_fs(address)
    except Exception as error:
        msg = f"{address} cannot be opened ({error}); check the URL."
        raise SourceError(msg) from error
    return system, path


class _Finder:
    """Lists the files of a remote file system."""

    def __init__(
        self,
        address: str,
        system: "AbstractFileSystem",
        path: str,
        limits: Limits,
        archive_encoding: str | None,
    ) -> None:
        self.path = path
        self._given = address
        self._system = system
        self._limits = limits
        self._archive_encoding = archive_encoding
        # Disable range requests, because not every web server supports them.
        self._options = {"block_size": 0} if "http" in system.protocol else {}

    def find_matches(self) -> Iterator[Source]:
        """Find the files whose paths match the pattern in the URL."""
        with _as_image_error():
            found: dict[str, dict[str, Any]] = self._system.glob(self.path, detail=True)
        given = set(self.path.split("/"))
        for path in sorted(found, key=lambda path: path.split("/")):
            hidden = any(part.startswith(".") for part in set(path.split("/")) - given)
            if not hidden and found[path]["type"] == "file":
                yield from map(
                    mark_found, self.find_in_file(self._address(path), path, found[path])
                )

    def find_below(self, folder: str) -> Iterator[Source]:
        """Find all files below a folder, except hidden ones and sidecars, sorted by name."""
        pending = [self._list(folder)]
        while pending:
            entry = next(pending[-1], None)
            if entry is None:
                pending.pop()
            elif entry["type"] == "directory":
                pending.append(self._list(entry["name"].rstrip("/")))
            else:
                path = entry["name"].rstrip("/")
                yield from map(mark_found, self.find_in_file(self._address(path), path, entry))

    def _list(self, folder: str) -> Iterator[dict[str, Any]]:
        with _as_image_error():
            entries: list[dict[str, Any]] = self._system.ls(folder, detail=True)
            self._system.invalidate_cache(folder)  # or the cache would grow with every folder
        for entry in sorted(entries, key=lambda entry: str(entry["name"])):
            path = entry["name"].rstrip("/")
            name = path.rpartition("/")[2]
            if path != folder.rstrip("/") and not name.startswith(".") and not is_sidecar(name):
                yield entry

    def find_in_file(self, name: str, path: str, info: dict[str, Any]) -> Iterator[Source]:
        """Yield a source for an image file, or for each member of an archive."""
        size, modified = info.get("size"), _modified(info)
        if is_archive(path):
            open_archive = partial(self._open, path)
            yield from find_members(
                name, open_archive, self._limits, modified, self._archive_encoding
            )
        else:
            yield Source(name, partial(self._fetch, path), size, modified, is_in_memory=True)

    def _address(self, path: str) -> str:
        """Return the URL of a listed file, with any password removed.

        Unlike fsspec's `unstrip_protocol`, this function preserves the host in URLs of FTP and
        other file systems, and the archive in chained URLs (``zip://*.fits::s3://bucket/a.zip``).
        """
        first, chain, rest = self._given.partition("::")
        first, common = first.rstrip("/"), self.path.rstrip("/")
        if first.endswith(common) and path.startswith("/") == common.startswith("/"):
            address = f"{first.removesuffix(common)}{path}{chain}{rest}"
            return _PASSWORD.sub(r"\1@", address)
        return str(self._system.unstrip_protocol(path))

    def _open(self, path: str) -> IO[bytes]:
        with _as_image_error():
            return cast("IO[bytes]", self._system.open(path, "rb"))

    def _fetch(self, path: str) -> bytes:
        content = bytearray()
        with _as_image_error(), self._system.open(path, "rb", **self._options) as file:
            while part := file.read(CHUNK):
                content += part
                if len(content) > min(self._limits.max_bytes, self._limits.max_memory // 2):
                    break
        self._limits.check_loaded_bytes(len(content))
        return bytes(content)


@contextmanager
def _as_image_error() -> Iterator[None]:
    """Convert the exceptions that file systems raise to `ImageError`."""
    try:
        yield
    except Exception as error:
        # fsspec raises FileNotFoundError for every HTTP error; its cause is the original error.
        reason = error.__cause__ or error
        if isinstance(reason, FileNotFoundError) or getattr(reason, "status", 0) == NOT_FOUND:
            msg = "File not found; check the URL. URLs of folders must end with '/'."
            raise ImageNotFoundError(msg) from error
        description = str(reason) or type(reason).__name__
        msg = (
            f"The file cannot be fetched ({description}); "
            "check the URL, the network and your credentials."
        )
        raise ImageUnreadableError(msg) from error


def _modified(info: dict[str, Any]) -> int | None:
    """Return the modification time in nanoseconds since 1970, or None if it is unknown."""
    for name in _MODIFIED:
        match info.get(name):
            case datetime() as moment:
                return int(moment.timestamp() * 1_000_000) * 1000
            case int() | float() as seconds:
                return int(seconds * 1_000_000) * 1000
    return None
