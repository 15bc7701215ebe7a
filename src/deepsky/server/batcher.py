"""Lets concurrent requests share runs of the network."""

from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from deepsky.classifier import Classifier, Prediction
from deepsky.models.preparation import Prepared

__all__ = ["Batcher"]


class Batcher:
    """Lets concurrent requests share runs of the network. Safe to use from several threads.

    It never waits for a batch to fill: what came in during one run makes up the next.

    Parameters
    ----------
    classifier : Classifier
    most : int
        Pictures in one run.
    """

    def __init__(self, classifier: Classifier, *, most: int = 8) -> None:
        self._classifier = classifier
        self._most = most
        self._waiting: SimpleQueue[tuple[Prepared, Future[Prediction]] | None] = SimpleQueue()
        self._closed = False
        self._lock = Lock()
        self._thread = Thread(
            target=self._run, name=f"batcher-{classifier.bundle.name}", daemon=True
        )
        self._thread.start()

    def classify(self, picture: Prepared) -> Prediction:
        """Tell what a prepared picture shows, as `Classifier.classify_prepared` does.

        Raises
        ------
        RuntimeError
            If the batcher is closed.
        """
        future: Future[Prediction] = Future()
        with self._lock:  # nothing may queue up behind the end
            if self._closed:
                msg = "The batcher is closed."
                raise RuntimeError(msg)
            self._waiting.put((picture, future))
        return future.result()

    def close(self) -> None:
        """Answer those who wait, and nobody after them."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while batch := self._take():
            pictures, futures = zip(*batch, strict=True)
            try:
                predictions = self._classifier.classify_prepared(pictures)
            except Exception as error:  # noqa: BLE001 (raised where somebody waits for it)
                for future in futures:
                    future.set_exception(error)
            else:
                for future, prediction in zip(futures, predictions, strict=True):
                    future.set_result(prediction)

    def _take(self) -> list[tuple[Prepared, Future[Prediction]]]:
        """Wait for a request, and take what else waits by then; nothing at the end."""
        batch = []
        request = self._waiting.get()
        while request is not None:
            batch.append(request)
            if len(batch) == self._most:
                return batch
            try:
                request = self._waiting.get_nowait()
            except Empty:
                return batch
        if batch:
            self._waiting.put(None)  # the end, for the next time
        return batch
