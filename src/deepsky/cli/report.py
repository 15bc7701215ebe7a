"""Run a job from the command line, with messages and progress on standard error."""

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

import typer

from deepsky.batch.control_characters import escape_control_characters
from deepsky.batch.events import ActionFailed, Event, FileSkipped, RecordProduced, Started
from deepsky.batch.job import Job
from deepsky.batch.run import run
from deepsky.batch.summary import Summary, format_skipped, format_summary
from deepsky.batch.writers import Format
from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.progress import ProgressBar
from deepsky.errors import DeepskyError

if TYPE_CHECKING:  # this module is slow to import
    from deepsky.record import Record

__all__ = ["run_and_report"]

MAX_MESSAGES: Final = 20
"""Maximum number of messages about single images."""

MAX_PATHS: Final = 5
"""Maximum number of paths listed in a message."""


def run_and_report(job: Job) -> None:
    """Run a job and report its events on standard error.

    The exit status is 1 if an image could not be read, an action failed or the run ended early,
    and 2 if the run could not start.

    Parameters
    ----------
    job : Job
    """
    bar = ProgressBar(job) if _shows_progress(job) else None
    reporter = _Reporter(job, bar)
    try:
        with bar or nullcontext():
            summary = run(job, reporter)
    except KeyboardInterrupt:
        if job.output:
            typer.echo("deepsky: interrupted. Run the same command again to resume.", err=True)
        raise
    except DeepskyError as error:
        stop(str(error), FAILED if reporter.has_started else USAGE)
    has_summary = bool(job.summary_into or (job.output and sys.stderr.isatty()))
    if has_summary:
        typer.echo(format_summary(summary), err=True)
    _report_failures(job, summary, has_summary=has_summary)


class _Reporter:
    """Reports the events of a run on standard error.

    Parameters
    ----------
    job : Job
    bar : ProgressBar or None
        Progress bar to update, if one is shown.
    """

    def __init__(self, job: Job, bar: ProgressBar | None) -> None:
        self.has_started = False
        self._writes_records = bool(job.output or job.stream)
        self._draws = bool(job.annotate_into and job.annotation.preview)
        self._bar = bar
        self._messages = 0

    def __call__(self, event: Event) -> None:
        """Report an event."""
        match event:
            case Started(kept):
                self.has_started = True
                if kept:
                    typer.echo(f"Resuming: {kept:,} images have already been classified.", err=True)
                if self._bar:
                    self._bar.start()
            case RecordProduced(record):
                if self._bar:
                    self._bar.advance(failed=record["error"] is not None)
                self._explain(record)
            case FileSkipped():
                if self._bar:
                    self._bar.advance(failed=False)
            case ActionFailed(path, error):
                self._report(path, _describe(error))

    def _explain(self, record: "Record") -> None:
        """Report why an image could not be read, or why its objects are not drawn."""
        if record["error"] and not self._writes_records:
            self._report(record["path"], record["error"]["message"])
        elif self._draws and record["error"] is None and record["sky"] is None:
            from deepsky.batch.annotator import describe_reason  # slow to import

            message = "Objects are not drawn, because the place on the sky is not known"
            self._report(record["path"], f"{message} ({describe_reason(record)}).")

    def _report(self, path: str, message: str) -> None:
        self._messages += 1
        if self._messages <= MAX_MESSAGES:
            typer.echo(escape_control_characters(f"{path}: {message}"), err=True)


def _describe(error: Exception) -> str:
    """Return the message of an error, without the error number of an `OSError`."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _shows_progress(job: Job) -> bool:
    """Return whether to show a progress bar.

    The progress bar is shown if standard error is a terminal, unless records are printed to a
    terminal one by one.
    """
    scrolls = job.format is not Format.TABLE and job.output is None and sys.stdout.isatty()
    return sys.stderr.isatty() and not scrolls


def _report_failures(job: Job, summary: Summary, *, has_summary: bool) -> None:
    """Exit with status 1 if an image could not be read or an action failed.

    A printed summary has already stated how many images could not be read.
    """
    if not summary.images:
        paths = ", ".join(map(str, job.paths[:MAX_PATHS])) + ", …" * (len(job.paths) > MAX_PATHS)
        typer.echo(escape_control_characters(f"deepsky: No images found in: {paths}."), err=True)
    if summary.skipped and not has_summary:
        typer.echo(f"deepsky: {format_skipped(summary.skipped)}", err=True)
    failures = []
    unread = summary.failures.total()
    if unread and not has_summary:
        where = f"; {job.output} contains the reasons" if job.output else ""
        failures.append(f"{unread:,} of {summary.images:,} images could not be read{where}.")
    if count := summary.failed_actions:
        outputs = "output" if count == 1 else "outputs"
        failures.append(f"{count:,} {outputs} failed (see the messages above).")
    if failures:
        stop(" ".join(failures), FAILED)
    if unread:
        raise typer.Exit(FAILED)
