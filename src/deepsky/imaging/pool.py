"""A pool of reader processes, in which a file that hangs or crashes a decoder harms no other."""

import os
import weakref
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from typing import Final, Self, TypeVar

from deepsky.errors import CorruptImageError, ReadTimeoutError
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.reader_process import ReaderProcess
from deepsky.imaging.tasks import ReadImage, decode_result, encode_task

__all__ = ["ReaderPool"]

T = TypeVar("T")

MAX_SECONDS: Final = 1e6
"""Longer time limits are cut to this: operating systems cannot wait much longer at once."""


class ReaderPool:
    """A pool of processes that read images.

    Safe to use from several threads. A process starts when it is first needed, and is replaced
    after it has ended. Used as a context manager, the pool closes itself.

    Parameters
    ----------
    processes : int, optional
        Number of processes, and so of images that are read at once; by default the number of
        processor cores.
    seconds : float
        Time limit for one image, in seconds; infinity for none.
    limits : Limits, optional
        Limits that are checked before an image is decoded.

    See Also
    --------
    deepsky.imaging.read_image : Read an image in the calling process.

    Examples
    --------
    A work function is called in a reader process; only its result is returned. It must be
    importable, so it is defined in a module of its own, here ``colours.py``:

    >>> def mean_colour(read_image):
    ...     return read_image().pixels.mean(axis=(0, 1))
    >>> with ReaderPool() as pool:  # doctest: +SKIP
    ...     pool.read("M51.jpg", colours.mean_colour)
    array([12.1, 10.4, 11.8])
    """

    def __init__(
        self,
        processes: int | None = None,
        *,
        seconds: float = 60.0,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._size = processes or os.cpu_count() or 1
        self._seconds = min(seconds, MAX_SECONDS)
        self._limits = limits
        self._idle: LifoQueue[ReaderProcess | None] = LifoQueue()  # None: not started yet
        self._refill()
        self._running: set[ReaderProcess] = set()
        self._closed = False
        self._lock = Lock()
        weakref.finalize(self, _kill, self._running)  # at exit, if the pool was not closed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start all processes now, instead of each when it is first needed.

        Raises
        ------
        RuntimeError
            If a process does not start.
        """
        taken = [self._idle.get() for _ in range(self._size)]
        try:
            for place, process in enumerate(taken):
                taken[place] = process or self._start()
        finally:
            for process in taken:
                self._idle.put(process)

    def read(self, source: str | os.PathLike[str] | bytes, work: Callable[[ReadImage], T]) -> T:
        """Read an image and call a work function with it, both in a reader process.

        Waits while all processes are busy.

        Parameters
        ----------
        source : str, path-like or bytes
            Path of the file, or the file's content.
        work : callable
            Work function, called with a `ReadImage` function. It is pickled by reference: a
            function of an importable module, or a `functools.partial` of one. The module should
            be quick to import.

        Returns
        -------
        object
            What `work` returned.

        Raises
        ------
        ImageError
            As `read_image` raises it; `CorruptImageError` also if the process crashes.
        ReadTimeoutError
            If it takes longer than the pool's time limit.
        WorkError
            If `work` fails.
        RuntimeError
            If the pool is closed, or a process does not start.
        """
        content = source if isinstance(source, bytes) else Path(source).absolute()
        task = encode_task(content, work)
        with self._borrow() as process:
            try:
                result = process.run(task, self._seconds)
            except TimeoutError as error:
                msg = (
                    f"The file takes longer than {self._seconds:g} seconds to read; "
                    "save it smaller or in another format such as PNG."
                )
                raise ReadTimeoutError(msg) from error
            except (EOFError, ConnectionError) as error:
                self._check_open()
                msg = (
                    "The file crashes the reader, or needs more memory than there is; "
                    "save it anew, smaller or in another format such as PNG."
                )
                raise CorruptImageError(msg) from error
        value: T = decode_result(result)
        return value

    def close(self) -> None:
        """End all processes. Calls of `read` that still run or come later raise RuntimeError."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            _kill(self._running)
        for _ in range(self._size):
            self._end(self._idle.get())
        self._refill()  # for calls that still wait for a process

    def _refill(self) -> None:
        for _ in range(self._size):
            self._idle.put(None)

    def _check_open(self) -> None:
        if self._closed:
            msg = "The pool of reader processes is closed."
            raise RuntimeError(msg)

    @contextmanager
    def _borrow(self) -> Iterator[ReaderProcess]:
        """Take a process from the idle ones, start one if needed, and return it afterwards."""
        process = self._idle.get()
        try:
            self._check_open()
            if process is None or not process.alive:
                self._end(process)
                process = self._start()
            yield process
        except BaseException:  # with Ctrl+C too, its result must not reach the next caller
            self._end(process)
            process = None
            raise
        finally:
            self._idle.put(process)

    def _start(self) -> ReaderProcess:
        process = ReaderProcess(self._limits, self._seconds)
        with self._lock:
            self._running.add(process)
        if self._closed:  # meanwhile
            process.kill()
        return process

    def _end(self, process: ReaderProcess | None) -> None:
        if process is not None:
            with self._lock:
                self._running.discard(process)
            process.end()


def _kill(processes: Collection[ReaderProcess]) -> None:
    for process in list(processes):
        process.kill()
