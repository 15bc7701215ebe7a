"""What the reading processes of the tests are asked to do; a module that they can import."""

import os
import time

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging import Picture


def average(picture: Picture, times: int = 1) -> tuple[float, ...]:
    """The picture's colour."""
    return tuple(float(channel) * times for channel in picture.pixels.mean(axis=(0, 1)))


def process(_picture: Picture) -> int:
    """Who reads."""
    return os.getpid()


def sleep(_picture: Picture, seconds: float) -> None:
    """Hang."""
    time.sleep(seconds)


def crash(_picture: Picture) -> None:
    """End as a fault in a decoder ends a process: without a word."""
    os._exit(139)


def fail(picture: Picture) -> float:
    """Have a fault."""
    return picture.width / 0


def give_what_cannot_cross(_picture: Picture) -> object:
    """Make something that cannot be sent."""
    return lambda: None


def pixels(picture: Picture) -> NDArray[np.uint8]:
    """All of it."""
    return picture.pixels
