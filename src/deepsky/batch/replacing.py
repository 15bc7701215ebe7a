"""Files that are there when they are complete, or not at all."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

__all__ = ["replacing"]

_LOCKS: Final = [Lock() for _ in range(64)]
"""Whoever writes a file holds the one that its path decides: two names may lead to one file."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the path of a hidden file to write, which takes another's place once it is complete.

    What a killed run leaves of it, the next one writes over.

    Parameters
    ----------
    path : Path
        The file that is to be there; its folder is made. An older one stays as it is until then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, where renaming is atomic; the name itself may be as long as names can be.
    part = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.part")
    with _LOCKS[hash(path) % len(_LOCKS)]:
        try:
            yield part
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
