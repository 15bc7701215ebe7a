"""Work functions for the `ReaderPool` tests; reader processes import this module."""

import faulthandler
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.processes.tasks import ReadImage


def median_colour(read_image: ReadImage, times: int = 1) -> tuple[float, ...]:
    """Return the median of each channel, multiplied by `times`."""
    medians = np.median(read_image().pixels, axis=(0, 1))
    return tuple(float(channel) * times for channel in medians)


def pixels(read_image: ReadImage) -> NDArray[np.uint8]:
    """Return the pixels of the image."""
    return read_image().pixels


def process_id(_read_image: ReadImage) -> int:
    """Return the ID of the reader process."""
    return os.getpid()


def sleep(_read_image: ReadImage, seconds: float) -> None:
    """Sleep for the given number of seconds."""
    time.sleep(seconds)


def hang(_read_image: ReadImage) -> None:
    """Disable the timer that ends a reader process after its time limit, and hang."""
    faulthandler.cancel_dump_traceback_later()
    time.sleep(600)


def crash(_read_image: ReadImage) -> None:
    """End the process abruptly, as if a decoder had crashed."""
    os._exit(139)


def kill(_read_image: ReadImage) -> None:
    """Kill the process, as the system does if it runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail_once(read_image: ReadImage, marker: Path, end: Callable[[ReadImage], object]) -> int:
    """End the process with the function `end` on the first call; read the image on the second."""
    if not marker.exists():
        marker.touch()
        end(read_image)
    return read_image().width


def allocate(_read_image: ReadImage, size: int) -> int:
    """Allocate and use the given number of bytes."""
    return int(np.ones(size, np.uint8)[-1])


def fail(read_image: ReadImage) -> float:
    """Raise ZeroDivisionError."""
    return read_image().width / 0


def return_lambda(_read_image: ReadImage) -> object:
    """Return an object that cannot be pickled."""
    return lambda: None
