"""Carries out a run over many images, and tells how it went."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import typer

from deepsky.batch.discovery import count_sources
from deepsky.batch.job import Job
from deepsky.batch.summary import tell_summary
from deepsky.batch.writers import BINARY, Format, Writer, get_writer
from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.output import open_output
from deepsky.cli.progress import Tally, track
from deepsky.errors import ClusterError, JournalError, ModelError, SourceError
from deepsky.models.bundle import ModelBundle

if TYPE_CHECKING:
    from deepsky.batch.cluster import Cluster
    from deepsky.batch.journal import Journal
    from deepsky.batch.pipeline import Pipeline
    from deepsky.classifier import Classifier

__all__ = ["run"]


def run(job: Job, *, restart: bool) -> None:
    """Carry out a job; exit with 1 where some of it could not be done.

    Parameters
    ----------
    job : Job
    restart : bool
        Begin anew where a stopped run could go on.
    """
    tally = Tally(job.min_confidence)
    try:
        _run(job, tally, restart=restart)
    except KeyboardInterrupt:
        if job.output:
            typer.echo("deepsky: stopped. The same command again goes on.", err=True)
        raise
    _conclude(job, tally)


def _run(job: Job, tally: Tally, *, restart: bool) -> None:
    writer = _find_writer(job)
    with _open_journal(job, restart=restart) as journal:
        runner = _find_runner(job, tally, journal)
        with (
            _told(job),
            open_output(job.output) as file,
            closing(runner.run(job.sources())) as found,
        ):
            records = tally.count(found)
            if _shows_progress(job):
                records = track(records, tally, lambda: _count(job))
            writer(records, file, job.provenance)
        with _told(job):
            _sum_up(job, tally)
        if journal is not None:
            journal.remove()


def _find_runner(job: Job, tally: Tally, journal: "Journal | None") -> "Cluster | Pipeline":
    """Make what classifies: this machine, or a cluster."""
    follow_ups = [tally.note, *job.follow_ups()]
    previews = job.explain_into is not None
    if job.ray:
        from deepsky.batch.cluster import Cluster

        try:
            return Cluster(
                job.ray,
                job,
                follow_ups=follow_ups,
                previews=previews,
                journal=journal,
                tell=tally.tell,
            )
        except ClusterError as error:
            stop(str(error), USAGE)
    from deepsky.batch.pipeline import Pipeline

    return Pipeline(
        _load(job.model),
        workers=job.workers,
        seconds=job.seconds,
        limits=job.limits,
        follow_ups=follow_ups,
        previews=previews,
        journal=journal,
        tell=tally.tell,
    )


def _load(model: ModelBundle) -> "Classifier":
    from deepsky.classifier import Classifier

    try:
        return Classifier(model)
    except ModelError as error:
        stop(str(error), USAGE)


def _find_writer(job: Job) -> Writer:
    if job.format in BINARY and job.output is None and sys.stdout.isatty():
        stop(f"{job.format} is not for a terminal. Name a file with --output.", USAGE)
    try:
        return get_writer(job.format)
    except ModuleNotFoundError as error:
        stop(
            f"{job.format} needs {error.name}. Install it: pip install 'deepsky[{job.format}]'.",
            USAGE,
        )


@contextmanager
def _open_journal(job: Job, *, restart: bool) -> "Iterator[Journal | None]":
    """Open the journal of a run that writes a file, which goes on where an earlier one stopped."""
    from deepsky.batch.journal import Journal

    if job.output is None:
        yield None
        return
    try:
        journal = Journal(job.output, job.settings, restart=restart)
    except JournalError as error:
        stop(str(error), USAGE)
    with journal:
        if before := journal.count():
            typer.echo(f"Going on: {before:,} images were classified before.", err=True)
        yield journal


@contextmanager
def _told(job: Job) -> Iterator[None]:
    """Tell in words for people what ends a run before all is written."""
    try:
        yield
    except (ClusterError, JournalError, SourceError) as error:
        stop(str(error), FAILED)
    except BrokenPipeError:  # who reads standard output has had enough
        raise
    except OSError as error:
        place = error.filename or job.output or "standard output"
        stop(f"{place} cannot be written: {error.strerror or error}.", FAILED)


def _shows_progress(job: Job) -> bool:
    """Tell whether somebody waits who sees nothing: answers that scroll by are enough."""
    scrolls = job.format is not Format.TABLE and job.output is None and sys.stdout.isatty()
    return sys.stderr.isatty() and not scrolls


def _count(job: Job) -> int | None:
    """Count the images; None where that is not to be had."""
    return count_sources(job.sources()) if job.can_find_again else None


def _sum_up(job: Job, tally: Tally) -> None:
    """Tell what the run came to, where that is asked for or a file holds the answers."""
    pace = tally.pace
    if job.summary_into:
        from deepsky.batch.summary_page import read_thumbnails, write_summary
        from deepsky.imaging import ReaderPool

        with ReaderPool(job.workers, seconds=job.seconds, limits=job.limits) as readers:
            sources = job.sources() if job.can_find_again else ()
            thumbnails = read_thumbnails(tally.summary.shown, sources, readers)
        write_summary(job.summary_into, tally.summary, thumbnails, job.provenance, job.base, pace)
    if job.summary_into or (job.output and sys.stderr.isatty()):
        typer.echo(tell_summary(tally.summary, pace), err=True)


def _conclude(job: Job, tally: Tally) -> None:
    if not tally.summary.images:
        typer.echo("deepsky: there are no files in what was named.", err=True)
    failures = []
    if tally.failed:
        why = f"; {job.output} says why" if job.output else ""
        failures.append(f"{tally.failed} of {tally.summary.images} files could not be read{why}.")
    if tally.troubled:
        failures.append(f"{tally.troubled} times something could not be done that was asked for.")
    if failures:
        stop(" ".join(failures), FAILED)
