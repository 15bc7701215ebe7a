"""Program of a reader process: ``python -m deepsky.imaging.reader_main HANDLE``.

`deepsky.imaging.reader_process` starts it. ``HANDLE`` is the process's end of the connection: a
file descriptor, on Windows a handle.
"""

import faulthandler
import os
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Final

from deepsky.imaging.tasks import run_task

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

GRACE_SECONDS: Final = 2.0
"""How long after the time limit a reader process ends itself, if its parent has not ended it."""


def main(handle: int) -> None:
    """Run tasks until the other end of the connection closes.

    Parameters
    ----------
    handle : int
        File descriptor or handle of this process's end of the connection.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent
    warnings.simplefilter("ignore")  # damage that matters is raised as an ImageError
    with suppress(EOFError, ConnectionError), Connection(handle) as parent:
        limits, seconds = parent.recv()
        parent.send_bytes(b"ready")
        with Path(os.devnull).open("w") as devnull:
            while True:
                task = parent.recv_bytes()
                # If the parent has died, nobody else ends a process that hangs.
                faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=devnull)
                result = run_task(task, limits)
                faulthandler.cancel_dump_traceback_later()
                parent.send_bytes(result)


if __name__ == "__main__":
    main(int(sys.argv[1]))
