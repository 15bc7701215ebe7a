"""Limit the memory of a reader process."""

import sys
from pathlib import Path

__all__ = ["limit_memory"]


def limit_memory(size: int) -> None:
    """Limit the address space of this process, so that allocations beyond the limit fail.

    Address space that is reserved but not used, such as shared libraries, does not count.
    On systems other than Linux, which do not enforce such limits, the function does nothing.

    Parameters
    ----------
    size : int
        Maximum memory of the process in bytes, including the memory that it uses now.
    """
    if sys.platform != "linux":
        return
    import resource

    reserved, used = _read_memory_use()
    _, highest = resource.getrlimit(resource.RLIMIT_AS)
    limit = reserved + max(0, size - used)
    if highest != resource.RLIM_INFINITY:
        limit = min(limit, highest)
    resource.setrlimit(resource.RLIMIT_AS, (limit, highest))


def _read_memory_use() -> tuple[int, int]:
    """Return the address space and the resident memory of this process, in bytes."""
    import resource

    reserved, used, *_ = map(int, Path("/proc/self/statm").read_text().split())
    page = resource.getpagesize()
    return reserved * page, used * page
