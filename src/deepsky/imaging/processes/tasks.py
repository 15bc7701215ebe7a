"""Tasks for reader processes: read an image, call a work function, and return its result."""

import pickle
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from deepsky.errors import ImageError
from deepsky.imaging.decoded import DecodedImage
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import Limits
from deepsky.imaging.read import read_image

__all__ = ["ReadImage", "Task", "WorkError", "decode_result", "encode_task", "run_task"]

T = TypeVar("T")


class ReadImage(Protocol):
    """Function that reads the image of a task. It is the argument of a work function."""

    def __call__(
        self,
        *,
        at_least: int | None = None,
        stretch: StretchChoice = "auto",
        observe: Callable[[DecodedImage], None] | None = None,
    ) -> ImageData:
        """Read the image; each call reads and decodes the file again.

        Parameters
        ----------
        at_least : int, optional
            Minimum length of the shorter side, in pixels; see
            `deepsky.imaging.read.read_image`.
        stretch : str
            Name of the stretch; see `deepsky.imaging.read.read_image`.
        observe : callable, optional
            Function that is called with the decoded values; see `deepsky.imaging.read.read_image`.

        Returns
        -------
        ImageData

        Raises
        ------
        ImageError
            If the image cannot be read.
        """


class WorkError(RuntimeError):
    """A work function failed for a reason other than an unreadable image (`ImageError`)."""


class Task(NamedTuple):
    """A task for a reader process.

    Attributes
    ----------
    pickled : bytes
        The pickled path of the image file (None if `content` is given) and work function.
    content : bytes
        Content of the image file. It is not pickled, because that would copy it.
    """

    pickled: bytes
    content: bytes


def encode_task(source: bytes | Path, work: Callable[[ReadImage], Any]) -> Task:
    """Encode a task for a reader process.

    Parameters
    ----------
    source : bytes or Path
        Content of the image file, or its absolute path.
    work : callable
        Work function. It is pickled by reference, that is, by its module and name.

    Returns
    -------
    Task
        The task, to be run by `run_task`.

    Raises
    ------
    AttributeError, pickle.PicklingError
        If `work` cannot be pickled, for example because it is a lambda.
    """
    if isinstance(source, bytes):
        return Task(pickle.dumps((None, work)), source)
    return Task(pickle.dumps((source, work)), b"")


def run_task(task: Task, limits: Limits) -> bytes:
    """Run a task in the current process, which is a reader process.

    Parameters
    ----------
    task : Task
        The task, as returned by `encode_task`.
    limits : Limits
        Limits on the size of the file and the image.

    Returns
    -------
    bytes
        The pickled return value or exception of the work function, for `decode_result`.

    Raises
    ------
    MemoryError
        If the task exceeds the memory limit of the process.
    """
    try:
        path, work = pickle.loads(task.pickled)  # noqa: S301 (sent by the parent process)
        source = task.content if path is None else path
        return pickle.dumps((work(partial(read_image, source, limits=limits)), None))
    except MemoryError:
        raise
    except ImageError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None
        return pickle.dumps((None, error))
    except Exception as error:  # noqa: BLE001 (raised again in the calling process)
        failure = WorkError(f"A reader process failed: {error!r}")
        failure.add_note(traceback.format_exc())
        return pickle.dumps((None, failure))


def decode_result(result: bytes) -> Any:
    """Unpickle the result of a task. If the task failed, raise its exception.

    Parameters
    ----------
    result : bytes
        The pickled result, as returned by `run_task`.

    Returns
    -------
    object
        The return value of the work function.

    Raises
    ------
    ImageError
        If the image could not be read.
    WorkError
        If the work function raised an exception other than `ImageError`, or its result cannot be
        pickled.
    """
    value, failure = pickle.loads(result)  # noqa: S301 (sent by a reader process)
    if failure is not None:
        raise failure
    return value
