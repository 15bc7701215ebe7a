"""Image files, each kept once under the SHA-256 of its content, and previews to show."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Self

from deepsky.atomic_file import atomic_write, replace_durably, sync_folder
from deepsky.errors import StorageError

__all__ = ["ImageStore", "Incoming"]

CHUNK: Final = 1 << 20
SHA256: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Incoming:
    """An upload that is on disk but not kept yet; as a context, it is gone at the end unless kept.

    Attributes
    ----------
    path : Path
        Where it lies until the end of the request.
    sha256 : str
        Of its content, in hexadecimal.
    bytes : int
    """

    path: Path
    sha256: str
    bytes: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


class ImageStore:
    """A folder of image files named by content.

    Parameters
    ----------
    folder : Path
        Made where it is missing, with the folder that it is in, for this user alone: images may
        tell where they were taken.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._note = folder / "database"
        for made in (folder.parent, folder, self._incoming):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def owner(self) -> str | None:
        """Identity of the database that the images belong to; None where that is not noted."""
        try:
            return self._note.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def claim(self, database: str) -> None:
        """Note which database the images belong to, unless that is noted already.

        Parameters
        ----------
        database : str
            Its identity.

        Raises
        ------
        StorageError
            If they belong to another, or the folder cannot be written.
        """
        self.require_writable()
        if self.owner is None:
            with self._told(), atomic_write(self._note, mode=0o600) as file:
                file.write(database.encode())
        self.require_owner(database)

    def require_owner(self, database: str) -> None:
        """Raise StorageError if the images belong to another database.

        To that one they would all seem to be of no use.

        Parameters
        ----------
        database : str
            Its identity.
        """
        if self.owner not in (None, database):
            msg = (
                f"The images in {self._folder} belong to another database. Set "
                "DEEPSKY_DATABASE_URL to that one, or DEEPSKY_DATA to another folder."
            )
            raise StorageError(msg)

    def require_writable(self) -> None:
        """Raise StorageError if this user may not write to the folder."""
        with self._told():
            if not os.access(self._incoming, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def is_full(self) -> bool:
        """Tell whether there is no room on the disk."""
        with self._told():
            return not shutil.disk_usage(self._incoming).free

    def path(self, sha256: str) -> Path:
        """Tell where an image is kept, whether it is there or not."""
        return self._folder / sha256[:2] / sha256

    def preview(self, sha256: str) -> Path:
        """Tell where an image's preview, a JPEG without metadata, is kept once it was made."""
        return self._folder / sha256[:2] / f"{sha256}.preview.jpg"

    def receive(self, content: IO[bytes]) -> Incoming:
        """Write an upload down, to be kept or not.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        with self._told():
            handle, name = tempfile.mkstemp(dir=self._incoming)
        digest, size = hashlib.sha256(), 0
        try:
            with self._told(), os.fdopen(handle, "wb") as file:
                while chunk := content.read(CHUNK):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
        except BaseException:  # a full disk, a stop: nothing is to be left behind
            Path(name).unlink()
            raise
        return Incoming(Path(name), digest.hexdigest(), size)

    def keep(self, incoming: Incoming) -> None:
        """Keep an upload, for good once this returns: it survives a power cut.

        To be called while the image's row is locked, so that nothing removes it meanwhile.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        folder = self.path(incoming.sha256).parent
        with self._told():
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                sync_folder(self._folder)
            if not self.path(incoming.sha256).exists():
                replace_durably(incoming.path, self.path(incoming.sha256))
            sync_folder(folder)

    def keep_preview(self, sha256: str, preview: bytes) -> None:
        """Keep the preview of an image.

        To be called while the image's row is locked, as the image must be there: it comes
        before its preview and goes after it, so that no preview is ever without its image.

        Raises
        ------
        FileNotFoundError
            If the image is not there.
        StorageError
            If the folder cannot be written.
        """
        if not self.holds(sha256):
            raise FileNotFoundError(self.path(sha256))
        path = self.preview(sha256)
        with (
            self._told(),
            atomic_write(path, mode=0o600, temporary_folder=self._incoming) as file,
        ):
            file.write(preview)

    def remove(self, sha256: str) -> None:
        """Remove an image and its preview, while its row is locked. Neither need be there.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        with self._told():
            self.preview(sha256).unlink(missing_ok=True)
            self.path(sha256).unlink(missing_ok=True)

    def holds(self, sha256: str) -> bool:
        """Tell whether an image is on disk."""
        return self.path(sha256).is_file()

    def is_damaged(self, sha256: str) -> bool:
        """Tell whether an image is on disk with other content than it was kept with."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() != sha256
        except FileNotFoundError:
            return False
        except OSError:  # the disk cannot read it
            return True

    def kept(self) -> Iterator[str]:
        """Name all images that are on disk, by their SHA-256."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            if SHA256.fullmatch(path.name):  # systems put files of their own into any folder
                yield path.name

    def drop_incoming(self, older_than: float) -> None:
        """Remove what interrupted requests left behind.

        Parameters
        ----------
        older_than : float
            Seconds since 1970; later uploads are left alone.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        with self._told():
            for path in self._incoming.iterdir():
                try:
                    if path.stat().st_mtime < older_than:
                        path.unlink()
                except FileNotFoundError:  # its request has ended meanwhile
                    continue

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell the disk's complaints about what is written as a StorageError."""
        try:
            yield
        except ConnectionError:  # it is the sender who is gone
            raise
        except OSError as error:
            msg = (
                f"The folder {self._folder} cannot be written: {error.strerror}. Make room there, "
                "or let the server's user write to it."
            )
            raise StorageError(msg) from error
