"""Remembers what a run has answered, so that it can go on after it was killed."""

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

_MOST: Final = 2**63 - 1
"""The largest number that SQLite holds; a file's time may lie after it, in 2262."""

_KEEP: Final = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)"
_FIND: Final = "SELECT size, modified, record FROM records WHERE name = ? AND place = ?"


class Journal:
    """The records that a run has made so far: an SQLite file beside its output.

    Safe to use from several threads. A record that is kept outlives the process, whatever ends
    it. One run at a time has the journal, as long as it is open.

    Parameters
    ----------
    output : Path
        The file that the run is to write.
    settings : mapping of str to str
        What decides the answers and the output.
    restart : bool
        Forget what the journal holds.

    Raises
    ------
    JournalError
        If another run has it, if it was begun with other settings, or if it cannot be used.
    """

    def __init__(self, output: Path, settings: Mapping[str, str], *, restart: bool = False) -> None:
        self._output = output
        self._path = output.with_name(f".{output.name}.journal")
        self._lock = Lock()
        with self._told():
            try:
                self._open()
            except sqlite3.DatabaseError as error:
                if not restart or _name_of(error) not in _DAMAGED:
                    raise
                # In this order: what is left of one database must not be taken for another's.
                self._path.with_name(f"{self._path.name}-wal").unlink(missing_ok=True)
                self._path.unlink()
                self._open()
            if not self._path.exists():  # the run that had it has just removed it
                self.close()
                self._open()
        try:
            with self._told():
                self._begin(settings, restart=restart)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count(self) -> int:
        """Count the records that are kept."""
        with self._lock, self._told():
            [count] = self._database.execute("SELECT count(*) FROM records").fetchone()
        return int(count)

    def find(self, source: Source) -> Record | None:
        """Give the record of a source; None where there is none, or the source has changed."""
        with self._lock, self._told():
            row = self._database.execute(_FIND, _key(source)).fetchone()
        if row is None or row[:2] != _state(source):
            return None
        return cast("Record", json.loads(row[2]))

    def keep(self, source: Source, record: Record) -> None:
        """Keep the record of a source, instead of an earlier one of the same name and place."""
        row = (*_key(source), *_state(source), json.dumps(record))
        with self._lock, self._told():
            self._database.execute(_KEEP, row)

    def close(self) -> None:
        """Let another run have the journal."""
        self._database.close()

    def remove(self) -> None:
        """Remove the journal, now that the output is complete, and close it."""
        with self._told():
            self._database.execute("PRAGMA journal_mode = DELETE")  # leaves one file
        self._path.unlink()  # while it is locked: no other run has begun to use it
        self.close()

    def _open(self) -> None:
        # Each record is a transaction of its own, which in this mode waits for no disk.
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
                f"{self._output} was begun with other settings: {_changes(before, settings)}. "
                "Give those again to go on, or --restart to begin anew."
            )
            raise JournalError(msg)
        self._database.execute("BEGIN")
        self._database.execute("DELETE FROM settings")
        self._database.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
        self._database.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell in words for people what is wrong with the journal."""
        try:
            yield
        except sqlite3.Error as error:
            name = _name_of(error)
            if name in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                msg = f"Another run writes {self._output}. Wait for it, or choose another output."
            elif name in _DAMAGED:
                msg = f"The journal {self._path} is damaged ({error}). Begin anew with --restart."
            elif name in ("SQLITE_CANTOPEN", "SQLITE_READONLY"):
                msg = (
                    f"Cannot write to the folder {self._path.parent}. See that it is there and "
                    "that you may write to it, or choose another output."
                )
            else:
                msg = f"The journal {self._path} cannot be used: {error}. See to its disk."
            raise JournalError(msg) from error


_DAMAGED: Final = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


def _name_of(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "")


def _key(source: Source) -> tuple[Any, ...]:
    return os.fsencode(source.name), source.place & _MOST


def _state(source: Source) -> tuple[int | None, int | None]:
    return source.size, None if source.modified is None else source.modified & _MOST


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    return ", ".join(
        f"{name} was {before.get(name) or 'not set'}, now {now.get(name) or 'not set'}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    )
