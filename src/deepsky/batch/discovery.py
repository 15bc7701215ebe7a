"""Find the images given by paths, glob patterns, URLs and lists of these."""

import codecs
import glob
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from functools import partial
from io import BufferedReader
from itertools import takewhile
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Final

from deepsky.batch.archives import find_members, is_archive
from deepsky.batch.remote import check_address, find_remote, is_address
from deepsky.batch.sources import Source, is_sidecar, mark_found, unreadable_source
from deepsky.errors import (
    ImageNotFoundError,
    ImageUnreadableError,
    SourceError,
    UnsupportedFormatError,
)
from deepsky.imaging.formats import HEAD_BYTES, detect_format
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits

__all__ = [
    "LIST",
    "STANDARD_INPUT",
    "check_sources",
    "count_sources",
    "find_files",
    "find_sources",
    "is_piped_list",
]

LIST: Final = "@"
"""Prefix that marks a name as a list of images, as in ``@images.txt``."""

STANDARD_INPUT: Final = "-"
"""Name of a list to be read from standard input."""

ANY_FOLDERS: Final = "**"
"""Component of a pattern that matches any number of folders."""

Name = str | PathLike[str]
"""Path, glob pattern, URL or list, as accepted by `find_sources`."""


def find_sources(
    names: Iterable[Name],
    *,
    limits: Limits = DEFAULT_LIMITS,
    exclude: Collection[Path] = (),
    archive_encoding: str | None = None,
) -> Iterator[Source]:
    """Find images lazily, in the order of the names.

    Parameters
    ----------
    names : iterable of str or path-like
        Each is one of: a file; a folder (all files below it, sorted by name); a ZIP or TAR archive,
        possibly compressed (all its members); a URL such as ``s3://bucket/m51.fits``; a pattern
        such as ``2024/**/*.fits``; ``@FILE``, where the text file FILE lists one of these per line;
        or ``@-``, a list from standard input. A path-like object that is not a str is always a
        file, an archive or a folder. Hidden files, hidden folders and links to folders are skipped
        in folders and when matching ``**``; so are XMP sidecars, also in archives.
    limits : Limits, optional
        Maximum size of archive members and remote files.
    exclude : collection of Path, optional
        Files and folders, such as outputs of the run, that are skipped if they are found in a
        folder or match a pattern.
    archive_encoding : str, optional
        Encoding of names in archives that are not marked as UTF-8; by default, it is guessed.

    Yields
    ------
    Source
        One per image. For a name that cannot be read, a source is yielded that raises an
        `ImageError` when it is loaded.

    Raises
    ------
    SourceError
        If a list cannot be read.

    See Also
    --------
    deepsky.batch.output_paths.output_path : Map sources to output paths.
    """
    excluded = frozenset(os.path.realpath(path) for path in exclude)
    finder = _Finder(limits, excluded, archive_encoding)
    for name in names:
        if isinstance(name, str) and name.startswith(LIST):
            for line in _read_list(name.removeprefix(LIST)):
                yield from finder.find(line)
        elif isinstance(name, str):
            yield from finder.find(name)
        else:
            yield from finder.find_path(Path(name))


def find_files(folder: Path, exclude: Collection[Path] = ()) -> Iterator[Path]:
    """Find the files in a folder and its subfolders, sorted by name.

    Parameters
    ----------
    folder : Path
    exclude : collection of Path, optional
        Files and folders that are skipped.

    Yields
    ------
    Path
        Hidden files, hidden folders, links to folders, XMP sidecars, and folders that cannot be
        opened are skipped.
    """
    excluded = frozenset(os.path.realpath(path) for path in exclude)
    for found in _Finder(DEFAULT_LIMITS, excluded, None).find_below(folder):
        if isinstance(found, Path):
            yield found


