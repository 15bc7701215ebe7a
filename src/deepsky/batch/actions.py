"""Perform the actions of a job, such as sorting and tagging, on each classified image."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deepsky.batch.job import Job
from deepsky.batch.outcome import Outcome
from deepsky.batch.sorter import Placing, Sorter
from deepsky.errors import DeepskyError

if TYPE_CHECKING:
    from deepsky.batch.journal import Journal
    from deepsky.record import Record

__all__ = ["Action", "Result", "finish", "make_actions"]

Action = Callable[[Outcome], None]
"""Function that is called for each classified image, for example to sort the image into a folder.

An action is called for every outcome, including outcomes with an error, before the record is saved
in the journal. If the run is killed between these two steps, the action is called again when the
run resumes. Actions must therefore be idempotent. Several threads call actions concurrently and in
any order. An action that fails for an image raises `OSError` or `DeepskyError`; the run continues
with the other images. Actions are not called for records that are read from the journal.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """Record of one source, and the errors of the actions that failed for it.

    Attributes
    ----------
    record : Record
    action_errors : tuple of Exception
        Errors raised by the actions that failed for the image.
    is_resumed : bool
        Whether the record was read from the journal of an earlier run.
    solve_seconds : float or None
        Duration of plate solving in this run, in seconds; None if the image was not searched.
    is_other_file : bool
        Whether the source is plainly not an image, such as a text file in a folder of images.
    """

    record: "Record"
    action_errors: tuple[Exception, ...] = ()
    is_resumed: bool = False
    solve_seconds: float | None = None
    is_other_file: bool = False


def make_actions(job: Job) -> list[Action]:
    """Create the actions requested by a job.

    Parameters
    ----------
    job : Job

    Returns
    -------
    list of Action
        The actions, in the order in which they are called for each image.
    """
    actions: list[Action] = []
    if job.tag_into or job.in_place:
        from deepsky.batch.tagger import Tagger  # slow to import

        actions.append(Tagger(job.tag_into, job.base))
    if job.sort_into:
        actions.append(Sorter(job.sort_into, job.placing or Placing.COPY, job.base))
    if job.explain_into:
        from deepsky.batch.explainer import Explainer  # slow to import

        actions.append(Explainer(job.explain_into, job.base))
    if job.annotate_into:
        from deepsky.batch.annotator import Annotator  # slow to import

        actions.append(Annotator(job.annotate_into, job.base, job.annotation))
    return actions


def finish(outcome: Outcome, actions: Iterable[Action], journal: "Journal | None") -> Result:
    """Call the actions for an outcome, and save the record of the outcome in the journal.

    A record is not saved if it contains an error or if an action failed for the image, so that a
    resumed run processes the image again.

    Parameters
    ----------
    outcome : Outcome
    actions : iterable of Action
    journal : Journal or None

    Returns
    -------
    Result
    """
    errors = tuple(error for action in actions if (error := _attempt(action, outcome)))
    if journal is not None and not errors and outcome.record["error"] is None:
        _keep(journal, outcome)
    return Result(
        outcome.record,
        errors,
        solve_seconds=outcome.solve_seconds,
        is_other_file=outcome.is_other_file,
    )


def _attempt(action: Action, outcome: Outcome) -> Exception | None:
    try:
        action(outcome)
    except (OSError, DeepskyError) as error:
        return error
    return None


def _keep(journal: "Journal", outcome: Outcome) -> None:
    """Save a record in the journal unless the image file was modified during the run."""
    source = outcome.source
    if isinstance(outcome.content, Path):
        try:
            status = outcome.content.stat()
        except OSError:
            return
        if (status.st_size, status.st_mtime_ns) != (source.size, source.modified):
            return
    journal.keep(source, outcome.record)
