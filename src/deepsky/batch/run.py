"""Classify many images: `run` writes the outputs of a job, `classify_many` yields records."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from os import PathLike
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, BinaryIO, Protocol

from deepsky.atomic_file import atomic_write
from deepsky.batch.checks import check_job, check_ranges, resolve_output
from deepsky.batch.discovery import find_sources
from deepsky.batch.events import ActionFailed, Event, FileSkipped, RecordProduced, Started
from deepsky.batch.job import SECONDS, Job
from deepsky.batch.provenance import Provenance
from deepsky.batch.sources import Source
from deepsky.batch.summary import Summary
from deepsky.batch.writers import Writer, get_writer
from deepsky.errors import DeepskyError, OutputError
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.models.registry import DEFAULT_MODEL
from deepsky.sky.solving import SOLVE_SECONDS, SolverChoice

if TYPE_CHECKING:  # these modules are slow to import
    from deepsky.batch.actions import Result
    from deepsky.batch.journal import Journal
    from deepsky.classifier import Classifier
    from deepsky.record import Record

__all__ = ["Runner", "classify_many", "output_errors", "run"]


class Runner(Protocol):
    """Common interface of `Pipeline` (runs on this machine) and `Cluster` (on a Ray cluster)."""

    def run(self, sources: Iterable[Source]) -> "Generator[Result]":
        """Yield one result per source, in the order of the sources.

        Parameters
        ----------
        sources : iterable of Source

        Yields
        ------
        Result
        """


def run(job: Job, on_event: Callable[[Event], None] | None = None) -> Summary:
    """Classify the images of a job and write its outputs.

    A run that writes to a path keeps a journal next to the output. To resume an interrupted run,
    run the same job again. If an image cannot be read, its record contains the error. If an action
    fails for an image, the failure is counted. The run continues in both cases.

    Parameters
    ----------
    job : Job
    on_event : callable, optional
        Function that is called with each `Started`, `RecordProduced`, `FileSkipped` and
        `ActionFailed` event, in the calling thread.

    Returns
    -------
    Summary
        Counts of labels, verdicts and failures.

    Raises
    ------
    JobError
        If options of the job are invalid or contradictory.
    SolverError
        If the plate solver is not installed.
    SourceError
        If a list of images cannot be read.
    ModelError
        If the model cannot be loaded.
    JournalError
        If the interrupted run had different settings, or if another run is writing the same output.
    OutputError
        If the output or the summary cannot be written.
    ClusterError
        If the Ray cluster fails.

    See Also
    --------
    classify_many : Yield records without writing anything.

    Examples
    --------
    >>> import deepsky
    >>> job = deepsky.Job("samples", output="answers.csv")
    >>> summary = deepsky.run(job)  # doctest: +SKIP
    >>> summary.images, summary.failures  # doctest: +SKIP
    (14, Counter({'unsupported_format': 2}))
    """
    check_job(job)
    notify = on_event or _ignore
    output = job.output and resolve_output(job.output)
    write = _find_writer(job)
    summary, started = Summary(job.min_confidence, job.bundle.card.labels), perf_counter()
    with _open_journal(job, output) as journal:
        runner = _make_runner(job, journal)
        with output_errors(job):
            results = runner.run(job.find_sources())
            with _open_output(job, output) as file, closing(results):
                notify(Started(journal.count() if journal else 0))
                records = _records(results, summary, notify, strict=job.strict)
                write(records, file, job.provenance)
            summary.seconds = perf_counter() - started
            if job.summary_into:
                _write_summary(job, job.summary_into, summary)
        if journal:
            journal.remove()
    return summary


def classify_many(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    model: "str | Classifier" = DEFAULT_MODEL,
    *,
    workers: int | None = None,
    seconds: float = SECONDS,
    limits: Limits = DEFAULT_LIMITS,
    stretch: StretchChoice = "auto",
    solve: SolverChoice = "never",
    solve_seconds: float = SOLVE_SECONDS,
    strict: bool = False,
) -> "Generator[Record]":
    """Classify many images concurrently and yield their records.

    Parameters
    ----------
    paths : str, path-like or iterable of these
        Each is one of: a file; a folder (all files below it); a ZIP or TAR archive (all its
        members); a URL such as ``s3://bucket/m51.fits``; a pattern such as ``2024/**/*.fits``; or
        ``@FILE``, where the text file FILE lists one of these per line. A `Path` is always a file,
        a folder or an archive. The iterable may be infinite, because it is consumed lazily.
    model : str or Classifier
        The name of an installed model, or a loaded classifier.
    workers : int, optional
        Number of reader processes; by default, one per CPU core.
    seconds : float
        Time limit for reading one image, in seconds.
    limits : Limits, optional
        Maximum sizes of files and images.
    stretch : {"auto", "mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"}
        Name of the stretch; see `deepsky.read_image`.
    solve : {"never", "auto", "solve-field", "astap", "astrometry", "nova"}
        Plate solver that finds the place on the sky of images whose files do not contain it.
    solve_seconds : float
        Time limit for finding the place of one image, in seconds.
    strict : bool
        Whether files in folders and archives that are plainly not images, such as texts, get error
        records. By default, they are skipped.

    Yields
    ------
    Record
        One per image, in the order of the paths, as soon as it is available. The record of an image
        that cannot be read has ``error`` set; other images are not affected. Closing the generator
        stops the reader processes.

    Raises
    ------
    JobError
        If `workers`, `seconds` or `solve_seconds` is out of range, or there is no such stretch or
        plate solver.
    SolverError
        If the plate solver is not installed.
    ModelError
        If the model cannot be loaded.
    SourceError
        If a list cannot be read; raised when the iteration reaches the list.

    See Also
    --------
    run : Write the records to a file, resume interrupted runs, sort, tag and explain images.

    Examples
    --------
    >>> import deepsky
    >>> for record in deepsky.classify_many("samples"):  # doctest: +SKIP
    ...     print(record["path"], record["label"])
    """
    from deepsky.batch.pipeline import Pipeline

    named = [paths] if isinstance(paths, str | PathLike) else paths
    # Do not pass the paths to the job: it makes a tuple of them, but the iterable may be infinite.
    job = Job(
        (),
        model,
        workers=workers,
        seconds=seconds,
        limits=limits,
        stretch=stretch,
        solve=solve,
        solve_seconds=solve_seconds,
    )
    check_ranges(job)
    return _only_records(Pipeline(job).run(find_sources(named, limits=limits)), strict=strict)


def _only_records(results: "Generator[Result]", *, strict: bool) -> "Generator[Record]":
    with closing(results):
        for result in results:
            if strict or not result.is_other_file:
                yield result.record


def _ignore(_event: Event) -> None:
    """Ignore an event."""


def _find_writer(job: Job) -> Writer:
    if not job.output and not job.stream:
        return _discard
    try:
        return get_writer(job.format)
    except ModuleNotFoundError as error:
        msg = (
            f"{job.format} output requires {error.name}. "
            f"Install it: pip install 'deepsky[{job.format}]'."
        )
        raise OutputError(msg) from error


def _discard(records: "Iterable[Record]", _file: BinaryIO, _provenance: Provenance) -> None:
    """Consume records without writing them."""
    deque(records, maxlen=0)


@contextmanager
def _open_journal(job: Job, output: Path | None) -> "Iterator[Journal | None]":
    """Open the journal if the run writes to a file."""
    if output is None:
        yield None
        return
    from deepsky.batch.journal import Journal

    with Journal(output, job.settings, restart=job.restart) as journal:
        yield journal


def _make_runner(job: Job, journal: "Journal | None") -> Runner:
    from deepsky.batch.actions import make_actions

    if job.ray:
        from deepsky.batch.cluster import Cluster

        return Cluster(job, make_actions(job), journal)
    from deepsky.batch.pipeline import Pipeline

    return Pipeline(job, make_actions(job), journal)


@contextmanager
def _open_output(job: Job, output: Path | None) -> Iterator[BinaryIO]:
    if output:
        with atomic_write(output) as file:
            yield file
    elif job.stream:
        yield job.stream
        job.stream.flush()
    else:
        yield BytesIO()


@contextmanager
def output_errors(job: Job) -> Iterator[None]:
    """Convert operating-system errors to `OutputError`.

    Parameters
    ----------
    job : Job
        Job whose outputs are written.

    Yields
    ------
    None
    """
    try:
        yield
    except (BrokenPipeError, DeepskyError):  # a closed pipe is not an error
        raise
    except OSError as error:
        place = error.filename or job.output or "the output"
        msg = f"Cannot write {place}: {error.strerror or error}."
        raise OutputError(msg) from error


def _records(
    results: "Iterable[Result]", summary: Summary, notify: Callable[[Event], None], *, strict: bool
) -> "Iterator[Record]":
    """Add each record to the summary, report its events to the caller, and yield the record."""
    for result in results:
        if result.is_other_file and not strict:
            summary.skipped += 1
            notify(FileSkipped(result.record["path"]))
            continue
        summary.add(result.record, is_resumed=result.is_resumed, solve_seconds=result.solve_seconds)
        for error in result.action_errors:
            summary.failed_actions += 1
            notify(ActionFailed(result.record["path"], error))
        notify(RecordProduced(result.record))
        yield result.record


def _write_summary(job: Job, folder: Path, summary: Summary) -> None:
    from deepsky.batch.summary_page import read_thumbnails, write_summary
    from deepsky.imaging import ReaderPool

    with ReaderPool(job.workers, seconds=job.seconds, limits=job.limits) as readers:
        sources = job.find_sources() if job.is_repeatable else ()
        thumbnails = read_thumbnails(summary.shown, sources, readers)
    write_summary(folder, summary, thumbnails, job.provenance, job.base)
