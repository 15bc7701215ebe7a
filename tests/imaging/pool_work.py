"""What the reading processes of the tests are asked to do; a module that they can import."""

import os
import time

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.pool import ReadImage


def average(read: ReadImage, times: int = 1) -> tuple[float, ...]:
    """The image's colour."""
    return tuple(float(channel) * times for channel in read().pixels.mean(axis=(0, 1)))


def process(_read: ReadImage) -> int:
    """Who reads."""
    return os.getpid()


def sleep(_read: ReadImage, seconds: float) -> None:
    """Hang."""
    time.sleep(seconds)


def crash(_read: ReadImage) -> None:
    """End as a fault in a decoder ends a process: without a word."""
    os._exit(139)


def fail(read: ReadImage) -> float:
    """Have a fault."""
    return read().width / 0


def give_what_cannot_cross(_read: ReadImage) -> object:
    """Make something that cannot be sent."""
    return lambda: None


def pixels(read: ReadImage) -> NDArray[np.uint8]:
    """All of it."""
    return read().pixels
