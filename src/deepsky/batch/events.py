"""Events that a run reports to its caller."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # this module is slow to import
    from deepsky.record import Record

__all__ = ["ActionFailed", "Event", "RecordProduced", "Started"]


@dataclass(frozen=True, slots=True)
class Started:
    """Event that reports that the job was checked, the model was loaded and classification starts.

    Attributes
    ----------
    kept : int
        Number of records saved by the interrupted run that is resumed; 0 for a new run.
    """

    kept: int


@dataclass(frozen=True, slots=True)
class RecordProduced:
    """Event that reports a record. Records are reported in the order of the sources.

    Attributes
    ----------
    record : Record
    """

    record: "Record"


@dataclass(frozen=True, slots=True)
class ActionFailed:
    """Event that reports that an action, such as sorting or tagging, failed for an image.

    Attributes
    ----------
    path : str
        Path of the image, as in its record.
    error : Exception
        `OSError` or `DeepskyError`.
    """

    path: str
    error: Exception


Event = Started | RecordProduced | ActionFailed
