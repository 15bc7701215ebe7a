"""Which files the arguments of a command mean."""

from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["find_files"]


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Give the files themselves, and every file below the folders, sorted.

    Hidden files and folders below a folder are left out, and so are links to folders, which
    may go in circles. What cannot be looked into is given itself, so that its reader says why.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders, in the order wanted.
    """
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _below(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_file() or not entry.exists():
            yield entry
        elif entry.is_dir() and not entry.is_symlink():
            yield from _below(entry)
