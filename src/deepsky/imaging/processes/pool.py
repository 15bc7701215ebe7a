"""Read images in a pool of processes, so that a decoder cannot crash or block the caller."""

import os
import signal
import sys
import weakref
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final, Self, TypeVar

from deepsky.errors import (
    CorruptImageError,
    ImageError,
    ReaderFailedError,
    ReadTimeoutError,
)
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.processes.fair_queue import FairQueue
from deepsky.imaging.processes.reader_process import OUT_OF_MEMORY, ReaderEndedError, ReaderProcess
from deepsky.imaging.processes.tasks import ReadImage, Task, decode_result, encode_task

__all__ = ["ReaderPool"]

T = TypeVar("T")

MAX_SECONDS: Final = 1e6
"""Longest time limit in seconds, below the longest timeout that all platforms support."""


KILLED: Final = frozenset({1} if sys.platform == "win32" else {-signal.SIGKILL, -signal.SIGTERM})
"""Exit statuses of a process that another process or the system killed."""


class ReaderPool:
    """A pool of processes that read images.

    The pool is thread-safe. A process is started when it is first needed, and is replaced if it
    has ended. When the pool is used as a context manager, it is closed on exit.

    Parameters
    ----------
    processes : int, optional
        Number of reader processes, and thus the maximum number of images read concurrently. The
        default is the number of CPU cores.
    seconds : float
        Time limit for one image, in seconds. ``math.inf`` disables the limit.
    limits : Limits, optional
        Limits that are checked before an image is decoded.

    See Also
    --------
    deepsky.imaging.read_image : Read an image in the calling process.

    Examples
    --------
    The work function runs in a reader process, and only its result is returned. Work functions must
    be importable, so this example defines one in a separate module, ``colours.py``:

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
        self._idle: FairQueue[ReaderProcess | None] = FairQueue()  # None: process not started
        self._refill()
        self._running: set[ReaderProcess] = set()
        self._closed = False
        self._lock = Lock()
        # End the processes if the pool is garbage-collected or the program exits before `close`.
        weakref.finalize(self, _end_all, self._running).atexit = False
        weakref.finalize(self, _kill_at_exit, self._running)

    @property
    def processes(self) -> int:
        """Number of reader processes."""
        return self._size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, processes: int | None = None) -> None:
        """Start processes immediately instead of on demand.

        Parameters
        ----------
        processes : int, optional
            Number of processes to start. By default, all processes are started.

        Raises
        ------
        RuntimeError
            If a process could not be started.
        """
        taken = [self._idle.get() for _ in range(processes or self._size)]
        try:
            for place, process in enumerate(taken):
                taken[place] = process or self._start()
        finally:
            for process in taken:
                self._idle.put(process)

    def read(
        self,
        source: str | os.PathLike[str] | bytes,
        work: Callable[[ReadImage], T],
        *,
        cancelled: Callable[[], bool] | None = None,
    ) -> T:
        """Run a work function, that is, a function that reads an image, in a reader process.

        The call blocks while all processes are busy; waiting calls are served in the order of their
        arrival. If the process ends before it returns a result, or runs out of memory, the work
        function is run once more in a new process.

        Parameters
        ----------
        source : str, path-like or bytes
            Path of the file, or the file's content.
        work : callable
            Work function. Its argument is a `ReadImage` function, which reads the image. A work
            function is pickled by reference, so it must be defined in an importable module, or be
            a `functools.partial` of such a function. The module should be quick to import.
        cancelled : callable, optional
            Function without arguments that returns whether the read has been cancelled, such as
            ``threading.Event().is_set``. It is called about ten times per second in the calling
            thread. When a read is cancelled, its process is killed.

        Returns
        -------
        object
            The return value of `work`.

        Raises
        ------
        ImageError
            If the image cannot be read, as in `read_image`. If the reader process crashes twice,
            the error is a `CorruptImageError`.
        ReadTimeoutError
            If `work`, including reading the image, takes longer than the pool's time limit.
        ReaderFailedError
            If the reader process is killed twice, for example because the system runs out of
            memory, or if the system temporarily has no resources for a new process.
        ReadCancelledError
            If `cancelled` returned True.
        WorkError
            If `work` raises an exception other than `ImageError`, or its result cannot be pickled.
        AttributeError, pickle.PicklingError
            If `work` cannot be pickled, for example because it is a lambda.
        RuntimeError
            If the pool is closed, or a process could not be started.
        """
        content = source if isinstance(source, bytes) else Path(source).absolute()
        task = encode_task(content, work)
        try:
            result = self._run(task, cancelled)
        except ReaderEndedError:
            result = self._run_again(task, cancelled)
        value: T = decode_result(result)
        return value

    def close(self) -> None:
        """End all processes. Running and later calls to `read` raise RuntimeError."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            _kill(self._running)
        for _ in range(self._size):
            self._end(self._idle.get())
        self._refill()  # unblocks calls to `read` that are waiting for a process

    def _refill(self) -> None:
        for _ in range(self._size):
            self._idle.put(None)

    def _check_open(self) -> None:
        if self._closed:
            msg = "The pool of reader processes is closed."
            raise RuntimeError(msg)

    def _run(
        self, task: Task, cancelled: Callable[[], bool] | None, *, in_new_process: bool = False
    ) -> bytes:
        """Run a task and return its result; the time limit does not include waiting."""
        with self._borrow(cancelled, new=in_new_process) as process:
            try:
                return process.run(task, self._seconds, cancelled)
            except TimeoutError as error:
                msg = (
                    f"Reading the file took longer than {self._seconds:g} seconds; "
                    "reduce the size of the image or save it in another format such as PNG."
                )
                raise ReadTimeoutError(msg) from error
            except ReaderEndedError:
                self._check_open()
                raise

    def _run_again(self, task: Task, cancelled: Callable[[], bool] | None) -> bytes:
        """Run a task in a new process; if this process ends too, raise the error for the reason."""
        try:
            return self._run(task, cancelled, in_new_process=True)
        except ReaderEndedError as error:
            raise _failure(error.status, self._limits) from error

    @contextmanager
    def _borrow(
        self, cancelled: Callable[[], bool] | None, *, new: bool = False
    ) -> Iterator[ReaderProcess]:
        """Yield an idle process, starting it if necessary, and return it to the pool afterwards."""
        process = self._idle.get(cancelled)
        try:
            self._check_open()
            if process is None or new or not process.alive:
                self._end(process)
                process = None
                process = self._start()
            yield process
        except BaseException:
            # Discard the process, so that the next caller does not receive the result of this task.
            self._end(process)
            process = None
            raise
        finally:
            self._idle.put(process)

    def _start(self) -> ReaderProcess:
        process = ReaderProcess(self._limits, self._seconds)
        with self._lock:
            self._running.add(process)
        if self._closed:  # the pool was closed while the process was starting
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


def _end_all(processes: Collection[ReaderProcess]) -> None:
    _kill(processes)  # before waiting for the first one
    for process in list(processes):
        process.end()


def _kill_at_exit(processes: Collection[ReaderProcess]) -> None:
    for process in list(processes):
        process.kill_at_exit()


def _failure(status: int | None, limits: Limits) -> ImageError:
    """Return the error for a reader process that ended while it was reading an image.

    Parameters
    ----------
    status : int or None
        Exit status of the process, or the negative number of the signal that ended it.
    limits : Limits
        Limits of the process.
    """
    if status == OUT_OF_MEMORY:
        return limits.out_of_memory()
    if status is None or status in KILLED:
        return ReaderFailedError(
            "The reader process was killed twice while it was reading the file, probably because "
            "the system ran out of memory; try again later, or with fewer reader processes."
        )
    return CorruptImageError(
        "Reading the file crashed the reader process twice, so the file is probably damaged; "
        "copy or download it again, or save it in another format such as PNG."
    )
