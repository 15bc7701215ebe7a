"""Sources: images to classify that have not been loaded yet."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from deepsky.errors import ImageError

__all__ = ["SIDECAR", "Content", "Source", "is_sidecar", "mark_found", "unreadable_source"]

SIDECAR: Final = ".xmp"
"""Suffix of XMP sidecars; it is appended to the complete file name of the image."""

Content = Path | bytes
"""The path of a local file, or the bytes of an archive member or of a remote file."""


@dataclass(frozen=True, slots=True)
class Source:
    """One image to classify: a file, a member of an archive, or a remote file.

    Attributes
    ----------
    name : str
        Name in the record: the path of a file, ``archive.zip/member.fits`` for a member of an
        archive, or a URL such as ``s3://bucket/m51.fits``.
    load : callable
        Function that returns the content, or raises `ImageError` if the image cannot be loaded.
    size : int or None
        Size in bytes, if known.
    modified : int or None
        Modification time of the file or archive in nanoseconds since 1970, if known.
    index : int
        Byte offset of a member in its archive; distinguishes members that have the same name.
    is_streamed : bool
        Whether `load` must be called before the next source is requested, because the archive
        can be read only once.
    is_in_memory : bool
        Whether the content is loaded into memory, because it is not a local file.
    is_found : bool
        Whether the file was found in a folder or an archive, rather than named by the user.
    """

    name: str
    load: Callable[[], Content] = field(repr=False, compare=False)
    size: int | None = None
    modified: int | None = None
    index: int = 0
    is_streamed: bool = False
    is_in_memory: bool = False
    is_found: bool = False


def unreadable_source(name: str, error: ImageError) -> Source:
    """Return a source that raises an error when loaded, so that its record contains the error.

    Parameters
    ----------
    name : str
    error : ImageError

    Returns
    -------
    Source
    """
    return Source(name, partial(_raise, error))


def mark_found(source: Source) -> Source:
    """Return a copy of a source that was found in a folder or an archive.

    Parameters
    ----------
    source : Source

    Returns
    -------
    Source
    """
    return replace(source, is_found=True)


def is_sidecar(name: str) -> bool:
    """Return whether a file name has the suffix of an XMP sidecar.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> is_sidecar("M51.jpg.xmp")
    True
    """
    return name.lower().endswith(SIDECAR)


def _raise(error: ImageError) -> NoReturn:
    raise error
