"""Load the content of sources, with a time limit for remote files."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from threading import Thread
from typing import Any

from deepsky.batch.remote import is_address
from deepsky.batch.sources import Content, Source
from deepsky.errors import ReadTimeoutError

__all__ = ["load_source"]


def load_source(source: Source, seconds: float, closed: "Future[None]") -> Content:
    """Load a source. Stop waiting for a remote file at the time limit.

    Parameters
    ----------
    source : Source
    seconds : float
        Time limit for the download of a remote file, in seconds.
    closed : Future
        When it is done, waiting for a remote file ends.

    Returns
    -------
    Path or bytes

    Raises
    ------
    ImageError
        If the source cannot be loaded.
    """
    if not is_address(source.name):
        return source.load()
    fetched: Future[Content] = Future()
    # Use a daemon thread: an executor would wait at exit until the download is finished.
    Thread(target=_settle, args=(fetched, source.load), daemon=True).start()
    either: list[Future[Any]] = [fetched, closed]
    wait(either, seconds, FIRST_COMPLETED)
    if not fetched.done():
        msg = (
            f"The file could not be fetched within {seconds:g} seconds; "
            "download it first or increase the time limit."
        )
        raise ReadTimeoutError(msg)
    return fetched.result()


def _settle(future: "Future[Content]", load: Callable[[], Content]) -> None:
    """Call a function, and store its result or exception in a future."""
    try:
        future.set_result(load())
    except BaseException as error:  # noqa: BLE001 (raised again by future.result)
        future.set_exception(error)
