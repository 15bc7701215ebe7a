"""Previews and tiles of stored images, rendered on the first request."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from deepsky.errors import ReadCancelledError
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.server.admission import Admission, wait_for_turn
from deepsky.server.turns import Turns
from deepsky.server.waiting_client import Client
from deepsky.storage import Storage
from deepsky.storage.tables import StoredImage

if TYPE_CHECKING:
    from deepsky.server.settings import Settings

__all__ = ["Previews"]

POLL_SECONDS: Final = 0.1
"""Interval between two checks whether a client has gone, in seconds."""


@dataclass(slots=True)
class _Rendering:
    """The rendering of a preview or of tiles to a file, and the clients that wait for it."""

    file: Path
    clients: list[Client]
    path: Future[Path] = field(default_factory=Future)

    def is_useless(self) -> bool:
        """Return whether all clients have gone."""
        return all(client.has_gone() for client in list(self.clients))


class Previews:
    """Renderer that creates each preview only once.

    Requests that wait for a preview occupy server threads, even if they wait for the same preview.
    The number of waiting requests is limited, so that threads remain available for other requests.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: "Settings") -> None:
        self._admission = Admission(settings.preview_slots, settings.preview_reserve)
        self._drawing = Turns(os.cpu_count() or 1, reserve=1)
        self._renderings: dict[Path, _Rendering] = {}
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """Number of requests that are waiting for previews."""
        return self._admission.taken

    @contextmanager
    def drawing(self, client: Client) -> Iterator[None]:
        """Limit the number of threads that scale or draw images in a ``with`` block.

        Parameters
        ----------
        client : Client
            Client that waits for the result.

        Raises
        ------
        ProblemError
            If too many requests are waiting.
        ReadCancelledError
            If the client has gone.
        """
        with self._admission.slot(client.name), wait_for_turn(self._drawing, client):
            yield

    def get(
        self,
        client: Client,
        storage: Storage,
        image: StoredImage,
        stretch: StretchChoice,
        render: Callable[[Client, Path], bytes],
    ) -> Path:
        """Return the path of an image's preview; the first call renders the preview.

        Parameters
        ----------
        client : Client
            Client that waits for the preview.
        storage : Storage
        image : StoredImage
        stretch : str
            Name of the stretch of the preview.
        render : callable
            Function that takes a client and the path of an image file, and returns a preview of the
            image as JPEG data. The client has gone when all clients that wait for this preview have
            gone.

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
        ReadCancelledError
            If the client has gone.
        """
        return self.render_once(
            client,
            storage.images.preview_path(image.sha256, stretch),
            lambda waiting: storage.preview(image, lambda file: render(waiting, file), stretch),
        )

    def render_once(self, client: Client, path: Path, render: Callable[[Client], Path]) -> Path:
        """Return the path of a rendered file; only one of several concurrent calls renders it.

        Parameters
        ----------
        client : Client
            Client that waits for the file.
        path : Path
            Path of the file.
        render : callable
            Function that takes a client, renders the file if it does not exist, and returns its
            path. The client has gone when all clients that wait for this file have gone.

        Returns
        -------
        Path

        Raises
        ------
        ProblemError
            If the file does not exist yet, and too many requests are waiting.
        ReadCancelledError
            If the client has gone.
        """
        if path.exists():
            return path
        with self._admission.slot(client.name):
            while True:
                rendering, is_new = self._join(client, path)
                if is_new:
                    return self._render(rendering, render)
                try:
                    return _wait(rendering, client)
                except ReadCancelledError:
                    if client.has_gone():
                        raise
                    # The rendering was cancelled just before this client joined. Start another one.

    def _join(self, client: Client, path: Path) -> tuple[_Rendering, bool]:
        """Return the rendering of a file, and whether it is new."""
        with self._lock:
            rendering = self._renderings.get(path)
            if rendering is not None:
                rendering.clients.append(client)
                return rendering, False
            rendering = self._renderings[path] = _Rendering(path, [client])
            return rendering, True

    def _render(self, rendering: _Rendering, render: Callable[[Client], Path]) -> Path:
        client = Client(rendering.clients[0].name, rendering.is_useless)
        try:
            path = render(client)
        except BaseException as error:
            self._finish(rendering)
            rendering.path.set_exception(error)
            raise
        self._finish(rendering)
        rendering.path.set_result(path)
        return path

    def _finish(self, rendering: _Rendering) -> None:
        with self._lock:
            del self._renderings[rendering.file]


def _wait(rendering: _Rendering, client: Client) -> Path:
    while not client.has_gone():
        try:
            return rendering.path.result(POLL_SECONDS)
        except TimeoutError:
            if rendering.path.done():
                raise
    raise ReadCancelledError
