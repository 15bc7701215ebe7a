"""Where the outputs of a source go: below a folder, in the same folders as the source lies in.

Two sources never get the same place, whatever order they come in, unless an archive holds a name
twice: that is what makes a resumed run end as an uninterrupted one.
"""

import glob
import os
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Final

from deepsky.batch.discovery import LIST, Named

__all__ = ["Base", "common_folder", "output_path"]

Base = tuple[str, ...]
"""The parts of an absolute path, or of an address."""

SCHEME: Final = "://"


def common_folder(named: Iterable[Named]) -> Base:
    """Find the innermost folder that all that is named lies in.

    Parameters
    ----------
    named : iterable of str
        As for `deepsky.batch.discovery.find_sources`. A folder lies in itself; what a list names is
        taken to lie in the current folder.

    Returns
    -------
    tuple of str
        Its parts; none where there is no such folder.
    """
    folders = [_folder(name) for name in named]
    same = takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))
    return tuple(parts[0] for parts in same)


def output_path(name: str, base: Base) -> Path:
    """Give a source's place below a folder.

    Parameters
    ----------
    name : str
        The source's name: a path, ``archive.zip/member.fits``, or an address.
    base : tuple of str
        From `common_folder`; it is left out.

    Returns
    -------
    Path
        Relative, and never out of the folder that it is put below, whatever an archive calls its
        members.
    """
    parts = _parts(name.replace("\0", "_"))
    inside = len(parts) > len(base) > 0 and parts[: len(base)] == base
    return Path(*parts[len(base) if inside else 1 :])


def _folder(name: Named) -> Base:
    is_argument = isinstance(name, str)  # a path-like is neither a list nor a pattern
    name = os.fspath(name)
    if is_argument and name.startswith(LIST):
        return _parts(os.curdir)
    parts = _parts(name)
    if is_argument and glob.has_magic(name) and not os.path.lexists(name):
        return tuple(takewhile(lambda part: not glob.has_magic(part), parts))
    return parts if os.path.isdir(name) else parts[:-1]  # noqa: PTH112 (as in finding)


def _parts(name: str) -> Base:
    """Split an absolute path, without ``..``, or an address: the first part is what roots it."""
    scheme, mark, rest = name.partition(SCHEME)
    if mark:
        return (scheme, *PurePath(os.path.normpath(f"/{rest}")).parts[1:])
    return PurePath(os.path.abspath(name)).parts  # noqa: PTH100 (not resolve(): links stay links)
