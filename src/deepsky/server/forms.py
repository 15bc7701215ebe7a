"""Form data of uploads, with limits on the number of files and on open file descriptors."""

from io import RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from flask import Request

from deepsky.server.problems import ProblemError
from deepsky.server.state import state

__all__ = ["FormRequest", "too_many_images"]

IN_MEMORY: Final = 500_000
"""Maximum total size of the files that are kept in memory, in bytes."""


class FormRequest(Request):
    """Request that stores all files of a form in one temporary file.

    By default, Werkzeug opens a temporary file for each file in a form.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._files: list[_FormFile] = []

    def _get_file_stream(self, *_: object, **__: object) -> "_FormFile":  # type: ignore[override]
        """Return the file object to which Werkzeug writes a file of the form."""
        if len(self._files) == state().settings.max_images:
            raise too_many_images()
        shared = self._files[-1].shared if self._files else SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self._files.append(_FormFile(shared))
        return self._files[-1]

    def close(self) -> None:
        """Delete the temporary file."""
        super().close()
        if self._files:
            self._files[0].shared.close()


class _FormFile(RawIOBase):
    """A file of a form: the part of a shared temporary file that begins at its current end.

    Parameters
    ----------
    shared : binary file object
    """

    def __init__(self, shared: IO[bytes]) -> None:
        super().__init__()
        self.shared = shared
        self._start = self._end = shared.seek(0, 2)
        self._position = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def writable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Change the position, relative to the start (0), the position (1) or the end (2)."""
        origin = (0, self._position, self._end - self._start)[whence]
        self._position = origin + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read bytes into a buffer, and return their number."""
        self.shared.seek(self._start + self._position)
        count = min(len(buffer), max(0, self._end - self._start - self._position))
        data = self.shared.read(count)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def write(self, data: Any) -> int:
        """Append bytes; this is only possible until the next file of the form begins."""
        self.shared.seek(self._end)
        self.shared.write(data)
        self._end += len(data)
        self._position = self._end - self._start
        return len(data)


def too_many_images() -> ProblemError:
    """Return the error for a request with too many images."""
    limit = state().settings.max_images
    return ProblemError(400, "too_many_images", f"Send at most {limit} images per request.")
