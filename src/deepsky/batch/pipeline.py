"""Classify many images concurrently on this machine, with results in the order of the sources."""

import os
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Final

from deepsky.batch.actions import Action, Result, finish
from deepsky.batch.byte_budget import ByteBudget
from deepsky.batch.job import Job
from deepsky.batch.journal import Journal
from deepsky.batch.source_classifier import SourceClassifier
from deepsky.batch.sources import Source, unreadable_source
from deepsky.errors import ImageError

__all__ = ["THREADS_PER_READER", "Pipeline"]

THREADS_PER_READER: Final = 2
"""Number of images in progress per reader process: one is read while another is classified."""

MAX_WAITING: Final = 1000
"""Maximum number of results that wait until the result of an earlier image is available.

When this number is reached, no further images are processed until that result is available.
"""

UNKNOWN_BYTES: Final = 64_000_000
"""Size in bytes that is assumed for a remote file of unknown size."""

_Order = SimpleQueue["Future[Result] | None"]


class Pipeline:
    """Classifies a stream of images on this machine, using constant memory.

    One thread iterates over the sources. Each of the other threads processes one image at a time:
    it loads the image, waits until a reader process has decoded the image, classifies the image,
    calls the actions and saves the record in the journal. Results are yielded in the order of the
    sources, so a finished result may have to wait for earlier images.

    Parameters
    ----------
    job : Job
        The job to run; the pipeline uses its model, number of workers, time limit and size limits.
    actions : sequence of Action
        Called for each image after it is classified.
    journal : Journal, optional
        Journal of the run. Images that have a record in the journal are not classified again.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    SolverError
        If the plate solver is not installed.
    """

    def __init__(
        self, job: Job, actions: Sequence[Action] = (), journal: Journal | None = None
    ) -> None:
        processes = job.workers or os.cpu_count() or 1
        self._classifier = SourceClassifier(
            job.load_classifier,
            processes=processes,
            seconds=job.seconds,
            limits=job.limits,
            preview=job.preview,
            stretch=job.stretch,
            solve=job.solve,
            solve_seconds=job.solve_seconds,
        )
        self._actions = actions
        self._journal = journal
        self._threads = ThreadPoolExecutor(THREADS_PER_READER * processes, "deepsky-batch")
        self._free = Semaphore(THREADS_PER_READER * processes)
        self._room = Semaphore(MAX_WAITING)
        self._memory = ByteBudget(job.limits.max_memory)
        self._closed = False

    def run(self, sources: Iterable[Source]) -> Generator[Result]:
        """Classify images. Call this method only once.

        Parameters
        ----------
        sources : iterable of Source
            Iterated over in another thread, which pauses while too many results wait for an
            earlier image.

        Yields
        ------
        Result
            One per source, in the order of the sources.

        Raises
        ------
        SourceError, JournalError
            If a list of images cannot be read, or if the journal cannot be read or written.
        RuntimeError
            If the reader processes do not start.
        """
        order: _Order = SimpleQueue()
        with self._threads, self._classifier:
            # Use a daemon thread that is never joined, because it may be waiting for standard
            # input.
            Thread(target=self._feed, args=(sources, order), daemon=True).start()
            try:
                while (result := order.get()) is not None:
                    yield result.result()
                    self._room.release()
            finally:
                self._closed = True
                self._room.release()
                self._free.release()
                self._memory.close()

    def _feed(self, sources: Iterable[Source], order: _Order) -> None:
        """Start processing each source as soon as the limits on images in progress allow it."""
        try:
            for source in sources:
                self._room.acquire()
                result = self._resume(source) or self._start(source)
                if self._closed:
                    return
                order.put(result)
        except BaseException as error:  # noqa: BLE001 (raised again by `run`)
            failed: Future[Result] = Future()
            failed.set_exception(error)
            order.put(failed)
        order.put(None)

    def _resume(self, source: Source) -> "Future[Result] | None":
        """Return the result for a source from the journal, or None if the journal has no record."""
        record = self._journal.find(source) if self._journal else None
        if record is None:
            return None
        known: Future[Result] = Future()
        known.set_result(Result(record, is_resumed=True))
        return known

    def _start(self, source: Source) -> "Future[Result]":
        self._free.acquire()
        self._memory.take(_loaded_bytes(source))
        return self._threads.submit(
            self._process, _load_now(source) if source.is_streamed else source
        )

    def _process(self, source: Source) -> Result:
        try:
            return finish(self._classifier.classify(source), self._actions, self._journal)
        finally:
            self._memory.give_back(_loaded_bytes(source))
            self._free.release()


def _loaded_bytes(source: Source) -> int:
    """Return the memory that the content of a source occupies while it is processed."""
    if not source.is_in_memory:
        return 0
    return UNKNOWN_BYTES if source.size is None else source.size


def _load_now(source: Source) -> Source:
    """Load a source immediately: it cannot be loaded after the next source is requested."""
    try:
        content = source.load()
    except ImageError as error:
        return replace(source, load=unreadable_source(source.name, error).load)
    return replace(source, load=lambda: content)
