"""What is known of an image once it is classified, for whatever is to happen to it next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deepsky.batch.sources import Content, Source

if TYPE_CHECKING:  # importing them takes as long as starting the command line
    import numpy as np
    from numpy.typing import NDArray

    from deepsky.record import Record

__all__ = ["FollowUp", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An image that was just classified, or could not be.

    Attributes
    ----------
    source : Source
    record : Record
        With ``error`` set where the image could not be read.
    content : Path or bytes or None
        What was read: the path of a file on this machine, or the bytes of a member of an archive
        or of a file fetched from elsewhere. None where not even that could be had.
    evidence : ndarray of float32, shape (4, rows, columns), or None
        Where in the image each class draws its score from; None where the image could not be
        read.
    preview : bytes or None
        The image as people are shown it, JPEG; None where it could not be read, or where no
        follow-up wants it.
    """

    source: Source
    record: "Record"
    content: Content | None = None
    evidence: "NDArray[np.float32] | None" = None
    preview: bytes | None = None


FollowUp = Callable[[Outcome], None]
"""What happens to each image once it is classified, such as sorting it into a folder.

It is called for every outcome, those with an error too, before the record is journaled: again,
where the run was killed in between, so that doing it twice must leave what doing it once does.
Calls come from several threads at once and in any order. Where it fails for one image it raises
OSError, or a DeepskyError whose message says what to do; the run tells, goes on with the others,
and exits with status 1. Records that are taken from the journal are not followed up again.
"""
