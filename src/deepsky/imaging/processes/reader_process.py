"""Start a reader process, send tasks to it, and end it."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import connection, spawn
from threading import Event, Thread
from time import monotonic
from typing import Any, Final

from deepsky.errors import ReadCancelledError, ReaderFailedError
from deepsky.imaging.limits import Limits
from deepsky.imaging.processes.fair_queue import POLL_SECONDS
from deepsky.imaging.processes.tasks import Task

__all__ = ["OUT_OF_MEMORY", "ReaderEndedError", "ReaderProcess"]

OUT_OF_MEMORY: Final = 112
"""Exit status of a reader process that has reached its memory limit."""

NO_RESOURCES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
"""Values of ``errno`` if the system lacks file descriptors, memory or processes."""

START_SECONDS: Final = 60.0
"""Maximum time in seconds for starting a process; not part of the time limit for a task."""

END_SECONDS: Final = 2.0
"""Maximum time in seconds to wait for a killed process to end."""


class ReaderEndedError(Exception):
    """A reader process ended before it returned the result of its task.

    Parameters
    ----------
    status : int or None
        Exit status of the process, or the negative number of the signal that ended it; None if it
        is unknown.
    """

    def __init__(self, status: int | None) -> None:
        super().__init__(f"The reader process ended with status {status}.")
        self.status = status


class ReaderProcess:
    """A separate process that reads images by running `deepsky.imaging.processes.reader_main`.

    The process is started with `subprocess`. `multiprocessing` would import the parent's
    ``__main__`` in each child, and its list of children is not thread-safe. Executors
    (`concurrent.futures`, loky) cannot stop a task after a time limit, and if one task crashes its
    process, all other tasks also fail.

    Parent and child communicate through a pair of connected sockets (a named pipe on Windows). The
    child exits when the parent's end of the connection closes, so it does not outlive its parent.

    Parameters
    ----------
    limits : Limits
        Limits for all images that the process reads.
    seconds : float
        Time limit for one task, in seconds. The process exits shortly after a task exceeds this
        limit.

    Raises
    ------
    ReaderFailedError
        If the system temporarily has no resources for a new process.
    RuntimeError
        If the process could not be started for any other reason.
    """

    def __init__(self, limits: Limits, seconds: float) -> None:
        command = [_interpreter(), "-P", "-m", "deepsky.imaging.processes.reader_main"]
        self._process: subprocess.Popen[bytes] | None = None
        self._program_exits = False
        try:
            self._connection, theirs = connection.Pipe()
        except OSError as error:
            raise _start_error(error) from error
        try:
            with theirs, _interrupts_blocked():
                self._process = _start(command, theirs.fileno())
            self._connection.send((limits, seconds))
            self._receive(START_SECONDS, None)
        except (OSError, EOFError) as error:
            self.end()
            raise _start_error(error) from error
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process is running."""
        return self._process is not None and self._process.poll() is None

    def run(self, task: Task, seconds: float, cancelled: Callable[[], bool] | None) -> bytes:
        """Run a task in the process and return its result.

        Parameters
        ----------
        task : Task
            The task, as returned by `deepsky.imaging.processes.tasks.encode_task`.
        seconds : float
            Time limit, in seconds.
        cancelled : callable or None
            Called regularly; returns whether to stop waiting for the result.

        Returns
        -------
        bytes
            The result, to be decoded by `deepsky.imaging.processes.tasks.decode_result`.

        Raises
        ------
        TimeoutError
            If the task takes longer than `seconds`.
        ReadCancelledError
            If `cancelled` returned True.
        ReaderEndedError
            If the process ends before it has returned a result.
        """
        try:
            for part in task:
                self._connection.send_bytes(part)
            return self._receive(seconds, cancelled)
        except (EOFError, ConnectionError) as error:
            if self._program_exits:
                Event().wait()  # forever; see `kill_at_exit`
            raise ReaderEndedError(self._exit_status()) from error

    def kill(self) -> None:
        """Kill the process. This method is thread-safe and can be called repeatedly."""
        if self._process is not None:
            self._process.kill()

    def kill_at_exit(self) -> None:
        """Kill the process because the program exits.

        Daemon threads that wait for the process do not continue. They could print an error, and
        Python aborts the program if a thread is printing while the interpreter is finalized.
        """
        self._program_exits = True
        self.kill()

    def end(self) -> None:
        """Kill the process and release its system resources."""
        self._connection.close()
        self.kill()
        if self._process is None:
            return
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            # The process is blocked in a system call, for example on a network disk. A thread waits
            # for the process to end, so that the process does not remain a zombie.
            Thread(target=self._process.wait, name="deepsky-reaper", daemon=True).start()

    def _receive(self, seconds: float, cancelled: Callable[[], bool] | None) -> bytes:
        end = monotonic() + seconds
        interval = seconds if cancelled is None else POLL_SECONDS
        while not self._connection.poll(max(0, min(interval, end - monotonic()))):
            if cancelled is not None and cancelled():
                raise ReadCancelledError
            if monotonic() >= end:
                raise TimeoutError
        return self._connection.recv_bytes()

    def _exit_status(self) -> int | None:
        """Return the exit status of the process, or None if it is still running."""
        if self._process is None:
            return None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        return self._process.returncode


def _start_error(error: OSError | EOFError) -> RuntimeError:
    """Return the error for a process that could not be started."""
    if isinstance(error, OSError) and error.errno in NO_RESOURCES:
        msg = (
            f"The system has no resources for a reader process ({error.strerror}); try again "
            "later, or with fewer reader processes."
        )
        return ReaderFailedError(msg)
    return RuntimeError(
        "A reader process could not be started; see its error output for the reason."
    )


def _interpreter() -> str:
    """Return the path of the Python interpreter that `multiprocessing` uses for child processes."""
    interpreter = os.fsdecode(spawn.get_executable() or "")
    frozen = getattr(sys, "frozen", False) and interpreter == sys.executable
    if frozen or not interpreter:
        msg = (
            "No Python interpreter was found to start reader processes; call "
            "multiprocessing.set_executable() with the path of a Python interpreter that can "
            "import deepsky."
        )
        raise RuntimeError(msg)
    return interpreter


def _start(command: list[str], handle: int) -> subprocess.Popen[bytes]:
    """Start a command that inherits a handle; the handle is appended as the last argument."""
    # Pass the parent's `sys.path`, so that the child can import the same modules.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    return subprocess.Popen(  # noqa: S603 (the command is trusted)
        [*command, str(handle)],
        stdin=subprocess.DEVNULL,
        env=environment,
        **_inheritance(handle),
    )


def _inheritance(handle: int) -> dict[str, Any]:
    """Return the options for `subprocess.Popen` that let a child inherit a handle."""
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        return {
            "startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]}),
            "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP,  # Ctrl+C does not reach the child
        }
    return {"pass_fds": [handle]}


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block SIGINT in this thread and in the child process that the thread starts.

    Without the block, Ctrl+C could interrupt the child before it ignores SIGINT.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
