"""One image to classify, wherever it lies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

from deepsky.errors import ImageError

__all__ = ["Content", "Source", "unusable"]

Content = Path | bytes
"""The path of a file on this machine, or what a file holds."""


@dataclass(frozen=True, slots=True)
class Source:
    """One image to classify: a file, a member of an archive, or a file on another machine.

    Attributes
    ----------
    name : str
        As it appears in the record: the path of a file, ``archive.zip/member.fits`` for a member
        of an archive, or an address such as ``s3://bucket/m51.fits``.
    load : callable
        Gives the path of a file on this machine, or the content; raises `ImageError` where there
        is none.
    size : int or None
        In bytes, where known.
    modified : int or None
        When the file, or the archive, was last changed: nanoseconds since 1970; where known.
    place : int
        Where a member stands in its archive, since one archive may hold a name twice.
    in_turn : bool
        Whether `load` must be called before the next source is asked for: what is read from a
        stream passes by once.
    """

    name: str
    load: Callable[[], Content] = field(repr=False, compare=False)
    size: int | None = None
    modified: int | None = None
    place: int = 0
    in_turn: bool = False


def unusable(name: str, error: ImageError) -> Source:
    """Make a source of what cannot be loaded, so that its record says why."""
    return Source(name, partial(_fail, error))


def _fail(error: ImageError) -> NoReturn:
    raise error
