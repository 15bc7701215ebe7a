"""Main module of a reader process.

`deepsky.imaging.processes.reader_process` runs it as
``python -m deepsky.imaging.processes.reader_main HANDLE``. ``HANDLE`` is a file descriptor (a
handle on Windows) of the connection to the parent process.
"""

import faulthandler
import os
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Final

from deepsky.imaging.processes.memory_limit import limit_memory
from deepsky.imaging.processes.reader_process import OUT_OF_MEMORY
from deepsky.imaging.processes.tasks import Task, run_task

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

GRACE_SECONDS: Final = 2.0
"""If a task exceeds its time limit by this many seconds, the reader process exits."""


def main(handle: int) -> None:
    """Run tasks until the parent process closes the connection.

    Parameters
    ----------
    handle : int
        File descriptor (a handle on Windows) of the connection to the parent process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only the parent handles Ctrl+C
    warnings.simplefilter("ignore")  # if damage is severe, an ImageError is raised
    with suppress(EOFError, ConnectionError), Connection(handle) as parent:
        limits, seconds = parent.recv()
        limit_memory(limits.max_memory)
        parent.send_bytes(b"ready")
        with Path(os.devnull).open("w") as devnull:
            while True:
                task = Task(parent.recv_bytes(), parent.recv_bytes())
                # Exit if the task hangs, because the parent may have ended and cannot kill this
                # process.
                faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=devnull)
                result = run_task(task, limits)
                faulthandler.cancel_dump_traceback_later()
                parent.send_bytes(result)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except MemoryError:
        # The memory may be fragmented by earlier tasks, so a new process repeats the task.
        os._exit(OUT_OF_MEMORY)