def check_sources(names: Iterable[Name]) -> None:
    """Check that lists can be read and that the libraries required for URLs are installed.

    Parameters
    ----------
    names : iterable of str or path-like
        Names, as accepted by `find_sources`.

    Raises
    ------
    SourceError
        If a list cannot be read, or a required library is not installed.
    """
    for name in names:
        if not isinstance(name, str):
            continue
        if name.startswith(LIST):
            if not is_piped_list(name):
                with _open_list(name.removeprefix(LIST)):
                    pass
        elif is_address(name):
            check_address(name)


def is_piped_list(name: Name) -> bool:
    """Return whether a name refers to a list that can be read only once, such as a pipe.

    Parameters
    ----------
    name : str or path-like
    """
    if not isinstance(name, str) or not name.startswith(LIST):
        return False
    path = Path(name.removeprefix(LIST))
    try:
        return str(path) == STANDARD_INPUT or path.is_fifo() or path.is_char_device()
    except OSError:  # reported later, when the list is opened
        return False


def count_sources(sources: Iterable[Source]) -> int | None:
    """Count sources without loading them.

    Parameters
    ----------
    sources : iterable of Source

    Returns
    -------
    int or None
        None if the sources include TAR archives or remote files, because counting them would take
        too long.
    """
    count = 0
    for source in sources:
        if source.is_streamed or is_address(source.name):
            return None
        count += 1
    return count


def _read_list(name: str) -> Iterator[str]:
    with _open_list(name) as file:
        for number, line in enumerate(file):
            if number == 0 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                msg = f"The list {name} is encoded in UTF-16; save it as UTF-8."
                raise SourceError(msg)
            # Some editors on Windows start every text file with a byte order mark.
            path = line.removeprefix(b"" if number else codecs.BOM_UTF8).rstrip(b"\r\n")
            if path:
                yield os.fsdecode(path)


@contextmanager
def _open_list(name: str) -> Iterator[BinaryIO]:
    with _open_file(name) as file:
        with suppress(UnsupportedFormatError):
            found = detect_format(file.peek(HEAD_BYTES)[:HEAD_BYTES])
            msg = f"{name} is not a list: it contains {found} data instead of one path per line."
            raise SourceError(msg)
        yield file


