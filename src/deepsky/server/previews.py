"""Previews of stored images, rendered on the first request."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock

from deepsky.server.admission import Admission
from deepsky.storage import Storage
from deepsky.storage.tables import StoredImage

__all__ = ["Previews"]


class Previews:
    """Renderer that creates each preview only once.

    Requests that wait for a preview occupy server threads, even if they wait for the same preview.
    The number of waiting requests is limited, so that threads remain available for other requests.

    Parameters
    ----------
    slots : int
        Maximum number of requests that can wait for previews at the same time.
    """

    def __init__(self, slots: int) -> None:
        self._admission = Admission(slots)
        self._rendering: dict[str, Future[Path]] = {}
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """Number of requests that are waiting for previews."""
        return self._admission.taken

    def get(self, storage: Storage, image: StoredImage, render: Callable[[Path], bytes]) -> Path:
        """Return the path of an image's preview; the first call renders the preview.

        Parameters
        ----------
        storage : Storage
        image : StoredImage
        render : callable
            Function that takes the path of an image file and returns a preview of the image as JPEG
            data.

        Returns
        -------
        Path

        Raises
        ------
        ProblemError
            If the preview has not been rendered yet, and too many requests are waiting.
        FileNotFoundError
            If the image has been removed.
        ImageError
            If the image cannot be read.
        """
        path = storage.images.preview_path(image.sha256)
        if path.exists():
            return path
        with self._admission.slot():
            with self._lock:
                running = self._rendering.get(image.sha256)
                if running is None:
                    own: Future[Path] = Future()
                    self._rendering[image.sha256] = own
            if running is not None:
                return running.result()
            try:
                own.set_result(storage.preview(image, render))
            except BaseException as error:
                own.set_exception(error)
                raise
            finally:
                with self._lock:
                    del self._rendering[image.sha256]
            return own.result()
