"""Keep the warnings of image libraries to ourselves: what matters becomes an error or nothing."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

__all__ = ["quiet"]

_lock = Lock()
_readers = 0
_silence = ExitStack()


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore warnings while at least one thread is reading an image.

    `warnings.catch_warnings` belongs to the process, not to a thread: nested unevenly by
    several threads it would leave the filters changed for good. So the first reader in sets
    them and the last one out restores them.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _readers
    with _lock:
        if _readers == 0:
            _silence.enter_context(warnings.catch_warnings(action="ignore"))
        _readers += 1


def _leave() -> None:
    global _readers
    with _lock:
        _readers -= 1
        if _readers == 0:
            _silence.close()
