"""Storage that keeps the database and the image folder consistent with each other."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, func, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from deepsky.errors import ImageNotFoundError, StorageError
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.storage.classifications import delete_classification, is_used, lock_image
from deepsky.storage.database import PATIENT_SECONDS, Database
from deepsky.storage.images import ImageStore, Incoming
from deepsky.storage.tables import Classification, Session, StoredImage
from deepsky.storage.tiles import MAX_TILE_BYTES

__all__ = ["Report", "Storage"]

LOG: Final = logging.getLogger(__name__)

ABANDONED_SECONDS: Final = 3600
"""Age in seconds at which the temporary file of an interrupted upload is removed."""

IDLE_SESSION: Final = timedelta(days=30)
"""Time after the latest use at which a browser session without classifications is removed."""

UNCONFIRMED_SESSION: Final = timedelta(days=1)
"""Age at which a session whose cookie has never been sent back is removed with its data."""

BATCH: Final = 32
"""Maximum number of classifications to delete in one transaction, which must fit in the space that
is reserved on a full disk."""


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
    seconds, users : float, int or None
        Limits on waiting for the database; see `Database`.
    max_tile_bytes : int
        Maximum size of all tiles of the images together, in bytes.

    Raises
    ------
    StorageError
        If the folder cannot be used, or the URL is invalid.
    """

    def __init__(
        self,
        url: str,
        images: Path,
        *,
        seconds: float = PATIENT_SECONDS,
        users: int | None = None,
        max_tile_bytes: int = MAX_TILE_BYTES,
    ) -> None:
        try:
            self.images = ImageStore(images, max_tile_bytes)
        except OSError as error:
            msg = f"The folder {images} cannot be used: {error.strerror}. Choose another folder."
            raise StorageError(msg) from error
        self.database = Database(url, seconds=seconds, users=users)

    def prepare(self) -> None:
        """Upgrade the tables on SQLite, and check that the tables and images are usable.

        Raises
        ------
        StorageError
            If the tables are out of date, or the images belong to another database.
        """
        self.require_matching_images()
        self.database.prepare()
        identity = self.database.read_identity()
        self.images.claim(identity)
        self.images.restrict_access()
        self.database.identity = identity

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
            self.images.require_owner(self.database.read_identity())

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
        self._require_own_images()
        try:
            with self.database.write() as session:
                lock_image(session, image)
                self.images.save(incoming)
                session.add_all(classifications)
        except (OperationalError, StorageError):
            # Waiting for the database again would take too long; `clean_up` removes the image.
            raise
        except Exception:
            self._try_to_remove(incoming.sha256)
            raise

    def add(self, image: StoredImage, classifications: Sequence[Classification]) -> None:
        """Store further classifications of an image that is already stored.

        Parameters
        ----------
        image : StoredImage
        classifications : sequence of Classification

        Raises
        ------
        FileNotFoundError
            If the image has been removed.
        StorageError
            If the database cannot be written to.
        """
        with self.database.write() as session:
            lock_image(session, image)
            if not self.images.contains(image.sha256):
                raise FileNotFoundError(self.images.path(image.sha256))
            session.add_all(classifications)

    def preview(
        self, image: StoredImage, render: Callable[[Path], bytes], stretch: StretchChoice = "auto"
    ) -> Path:
        """Return the path of an image's preview; the first call renders the preview.

        Parameters
        ----------
        image : StoredImage
        render : callable
            Function that takes the path of an image file and returns a preview of the image as JPEG
            data.
        stretch : str
            Name of the stretch of the preview.

        Returns
        -------
        Path

        Raises
        ------
        FileNotFoundError
            If the image has been removed.
        """
        path = self.images.preview_path(image.sha256, stretch)
        if not path.exists():
            preview = self._render(image, render)
            with self.database.write() as session:
                lock_image(session, image)
                self.images.save_preview(image.sha256, preview, stretch)
        return path

    def tiles(self, image: StoredImage, path: Path, render: Callable[[Path], bytes]) -> Path:
        """Return the path of an archive of tiles; the first call renders the tiles.

        Parameters
        ----------
        image : StoredImage
        path : Path
            Path of the archive, as returned by `TileCache.path`.
        render : callable
            Function that takes the path of an image file and returns the archive.

        Returns
        -------
        Path
            The same path.

        Raises
        ------
        FileNotFoundError
            If the image has been removed.
        """
        if not path.exists():
            archive = self._render(image, render)
            with self.database.write() as session:
                lock_image(session, image)
                self.images.save_tiles(image.sha256, path, archive)
        return path

    def _render(self, image: StoredImage, render: Callable[[Path], bytes]) -> bytes:
        path = self.images.path(image.sha256)
        try:
            return render(path)
        except ImageNotFoundError as error:
            raise FileNotFoundError(path) from error

    def delete(self, client_id: int, id: str) -> bool:  # noqa: A002
        """Delete a classification and its feedback; also delete the image if it is now unused.

        This also succeeds on a full disk: space that has been reserved for this purpose is freed.
        If the files of the image cannot be removed now, `clean_up` removes them later.

        Parameters
        ----------
        client_id : int
        id : str
            Public identifier of the classification.

        Returns
        -------
        bool
            False if the client has no classification with this identifier.
        """
        sha256 = self.database.run_on_full_disk(lambda: self._delete(client_id, id))
        if sha256 is not None:
            self._try_to_remove(sha256)
        return sha256 is not None

    def delete_several(self, client_id: int, ids: Sequence[str]) -> int:
        """Delete classifications of a client, each as described in `delete`.

        They are deleted in short transactions. If an error occurs, some of them may be deleted; the
        call can be repeated.

        Parameters
        ----------
        client_id : int
        ids : sequence of str
            Public identifiers. Those of other clients and unknown ones are skipped.

        Returns
        -------
        int
            Number of deleted classifications.
        """
        number = 0
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            images = self.database.run_on_full_disk(partial(self._delete_several, client_id, some))
            number += len(images)
            for sha256 in sorted(set(images)):
                self._try_to_remove(sha256)
        return number

    def remove_if_unused(self, sha256: str) -> None:
        """Remove an image if it has no classifications.

        The file is removed before the database row. If the process is interrupted between the two
        steps, a row without a file remains. This row is harmless, and the next call removes it.

        Parameters
        ----------
        sha256 : str
            SHA-256 of the image, in hexadecimal.
        """
        self.database.run_on_full_disk(lambda: self._remove_if_unused(sha256))

    def clean_up(
        self, keep_days: int | None = None, stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Remove expired classifications, idle sessions, unused images and abandoned uploads.

        Like `delete`, this also succeeds on a full disk.

        Parameters
        ----------
        keep_days : int, optional
            Age in days at which classifications are removed. By default, none are removed.
        stop : callable
            Function that is called before each image is removed, and before each transaction that
            deletes classifications. If it returns True, the remaining ones are left for the next
            call.
        """
        now = datetime.now(UTC)
        # On a full disk, this frees the space that the next steps need.
        self.images.remove_abandoned(time.time() - ABANDONED_SECONDS)
        if keep_days is not None:
            self._delete_each(Classification.created_at < now - timedelta(days=keep_days), stop)
        self._remove_unconfirmed_sessions(now - UNCONFIRMED_SESSION, stop)
        idle = func.coalesce(Session.used_at, Session.created_at) < now - IDLE_SESSION
        self._delete_unused_sessions(idle)
        for sha256 in self._unused():
            if stop():
                return
            self.remove_if_unused(sha256)
        self.database.erase_deleted()
        self.database.reserve_space()

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
        """Return whether the database responds, and the image folder is writable and not full.

        If the database or the image folder was deleted or replaced after `prepare` was called, they
        are not usable.
        """
        try:
            self.database.require_usable()
            self._require_own_images()
            self.images.require_writable()
            return not self.images.is_full()
        except (SQLAlchemyError, StorageError):
            return False

    def close(self) -> None:
        """Close all connections to the database."""
        self.database.close()

    def _require_own_images(self) -> None:
        """Check that the image folder has not been emptied or replaced since `prepare`."""
        identity = self.database.identity
        if identity is not None:
            self.images.require_owner(identity)
            if self.images.owner is None:
                msg = (
                    f"The image folder {self.images.folder} has been emptied or replaced. Restore "
                    "it, or stop the server and start it again."
                )
                raise StorageError(msg)

    def _delete(self, client_id: int, id: str) -> str | None:  # noqa: A002
        with self.database.write() as session:
            return delete_classification(session, client_id, id)

    def _delete_several(self, client_id: int, ids: Sequence[str]) -> list[str]:
        """Delete classifications, and return the SHA-256 of the image of each of them."""
        own = (Classification.client_id == client_id) & Classification.id.in_(ids)
        with self.database.write() as session:
            return list(
                session.scalars(
                    delete(Classification).where(own).returning(Classification.image_sha256),
                    execution_options={"synchronize_session": False},
                )
            )

    def _remove_if_unused(self, sha256: str) -> None:
        with self.database.write() as session:
            lock_image(session, _placeholder(sha256))
            if not is_used(session, sha256):
                self.images.remove(sha256)
                session.execute(delete(StoredImage).where(StoredImage.sha256 == sha256))

    def _delete_each(self, condition: ColumnElement[bool], stop: Callable[[], bool]) -> None:
        """Delete classifications in short transactions, so that other writers do not wait long."""
        more = True
        while more and not stop():
            more = self.database.run_on_full_disk(lambda: self._delete_some(condition)) == BATCH

    def _delete_some(self, condition: ColumnElement[bool]) -> int:
        """Delete at most `BATCH` classifications, and return their number."""
        some = select(Classification.number).where(condition).limit(BATCH)
        with self.database.write() as session:
            numbers = session.scalars(some).all()
            session.execute(
                delete(Classification).where(Classification.number.in_(numbers)),
                execution_options={"synchronize_session": False},
            )
        return len(numbers)

    def _remove_unconfirmed_sessions(self, before: datetime, stop: Callable[[], bool]) -> None:
        """Remove sessions whose cookie was never sent back, with their classifications.

        No client can access these classifications.
        """
        unconfirmed = (Session.claim.is_not(None)) & (Session.created_at < before)
        self._delete_each(Classification.client_id.in_(select(Session.id).where(unconfirmed)), stop)
        self._delete_unused_sessions(unconfirmed)

    def _delete_unused_sessions(self, condition: ColumnElement[bool]) -> None:
        """Delete the sessions that fulfil a condition and have no classifications."""
        used = exists().where(Classification.client_id == Session.id)

        def work() -> None:
            with self.database.write() as session:
                session.execute(
                    delete(Session).where(condition, ~used),
                    execution_options={"synchronize_session": False},
                )

        self.database.run_on_full_disk(work)

    def _try_to_remove(self, sha256: str) -> None:
        """Remove an image if it is unused; if this fails, `clean_up` removes it later."""
        try:
            self.remove_if_unused(sha256)
        except (SQLAlchemyError, StorageError) as error:
            LOG.warning("An unused image is removed later, because an error occurred: %s", error)

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
