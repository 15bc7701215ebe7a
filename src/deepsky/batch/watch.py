"""Classify new files as they appear in a folder."""

from collections.abc import Callable
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Final

from deepsky.batch.appender import open_appender
from deepsky.batch.checks import check_job, resolve_output
from deepsky.batch.events import ActionFailed, Event, FileSkipped, RecordProduced, Started
from deepsky.batch.job import Job
from deepsky.batch.new_files import NewFiles
from deepsky.batch.run import output_errors
from deepsky.batch.sources import Source
from deepsky.batch.writers import Format
from deepsky.errors import JobError

if TYPE_CHECKING:
    from pathlib import Path

    from deepsky.batch.journal import Journal
    from deepsky.record import Record

__all__ = ["WATCH_FORMATS", "watch"]

WATCH_FORMATS: Final = (Format.JSONL, Format.CSV)
"""Output formats to which records can be appended."""


def watch(
    job: Job,
    folder: "Path",
    *,
    seconds: float = 2.0,
    interval: float = 1.0,
    only_new: bool = False,
    on_event: Callable[[Event], None],
) -> None:
    """Classify the files in a folder as they appear, until a `KeyboardInterrupt`.

    Each record is appended to the output as soon as it is available. A journal next to the output
    keeps which files have been classified, so that a later call continues where this one stopped.
    If the process is killed, no record is lost, but the last one can occur twice.

    Parameters
    ----------
    job : Job
        Its paths are not used. Its output, if any, is in one of the `WATCH_FORMATS`.
    folder : Path
    seconds : float
        Time for which a file must not have changed before it is read, in seconds.
    interval : float
        Time between two searches of the folder, in seconds.
    only_new : bool
        Whether to ignore the files that are in the folder at the start.
    on_event : callable
        Function that is called with each event, in the calling thread.

    Raises
    ------
    JobError, SolverError, ModelError, JournalError, OutputError
        As for `deepsky.run`.
    """
    from deepsky.batch.actions import make_actions
    from deepsky.batch.journal import Journal
    from deepsky.batch.pipeline import Pipeline

    check_job(job)
    if (job.output or job.stream) and job.format not in WATCH_FORMATS:
        msg = f"The output of a watched folder is {' or '.join(WATCH_FORMATS)}, not {job.format}."
        raise JobError(msg)
    output = job.output and resolve_output(job.output)
    settings = {**job.settings, "watched": str(folder)}
    opened = Journal(output, settings, restart=job.restart) if output else nullcontext()
    with opened as journal:
        found = _Found(journal)
        files = NewFiles(
            folder,
            seconds=seconds,
            interval=interval,
            exclude=[*job.folders, output] if output else job.folders,
            is_known=found.is_known,
        )
        if only_new:
            files.ignore_present()
        pipeline = Pipeline(job, make_actions(job))
        with output_errors(job), open_appender(job, output) as appender:
            results = pipeline.run(map(found.remember, files))
            on_event(Started(journal.count() if journal else 0))
            try:
                with closing(results):
                    for result in results:
                        if result.is_other_file:
                            on_event(FileSkipped(result.record["path"]))
                            continue
                        if appender:
                            appender.append(result.record)
                        found.keep(result.record, is_complete=not result.action_errors)
                        for error in result.action_errors:
                            on_event(ActionFailed(result.record["path"], error))
                        on_event(RecordProduced(result.record))
            finally:
                files.stopped.set()


class _Found:
    """Sources in progress, and the journal of those that have been classified."""

    def __init__(self, journal: "Journal | None") -> None:
        self._journal = journal
        self._sources: dict[str, Source] = {}

    def is_known(self, source: Source) -> bool:
        return self._journal is not None and self._journal.find(source) is not None

    def remember(self, source: Source) -> Source:
        self._sources[source.name] = source
        return source

    def keep(self, record: "Record", *, is_complete: bool) -> None:
        """Save a record, unless the image could not be read, or an action failed for it."""
        source = self._sources.pop(record["path"], None)
        if self._journal and source and is_complete and record["error"] is None:
            self._journal.keep(source, record)
