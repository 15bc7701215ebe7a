"""Reads images in processes of their own, which a file may hang or crash."""

import faulthandler
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeVar

from deepsky.errors import CorruptImageError, ImageError, ReadTimeoutError
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.read import read_image

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["ReadImage", "ReaderPool", "WorkError"]

T = TypeVar("T")

START_SECONDS: Final = 60.0
"""How long a process may take to start; that does not count as reading."""

GRACE_SECONDS: Final = 2.0
"""How long after the limit a process ends itself, should nobody have ended it."""

MOST_SECONDS: Final = 1e6
"""The longest limit that is kept to the letter: systems cannot wait for much longer at a time."""

_context = get_context("spawn")  # a fork of a process with threads may hang
_children = Lock()  # multiprocessing's own list of processes is not safe from several threads


class ReadImage(Protocol):
    """Reads the file that there is work on, as `read_image` does."""

    def __call__(self, *, at_least: int | None = None) -> ImageData:
        """Read it, again where it was read before."""


class WorkError(RuntimeError):
    """What is made of an image cannot be made: a fault of the program, not of the file."""


class ReaderPool:
    """Reads images in processes of its own: a file that hangs or crashes it harms no other.

    Safe to use from several threads. A process starts when it is first needed, and is replaced
    when it has ended. Used as a context manager, the pool closes itself.

    Parameters
    ----------
    processes : int, optional
        How many images are read at once; by default, one a processor core.
    seconds : float
        How long one image may take; infinity for as long as it does.
    limits : Limits, optional
        What is refused before anything is decoded.
    """

    def __init__(
        self,
        processes: int | None = None,
        *,
        seconds: float = 60.0,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._size = processes or os.cpu_count() or 1
        self._seconds = min(seconds, MOST_SECONDS)
        self._limits = limits
        self._idle: LifoQueue[_Reader | None] = LifoQueue()  # None is yet to be started
        self._refill()
        self._readers: set[_Reader] = set()
        self._closed = False
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start all processes now; otherwise each starts when it is first needed.

        Raises
        ------
        RuntimeError
            If a process does not start.
        """
        lent = [self._idle.get() for _ in range(self._size)]
        try:
            for place, reader in enumerate(lent):
                lent[place] = reader or self._start()
        finally:
            for reader in lent:
                self._idle.put(reader)

    def read(self, source: str | os.PathLike[str] | bytes, work: Callable[[ReadImage], T]) -> T:
        """Read an image and make something of it, both in another process.

        Waits while all processes are busy.

        Parameters
        ----------
        source : str, path-like or bytes
            Path of the file, or the file's content.
        work : callable
            Given the function `ReadImage`, makes of the image what is wanted; only that crosses
            back. A function of a module that is quick to import, or a `functools.partial` of one.

        Raises
        ------
        ImageError
            As `read_image` raises it; `CorruptImageError` also where the process crashes.
        ReadTimeoutError
            If it takes longer than the pool allows.
        WorkError
            If ``work`` fails.
        RuntimeError
            If the pool is closed, or a process does not start.
        """
        content = source if isinstance(source, bytes) else Path(source).absolute()
        task = pickle.dumps((content, work))
        with self._reader() as reader:
            try:
                answer = reader.ask(task, self._seconds)
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
        result: T
        result, failure = pickle.loads(answer)  # noqa: S301 (written by our own process)
        if failure is not None:
            raise failure
        return result

    def close(self) -> None:
        """End all processes. Whoever still reads, or tries to later, gets a RuntimeError."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for reader in self._readers:
                reader.kill()
        for _ in range(self._size):
            self._end(self._idle.get())
        self._refill()  # for those who still wait for a process

    def _refill(self) -> None:
        for _ in range(self._size):
            self._idle.put(None)

    def _check_open(self) -> None:
        if self._closed:
            msg = "The pool of readers is closed."
            raise RuntimeError(msg)

    @contextmanager
    def _reader(self) -> Iterator["_Reader"]:
        """Lend a process, which serves one thread at a time."""
        reader = self._idle.get()
        try:
            self._check_open()
            if reader is None or not reader.alive:
                self._end(reader)
                reader = self._start()
            yield reader
        except BaseException:  # Ctrl+C too: the next caller must not get what this one asked for
            self._end(reader)
            reader = None
            raise
        finally:
            self._idle.put(reader)

    def _start(self) -> "_Reader":
        reader = _Reader(self._limits, self._seconds)
        with self._lock:
            self._readers.add(reader)
        if self._closed:  # while it started
            reader.kill()
        return reader

    def _end(self, reader: "_Reader | None") -> None:
        if reader is not None:
            with self._lock:
                self._readers.discard(reader)
            reader.end()


class _Reader:
    """A process that reads, and this process's end of the pipe to it.

    Raises
    ------
    RuntimeError
        If the process does not start.
    """

    def __init__(self, limits: Limits, seconds: float) -> None:
        self._pipe, theirs = _context.Pipe()
        self._process = _context.Process(
            target=_serve, args=(theirs, limits, seconds), name="deepsky-reader", daemon=True
        )
        with theirs, _children, _without_main_module(), _out_of_reach_of_ctrl_c():
            self._process.start()
        try:
            self._receive(START_SECONDS)
        except (EOFError, ConnectionError, TimeoutError) as error:
            self.end()
            msg = "A process that reads images does not start; its own output says why."
            raise RuntimeError(msg) from error
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        with _children:
            return self._process.is_alive()

    def ask(self, task: bytes, seconds: float) -> bytes:
        """Hand over a task and wait for its answer.

        Raises
        ------
        TimeoutError
            If that takes longer.
        EOFError, ConnectionError
            If the process ends over it.
        """
        self._pipe.send_bytes(task)
        return self._receive(seconds)

    def kill(self) -> None:
        """Stop the process, whatever it does."""
        with _children, suppress(ValueError):  # it has ended
            self._process.kill()

    def end(self) -> None:
        """Stop the process and free what the system holds for it."""
        self._pipe.close()
        self.kill()
        with _children, suppress(ValueError):  # it waits for a disk: it dies when that answers
            self._process.join(GRACE_SECONDS)
            self._process.close()

    def _receive(self, seconds: float) -> bytes:
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv_bytes()


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Keep a new process from importing the program's main module, which it has no use for.

    A script would begin anew in it, unless written to notice.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _out_of_reach_of_ctrl_c() -> Iterator[None]:
    """Hold interrupts back, which a new process does too until it ignores them."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # or it starts now, and would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: "Connection", limits: Limits, seconds: float) -> None:
    """Read, in a process of its own, what comes through the pipe until its other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that started this one
    with suppress(EOFError, ConnectionError), Path(os.devnull).open("w") as nowhere:
        pipe.send_bytes(b"ready")
        while True:
            task = pipe.recv_bytes()
            # Where the file hangs it and the other process is gone, nobody else would end this one.
            faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=nowhere)
            answer = _answer(task, limits)
            faulthandler.cancel_dump_traceback_later()
            pipe.send_bytes(answer)


def _answer(task: bytes, limits: Limits) -> bytes:
    """Carry out a task: what it made, or why it made nothing."""
    try:
        source, work = pickle.loads(task)  # noqa: S301 (written by the process that started this)
        return pickle.dumps((work(partial(read_image, source, limits=limits)), None))
    except ImageError as error:
        return pickle.dumps((None, error))
    except Exception as error:  # noqa: BLE001 (told where somebody can see it)
        fault = WorkError(f"A process that reads images fails: {error!r}")
        fault.add_note(traceback.format_exc())
        return pickle.dumps((None, fault))
