"""Read the memory, descendants and open files of processes from ``/proc`` (Linux only)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["descriptors", "memory", "tree"]


def tree(pid: int) -> Iterator[int]:
    """Yield the IDs of a process and of all its descendants.

    Parameters
    ----------
    pid : int
        Process ID.

    Yields
    ------
    int
        The process itself first, then its descendants.
    """
    yield pid
    try:
        children = [
            int(child)
            for file in Path(f"/proc/{pid}/task").glob("*/children")
            for child in file.read_text().split()
        ]
    except OSError:  # the process has ended
        return
    for child in children:
        yield from tree(child)


def memory(pid: int, field: str = "VmRSS") -> int:
    """Return the resident memory of a process, including memory shared with other processes.

    Parameters
    ----------
    pid : int
        Process ID.
    field : str
        Field of ``/proc/PID/status``: ``VmRSS`` for current memory, ``VmHWM`` for peak memory.

    Returns
    -------
    int
        Resident memory in bytes; 0 if the process has ended.
    """
    try:
        found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def descriptors(pid: int) -> int:
    """Return the number of open file descriptors of a process.

    Parameters
    ----------
    pid : int
        Process ID.

    Returns
    -------
    int
        Number of open file descriptors; 0 if the process has ended.
    """
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208  # links may be dangling
    except OSError:
        return 0
