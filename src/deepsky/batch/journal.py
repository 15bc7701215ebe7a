"""Journal: the records of a run, saved so that the run can be resumed if it is interrupted."""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self, cast

from deepsky.batch.sources import Source
from deepsky.errors import JournalError
from deepsky.record import Record

__all__ = ["Journal"]

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    name BLOB, place INTEGER, size INTEGER, modified INTEGER, record TEXT NOT NULL,
    PRIMARY KEY (name, place)
) WITHOUT ROWID;
"""

_MAX_INTEGER: Final = 2**63 - 1
"""Largest integer in SQLite; modification times after the year 2262 exceed it."""

_KEEP: Final = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)"
_FIND: Final = "SELECT size, modified, record FROM records WHERE name = ? AND place = ?"


class Journal:
    """SQLite file that stores the records produced so far by a run, next to the output file.

    Journals are thread-safe. Saved records are preserved if the process is killed. Only one run at
    a time can open the journal.

    Parameters
    ----------
    output : Path
        Output file of the run.
    settings : mapping of str to str
        Settings that affect the records and outputs.
    restart : bool
        Whether to delete the records of an earlier, interrupted run.

    Raises
    ------
    JournalError
        If another run has the journal open, if the interrupted run had different settings, or
        if the journal file is a symbolic link or cannot be used.
    """

    def __init__(self, output: Path, settings: Mapping[str, str], *, restart: bool = False) -> None:
        self._output = output
        self._path = output.with_name(f".{output.name}.journal")
        self._lock = Lock()
        if self._path.is_symlink():
            msg = f"The journal {self._path} is a symbolic link. Remove it, then run again."
            raise JournalError(msg)
        with self._database_errors():
            try:
                self._open()
            except sqlite3.DatabaseError as error:
                if not restart or _error_name(error) not in _DAMAGED:
                    raise
                # Delete the write-ahead log first: SQLite must not apply it to the new database.
                self._path.with_name(f"{self._path.name}-wal").unlink(missing_ok=True)
                self._path.unlink()
                self._open()
            if not self._path.exists():
                # Another run deleted the journal while this run was opening it.
                self.close()
                self._open()
        try:
            with self._database_errors():
                self._begin(settings, restart=restart)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count(self) -> int:
        """Return the number of records."""
        with self._lock, self._database_errors():
            [count] = self._database.execute("SELECT count(*) FROM records").fetchone()
        return int(count)

    def find(self, source: Source) -> Record | None:
        """Return the record of a source.

        Parameters
        ----------
        source : Source

        Returns
        -------
        Record or None
            None if there is no record, or if the source's size or modification time has changed.
        """
        with self._lock, self._database_errors():
            row = self._database.execute(_FIND, _key(source)).fetchone()
        if row is None or row[:2] != _state(source):
            return None
        return cast("Record", json.loads(row[2]))

    def keep(self, source: Source, record: Record) -> None:
        """Save the record of a source, replacing any earlier record.

        Parameters
        ----------
        source : Source
        record : Record
        """
        row = (*_key(source), *_state(source), json.dumps(record))
        with self._lock, self._database_errors():
            self._database.execute(_KEEP, row)

    def close(self) -> None:
        """Close the journal, so that another run can open it."""
        self._database.close()

    def remove(self) -> None:
        """Delete and close the journal. Call this method when the output is complete."""
        with self._database_errors():
            self._database.execute("PRAGMA journal_mode = DELETE")  # removes the write-ahead log
        self._path.unlink()  # the file is still locked, so no other run has opened it
        self.close()

    def _open(self) -> None:
        # Each record is saved in its own transaction. In WAL mode, transactions do not wait for
        # the disk.
        self._database = sqlite3.connect(
            self._path, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            for setting in (
                "locking_mode = EXCLUSIVE",
                "journal_mode = WAL",
                "synchronous = NORMAL",
            ):
                self._database.execute(f"PRAGMA {setting}")
            self._database.executescript(_TABLES)
        except BaseException:
            self._database.close()
            raise

    def _begin(self, settings: Mapping[str, str], *, restart: bool) -> None:
        before = dict(self._database.execute("SELECT name, value FROM settings"))
        if restart:
            self._database.execute("DELETE FROM records")
        elif before and before != settings:
            msg = (
                f"The interrupted run that wrote {self._output} had different settings: "
                f"{_changes(before, settings)}. Use the earlier settings to resume the run, or "
                "start again from the beginning (--restart)."
            )
            raise JournalError(msg)
        self._database.execute("BEGIN")
        self._database.execute("DELETE FROM settings")
        self._database.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
        self._database.execute("COMMIT")

    @contextmanager
    def _database_errors(self) -> Iterator[None]:
        """Convert SQLite errors to `JournalError`."""
        try:
            yield
        except sqlite3.Error as error:
            name = _error_name(error)
            if name in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                msg = (
                    f"Another run is writing {self._output}. Wait until it has finished, or choose "
                    "another output file."
                )
            elif name in _DAMAGED:
                msg = f"The journal {self._path} is damaged ({error}). Restart the run (--restart)."
            elif name in ("SQLITE_CANTOPEN", "SQLITE_READONLY"):
                msg = (
                    f"Cannot write to the folder {self._path.parent}. Check that it exists and "
                    "that you have permission to write to it, or choose another output file."
                )
            else:
                msg = f"The journal {self._path} cannot be used: {error}. Check the disk."
            raise JournalError(msg) from error


_DAMAGED: Final = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


def _error_name(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "")


def _key(source: Source) -> tuple[Any, ...]:
    return os.fsencode(source.name), source.index & _MAX_INTEGER


def _state(source: Source) -> tuple[int | None, int | None]:
    return source.size, None if source.modified is None else source.modified & _MAX_INTEGER


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    return ", ".join(
        f"{name} was {before.get(name) or 'not set'}, now {now.get(name) or 'not set'}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    )
