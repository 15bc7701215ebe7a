"""Start a reader process, send it tasks, and end it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection, spawn
from threading import Thread
from typing import Any, Final

from deepsky.imaging.limits import Limits

__all__ = ["ReaderProcess"]

START_SECONDS: Final = 60.0
"""How long a process may take to start; this does not count as reading time."""

END_SECONDS: Final = 2.0
"""How long to wait until a killed process has ended."""


class ReaderProcess:
    """A process that reads images: a Python interpreter with ``deepsky.imaging.reader_main``.

    It is started as a program of its own, not through `multiprocessing`, which imports the
    parent's ``__main__`` in each child and whose list of children is not thread-safe. Executors
    (`concurrent.futures`, loky) cannot stop a task after a time limit, and fail all tasks if one
    crashes its process.

    Both ends talk over a pair of connected sockets (a named pipe on Windows). The process inherits
    its end, and exits when this end closes, so it does not outlive its parent.

    Parameters
    ----------
    limits : Limits
        Limits for all images that the process reads.
    seconds : float
        Time limit for one task, in seconds. The process ends itself shortly after it.

    Raises
    ------
    RuntimeError
        If the process does not start.
    """

    def __init__(self, limits: Limits, seconds: float) -> None:
        command = [_interpreter(), "-P", "-m", "deepsky.imaging.reader_main"]
        self._connection, theirs = connection.Pipe()
        self._process: subprocess.Popen[bytes] | None = None
        try:
            with theirs, _interrupts_blocked():
                self._process = _start(command, theirs.fileno())
            self._connection.send((limits, seconds))
            self._receive(START_SECONDS)
        except (OSError, EOFError) as error:
            self.end()
            msg = "A reader process does not start; see its own output for the reason."
            raise RuntimeError(msg) from error
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def run(self, task: bytes, seconds: float) -> bytes:
        """Run a task.

        Parameters
        ----------
        task : bytes
            As `deepsky.imaging.tasks.encode_task` returns it.
        seconds : float
            Time limit, in seconds.

        Returns
        -------
        bytes
            For `deepsky.imaging.tasks.decode_result`.

        Raises
        ------
        TimeoutError
            If the task takes longer than `seconds`.
        EOFError, ConnectionError
            If the process ends before it has returned a result.
        """
        self._connection.send_bytes(task)
        return self._receive(seconds)

    def kill(self) -> None:
        """Kill the process. Safe to call from any thread, at any time."""
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """Kill the process and release what the system holds for it."""
        self._connection.close()
        self.kill()
        if self._process is None:
            return
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            # It waits inside the kernel, such as for a network disk: reap it when it has ended.
            Thread(target=self._process.wait, name="deepsky-reaper", daemon=True).start()

    def _receive(self, seconds: float) -> bytes:
        if not self._connection.poll(seconds):
            raise TimeoutError
        return self._connection.recv_bytes()


def _interpreter() -> str:
    """Return the path of the Python interpreter, which `multiprocessing.set_executable` sets."""
    interpreter = os.fsdecode(spawn.get_executable() or "")
    frozen = getattr(sys, "frozen", False) and interpreter == sys.executable
    if frozen or not interpreter:
        msg = (
            "There is no Python interpreter to start reader processes with; name one that has "
            "deepsky installed by multiprocessing.set_executable()."
        )
        raise RuntimeError(msg)
    return interpreter


def _start(command: list[str], handle: int) -> subprocess.Popen[bytes]:
    """Start a command that inherits a handle, which becomes its last argument."""
    # The child imports what the parent can import, also from folders added to sys.path.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    return subprocess.Popen(  # noqa: S603 (the command is our own)
        [*command, str(handle)],
        stdin=subprocess.DEVNULL,
        env=environment,
        **_inheritance(handle),
    )


def _inheritance(handle: int) -> dict[str, Any]:
    """Return the options of `subprocess.Popen` that let a child inherit a handle."""
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        return {
            "startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]}),
            "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP,  # Ctrl+C does not reach it
        }
    return {"pass_fds": [handle]}


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block SIGINT in this thread; a child started meanwhile inherits this until it ignores it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
