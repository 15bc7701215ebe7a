"""Images on other machines, which fsspec reaches."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final, cast

from deepsky.batch.archives import find_members, is_archive
from deepsky.batch.sources import Source, unusable
from deepsky.errors import ImageError, ImageNotFoundError, ImageUnreadableError, SourceError
from deepsky.imaging.limits import Limits

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

__all__ = ["check_address", "find_remote", "is_address"]

CHUNK: Final = 2**20
"""Bytes that are fetched before looking whether a file is too large."""

NOT_FOUND: Final = 404
"""The HTTP status."""

_MODIFIED: Final = ("LastModified", "last_modified", "updated", "modified", "mtime")
"""Under which names file systems tell when a file was last changed."""


def is_address(name: str) -> bool:
    """Tell addresses from paths."""
    return "://" in name


def check_address(address: str) -> None:
    """See that such addresses can be reached with what is installed.

    Raises
    ------
    SourceError
        If not.
    """
    _file_system(address)


def find_remote(address: str, limits: Limits) -> Iterator[Source]:
    """Find the images that an address stands for.

    Parameters
    ----------
    address : str
        Of a file or an archive; of a folder, if it ends with ``/``; or a pattern with ``*``.
    limits : Limits
        How large a file may be.
    """
    try:
        finder = _Finder(*_file_system(address), limits)
        if "*" in address:
            yield from finder.matching()
        elif address.endswith("/"):
            yield from finder.below(finder.path)
        else:
            yield from finder.file(address, finder.path, {})
    except SourceError as error:
        yield unusable(address, ImageUnreadableError(str(error)))
    except ImageError as error:
        yield unusable(address, error)


def _file_system(address: str) -> "tuple[AbstractFileSystem, str]":
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError as error:
        msg = f"{address} needs fsspec. Install it: pip install 'deepsky[remote]'."
        raise SourceError(msg) from error
    try:
        system, path = url_to_fs(address)
    except Exception as error:
        msg = f"{address} cannot be reached: {error}."
        raise SourceError(msg) from error
    return system, path


class _Finder:
    """Finds what there is at an address."""

    def __init__(self, system: "AbstractFileSystem", path: str, limits: Limits) -> None:
        self.path = path
        self._system = system
        self._limits = limits
        # Not every web server gives parts of a file.
        self._at_once = {"block_size": 0} if "http" in system.protocol else {}

    def matching(self) -> Iterator[Source]:
        """Find the files that the path, as a pattern, stands for."""
        with _told():
            found: dict[str, dict[str, Any]] = self._system.glob(self.path, detail=True)
        stated = set(self.path.split("/"))
        for path in sorted(found, key=lambda path: path.split("/")):
            hidden = any(part.startswith(".") for part in set(path.split("/")) - stated)
            if not hidden and found[path]["type"] == "file":
                yield from self.file(self._address(path), path, found[path])

    def below(self, folder: str) -> Iterator[Source]:
        """Find every file below a folder, as below a folder on this machine."""
        with _told():
            entries: list[dict[str, Any]] = self._system.ls(folder, detail=True)
            self._system.invalidate_cache(folder)  # it would keep every listing
        for entry in sorted(entries, key=lambda entry: str(entry["name"])):
            path = entry["name"].rstrip("/")
            if path == folder.rstrip("/") or path.rpartition("/")[2].startswith("."):
                continue
            if entry["type"] == "directory":
                yield from self.below(path)
            else:
                yield from self.file(self._address(path), path, entry)

    def file(self, name: str, path: str, info: dict[str, Any]) -> Iterator[Source]:
        """Find what a file holds: itself, or the members of an archive."""
        size, modified = info.get("size"), _modified(info)
        if is_archive(path):
            yield from find_members(name, partial(self._open, path), self._limits, modified)
        else:
            yield Source(name, partial(self._fetch, path), size, modified)

    def _address(self, path: str) -> str:
        return str(self._system.unstrip_protocol(path))

    def _open(self, path: str) -> IO[bytes]:
        with _told():
            return cast("IO[bytes]", self._system.open(path, "rb"))

    def _fetch(self, path: str) -> bytes:
        content = bytearray()
        with _told(), self._system.open(path, "rb", **self._at_once) as file:
            while part := file.read(CHUNK):
                content += part
                if len(content) > self._limits.max_bytes:
                    break
        self._limits.check_bytes(len(content))
        return bytes(content)


@contextmanager
def _told() -> Iterator[None]:
    """Tell in words for people why a file cannot be had: each service has errors of its own."""
    try:
        yield
    except Exception as error:
        # Whatever is wrong with a web server is told as a file that is not found.
        reason = error.__cause__ or error
        if isinstance(reason, FileNotFoundError) or getattr(reason, "status", 0) == NOT_FOUND:
            msg = "There is no such file; check the address. That of a folder ends with '/'."
            raise ImageNotFoundError(msg) from error
        told = str(reason) or type(reason).__name__
        msg = f"The file cannot be fetched ({told}); check the address, network and credentials."
        raise ImageUnreadableError(msg) from error


def _modified(info: dict[str, Any]) -> int | None:
    for name in _MODIFIED:
        match info.get(name):
            case datetime() as moment:
                return int(moment.timestamp() * 1_000_000) * 1000
            case int() | float() as seconds:
                return int(seconds * 1_000_000) * 1000
    return None
