"""Settings of the C library's memory allocator."""

import ctypes
import os
import platform
from typing import Final

__all__ = ["limit_malloc_arenas"]

OPTIONS: Final = {
    "MALLOC_ARENA_MAX": (-8, 2),  # number of arenas, for all threads together
    "MALLOC_MMAP_THRESHOLD_": (-3, 256 * 1024),  # bytes; larger blocks get pages of their own
}
"""For each environment variable: the number of the option in ``malloc.h``, and the value."""


def limit_malloc_arenas() -> None:
    """Limit glibc to two arenas for all threads, and keep large blocks out of them.

    By default, glibc creates up to eight arenas per processor core, and each keeps the memory of
    the largest images it has held. With two, the server needs half the memory at the same speed.
    Values in the environment take precedence. Existing arenas stay: call this before the first
    thread starts. Other C libraries are left alone.

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
