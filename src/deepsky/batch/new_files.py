"""New image files in a folder, found as soon as they are complete."""

import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path, PurePath
from threading import Event
from typing import Final, NamedTuple

from deepsky.batch.discovery import find_files
from deepsky.batch.sources import Source
from deepsky.imaging.formats import SUFFIXES

__all__ = ["NewFiles", "has_image_suffix"]

_COMPRESSED: Final = frozenset({".gz", ".bz2", ".xz", ".z"})
"""Suffixes that follow the suffix of an image format, as in ``m51.fits.gz``."""

_REST: Final = 4
"""Pause between two searches, as a multiple of the time that a search takes."""


class NewFiles:
    """Iterator over the image files in a folder and its subfolders, without end.

    The folder is searched again and again. This also works on network drives, to which other
    machines write and on which the operating system reports no changes. A file is yielded when it
    is not empty and its size and modification time have not changed for some time, and again if
    they change later. Only files with the suffix of an image format are considered, so that the
    temporary files of other programs, such as ``m51.fits.part``, are ignored until they are
    renamed.

    Parameters
    ----------
    folder : Path
    seconds : float
        Time for which a file must not have changed before it is yielded, in seconds.
    interval : float
        Time between two searches, in seconds.
    exclude : collection of Path
        Files and folders that are ignored, such as the outputs of the run.
    is_known : callable
        Function that returns whether a source was classified by an earlier run.

    Attributes
    ----------
    stopped : threading.Event
        Set it to end the iteration.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seconds: float,
        interval: float = 1.0,
        exclude: Collection[Path] = (),
        is_known: Callable[[Source], bool] = lambda _source: False,
    ) -> None:
        self.stopped = Event()
        self._folder = folder
        self._seconds = seconds
        self._interval = interval
        self._exclude = exclude
        self._is_known = is_known
        self._done: dict[Path, _State] = {}
        self._waiting: dict[Path, tuple[_State, float]] = {}

    def ignore_present(self) -> None:
        """Ignore the files that are in the folder now, unless they change."""
        for path in self._paths():
            if state := _read_state(path):
                self._done[path] = state

    def __iter__(self) -> Iterator[Source]:
        while not self.stopped.is_set():
            started = time.monotonic()
            for path in self._paths():
                if self.stopped.is_set():
                    return
                state = _read_state(path)
                if state and self._done.get(path) != state and self._is_complete(path, state):
                    self._waiting.pop(path, None)
                    self._done[path] = state
                    source = Source(str(path), partial(Path, path), state.size, state.modified)
                    if not self._is_known(source):
                        yield source
            self.stopped.wait(max(self._interval, _REST * (time.monotonic() - started)))

    def _paths(self) -> Iterator[Path]:
        return filter(has_image_suffix, find_files(self._folder, self._exclude))

    def _is_complete(self, path: Path, state: "_State") -> bool:
        """Return whether a file has not changed for long enough."""
        if state.size == 0:  # created, but not written yet
            return False
        before, since = self._waiting.get(path, (None, 0.0))
        if before != state:
            self._waiting[path] = state, time.monotonic()
            return self._seconds == 0
        return time.monotonic() - since >= self._seconds


class _State(NamedTuple):
    size: int
    modified: int


def _read_state(path: Path) -> _State | None:
    try:
        status = path.stat()
    except OSError:  # removed since it was found
        return None
    return _State(status.st_size, status.st_mtime_ns)


def has_image_suffix(path: PurePath) -> bool:
    """Return whether a file name has the suffix of an image format, possibly compressed.

    Parameters
    ----------
    path : PurePath

    Returns
    -------
    bool

    Examples
    --------
    >>> [has_image_suffix(PurePath(name)) for name in ("m51.FIT", "m51.fits.gz", "m51.fits.part")]
    [True, True, False]
    """
    *_, before, last = ("", "", *(suffix.lower() for suffix in path.suffixes))
    return (before if last in _COMPRESSED else last) in SUFFIXES
