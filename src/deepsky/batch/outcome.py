"""Outcome of classifying one source. Outcomes are passed to the actions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deepsky.batch.sources import Content, Source

if TYPE_CHECKING:  # these modules are slow to import
    import numpy as np
    from numpy.typing import NDArray

    from deepsky.imaging.image_data import ImageInfo
    from deepsky.record import Record

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Record of one source, with the data that the actions need.

    Attributes
    ----------
    source : Source
    record : Record
        The record of the image; its ``error`` is set if the image could not be read.
    content : Path or bytes or None
        The path of a local file, or the bytes of an archive member or remote file. None if the
        source could not be loaded.
    evidence : ndarray of float32, shape (4, rows, columns), or None
        Evidence maps, one per class; None if the image could not be read.
    preview : bytes or None
        JPEG preview; None if the image could not be read, or if previews were not requested.
    info : ImageInfo or None
        Information about the image; None if it could not be read.
    solve_seconds : float or None
        Duration of plate solving; None if the image was not searched.
    is_other_file : bool
        Whether the source is plainly not an image, such as a text file in a folder of images.
    """

    source: Source
    record: "Record"
    content: Content | None = None
    evidence: "NDArray[np.float32] | None" = None
    preview: bytes | None = None
    info: "ImageInfo | None" = None
    solve_seconds: float | None = None
    is_other_file: bool = False
