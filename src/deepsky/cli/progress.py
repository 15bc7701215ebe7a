"""Show the progress of a run on standard error."""

from threading import Thread
from typing import Self

from deepsky.batch.discovery import count_sources
from deepsky.batch.job import Job

__all__ = ["ProgressBar"]


class ProgressBar:
    """Progress bar that shows the number of processed images, the speed and the remaining time.

    Parameters
    ----------
    job : Job
        Job to display. Its images are counted in another thread if they can be listed more than
        once.
    """

    def __init__(self, job: Job) -> None:
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
            """Column that shows the current rate, in images per second."""

            def render(self, task: Task) -> Text:
                return Text("" if task.speed is None else f"{task.speed:.1f}/s")

        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failed]:,} failed", style="dim"),
        )
        self._progress = Progress(
            *columns, console=Console(stderr=True), transient=True, redirect_stdout=False
        )
        self._task = self._progress.add_task("", total=None, failed=0)
        self._failed = 0
        self._job = job

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the progress bar."""
        self._progress.stop()

    def start(self) -> None:
        """Show the progress bar, and start counting the images in another thread."""
        self._progress.start()
        if self._job.is_repeatable:
            Thread(target=self._count, daemon=True).start()

    def advance(self, *, failed: bool) -> None:
        """Advance the progress bar by one image.

        Parameters
        ----------
        failed : bool
            Whether the image could not be read.
        """
        self._failed += failed
        self._progress.update(self._task, advance=1, failed=self._failed)

    def _count(self) -> None:
        self._progress.update(self._task, total=count_sources(self._job.find_sources()))
