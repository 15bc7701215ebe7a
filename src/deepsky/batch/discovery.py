"""Which images the arguments of a command mean."""

import codecs
import glob
import os
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
from deepsky.batch.sources import Source, unreadable_source
from deepsky.errors import (
    ImageNotFoundError,
    ImageUnreadableError,
    SourceError,
    UnsupportedFormatError,
)
from deepsky.imaging.formats import HEAD_BYTES, sniff
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits

__all__ = [
    "LIST",
    "STANDARD_INPUT",
    "check_sources",
    "count_sources",
    "find_sources",
    "passes_once",
]

LIST: Final = "@"
"""Begins an argument that names a list of images."""

STANDARD_INPUT: Final = "-"
"""The list that comes through standard input."""

DEEP: Final = "**"
"""Part of a pattern that stands for any number of folders."""

Named = str | PathLike[str]


def find_sources(
    named: Iterable[Named],
    *,
    limits: Limits = DEFAULT_LIMITS,
    leave_out: Collection[Path] = (),
) -> Iterator[Source]:
    """Find the images that are meant, as they are asked for, in the order named.

    Parameters
    ----------
    named : iterable of str or path-like
        Files; folders, for every file below them, sorted; archives (ZIP, TAR, also compressed),
        for their members; addresses such as ``s3://bucket/m51.fits``; patterns such as
        ``2024/**/*.fits``; ``@FILE``, for a list of any of these, one a line, with ``@-`` for
        standard input. A path-like that is no str is a file, an archive or a folder, whatever
        its name looks like. Hidden files and folders below a folder, or where ``**`` stands for
        it, are left out, and so are links to folders, which may go in circles. What cannot be
        looked into is given itself, so that its record says why.
    limits : Limits, optional
        How large a member of an archive, or a file on another machine, may be.
    leave_out : collection of Path
        Files and folders that are not looked for in folders and by patterns: the outputs of the
        run.

    Raises
    ------
    SourceError
        If a list cannot be read.
    """
    finder = _Finder(limits, frozenset(os.path.realpath(path) for path in leave_out))
    for name in named:
        if isinstance(name, str) and name.startswith(LIST):
            for line in _lines(name.removeprefix(LIST)):
                yield from finder.find(line)
        elif isinstance(name, str):
            yield from finder.find(name)
        else:
            yield from finder.find_path(Path(name))


def check_sources(named: Iterable[Named]) -> None:
    """See that lists can be read, and addresses reached with what is installed.

    Raises
    ------
    SourceError
        If not.
    """
    for name in named:
        if not isinstance(name, str):
            continue
        if name.startswith(LIST):
            if not passes_once(name):
                with _list(name.removeprefix(LIST)):
                    pass
        elif is_address(name):
            check_address(name)


def passes_once(name: Named) -> bool:
    """Tell whether an argument names a list that can be read only once: through a pipe."""
    if not isinstance(name, str) or not name.startswith(LIST):
        return False
    path = Path(name.removeprefix(LIST))
    try:
        return str(path) == STANDARD_INPUT or path.is_fifo() or path.is_char_device()
    except OSError:  # whoever opens it says why
        return False


def count_sources(sources: Iterable[Source]) -> int | None:
    """Count sources without loading them; None where that takes as long as classifying them."""
    count = 0
    for source in sources:
        if source.is_streamed or is_address(source.name):
            return None
        count += 1
    return count


def _lines(name: str) -> Iterator[str]:
    with _list(name) as file:
        for number, line in enumerate(file):
            if number == 0 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                msg = f"The list {name} is in UTF-16; save it in UTF-8."
                raise SourceError(msg)
            # Some editors on Windows begin every text with this mark.
            path = line.removeprefix(b"" if number else codecs.BOM_UTF8).rstrip(b"\r\n")
            if path:
                yield os.fsdecode(path)


@contextmanager
def _list(name: str) -> Iterator[BinaryIO]:
    with _open_list(name) as file:
        with suppress(UnsupportedFormatError):
            found = sniff(file.peek(HEAD_BYTES)[:HEAD_BYTES])
            msg = f"The list {name} is none: it holds {found} data, not names, one a line."
            raise SourceError(msg)
        yield file


