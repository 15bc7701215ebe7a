"""Work function that measures the memory that a reader process needs for an image."""

import os

from benchmarks.processes import memory
from deepsky.errors import DeepskyError
from deepsky.imaging.preview_kind import PREVIEW
from deepsky.imaging.processes.tasks import ReadImage
from deepsky.preprocessing import preprocess

__all__ = ["measure"]


def measure(read: ReadImage) -> tuple[int, str]:
    """Preprocess an image; return the peak memory of the process in bytes, and the result."""
    try:
        info = preprocess(read, [224], preview=PREVIEW).info
        result = f"{info.width} x {info.height}"
    except DeepskyError as error:
        if isinstance(error.__cause__, MemoryError):
            raise
        result = f"{error.code}: {error}"
    return memory(os.getpid(), "VmHWM"), result