def _open_file(name: str) -> BufferedReader:
    if name == STANDARD_INPUT and sys.stdin is None:
        msg = "Standard input is closed, so no list can be read from it."
        raise SourceError(msg)
    if name == STANDARD_INPUT:
        # Do not use sys.stdin: at exit, Python would wait for a thread that still reads from it.
        return open(0, "rb", closefd=False)
    try:
        return Path(name).open("rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        msg = f"The list {name} cannot be read: {reason}. Check its path and permissions."
        raise SourceError(msg) from error


def _open_archive(archive: Path) -> BinaryIO:
    try:
        return archive.open("rb")
    except OSError as error:
        msg = f"The archive cannot be opened ({error.strerror}); check its permissions."
        raise ImageUnreadableError(msg) from error


class _Finder:
    """Finds the images that a path, pattern or URL refers to."""

    def __init__(
        self, limits: Limits, exclude: frozenset[str], archive_encoding: str | None
    ) -> None:
        self._limits = limits
        self._exclude = exclude
        self._archive_encoding = archive_encoding

    def find(self, name: str) -> Iterator[Source]:
        """Find the images to which a name, or a line of a list, refers."""
        if not name:  # Path("") would be the current folder
            msg = "The path is empty; specify the path of an image or a folder."
            yield unreadable_source(name, ImageNotFoundError(msg))
        elif is_address(name):
            yield from find_remote(name, self._limits, self._archive_encoding)
        elif glob.has_magic(name) and "\0" not in name and not os.path.lexists(name):
            yield from self._find_matches(name)
        else:
            yield from self.find_path(Path(name))

    def find_path(self, path: Path) -> Iterator[Source]:
        """Find the image at a path, or the images in a folder or archive."""
        if os.path.isdir(path):  # noqa: PTH112 (Path.is_dir may raise)
            for found in self.find_below(path):
                if isinstance(found, Source):
                    yield found
                else:
                    yield from map(mark_found, self._file(found))
        else:
            yield from self._file(path)

    def _find_matches(self, pattern: str) -> Iterator[Source]:
        """Find the files that match a pattern, and all files below matching folders."""
        parts = Path(pattern).parts
        shallow = list(takewhile(lambda part: part != ANY_FOLDERS, parts))
        deep = parts[len(shallow) :]
        found = False
        for path in sorted(map(Path, glob.glob(str(Path(*shallow))))):  # noqa: PTH207
            if self._is_excluded(path):
                found = True
            elif not deep:
                found = True
                if not is_sidecar(path.name) or is_sidecar(pattern):
                    yield from self.find_path(path)
            elif path.is_dir():
                for file in self.find_below(path):
                    if isinstance(file, Source):
                        yield file
                    elif _matches(file.relative_to(path).parts, deep):
                        found = True
                        yield from map(mark_found, self._file(file))
        if not found:
            yield from self._find_literally(Path(pattern))

    def _find_literally(self, pattern: Path) -> Iterator[Source]:
        """Treat a pattern without matches as the path of a file."""
        try:
            pattern.lstat()
        except FileNotFoundError:
            msg = "File not found, and no file matches the pattern; check the path."
            yield unreadable_source(str(pattern), ImageNotFoundError(msg))
        except OSError:
            # Errors such as a missing permission are reported later, when the file is read.
            yield from self._file(pattern)
        else:
            yield from self._file(pattern)

    def _is_excluded(self, path: Path) -> bool:
        real = Path(os.path.realpath(path))
        return any(str(each) in self._exclude for each in (real, *real.parents))

    def find_below(self, folder: Path) -> Iterator[Path | Source]:
        """Yield the files below a folder, and an unreadable source per folder that cannot be read.

        The folders are traversed iteratively, because they may be nested more deeply than function
        calls can be.
        """
        pending = [self._scan(folder, os.path.realpath(folder))]
        while pending:
            found = next(pending[-1], None)
            if found is None:
                pending.pop()
            elif isinstance(found, tuple):
                pending.append(self._scan(*found))
            else:
                yield found

    def _scan(self, folder: Path, real: str) -> Iterator[Path | Source | tuple[Path, str]]:
        """Yield each file in a folder, and the path and the real path of each subfolder."""
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            is_refused = isinstance(error, PermissionError)
            advice = "check its permissions" if is_refused else "shorten its path or check the disk"
            msg = f"The folder cannot be opened ({error.strerror}); {advice}."
            yield unreadable_source(str(folder), ImageUnreadableError(msg))
            return
        for entry in entries:
            inside = os.path.join(real, entry.name)  # noqa: PTH118
            if entry.name.startswith(".") or inside in self._exclude:
                continue
            if _is_folder(entry):
                if not entry.is_symlink():
                    yield folder / entry.name, inside
            elif _is_file(entry) and not is_sidecar(entry.name):
                yield folder / entry.name

    def _file(self, path: Path) -> Iterator[Source]:
        name = str(path)
        try:
            status = path.stat()
        except (OSError, ValueError):  # reported later, when the file is read
            yield Source(name, partial(Path, name))
            return
        if is_archive(name) and path.is_file():
            yield from find_members(
                name,
                partial(_open_archive, path),
                self._limits,
                status.st_mtime_ns,
                self._archive_encoding,
            )
        else:
            yield Source(name, partial(Path, name), status.st_size, status.st_mtime_ns)


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether a pattern matches a path or one of the path's parent folders."""
    if not pattern:
        return True
    first, *rest = pattern
    if first == ANY_FOLDERS:
        return any(_matches(parts[skipped:], rest) for skipped in range(len(parts)))
    return bool(parts) and fnmatch(parts[0], first) and _matches(parts[1:], rest)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Return whether a folder entry is a file or cannot be read; False for pipes and devices."""
    try:
        return entry.is_file() or not os.path.exists(entry.path)  # noqa: PTH110
    except OSError:
        return True
