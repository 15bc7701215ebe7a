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
    """Renders previews: each once, and for a limited number of requests at a time.

    Requests that wait for a preview occupy server threads, also if they share one rendering. The
    limit leaves threads for everything else.

    Parameters
    ----------
    places : int
        Maximum number of requests that wait for previews.
    """

    def __init__(self, places: int) -> None:
        self._admission = Admission(places)
        self._rendering: dict[str, Future[Path]] = {}
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """Number of requests that wait for previews."""
        return self._admission.taken

    def get(self, storage: Storage, image: StoredImage, render: Callable[[Path], bytes]) -> Path:
        """Return the path of an image's preview.

        Parameters
        ----------
        storage : Storage
        image : StoredImage
        render : callable
            Takes the path of the image's file and returns the preview, a JPEG.

        Returns
        -------
        Path

        Raises
        ------
        ProblemError
            If the preview is not rendered yet and all places are taken.
        FileNotFoundError
            If the image was removed.
        ImageError
            If the image cannot be read.
        """
        path = storage.images.preview_path(image.sha256)
        if path.exists():
            return path
        with self._admission.place():
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
