"""Takes an image from where it lies to what the classifier says of it."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from threading import Thread
from typing import Any, Self

from deepsky.batch.outcome import Outcome
from deepsky.batch.remote import is_address
from deepsky.batch.sources import Content, Source
from deepsky.classifier import Classifier
from deepsky.errors import ImageError, ReadTimeoutError
from deepsky.imaging import Limits, ReaderPool
from deepsky.imaging.pool import WorkError
from deepsky.preprocessing import PreprocessedImage, preprocess
from deepsky.record import error_record, make_record

__all__ = ["Worker"]


class Worker:
    """Loads, reads and classifies images. Safe to use from several threads.

    Used as a context manager, it closes itself.

    Parameters
    ----------
    classifier : Classifier
    processes : int
        Processes that read images.
    seconds : float
        How long it may take to read an image, and to fetch it from another machine before that.
    limits : Limits
        How large an image may be.
    previews : bool
        Whether outcomes are to hold previews.
    """

    def __init__(
        self,
        classifier: Classifier,
        *,
        processes: int,
        seconds: float,
        limits: Limits,
        previews: bool,
    ) -> None:
        self._classifier = classifier
        self._readers = ReaderPool(processes, seconds=seconds, limits=limits)
        self._seconds = seconds
        self._work = partial(preprocess, sizes=classifier.input_sizes, preview=previews)
        self._closed: Future[None] = Future()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the reading processes, and wait for nothing that is being fetched."""
        self._closed.set_result(None)
        self._readers.close()

    def classify(self, source: Source) -> Outcome:
        """Tell what an image shows, or why that cannot be told.

        Raises
        ------
        RuntimeError
            If the worker is closed, or a reading process does not start.
        """
        content: Content | None = None
        try:
            content = self._load(source)
            reading = self._read(content)
        except ImageError as error:
            return Outcome(source, error_record(source.name, error, self._classifier), content)
        [prediction] = self._classifier.classify_prepared([reading.prepared])
        record = make_record(source.name, reading.info, prediction)
        return Outcome(source, record, content, prediction.evidence, reading.preview)

    def _load(self, source: Source) -> Content:
        """Load a source; where it is fetched, no longer than it may take or the run goes on."""
        if not is_address(source.name):
            return source.load()
        fetched: Future[Content] = Future()
        Thread(target=_settle, args=(fetched, source.load), daemon=True).start()
        either: list[Future[Any]] = [fetched, self._closed]
        wait(either, self._seconds, FIRST_COMPLETED)
        if not fetched.done():
            msg = f"The file takes longer than {self._seconds:g} seconds to fetch; copy it first."
            raise ReadTimeoutError(msg)
        return fetched.result()

    def _read(self, content: Content) -> PreprocessedImage:
        try:
            return self._readers.read(content, self._work)
        except WorkError as error:  # a fault of ours must not stop a night's work
            raise ImageError(str(error)) from error


def _settle(future: "Future[Content]", load: Callable[[], Content]) -> None:
    try:
        future.set_result(load())
    except BaseException as error:  # noqa: BLE001 (raised where somebody waits)
        future.set_exception(error)
