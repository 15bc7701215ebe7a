"""The database and the folder of images as one: neither holds what the other does not know."""

import time
from collections.abc import Callable, Sequence
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

INTERRUPTED: Final = 3600
"""Seconds after which an upload that nobody finished is given up."""

IDLE_SESSION: Final = timedelta(days=30)
"""Age from which a session without any answers is forgotten."""


@dataclass(frozen=True, slots=True)
class Report:
    """Whether all is well.

    Attributes
    ----------
    database : list of str
        What the database says is wrong with it.
    missing : list of str
        Images, by SHA-256, that answers are about and that are not on disk.
    damaged : list of str
        Images that answers are about and whose content has changed, if that was looked for.
    orphans : list of str
        Images on disk that no answer is about.
    """

    database: list[str]
    missing: list[str]
    damaged: list[str]
    orphans: list[str]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.database or self.missing or self.damaged or self.orphans)


class Storage:
    """All that is kept.

    Parameters
    ----------
    url : str
        Of the database, see `Database`.
    images : Path
        Folder of the images. Servers that share a database share this folder too.

    Raises
    ------
    StorageError
        If either cannot be used.
    """

    def __init__(self, url: str, images: Path) -> None:
        try:
            self.images = ImageStore(images)
        except OSError as error:
            msg = f"The folder {images} cannot be used: {error.strerror}. Choose another."
            raise StorageError(msg) from error
        self.database = Database(url)

    def make_ready(self) -> None:
        """See that the tables are up to date, and that the images belong to them.

        Raises
        ------
        StorageError
            If not.
        """
        self.require_own()
        self.database.make_ready()
        self.images.claim(self._identity())

    def require_ready(self) -> None:
        """Raise StorageError unless `make_ready` has nothing to do, or to complain of."""
        self.require_own()
        self.database.require_upgraded()

    def require_own(self) -> None:
        """Raise StorageError if the images belong to another database."""
        if self.images.owner is not None:  # whoever noted it had made the tables before
            self.images.require_owner(self._identity())

    def keep(
        self, incoming: Incoming, image: StoredImage, answers: Sequence[Classification]
    ) -> None:
        """Keep an image and what was said of it: all of it or, where this raises, nothing.

        Parameters
        ----------
        incoming : Incoming
        image : StoredImage
        answers : sequence of Classification

        Raises
        ------
        sqlalchemy.exc.IntegrityError
            If the same part of the same request was answered meanwhile.
        """
        with self.database.write() as session:
            lock_image(session, image)
            self.images.keep(incoming)
            session.add_all(answers)

    def preview(self, image: StoredImage, render: Callable[[Path], bytes]) -> Path:
        """Give the file of an image's preview, which is made when it is first asked for.

        Parameters
        ----------
        image : StoredImage
        render : callable
            Makes the preview, a JPEG, of the image's file.

        Raises
        ------
        FileNotFoundError
            If the image was removed.
        """
        preview = self.images.preview(image.sha256)
        if not preview.exists():
            try:
                made = render(self.images.path(image.sha256))
            except ImageNotFoundError as error:
                raise FileNotFoundError(preview) from error
            with self.database.write() as session:
                lock_image(session, image)
                self.images.keep_preview(image.sha256, made)
        return preview

    def collect(self, sha256: str) -> None:
        """Remove an image that no answer is about; leave any other.

        The file goes first: cut off between the two steps, a row stays without a file, which
        harms nothing and goes at the next call.
        """
        with self.database.write() as session:
            lock_image(session, _unknown(sha256))
            if not is_used(session, sha256):
                self.images.remove(sha256)
                session.execute(delete(StoredImage).where(StoredImage.sha256 == sha256))

    def tidy(self, keep_days: int | None = None, stop: Callable[[], bool] = lambda: False) -> None:
        """Remove what is too old, and what interrupted requests left behind.

        Parameters
        ----------
        keep_days : int, optional
            Age at which answers are deleted; never where not given.
        stop : callable
            Asked now and then; the rest is left for another time when it says so.
        """
        now = datetime.now(UTC)
        with self.database.write() as session:
            if keep_days is not None:
                before = now - timedelta(days=keep_days)
                session.execute(delete(Classification).where(Classification.created_at < before))
            idle = Session.created_at < now - IDLE_SESSION
            answered = exists().where(Classification.client_id == Session.id)
            session.execute(
                delete(Session).where(idle, ~answered),
                execution_options={"synchronize_session": False},
            )
        self.images.drop_incoming(time.time() - INTERRUPTED)
        for sha256 in self._unused():
            if stop():
                return
            self.collect(sha256)

    def check(self, *, contents: bool = False) -> Report:
        """Look for damage.

        Parameters
        ----------
        contents : bool
            Also read all images that answers are about, which takes long where there are many.

        Raises
        ------
        StorageError
            If the database cannot be read.
        """
        with self.database.told("The database cannot be read"):
            used, kept = self._used(), set(self.images.kept())
            broken = {each for each in used if not self.images.holds(each)}
            read = used if contents else set()
            return Report(
                database=self._check_database(),
                missing=sorted(each for each in broken if self._is_missing(each)),
                damaged=sorted(each for each in read if self.images.is_damaged(each)),
                orphans=sorted(each for each in kept - used if self._is_orphan(each)),
            )

    def is_reachable(self) -> bool:
        """Tell whether the database answers, and the folder of images takes more."""
        try:
            with self.database.read() as session:
                session.execute(text("SELECT 1"))
            self.images.require_writable()
            return not self.images.is_full()
        except (SQLAlchemyError, StorageError):
            return False

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _identity(self) -> str:
        """Tell the database from every other; nothing where it has no tables yet."""
        with self.database.told("The database cannot be read"), self.database.read() as session:
            if self.database.revision(session.connection()) is None:
                return ""
            return session.scalars(select(Identity.id)).one()

    def _is_missing(self, sha256: str) -> bool:
        """Tell for certain: nobody keeps or removes the image meanwhile."""
        with self.database.write() as session:
            lock_image(session, _unknown(sha256))
            found = is_used(session, sha256) and not self.images.holds(sha256)
            session.rollback()
        return found

    def _is_orphan(self, sha256: str) -> bool:
        """Tell for certain: nobody keeps or removes the image meanwhile."""
        with self.database.write() as session:
            lock_image(session, _unknown(sha256))
            found = self.images.path(sha256).exists() and not is_used(session, sha256)
            session.rollback()
        return found

    def _used(self) -> set[str]:
        with self.database.read() as session:
            return set(session.scalars(select(Classification.image_sha256).distinct()))

    def _unused(self) -> list[str]:
        with self.database.read() as session:
            known = set(session.scalars(select(StoredImage.sha256)))
        return sorted((known | set(self.images.kept())) - self._used())

    def _check_database(self) -> list[str]:
        if not self.database.is_sqlite:
            return []  # PostgreSQL checks its own pages (data_checksums) and constraints
        with self.database.read() as session:
            found = list(session.scalars(text("PRAGMA integrity_check")))
            broken = session.execute(text("PRAGMA foreign_key_check")).all()
        complaints = [line for line in found if line != "ok"]
        return complaints + [f"{row[0]}, row {row[1]}: {row[2]} is missing" for row in broken]


def _unknown(sha256: str) -> StoredImage:
    """Stand for an image of which only the name matters."""
    now = datetime.now(UTC)
    return StoredImage(sha256=sha256, bytes=0, width=0, height=0, format="", created_at=now)
