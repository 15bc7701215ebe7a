"""How far a run is, for who waits for it."""

from collections.abc import Callable, Iterable, Iterator
from threading import Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Final

import typer

from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.outcome import Outcome
from deepsky.batch.summary import Summary, tell_pace

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["Tally", "track"]

MOST_TOLD: Final = 20
"""Images that something else than reading failed for, of which each is told."""


class Tally:
    """What a run comes to.

    Parameters
    ----------
    min_confidence : float
        Answers whose probability is smaller are counted, 0 to 1.

    Attributes
    ----------
    summary : Summary
        Of all records.
    read : int
        Images that were classified now, not in an earlier run.
    troubled : int
        How often something else than reading failed for an image.
    """

    def __init__(self, min_confidence: float) -> None:
        self.summary = Summary(min_confidence)
        self.read = 0
        self.troubled = 0
        self._lock = Lock()
        self._started = perf_counter()

    @property
    def failed(self) -> int:
        """Images that could not be read."""
        return self.summary.failures.total()

    @property
    def pace(self) -> str:
        """How fast the run is, in words."""
        return tell_pace(self.read, perf_counter() - self._started)

    def count(self, records: "Iterable[Record]") -> "Iterator[Record]":
        """Give records, and count them."""
        for record in records:
            self.summary.add(record)
            yield record

    def note(self, _outcome: Outcome) -> None:
        """Count an image that was just classified: a `FollowUp`."""
        with self._lock:
            self.read += 1

    def tell(self, name: str, error: Exception) -> None:
        """Tell on standard error what else failed for an image, unless that was told too often."""
        with self._lock:
            self.troubled += 1
        if self.troubled <= MOST_TOLD:
            typer.echo(escape_control_characters(f"{name}: {_in_words(error)}"), err=True)


def _in_words(error: Exception) -> str:
    """Tell what went wrong without the number that Python puts before it."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def track(
    records: "Iterable[Record]", tally: Tally, find_total: Callable[[], int | None]
) -> "Iterator[Record]":
    """Give records, and show on standard error how far the run is.

    Parameters
    ----------
    records : iterable of Record
    tally : Tally
        Counts them.
    find_total : callable
        Tells, in another thread, how many there will be; None where that is not known.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """Images a second, lately."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:.1f}/s")

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]:,} failed", style="dim"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=None, failed=0)
        Thread(target=lambda: progress.update(task, total=find_total()), daemon=True).start()
        for record in records:
            yield record
            progress.update(task, completed=tally.summary.images, failed=tally.failed)
