"""Events that a run reports to its caller."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # this module is slow to import
    from deepsky.record import Record

__all__ = ["ActionFailed", "Event", "FileSkipped", "RecordProduced", "Started"]


@dataclass(frozen=True, slots=True)
class Started:
    """The job has been checked, the model has been loaded, and classification is starting.

    Attributes
    ----------
    kept : int
        Number of records saved by the interrupted run that is being resumed; 0 for a new run.
    """

    kept: int


@dataclass(frozen=True, slots=True)
class RecordProduced:
    """A record has been produced. Records are reported in the order of the sources.

    Attributes
    ----------
    record : Record
    """

    record: "Record"


@dataclass(frozen=True, slots=True)
class FileSkipped:
    """A file that is plainly not an image has been skipped. It has no record.

    Attributes
    ----------
    path : str
        Path of the file.
    """

    path: str


@dataclass(frozen=True, slots=True)
class ActionFailed:
    """An action, such as sorting or tagging, has failed for an image.

    Attributes
    ----------
    path : str
        Path of the image, as in its record.
    error : Exception
        `OSError` or `DeepskyError`.
    """

    path: str
    error: Exception


Event = Started | RecordProduced | FileSkipped | ActionFailed
