"""Events of a run, in the order in which they occur."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # importing it takes longer than the rest of the command line
    from deepsky.record import Record

__all__ = ["ActionFailed", "Event", "RecordProduced", "Started"]


@dataclass(frozen=True, slots=True)
class Started:
    """The job was checked and the model loaded; classification begins.

    Attributes
    ----------
    kept : int
        Number of records kept from an interrupted run, which is resumed.
    """

    kept: int


@dataclass(frozen=True, slots=True)
class RecordProduced:
    """The next record was produced; records come in the order of the sources.

    Attributes
    ----------
    record : Record
    """

    record: "Record"


@dataclass(frozen=True, slots=True)
class ActionFailed:
    """An action, such as sorting or tagging, failed for one image.

    Attributes
    ----------
    path : str
        The image, as its record names it.
    error : Exception
        `OSError` or `DeepskyError`.
    """

    path: str
    error: Exception


Event = Started | RecordProduced | ActionFailed
