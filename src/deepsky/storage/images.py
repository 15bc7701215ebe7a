"""Folder that stores images and previews; each file name contains the SHA-256 of the image."""

import errno
import hashlib
import logging
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Self

from deepsky.atomic_file import atomic_write, replace_durably, sync_folder
from deepsky.errors import StorageError
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.storage.tiles import MAX_TILE_BYTES, TileCache

__all__ = ["ImageStore", "Incoming"]

LOG: Final = logging.getLogger(__name__)

LEFT_FREE: Final = 1 << 20
"""Free disk space in bytes that uploads do not use."""

CHUNK: Final = 1 << 20
"""Number of bytes to read from an upload at once."""

SHA256: Final = re.compile("[0-9a-f]{64}")
OWNER: Final = "database"
"""Name of the file that contains the id of the database to which the images belong."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An upload in a temporary file.

    When used as a context manager, it deletes the file on exit unless the upload was saved.

    Attributes
    ----------
    path : Path
        Path of the temporary file.
    sha256 : str
        SHA-256 of the file's content, in hexadecimal.
    bytes : int
        Size of the file in bytes.
    """

    path: Path
    sha256: str
    bytes: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


class ImageStore:
    """A folder of image files.

    Parameters
    ----------
    folder : Path
        Folder for the images. A missing folder is created together with its parents, and is
        readable only by the current user, because images can reveal where they were taken. If the
        parent folder contains a folder ``pictures`` from an older version of deepsky, that folder
        is renamed to `folder`.
    max_tile_bytes : int
        Maximum size of all tiles together, in bytes.

    Attributes
    ----------
    tiles : TileCache
        Tiles of the images.

    Raises
    ------
    StorageError
        If both `folder` and the folder ``pictures`` from an older version exist.
    OSError
        If the folder cannot be created.
    """

    def __init__(self, folder: Path, max_tile_bytes: int = MAX_TILE_BYTES) -> None:
        self._folder = folder
        self.tiles = TileCache(folder / "tiles", max_tile_bytes)
        self._incoming = folder / "incoming"
        self._owner_file = folder / OWNER
        _rename_old_folder(folder.with_name("pictures"), folder)
        for made in (folder.parent, folder, self._incoming):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        """The folder that contains the images."""
        return self._folder

    @property
    def owner(self) -> str | None:
        """Id of the database to which the images belong, or None if it is not recorded."""
        try:
            return self._owner_file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def claim(self, database: str) -> None:
        """Record which database the images belong to, unless a database is already recorded.

        Parameters
        ----------
        database : str
            Id of the database.

        Raises
        ------
        StorageError
            If the images belong to another database, or writing to the folder fails.
        """
        self.require_writable()
        if self.owner is None:
            with self._write_errors(), atomic_write(self._owner_file, mode=0o600) as file:
                file.write(database.encode())
        self.require_owner(database)

    def require_owner(self, database: str) -> None:
        """Check that the image folder does not belong to another database.

        Parameters
        ----------
        database : str
            Id of the database.

        Raises
        ------
        StorageError
            If the folder belongs to another database.
        """
        if self.owner not in (None, database):
            msg = (
                f"The images in {self._folder} belong to another database. Set "
                "DEEPSKY_DATABASE_URL to the URL of that database, or DEEPSKY_DATA to another "
                "folder."
            )
            raise StorageError(msg)

    def require_writable(self) -> None:
        """Check that the current user has permission to write to the folder.

        Raises
        ------
        StorageError
            If the user does not have permission.
        """
        with self._write_errors():
            if not os.access(self._incoming, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def is_full(self) -> bool:
        """Return whether the disk has no space for further uploads.

        A small part of the disk is left free, so that classifications can be deleted.
        """
        with self._write_errors():
            return shutil.disk_usage(self._incoming).free < LEFT_FREE

    def restrict_access(self) -> None:
        """Remove other users' permissions for the folders, and log a warning if they had any."""
        if os.name == "nt":  # access is inherited from the folder of the user
            return
        for folder in (self._folder, self._incoming):
            mode = stat.S_IMODE(folder.stat().st_mode)
            if mode & 0o077:
                with self._write_errors():
                    folder.chmod(mode & 0o700)
                LOG.warning("%s was accessible to other users; its mode is now 700.", folder)

    def path(self, sha256: str) -> Path:
        """Return the path of an image file. The file does not necessarily exist.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        """
        return self._folder / sha256[:2] / sha256

    def preview_path(self, sha256: str, stretch: StretchChoice = "auto") -> Path:
        """Return the path of an image's preview (a JPEG without metadata).

        The file does not necessarily exist.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        stretch : str
            Name of the stretch of the preview.
        """
        name = sha256 if stretch == "auto" else f"{sha256}.{stretch}"
        return self._folder / sha256[:2] / f"{name}.preview.jpg"

    def receive(self, content: IO[bytes]) -> Incoming:
        """Write an upload to a temporary file.

        Parameters
        ----------
        content : binary file object
            The upload, open for reading.

        Returns
        -------
        Incoming

        Raises
        ------
        StorageError
            If writing to the folder fails.
        """
        with self._write_errors():
            handle, name = tempfile.mkstemp(dir=self._incoming)
        digest, size = hashlib.sha256(), 0
        try:
            with self._write_errors(), os.fdopen(handle, "wb") as file:
                while chunk := content.read(CHUNK):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                file.flush()
                self._require_space()
        except BaseException:
            Path(name).unlink()
            raise
        return Incoming(Path(name), digest.hexdigest(), size)

    def save(self, incoming: Incoming) -> None:
        """Move an upload to its final path so that it survives a power failure.

        The caller must hold the lock on the image's row (see `lock_image`), so that no other
        process removes the file at the same time.

        Parameters
        ----------
        incoming : Incoming

        Raises
        ------
        StorageError
            If writing to the folder fails.
        """
        folder = self.path(incoming.sha256).parent
        with self._write_errors():
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                sync_folder(self._folder)
            if _size(self.path(incoming.sha256)) != incoming.bytes:  # missing or truncated
                replace_durably(incoming.path, self.path(incoming.sha256))
            sync_folder(folder)

    def save_preview(self, sha256: str, preview: bytes, stretch: StretchChoice = "auto") -> None:
        """Store the preview of an image.

        The caller must hold the lock on the image's row (see `lock_image`). A preview is stored
        after its image and removed before it, so that no preview exists without its image.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        preview : bytes
            Content of the JPEG file.
        stretch : str
            Name of the stretch of the preview.

        Raises
        ------
        FileNotFoundError
            If the image does not exist.
        StorageError
            If writing to the folder fails.
        """
        if not self.contains(sha256):
            raise FileNotFoundError(self.path(sha256))
        path = self.preview_path(sha256, stretch)
        with (
            self._write_errors(),
            atomic_write(path, mode=0o600, temporary_folder=self._incoming) as file,
        ):
            file.write(preview)

    def save_tiles(self, sha256: str, path: Path, archive: bytes) -> None:
        """Store tiles of an image.

        The caller must hold the lock on the image's row (see `lock_image`), so that no tiles exist
        without their image.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        path : Path
            Path of the archive that contains the tiles, as returned by `TileCache.path`.
        archive : bytes
            Content of the archive.

        Raises
        ------
        FileNotFoundError
            If the image does not exist.
        StorageError
            If writing to the folder fails, or the disk is full.
        """
        if not self.contains(sha256):
            raise FileNotFoundError(self.path(sha256))
        with self._write_errors():
            self._require_space()
            self.tiles.save(path, archive)

    def remove(self, sha256: str) -> None:
        """Remove an image, its previews and its tiles, if they exist.

        The caller must hold the lock on the image's row (see `lock_image`).

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.

        Raises
        ------
        StorageError
            If writing to the folder fails.
        """
        with self._write_errors():
            for preview in self.path(sha256).parent.glob(f"{sha256}*.preview.jpg"):
                preview.unlink(missing_ok=True)
            self.tiles.remove(sha256)
            self.path(sha256).unlink(missing_ok=True)

    def contains(self, sha256: str) -> bool:
        """Return whether the folder contains an image.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        """
        return self.path(sha256).is_file()

    def is_damaged(self, sha256: str) -> bool:
        """Return whether an image file exists but is unreadable or does not match its SHA-256.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        """
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() != sha256
        except FileNotFoundError:
            return False
        except OSError:  # the file exists but cannot be read
            return True

    def list_images(self) -> Iterator[str]:
        """Yield the SHA-256 of each image in the folder."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            if SHA256.fullmatch(path.name):  # skips previews and unrelated files
                yield path.name

    def remove_abandoned(self, older_than: float) -> None:
        """Remove the temporary files left by interrupted requests.

        Parameters
        ----------
        older_than : float
            Unix timestamp; files whose modification time is earlier are removed.

        Raises
        ------
        StorageError
            If writing to the folder fails.
        """
        with self._write_errors():
            for path in self._incoming.iterdir():
                try:
                    if path.stat().st_mtime < older_than:
                        path.unlink()
                except FileNotFoundError:  # the request has just ended and removed its file
                    continue

    def _require_space(self) -> None:
        if self.is_full():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    @contextmanager
    def _write_errors(self) -> Iterator[None]:
        """Convert disk errors in a ``with`` block to StorageError."""
        try:
            yield
        except ConnectionError:  # the client has disconnected, which is not a disk error
            raise
        except OSError as error:
            msg = (
                f"Writing to the folder {self._folder} failed: {error.strerror}. Free up disk "
                "space, or give the user who runs the server write permission for the folder."
            )
            raise StorageError(msg) from error


def _size(path: Path) -> int | None:
    """Return the size of a file in bytes, or None if it does not exist."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _rename_old_folder(old: Path, new: Path) -> None:
    """Rename `old` to `new` if it is the image folder of an older version of deepsky."""
    if not ((old / OWNER).is_file() and (old / "incoming").is_dir()):
        return
    if new.exists():
        if not old.exists():  # another process has just renamed the folder
            return
        msg = (
            f"Both {old} and {new} exist. Older versions of deepsky stored images in {old}. If "
            f"{new} is empty, remove it, and {old} will be renamed automatically. Otherwise, move "
            "one of the folders elsewhere."
        )
        raise StorageError(msg)
    try:
        old.rename(new)
    except FileNotFoundError:  # another process has just renamed the folder
        return
    except OSError as error:
        msg = f"{old} cannot be renamed to {new}: {error.strerror}. Rename the folder manually."
        raise StorageError(msg) from error
