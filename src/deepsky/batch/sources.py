"""Sources: the images of a run, before they are loaded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

from deepsky.errors import ImageError

__all__ = ["Content", "Source", "unreadable_source"]

Content = Path | bytes
"""The path of a local file, or the bytes of any other."""


@dataclass(frozen=True, slots=True)
class Source:
    """One image to classify: a file, a member of an archive, or a remote file.

    Attributes
    ----------
    name : str
        Name in the record: the path of a file, ``archive.zip/member.fits`` for a member of an
        archive, or a URL such as ``s3://bucket/m51.fits``.
    load : callable
        Returns the path of a local file, or the bytes of any other; raises `ImageError` if there
        is none.
    size : int or None
        In bytes, if known.
    modified : int or None
        Modification time of the file or archive in nanoseconds since 1970, if known.
    index : int
        Position of a member in its archive, which may contain a name twice.
    is_streamed : bool
        Whether `load` must be called before the next source is requested, because the archive
        can be read only once.
    """

    name: str
    load: Callable[[], Content] = field(repr=False, compare=False)
    size: int | None = None
    modified: int | None = None
    index: int = 0
    is_streamed: bool = False


def unreadable_source(name: str, error: ImageError) -> Source:
    """Return a source that raises an error when it is loaded, so that its record contains it.

    Parameters
    ----------
    name : str
    error : ImageError

    Returns
    -------
    Source
    """
    return Source(name, partial(_raise, error))


def _raise(error: ImageError) -> NoReturn:
    raise error
