"""Classifies and follows up several images at once, and gives their records in order."""

import os
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Final

from deepsky.batch.completion import Completion, Tell
from deepsky.batch.job import SECONDS
from deepsky.batch.journal import Journal
from deepsky.batch.outcome import FollowUp
from deepsky.batch.sources import Source, unusable
from deepsky.batch.worker import Worker
from deepsky.classifier import Classifier
from deepsky.errors import ImageError
from deepsky.imaging import Limits
from deepsky.imaging.limits import DEFAULT_LIMITS
from deepsky.record import Record

__all__ = ["Pipeline"]

AT_ONCE: Final = 2
"""Images in work for each reading process: one is read while another is classified."""

MOST_WAITING: Final = 1000
"""Records that wait for a slow image before them; then no more images are begun."""

_Order = SimpleQueue["Future[Record] | None"]


class Pipeline:
    """Classifies a stream of images; what it holds does not grow with their number.

    One thread finds images. Others take each through all that is to be done with it: it is
    loaded, read in another process, classified, followed up and journaled. A few images are in
    work at a time; records wait for those of the images before them.

    Parameters
    ----------
    classifier : Classifier
    workers : int, optional
        Processes that read images; by default, one a processor core.
    seconds : float
        How long it may take to read an image, and to fetch it from another machine before that.
    limits : Limits, optional
        How large an image may be.
    follow_ups : sequence of callable
        What happens to each image once it is classified.
    previews : bool
        Whether a follow-up needs previews.
    journal : Journal, optional
        Holds the records of an earlier run, and gets the new ones; those with an error are not
        kept, so that a later run tries again.
    tell : callable, optional
        Told the name of an image that a follow-up fails for, and the error; without it, such an
        error ends the run.
    """

    def __init__(
        self,
        classifier: Classifier,
        *,
        workers: int | None = None,
        seconds: float = SECONDS,
        limits: Limits = DEFAULT_LIMITS,
        follow_ups: Sequence[FollowUp] = (),
        previews: bool = False,
        journal: Journal | None = None,
        tell: Tell | None = None,
    ) -> None:
        processes = workers or os.cpu_count() or 1
        self._worker = Worker(
            classifier, processes=processes, seconds=seconds, limits=limits, previews=previews
        )
        self._completion = Completion(follow_ups, journal, tell)
        self._threads = ThreadPoolExecutor(AT_ONCE * processes, "deepsky-batch")
        self._free = Semaphore(AT_ONCE * processes)
        self._room = Semaphore(MOST_WAITING)
        self._closed = False

    def run(self, sources: Iterable[Source]) -> Generator[Record]:
        """Classify images, once.

        Parameters
        ----------
        sources : iterable of Source
            Asked for in another thread.

        Yields
        ------
        Record
            One a source, in the order of the sources.

        Raises
        ------
        SourceError, JournalError
            As the sources and the journal raise them.
        RuntimeError
            If the reading processes do not start.
        """
        order: _Order = SimpleQueue()
        with self._threads, self._worker:
            # Nobody waits for it: it may itself wait for a line from standard input.
            Thread(target=self._feed, args=(sources, order), daemon=True).start()
            try:
                while (record := order.get()) is not None:
                    yield record.result()
                    self._room.release()
            finally:
                self._closed = True
                self._room.release()
                self._free.release()

    def _feed(self, sources: Iterable[Source], order: _Order) -> None:
        """Begin with each image as soon as there is room for it."""
        try:
            for source in sources:
                self._room.acquire()
                record = self._known(source) or self._begin(source)
                if self._closed:
                    return
                order.put(record)
        except BaseException as error:  # noqa: BLE001 (raised where somebody waits)
            failed: Future[Record] = Future()
            failed.set_exception(error)
            order.put(failed)
        order.put(None)

    def _known(self, source: Source) -> "Future[Record] | None":
        if (found := self._completion.find(source)) is None:
            return None
        known: Future[Record] = Future()
        known.set_result(found)
        return known

    def _begin(self, source: Source) -> "Future[Record]":
        self._free.acquire()
        return self._threads.submit(self._process, _held(source) if source.in_turn else source)

    def _process(self, source: Source) -> Record:
        try:
            return self._completion.complete(self._worker.classify(source))
        finally:
            self._free.release()


def _held(source: Source) -> Source:
    """Load what passes by."""
    try:
        content = source.load()
    except ImageError as error:
        return replace(source, load=unusable(source.name, error).load)
    return replace(source, load=lambda: content)
