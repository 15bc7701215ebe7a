"""Actions on classified images: sort, tag and explain them, and keep their records."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deepsky.batch.explainer import Explainer
from deepsky.batch.job import Job
from deepsky.batch.outcome import Outcome
from deepsky.batch.sorter import Placing, Sorter
from deepsky.batch.tagger import Tagger
from deepsky.errors import DeepskyError

if TYPE_CHECKING:
    from deepsky.batch.journal import Journal
    from deepsky.record import Record

__all__ = ["Action", "Result", "finish", "make_actions"]

Action = Callable[[Outcome], None]
"""Handles one classified image, for example sorts it into a folder.

An action is called for every outcome, including those with an error, before the record is written
to the journal. If the run is killed in between, it is called again when the run resumes, so calling
it twice must have the same effect as calling it once. Several threads call it at the same time and
in any order. If it fails for one image it raises `OSError` or `DeepskyError`; the run continues
with the other images. Records from the journal are not passed to actions again.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What a runner yields for each source.

    Attributes
    ----------
    record : Record
    action_errors : tuple of Exception
        Errors of the actions that failed for the image.
    is_resumed : bool
        Whether the record was read from the journal of an earlier run.
    """

    record: "Record"
    action_errors: tuple[Exception, ...] = ()
    is_resumed: bool = False


def make_actions(job: Job) -> list[Action]:
    """Create the actions that a job requests.

    Parameters
    ----------
    job : Job

    Returns
    -------
    list of Action
        In the order in which they are called for each image.
    """
    actions: list[Action] = []
    if job.in_place:  # first, so that an interrupted run finds the image tagged when it resumes
        actions.append(Tagger(None, job.base))
    if job.tag_into:
        actions.append(Tagger(job.tag_into, job.base))
    if job.sort_into:
        actions.append(Sorter(job.sort_into, job.placing or Placing.COPY, job.base))
    if job.explain_into:
        actions.append(Explainer(job.explain_into, job.base))
    return actions


def finish(outcome: Outcome, actions: Iterable[Action], journal: "Journal | None") -> Result:
    """Call the actions on an outcome and keep its record in the journal.

    Records with an error, and those of images for which an action failed, are not kept, so that
    a resumed run tries again.

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
    return Result(outcome.record, errors)


def _attempt(action: Action, outcome: Outcome) -> Exception | None:
    try:
        action(outcome)
    except (OSError, DeepskyError) as error:
        return error
    return None


def _keep(journal: "Journal", outcome: Outcome) -> None:
    """Keep a record unless its file was modified during the run.

    An action may have tagged the file, which changes its size but not its modification time.
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
