"""Connections to an SQLite database in WAL mode, and checks that its files are still in place."""

import logging
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, event

from deepsky.errors import StorageError
from deepsky.process_lock import ProcessLock
from deepsky.storage.reserve import Reserve

__all__ = ["DatabaseFile"]

LOG: Final = logging.getLogger(__name__)

SUFFIXES: Final = ("", "-wal", "-shm")
"""Suffixes of the database file, the write-ahead log (WAL) and the index of the WAL."""

LARGEST_WAL: Final = 4 << 20
"""Size in bytes of the WAL at which its content is moved to the database file."""

LEFT_FREE: Final = 1 << 20
"""Free disk space in bytes below which the WAL is not truncated."""

WAL_HEADER: Final = 32
FRAME_HEADER: Final = 24
"""Sizes of the headers of the WAL and of each page in it, in bytes.

They are never zero. See https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
"""

CHECKPOINT_SECONDS: Final = 1
"""Maximum time to wait for readers before emptying the WAL, in seconds."""


class _Status(NamedTuple):
    device: int
    inode: int
    size: int
    modified: int


class DatabaseFile:
    """The files of an SQLite database.

    If the files are deleted, replaced or truncated by another program while they are open, SQLite
    does not report this, and committed transactions are lost. This class detects it with
    `require_intact`.

    Only one process at a time, the one that holds a lock file, moves the content of the WAL to the
    database file. This process therefore knows when the database file may change.

    Parameters
    ----------
    path : Path
        Path of the database file.
    seconds : float
        Maximum time to wait for a lock.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        self.path = path
        self._seconds = seconds
        self._process_lock = ProcessLock(path.with_name(f"{path.name}-lock"))
        self._reserve = Reserve(path.with_name(f"{path.name}-reserve"))
        self._guard = Lock()
        self._open: sqlite3.Connection | None = None
        self._known: list[_Status] = []
        self._is_checkpointing = False

    def listen(self, engine: Engine) -> None:
        """Set up the connections and transactions of an engine.

        Parameters
        ----------
        engine : sqlalchemy.Engine
            Engine whose connections are opened by `connect`.
        """
        event.listen(engine, "begin", _begin)

    def create(self) -> None:
        """Create the database file, readable only by the current user, unless it exists."""
        # If this fails, connecting reports the reason.
        with suppress(OSError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def restrict_access(self) -> None:
        """Remove other users' permissions for the files, and log a warning if they had any."""
        if os.name == "nt":  # access is controlled by the folder
            return
        for suffix in SUFFIXES:
            path = self.path.with_name(self.path.name + suffix)
            with suppress(OSError):
                mode = path.stat().st_mode
                if mode & 0o077:
                    path.chmod(mode & 0o600)
                    LOG.warning("%s was accessible to other users; its mode is now 600.", path)

    def connect(self) -> sqlite3.Connection:
        """Open a connection. The file must exist.

        Raises
        ------
        StorageError
            If the files have been deleted, replaced or truncated since they were first opened.
        sqlite3.OperationalError
            If the file cannot be opened.
        """
        with self._guard:
            if self._open is None:
                self._process_lock.acquire()
                # This connection stays open, so that SQLite keeps the WAL until `close`.
                self._open = self._connect_first()
                self._known = self._status()
        self.require_intact()
        return self._connect()

    def require_intact(self) -> None:
        """Check that the files have not been deleted, replaced or truncated by other programs.

        Raises
        ------
        StorageError
            If the files are not those that were opened, or are smaller than before.
        """
        with self._guard:
            if self._open is None:
                return
            try:
                found = self._status()
            except OSError as error:
                raise self._damage(str(error.filename), "is missing") from error
            for suffix, before, now in zip(SUFFIXES, self._known, found, strict=True):
                name = self.path.name + suffix
                if (before.device, before.inode) != (now.device, now.inode):
                    raise self._damage(name, "has been replaced")
                if suffix == "-wal" and self._has_hole(before.size):
                    raise self._damage(name, "has been truncated")
                if self._is_checkpointing or not self._process_lock.is_held:
                    continue
                if now.size < before.size:
                    raise self._damage(name, "has been truncated")
                if suffix == "" and now.modified != before.modified:
                    raise self._damage(name, "has been overwritten")
            if not self._is_checkpointing:
                self._known = found

    def limit_wal(self) -> None:
        """Move the content of the WAL to the database file if the WAL has become large."""
        if self._known and self._known[1].size > LARGEST_WAL:
            self._checkpoint("PASSIVE")

    def empty_wal(self) -> bool:
        """Move the content of the WAL to the database file, and truncate the WAL.

        Deleted data remain in the WAL until it is truncated.

        Returns
        -------
        bool
            Whether the WAL is now empty. On a full disk, it is not emptied, because its space is
            needed to delete data.
        """
        self.require_intact()
        if self._known[1:2] == [] or self._known[1].size == 0:
            return True
        is_full = shutil.disk_usage(self.path.parent).free < LEFT_FREE
        return not is_full and self._checkpoint("TRUNCATE")

    def rewrite(self) -> None:
        """Rewrite the database without the content that older versions of deepsky deleted.

        Older versions did not overwrite deleted content. If this fails, for example because another
        program uses the database, a warning is logged.
        """
        try:
            with closing(self._connect()) as connection:
                connection.execute("VACUUM").close()
        except sqlite3.Error as error:
            LOG.warning("Deleted content may remain in %s: %s", self.path, error)
        self._checkpoint("TRUNCATE")

    def is_full(self, error: object) -> bool:
        """Return whether an error of SQLite means that the disk is full.

        Parameters
        ----------
        error : object
        """
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)

    def reuse_wal(self) -> None:
        """Let the next transaction overwrite the WAL from its start, which needs no disk space."""
        self._checkpoint("RESTART")

    def release_reserve(self) -> None:
        """Remove the reserve file, to free disk space, and use the space of the WAL again.

        The WAL is not truncated: other programs could use its space, and then nothing could be
        deleted any more.
        """
        self._reserve.release()
        self.reuse_wal()

    def reserve_space(self) -> None:
        """Create the reserve file, if it does not exist and enough disk space is free."""
        self._reserve.create()

    def close(self) -> None:
        """Close the files. All connections of the engine must have been closed before."""
        with self._guard:
            if self._open is not None:
                self._open.close()
            self._open, self._known = None, []
            self._process_lock.release()

    def _connect_first(self) -> sqlite3.Connection:
        """Open a connection even if the disk is full; SQLite creates the index of the WAL."""
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            if not self.is_full(error):
                raise
            self._reserve.shrink()
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        # The mode rw prevents SQLite from creating a new database if the file has been deleted.
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=self._seconds,
            check_same_thread=False,
            isolation_level=None,  # transactions are started by _begin
        )
        try:
            _use_wal(connection, self._seconds)
            # Committed transactions survive a power failure.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # Deleted content is overwritten with zeros.
            connection.execute("PRAGMA secure_delete = ON").close()
            connection.execute("PRAGMA wal_autocheckpoint = 0").close()
            connection.execute("SELECT count(*) FROM sqlite_schema").close()  # opens the WAL
        except BaseException:
            connection.close()
            raise
        return connection

    def _status(self) -> list[_Status]:
        found = (os.stat(f"{self.path}{suffix}") for suffix in SUFFIXES)  # noqa: PTH116  # faster
        return [_Status(s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns) for s in found]

    def _has_hole(self, size: int) -> bool:
        """Return whether the WAL has been truncated, and then extended by a transaction.

        Transactions do not notice that the WAL has been truncated. They append to its former end,
        and zeros fill the gap.

        Parameters
        ----------
        size : int
            Earlier size of the WAL in bytes.
        """
        with Path(f"{self.path}-wal").open("rb", buffering=0) as wal:
            header = wal.read(WAL_HEADER)
            # The size was measured while other threads wrote; the last frame may be incomplete.
            frame_bytes = FRAME_HEADER + int.from_bytes(header[8:12])
            frames = (size - WAL_HEADER) // frame_bytes
            frame = b""
            if frames > 0 and len(header) == WAL_HEADER:
                wal.seek(WAL_HEADER + (frames - 1) * frame_bytes)
                frame = wal.read(FRAME_HEADER)
        return header == bytes(WAL_HEADER) or frame == bytes(FRAME_HEADER)

    def _checkpoint(self, mode: str) -> bool:
        with self._guard:
            if self._open is None or self._is_checkpointing or not self._process_lock.acquire():
                return False
            self._is_checkpointing = True
        try:
            self._open.execute(f"PRAGMA busy_timeout = {CHECKPOINT_SECONDS * 1000}").close()
            with closing(self._open.execute(f"PRAGMA wal_checkpoint({mode})")) as cursor:
                busy, _, _ = cursor.fetchone()
        except sqlite3.Error as error:
            LOG.warning("The WAL of %s could not be moved to the database: %s", self.path, error)
            return False
        else:
            return not busy
        finally:
            with self._guard:
                self._is_checkpointing = False
                with suppress(OSError):  # reported by `require_intact`
                    self._known = self._status()

    def _damage(self, name: str, what: str) -> StorageError:
        msg = (
            f"The database {self.path} has been changed by another program while it was open "
            f"({name} {what}). Nothing is stored until this is corrected: move the original files "
            "back, or stop the server, restore a backup of the database, and start the server "
            "again."
        )
        return StorageError(msg)


def _use_wal(connection: sqlite3.Connection, seconds: float) -> None:
    """Enable write-ahead logging; retry if the database is locked.

    Retries are needed because this PRAGMA ignores the connection's timeout.
    """
    until = monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    writes: Any = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
