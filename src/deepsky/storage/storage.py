"""Storage that keeps the database and the image folder consistent with each other."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, exists, select, text
from sqlalchemy.exc import SQLAlchemyError

from deepsky.errors import ImageNotFoundError, StorageError
from deepsky.storage.classifications import is_used, lock_image
from deepsky.storage.database import Database
from deepsky.storage.images import ImageStore, Incoming
from deepsky.storage.tables import Classification, Identity, Session, StoredImage

__all__ = ["Report", "Storage"]

ABANDONED_SECONDS: Final = 3600
"""Age in seconds at which the temporary file of an interrupted upload is removed."""

IDLE_SESSION: Final = timedelta(days=30)
"""Age at which a browser session without classifications is removed."""


@dataclass(frozen=True, slots=True)
class Report:
    """Result of `Storage.check`.

    Attributes
    ----------
    database : list of str
        Errors that the database's integrity check reported.
    missing : list of str
        SHA-256 of each image that has classifications but no file in the image folder.
    damaged : list of str
        SHA-256 of each image whose file is unreadable or does not match this hash; the list is
        empty if file contents were not checked.
    orphans : list of str
        SHA-256 of each image in the folder that has no classifications.
    """

    database: list[str]
    missing: list[str]
    damaged: list[str]
    orphans: list[str]

    @property
    def is_consistent(self) -> bool:
        """Whether the check found no problems."""
        return not (self.database or self.missing or self.damaged or self.orphans)


class Storage:
    """Thread-safe storage of the server's images, classifications and clients.

    Parameters
    ----------
    url : str
        URL of the database; see `Database`.
    images : Path
        Folder that contains the images. Servers that share a database must also share this folder.

    Raises
    ------
    StorageError
        If the folder cannot be used, or the URL is invalid.
    """

    def __init__(self, url: str, images: Path) -> None:
        try:
            self.images = ImageStore(images)
        except OSError as error:
            msg = f"The folder {images} cannot be used: {error.strerror}. Choose another folder."
            raise StorageError(msg) from error
        self.database = Database(url)

    def prepare(self) -> None:
        """Upgrade the tables on SQLite, and check that the tables and images are usable.

        Raises
        ------
        StorageError
            If the tables are out of date, or the images belong to another database.
        """
        self.require_matching_images()
        self.database.prepare()
        self.images.claim(self._identity())

    def require_ready(self) -> None:
        """Check that the tables and images are usable, without changing anything.

        Raises
        ------
        StorageError
            If the tables are out of date, or the images belong to another database.
        """
        self.require_matching_images()
        self.database.require_upgraded()

    def require_matching_images(self) -> None:
        """Check that the images belong to this database.

        Raises
        ------
        StorageError
            If the images belong to another database.
        """
        # The database's id is recorded in the folder only after the tables are created.
        if self.images.owner is not None:
            self.images.require_owner(self._identity())

    def save(
        self, incoming: Incoming, image: StoredImage, classifications: Sequence[Classification]
    ) -> None:
        """Store an image and its classifications atomically: if an error occurs, nothing is stored.

        Parameters
        ----------
        incoming : Incoming
        image : StoredImage
        classifications : sequence of Classification

        Raises
        ------
        sqlalchemy.exc.IntegrityError
            If a concurrent duplicate of the request has already stored the classifications.
        """
        try:
            with self.database.write() as session:
                lock_image(session, image)
                self.images.save(incoming)
                session.add_all(classifications)
        except Exception:
            # If this fails, `clean_up` removes the image later.
            with suppress(SQLAlchemyError, StorageError):
                self.remove_if_unused(incoming.sha256)
            raise

    def preview(self, image: StoredImage, render: Callable[[Path], bytes]) -> Path:
        """Return the path of an image's preview; the first call renders the preview.

        Parameters
        ----------
        image : StoredImage
        render : callable
            Function that takes the path of an image file and returns a preview of the image as JPEG
            data.

        Returns
        -------
        Path

        Raises
        ------
        FileNotFoundError
            If the image has been removed.
        """
        path = self.images.preview_path(image.sha256)
        if not path.exists():
            try:
                preview = render(self.images.path(image.sha256))
            except ImageNotFoundError as error:
                raise FileNotFoundError(path) from error
            with self.database.write() as session:
                lock_image(session, image)
                self.images.save_preview(image.sha256, preview)
        return path

    def remove_if_unused(self, sha256: str) -> None:
        """Remove an image if it has no classifications.

        The file is removed before the database row. If the process is interrupted between the two
        steps, a row without a file remains. This row is harmless, and the next call removes it.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        """
        with self.database.write() as session:
            lock_image(session, _placeholder(sha256))
            if not is_used(session, sha256):
                self.images.remove(sha256)
                session.execute(delete(StoredImage).where(StoredImage.sha256 == sha256))

    def clean_up(
        self, keep_days: int | None = None, stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Remove expired classifications, idle sessions, unused images and abandoned uploads.

        Parameters
        ----------
        keep_days : int, optional
            Age in days at which classifications are removed. By default, none are removed.
        stop : callable
            Function that is called before each image is removed. If it returns True, the remaining
            images are left for the next call.
        """
        now = datetime.now(UTC)
        with self.database.write() as session:
            if keep_days is not None:
                before = now - timedelta(days=keep_days)
                session.execute(delete(Classification).where(Classification.created_at < before))
            idle = Session.created_at < now - IDLE_SESSION
            used = exists().where(Classification.client_id == Session.id)
            session.execute(
                delete(Session).where(idle, ~used),
                execution_options={"synchronize_session": False},
            )
        self.images.remove_abandoned(time.time() - ABANDONED_SECONDS)
        for sha256 in self._unused():
            if stop():
                return
            self.remove_if_unused(sha256)

    def check(self, *, contents: bool = False) -> Report:
        """Check the database and the images for damage; servers can keep running during the check.

        Parameters
        ----------
        contents : bool
            Whether to read every image file and verify its SHA-256.

        Returns
        -------
        Report

        Raises
        ------
        StorageError
            If the database cannot be read.
        """
        with self.database.storage_errors("The database cannot be read"):
            used, present = self._used(), set(self.images.list_images())
            absent = {each for each in used if not self.images.contains(each)}
            read = used if contents else set()
            return Report(
                database=self._check_database(),
                missing=sorted(each for each in absent if self._is_missing(each)),
                damaged=sorted(each for each in read if self.images.is_damaged(each)),
                orphans=sorted(each for each in present - used if self._is_orphan(each)),
            )

    def is_usable(self) -> bool:
        """Return whether the database responds and the image folder is writable."""
        try:
            with self.database.read() as session:
                session.execute(text("SELECT 1"))
            self.images.require_writable()
            return not self.images.is_full()
        except (SQLAlchemyError, StorageError):
            return False

    def close(self) -> None:
        """Close all connections to the database."""
        self.database.close()

    def _identity(self) -> str:
        """Return the id of the database, or an empty string if there are no tables yet."""
        with (
            self.database.storage_errors("The database cannot be read"),
            self.database.read() as session,
        ):
            if self.database.revision(session.connection()) is None:
                return ""
            return session.scalars(select(Identity.id)).one()

    def _is_missing(self, sha256: str) -> bool:
        """Lock an image, and return whether it has classifications but no file."""
        with self.database.write() as session:
            lock_image(session, _placeholder(sha256))
            found = is_used(session, sha256) and not self.images.contains(sha256)
            session.rollback()
        return found

    def _is_orphan(self, sha256: str) -> bool:
        """Lock an image, and return whether it has a file but no classifications."""
        with self.database.write() as session:
            lock_image(session, _placeholder(sha256))
            found = self.images.path(sha256).exists() and not is_used(session, sha256)
            session.rollback()
        return found

    def _used(self) -> set[str]:
        with self.database.read() as session:
            return set(session.scalars(select(Classification.image_sha256).distinct()))

    def _unused(self) -> list[str]:
        with self.database.read() as session:
            known = set(session.scalars(select(StoredImage.sha256)))
        return sorted((known | set(self.images.list_images())) - self._used())

    def _check_database(self) -> list[str]:
        if not self.database.is_sqlite:
            return []  # PostgreSQL checks its pages (data_checksums) and constraints itself
        with self.database.read() as session:
            found = list(session.scalars(text("PRAGMA integrity_check")))
            broken = session.execute(text("PRAGMA foreign_key_check")).all()
        errors = [line for line in found if line != "ok"]
        return errors + [
            f"{row[0]}, row {row[1]}: the referenced row in {row[2]} is missing" for row in broken
        ]


def _placeholder(sha256: str) -> StoredImage:
    """Return an image's row with only the SHA-256 set, for use with `lock_image`."""
    now = datetime.now(UTC)
    return StoredImage(sha256=sha256, bytes=0, width=0, height=0, format="", created_at=now)
