"""Keeps the memory of a process with many threads small."""

import ctypes
import os
import platform
from typing import Final

__all__ = ["keep_heaps_small"]

OPTIONS: Final = {
    "MALLOC_ARENA_MAX": (-8, 2),  # heaps, for all threads together
    "MALLOC_MMAP_THRESHOLD_": (-3, 256 * 1024),  # bytes; what is larger gets pages of its own
}
"""By their names in the environment: the number in glibc's ``malloc.h``, and the value."""


def keep_heaps_small() -> None:
    """Have all threads share two heaps that hold nothing large, where the C library is glibc.

    It would give them up to eight heaps a processor core, each of which would keep the room that
    its largest images took. So the server is as quick in half the memory, and stays at that.
    Whoever sets one of the options in the environment chooses for themselves. Heaps that are
    there already stay.

    References
    ----------
    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if platform.libc_ver()[0] != "glibc":
        return
    library = ctypes.CDLL(None)
    for name, (option, value) in OPTIONS.items():
        if name not in os.environ:
            library.mallopt(option, value)
