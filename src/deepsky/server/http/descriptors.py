"""The number of connections that the limit on open files allows."""

import sys
from typing import Final

if sys.platform != "win32":
    import resource

__all__ = ["connection_limit"]

FILES_PER_CONNECTION: Final = 2
"""Number of file descriptors per connection: its socket, and a temporary file or a file to send."""

OTHER_FILES: Final = 256
"""Number of file descriptors for the database, reader processes, forms and images."""


def connection_limit(wanted: int) -> int:
    """Raise the limit on file descriptors, and return the number of connections it allows.

    Parameters
    ----------
    wanted : int
        Maximum number of connections.

    Returns
    -------
    int
        At least 1.
    """
    if sys.platform == "win32":
        return wanted
    needed = FILES_PER_CONNECTION * wanted + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return wanted
    return min(wanted, max(soft - OTHER_FILES, soft // 2) // FILES_PER_CONNECTION)
