"""Map sources to output paths that preserve the subfolders of the sources.

Sources with different names have different output paths, and an output path does not depend on the
other sources of a run. Therefore no output overwrites another, and a resumed run has the same
output paths as an uninterrupted run. (An archive may contain several members with the same name;
the sorter and the tagger compare the contents of such members.)
"""

import glob
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote

from deepsky.batch.discovery import LIST, Name
from deepsky.batch.sources import Source

__all__ = ["Base", "alternatives", "common_folder", "make_folders", "output_path", "with_suffix"]

Base = tuple[str, ...]
"""Components of an absolute path or a URL; the first is the root, such as ``/`` or ``s3://``."""

SCHEME: Final = "://"

LOCAL: Final = "+local"
"""Subfolder of the output folder for local files outside the common folder."""

REMOTE: Final = "+remote"
"""Subfolder of the output folder for remote files outside the common folder.

It contains one subfolder per URL scheme.
"""

ESCAPE: Final = "+"
"""Prefix added to path components that are invalid file names or already start with it."""

MAX_NAME_BYTES: Final = 255
"""Maximum length of a file name on common file systems."""

FORBIDDEN: Final = "/\0" if sys.platform != "win32" else '/<>:"\\|?*' + "".join(map(chr, range(32)))
"""Characters that a file name must not contain."""


def common_folder(names: Iterable[Name]) -> Base:
    """Find the innermost folder that contains all sources of a run.

    Parameters
    ----------
    names : iterable of str or path-like
        Files, folders, archives, URLs, patterns and lists, as accepted by
        `deepsky.batch.discovery.find_sources`. A folder is considered to contain itself. Images
        in a list are assumed to be in the current folder.

    Returns
    -------
    tuple of str
        Components of the folder; empty if no folder contains all sources, for example if some are
        local and others remote.

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

    The mapping is injective: for one base, sources with different absolute paths or URLs have
    different output paths. On case-insensitive file systems, however, output paths that differ only
    in case refer to the same file.

    Parameters
    ----------
    name : str
        Name of the source: a path, ``archive.zip/member.fits``, or a URL.
    base : tuple of str
        Components of the folder to omit, as returned by `common_folder`. The output paths of
        sources outside this folder start with ``+local`` or ``+remote/SCHEME``.

    Returns
    -------
    Path
        Relative path. It never contains ``..``, even if the name of an archive member contains it.

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


def with_suffix(path: Path, suffix: str) -> Path:
    """Append a suffix to the file name of a path.

    Parameters
    ----------
    path : Path
    suffix : str

    Returns
    -------
    Path
        If the new name would be longer than file systems permit, the name is shortened, and a
        digest of the complete name is added.

    Examples
    --------
    >>> with_suffix(Path("2024/M51.fits"), ".jpg").as_posix()
    '2024/M51.fits.jpg'
    """
    return path.with_name(_shortened(path.name, suffix))


def _shortened(name: str, suffix: str = "") -> str:
    """Append a suffix to a file name, and shorten the name if the result would be too long."""
    encoded = os.fsencode(name)
    if len(encoded) + len(suffix) <= MAX_NAME_BYTES:
        return name + suffix
    ending = f"~{hashlib.sha256(encoded).hexdigest()[:16]}{suffix}"
    return encoded[: MAX_NAME_BYTES - len(ending)].decode("utf-8", "ignore") + ending


def alternatives(path: Path, source: Source) -> Iterator[Path]:
    """Yield the paths to try for the output of a source, until one of them is free.

    Parameters
    ----------
    path : Path
        Preferred path.
    source : Source

    Yields
    ------
    Path
        First `path`, then paths with a digest of the name of the source. Members of an archive can
        have the same name; the last path is different for each of them.
    """
    yield path
    yield _with_digest(path, source.name)
    if source.index:
        yield _with_digest(path, f"{source.name}\n{source.index}")


def _with_digest(path: Path, identity: str) -> Path:
    digest = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()
    return with_suffix(path.with_name(path.stem), f"~{digest[:8]}{path.suffix}")


def make_folders(folder: Path) -> None:
    """Create a folder and its missing parent folders.

    Unlike `Path.mkdir`, this function does not recurse, so that the number of folders is not
    limited by Python's stack.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    OSError
        If a folder cannot be created.
    """
    missing = []
    while not os.path.lexists(folder) and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)


def _folder(name: Name) -> Base:
    """Return the folder that contains the sources given by a name."""
    is_text = isinstance(name, str)  # a `Path` is never a list or a pattern
    name = os.fspath(name)
    if is_text and name.startswith(LIST):
        return _parts(os.curdir)
    parts = _parts(name)
    if SCHEME in name:
        while len(parts) > 1 and not parts[-1]:  # removes trailing slashes
            parts = parts[:-1]
    if is_text and glob.has_magic(name) and not os.path.lexists(name):
        return tuple(takewhile(lambda part: not glob.has_magic(part), parts))
    return parts if os.path.isdir(name) else parts[:-1]  # noqa: PTH112 (never raises)


def _parts(name: str) -> Base:
    """Split a URL, or the absolute form of a path, into its components."""
    scheme, separator, rest = name.partition(SCHEME)
    if separator:
        return (scheme + separator, *rest.split("/"))
    path = PurePath(name)
    if os.pardir in path.parts:
        path = _without_parents(path)
    root, *rest_of_path = PurePath(os.path.abspath(path)).parts  # noqa: PTH100 (does not resolve links)
    return ("/" if root == "//" else root, *rest_of_path)


def _without_parents(path: PurePath) -> PurePath:
    """Resolve ``..`` in a path; ``..`` after a link means the parent of the link's target."""
    folder = PurePath(Path.cwd())
    for part in path.parts:
        if part == os.pardir:
            is_link = os.path.islink(folder)  # noqa: PTH114 (never raises)
            folder = PurePath(os.path.realpath(folder) if is_link else folder).parent
        else:
            folder /= part
    return folder


def _escape(part: str) -> str:
    """Convert a path component to a valid file name; different components get different names."""
    if any(character in FORBIDDEN for character in part) or (
        sys.platform == "win32" and part.endswith((" ", "."))
    ):
        # Percent-encoded names are up to three times as long.
        quoted = quote(os.fsencode(part), safe="").replace(".", "%2E")
        return _shortened(f"{ESCAPE}%{quoted}")
    if part in ("", os.curdir, os.pardir) or part.startswith(ESCAPE):
        return _shortened(ESCAPE + part)
    return _shortened(part)  # members of archives and parts of URLs can be longer than file names
