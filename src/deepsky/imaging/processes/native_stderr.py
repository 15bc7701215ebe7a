"""Capture messages that native libraries write to the standard error stream of the process."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Final

__all__ = ["captured_stderr"]

_STDERR: Final = 2
_lock: Final = Lock()


@contextmanager
def captured_stderr(*messages: bytes) -> Iterator[list[bytes]]:
    """Capture messages of a native library that reports damage only on standard error.

    Everything else that any thread writes in the meantime is written to standard error afterwards.
    Nothing is captured if the process has no standard error, or no folder for temporary files.

    Parameters
    ----------
    *messages : bytes
        Parts of the messages of the library. Lines that contain one of them are captured.

    Yields
    ------
    list of bytes
        The captured lines; they are added to the list at the end of the context.
    """
    found: list[bytes] = []
    with ExitStack() as stack:
        stack.enter_context(_lock)
        try:
            file = stack.enter_context(tempfile.TemporaryFile())
            original = os.dup(_STDERR)
        except OSError:
            yield found
            return
        os.dup2(file.fileno(), _STDERR)
        try:
            yield found
        finally:
            os.dup2(original, _STDERR)
            os.close(original)
            file.seek(0)
            for line in file.read().splitlines(keepends=True):
                if any(message in line for message in messages):
                    found.append(line)
                else:
                    os.write(_STDERR, line)
