"""What a run does about each image once it is classified, and what it did in an earlier run."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from deepsky.batch.journal import Journal
from deepsky.batch.outcome import FollowUp, Outcome
from deepsky.batch.sources import Source
from deepsky.errors import DeepskyError
from deepsky.record import Record

__all__ = ["Completion", "Tell"]

Tell = Callable[[str, Exception], None]
"""Is told the name of an image that a follow-up fails for, and the error."""


class Completion:
    """Follows up what is classified, and keeps its record. Safe to use from several threads.

    Parameters
    ----------
    follow_ups : sequence of callable
        What happens to each image once it is classified.
    journal : Journal or None
        Holds the records of an earlier run, and gets the new ones; those with an error are not
        kept, so that a later run tries again.
    tell : callable or None
        Without it, an error of a follow-up ends the run.
    """

    def __init__(
        self, follow_ups: Sequence[FollowUp], journal: Journal | None, tell: Tell | None
    ) -> None:
        self._follow_ups = follow_ups
        self._journal = journal
        self._tell = tell

    def find(self, source: Source) -> Record | None:
        """Give the record that an earlier run has kept of a source."""
        return None if self._journal is None else self._journal.find(source)

    def complete(self, outcome: Outcome) -> Record:
        """Follow up an outcome and keep its record, which is returned."""
        followed = [self._follow(outcome, follow_up) for follow_up in self._follow_ups]
        if self._journal is not None and all(followed) and outcome.record["error"] is None:
            _keep(self._journal, outcome)
        return outcome.record

    def _follow(self, outcome: Outcome, follow_up: FollowUp) -> bool:
        try:
            follow_up(outcome)
        except (OSError, DeepskyError) as error:
            if self._tell is None:
                raise
            self._tell(outcome.source.name, error)
            return False
        return True


def _keep(journal: Journal, outcome: Outcome) -> None:
    """Keep a record, unless the file has changed since it was found.

    A follow-up may have written into the file, which leaves its time as it was.
    """
    source = outcome.source
    if isinstance(outcome.content, Path):
        try:
            status = outcome.content.stat()
        except OSError:
            return
        if status.st_mtime_ns != source.modified:
            return
        source = replace(source, size=status.st_size)
    journal.keep(source, outcome.record)
