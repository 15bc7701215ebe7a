"""Map sources to output paths: below the output folder, in the same subfolders as the sources.

Different names get different output paths, whatever else the run reads, so that a resumed run ends
like an uninterrupted one and no output overwrites another. (Archives may contain a name twice: the
sorter and the tagger compare the contents of such members.)
"""

import glob
import os
import sys
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote

from deepsky.batch.discovery import LIST, Name

__all__ = ["Base", "common_folder", "output_path"]

Base = tuple[str, ...]
"""Parts of an absolute path or of an address; the first is its root, such as ``/`` or ``s3://``."""

SCHEME: Final = "://"

LOCAL: Final = "+local"
"""Output folder of files outside the common folder."""

REMOTE: Final = "+remote"
"""Output folder of remote files outside the common folder; below it, a folder for each scheme."""

ESCAPE: Final = "+"
"""Prefix of parts that had to be changed, and of parts that already start with it."""

FORBIDDEN: Final = "/\0" if sys.platform != "win32" else '/<>:"\\|?*' + "".join(map(chr, range(32)))
"""Characters that no file name may contain."""


def common_folder(names: Iterable[Name]) -> Base:
    """Find the innermost folder that contains all sources of a run.

    Parameters
    ----------
    names : iterable of str or path-like
        Files, folders, archives, addresses, patterns and lists, as for
        `deepsky.batch.discovery.find_sources`. A folder contains itself; the current folder stands
        for the files of a list.

    Returns
    -------
    tuple of str
        Its parts; empty if there is none, as for local and remote sources together.

    Examples
    --------
    >>> common_folder(["/sky/2024/m31.fits", "/sky/2025/m51.fits"])
    ('/', 'sky')
    """
    folders = [_folder(name) for name in names]
    same = takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))
    return tuple(parts[0] for parts in same)


def output_path(name: str, base: Base) -> Path:
    """Return the output path of a source, relative to the output folder.

    The mapping is injective: for one base, sources with different absolute paths or addresses
    have different output paths. File systems that ignore case
    still confuse names that differ only in case.

    Parameters
    ----------
    name : str
        Name of the source: a path, ``archive.zip/member.fits``, or an address.
    base : tuple of str
        Folder to leave out, from `common_folder`. Sources outside it are put below ``+local`` or
        ``+remote/SCHEME``.

    Returns
    -------
    Path
        Relative path without ``..``, whatever names the members of an archive have.

    Examples
    --------
    >>> output_path("/sky/2024/m31.fits", ("/", "sky")).as_posix()
    '2024/m31.fits'
    >>> output_path("/home/m51.fits", ("/", "sky")).as_posix()
    '+local/home/m51.fits'
    >>> output_path("s3://bucket/m51.fits", ("/", "sky")).as_posix()
    '+remote/s3/bucket/m51.fits'
    """
    root, *rest = parts = _parts(name)
    if len(parts) > len(base) > 0 and parts[: len(base)] == base:
        return Path(*map(_escape, parts[len(base) :]))
    if root.endswith(SCHEME):
        return Path(REMOTE, *map(_escape, [root.removesuffix(SCHEME), *rest]))
    drive = [root.strip(":\\")] if root != "/" else []
    return Path(LOCAL, *map(_escape, [*drive, *rest]))


def _folder(name: Name) -> Base:
    """Return the folder that contains the sources of one name."""
    is_text = isinstance(name, str)  # other path-like objects are neither lists nor patterns
    name = os.fspath(name)
    if is_text and name.startswith(LIST):
        return _parts(os.curdir)
    parts = _parts(name)
    if SCHEME in name:
        while len(parts) > 1 and not parts[-1]:  # slashes at the end
            parts = parts[:-1]
    if is_text and glob.has_magic(name) and not os.path.lexists(name):
        return tuple(takewhile(lambda part: not glob.has_magic(part), parts))
    return parts if os.path.isdir(name) else parts[:-1]  # noqa: PTH112 (never raises)


def _parts(name: str) -> Base:
    """Split an address, or the absolute form of a path."""
    scheme, separator, rest = name.partition(SCHEME)
    if separator:
        return (scheme + separator, *rest.split("/"))
    path = PurePath(name)
    if os.pardir in path.parts:
        path = _without_parents(path)
    root, *rest_of_path = PurePath(os.path.abspath(path)).parts  # noqa: PTH100 (links stay links)
    return ("/" if root == "//" else root, *rest_of_path)


def _without_parents(path: PurePath) -> PurePath:
    """Resolve ``..``; after a link, it leads to the parent of the link's target."""
    folder = PurePath(Path.cwd())
    for part in path.parts:
        if part == os.pardir:
            is_link = os.path.islink(folder)  # noqa: PTH114 (never raises)
            folder = PurePath(os.path.realpath(folder) if is_link else folder).parent
        else:
            folder /= part
    return folder


def _escape(part: str) -> str:
    """Return a valid file name for a part; different parts get different names."""
    if any(character in FORBIDDEN for character in part) or (
        sys.platform == "win32" and part.endswith((" ", "."))
    ):
        return f"{ESCAPE}%{quote(os.fsencode(part), safe='').replace('.', '%2E')}"
    if part in ("", os.curdir, os.pardir) or part.startswith(ESCAPE):
        return ESCAPE + part
    return part
