"""Looks at processes through ``/proc``, so that the benchmarks need Linux. Not run by itself."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["descriptors", "memory", "tree"]


def tree(pid: int) -> Iterator[int]:
    """List a process and all below it."""
    yield pid
    try:
        children = [
            int(child)
            for file in Path(f"/proc/{pid}/task").glob("*/children")
            for child in file.read_text().split()
        ]
    except OSError:  # it has just ended
        return
    for child in children:
        yield from tree(child)


def memory(pid: int, field: str = "VmRSS") -> int:
    """Give the memory of a process in bytes; what it shares with others counts in full.

    Parameters
    ----------
    pid : int
    field : str
        ``VmRSS`` is what it has, ``VmHWM`` the most that it has had.
    """
    try:
        found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def descriptors(pid: int) -> int:
    """Count the open file descriptors of a process."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208  # links that need not lead on
    except OSError:
        return 0
