"""Keeps the memory of a process with many threads small."""

import ctypes
import os
import platform
from typing import Final

__all__ = ["share_heaps"]

HEAPS: Final = 2
ARENA_MAX: Final = -8
"""``M_ARENA_MAX`` of glibc's ``malloc.h``."""


def share_heaps() -> None:
    """Have all threads share a few heaps, where the C library is glibc.

    It would give them up to eight a processor core, and each keeps the room that its largest
    pictures took. Sharing two, the server is as quick in half the memory. Whoever sets
    ``MALLOC_ARENA_MAX`` chooses for themselves. Heaps that are there already stay.

    References
    ----------
    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if platform.libc_ver()[0] == "glibc" and "MALLOC_ARENA_MAX" not in os.environ:
        ctypes.CDLL(None).mallopt(ARENA_MAX, HEAPS)
