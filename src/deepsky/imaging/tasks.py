"""Tasks for reader processes: read an image, call a work function, and return its result."""

import pickle
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from deepsky.errors import ImageError
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import Limits
from deepsky.imaging.read import read_image

__all__ = ["ReadImage", "WorkError", "decode_result", "encode_task", "run_task"]

T = TypeVar("T")


class ReadImage(Protocol):
    """A function that reads the task's image, as `read_image` does for its source."""

    def __call__(self, *, at_least: int | None = None) -> ImageData:
        """Read the image; each call decodes it anew.

        Parameters
        ----------
        at_least : int, optional
            Pixels that the shorter side needs; see `deepsky.imaging.read.read_image`.

        Returns
        -------
        ImageData

        Raises
        ------
        ImageError
            If the image cannot be read.
        """


class WorkError(RuntimeError):
    """A work function failed: a fault of the program, not of the image."""


def encode_task(source: bytes | Path, work: Callable[[ReadImage], Any]) -> bytes:
    """Pickle a task.

    Parameters
    ----------
    source : bytes or Path
        Content of the file, or its absolute path.
    work : callable
        Work function. It is pickled by reference, as its module and name.

    Returns
    -------
    bytes

    Raises
    ------
    AttributeError, pickle.PicklingError
        If `work` cannot be pickled, such as a lambda.
    """
    return pickle.dumps((source, work))


def run_task(task: bytes, limits: Limits) -> bytes:
    """Run a task in a reader process.

    Parameters
    ----------
    task : bytes
        As `encode_task` returns it.
    limits : Limits
        Limits for reading the image.

    Returns
    -------
    bytes
        The pickled result or exception of the work function, for `decode_result`.
    """
    try:
        source, work = pickle.loads(task)  # noqa: S301 (comes from the process that started this)
        return pickle.dumps((work(partial(read_image, source, limits=limits)), None))
    except ImageError as error:
        return pickle.dumps((None, error))
    except Exception as error:  # noqa: BLE001 (raised again in the calling process)
        failure = WorkError(f"A reader process failed: {error!r}")
        failure.add_note(traceback.format_exc())
        return pickle.dumps((None, failure))


def decode_result(result: bytes) -> Any:
    """Unpickle what `run_task` returned.

    Parameters
    ----------
    result : bytes

    Returns
    -------
    object
        The result of the work function.

    Raises
    ------
    ImageError
        If the work function raised it.
    WorkError
        If the work function raised anything else, or its result cannot be pickled.
    """
    value, failure = pickle.loads(result)  # noqa: S301 (comes from our own reader process)
    if failure is not None:
        raise failure
    return value