def _open_list(name: str) -> BufferedReader:
    if name == STANDARD_INPUT:
        # A file of its own: at its end, Python waits for whoever still reads from sys.stdin.
        return open(0, "rb", closefd=False)
    try:
        return Path(name).open("rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        msg = f"The list {name} cannot be read: {reason}. Check its name and permissions."
        raise SourceError(msg) from error


def _open(archive: Path) -> BinaryIO:
    try:
        return archive.open("rb")
    except OSError as error:
        msg = f"The archive cannot be opened ({error.strerror}); check its permissions."
        raise ImageUnreadableError(msg) from error


class _Finder:
    """Finds the images that one name stands for."""

    def __init__(self, limits: Limits, leave_out: frozenset[str]) -> None:
        self._limits = limits
        self._leave_out = leave_out

    def find(self, name: str) -> Iterator[Source]:
        """Find what an argument or a line stands for."""
        if is_address(name):
            yield from find_remote(name, self._limits)
        elif glob.has_magic(name) and "\0" not in name and not os.path.lexists(name):
            yield from self._matching(name)
        else:
            yield from self.find_path(Path(name))

    def find_path(self, path: Path) -> Iterator[Source]:
        """Find what a path stands for."""
        if os.path.isdir(path):  # noqa: PTH112 (Path.is_dir() raises what its reader is to say)
            for file in self._below(path, os.path.realpath(path)):
                yield from self._file(file)
        else:
            yield from self._file(path)

    def _matching(self, pattern: str) -> Iterator[Source]:
        """Find what a pattern stands for, and all that is in folders that it stands for."""
        parts = Path(pattern).parts
        shallow = list(takewhile(lambda part: part != DEEP, parts))
        deep = parts[len(shallow) :]
        found = False
        for path in sorted(map(Path, glob.glob(str(Path(*shallow))))):  # noqa: PTH207
            if self._is_left_out(path):
                found = True
            elif not deep:
                found = True
                yield from self.find_path(path)
            elif path.is_dir():
                for file in self._below(path, os.path.realpath(path)):
                    if _fits(file.relative_to(path).parts, deep):
                        found = True
                        yield from self._file(file)
        if not found:
            yield from self._unmatched(Path(pattern))

    def _unmatched(self, pattern: Path) -> Iterator[Source]:
        """Give a pattern that nothing matches itself."""
        try:
            pattern.lstat()
        except FileNotFoundError:
            msg = "There is no such file, nor any that this matches as a pattern; check it."
            yield unreadable_source(str(pattern), ImageNotFoundError(msg))
        except OSError:  # such as a folder that may not be looked into: its reader says why
            yield from self._file(pattern)
        else:
            yield from self._file(pattern)

    def _is_left_out(self, path: Path) -> bool:
        real = Path(os.path.realpath(path))
        return any(str(each) in self._leave_out for each in (real, *real.parents))

    def _below(self, folder: Path, real: str) -> Iterator[Path]:
        """Find the files below a folder, and folders that cannot be looked into."""
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError:
            yield folder
            return
        for entry in entries:
            inside = os.path.join(real, entry.name)  # noqa: PTH118
            if entry.name.startswith(".") or inside in self._leave_out:
                continue
            if _is_folder(entry):
                if not entry.is_symlink():
                    yield from self._below(folder / entry.name, inside)
            elif _is_file(entry):
                yield folder / entry.name

    def _file(self, path: Path) -> Iterator[Source]:
        name = str(path)
        try:
            status = path.stat()
        except (OSError, ValueError):  # its reader says why
            yield Source(name, partial(Path, name))
            return
        if is_archive(name) and path.is_file():
            yield from find_members(name, partial(_open, path), self._limits, status.st_mtime_ns)
        else:
            yield Source(name, partial(Path, name), status.st_size, status.st_mtime_ns)


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a pattern stands for a path, or for a folder that it lies in."""
    if not pattern:
        return True
    first, *rest = pattern
    if first == DEEP:
        return any(_fits(parts[skipped:], rest) for skipped in range(len(parts)))
    return bool(parts) and fnmatch(parts[0], first) and _fits(parts[1:], rest)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Tell files, and what cannot be told, from pipes and devices."""
    try:
        return entry.is_file() or not os.path.exists(entry.path)  # noqa: PTH110
    except OSError:
        return True
