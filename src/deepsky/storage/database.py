"""Connect to the SQLite or PostgreSQL database, and upgrade its tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as OrmSession

from deepsky.errors import StorageError

__all__ = ["Database", "insert_into"]

MIGRATIONS: Final = Path(__file__).parent / "migrations"
BUSY_SECONDS: Final = 30
"""Maximum time in seconds that an SQLite connection waits for the write lock."""
MIGRATION_LOCK: Final = 0x6465657073  # ASCII codes of the letters "deeps"
"""Number of the PostgreSQL advisory lock that a migration holds."""


class Database:
    """Thread-safe access to an SQLite or PostgreSQL database.

    Parameters
    ----------
    url : str
        URL of the database in SQLAlchemy's format: ``sqlite:////folder/deepsky.db`` or
        ``postgresql+psycopg://user:password@host/name``.

    Raises
    ------
    StorageError
        If the URL is not valid for SQLite or PostgreSQL, or the driver is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            if self.is_sqlite and parsed.database in (None, "", ":memory:"):
                msg = "the file name is missing"
                raise ValueError(msg)
            self._engine = create_engine(
                parsed,
                # The database server may have closed an idle connection, so test it before use.
                pool_pre_ping=not self.is_sqlite,
                # Reuse as few connections as possible; each connection caches data in memory.
                pool_use_lifo=True,
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
            msg = (
                f"The database URL is invalid ({error}). Use sqlite:////folder/deepsky.db or "
                "postgresql+psycopg://user:password@host/name. PostgreSQL requires "
                "pip install 'deepsky[postgresql]'."
            )
            raise StorageError(msg) from error
        self.address = parsed.render_as_string(hide_password=True)
        # SQLite polls for its write lock at increasing intervals. With this additional lock, the
        # next writer in this process continues immediately.
        self._writer_lock: AbstractContextManager[object] = (
            Lock() if self.is_sqlite else nullcontext()
        )
        if self.is_sqlite:
            event.listen(self._engine, "connect", _set_up_sqlite)
            event.listen(self._engine, "begin", _begin_on_sqlite)

    @property
    def engine(self) -> Engine:
        """The SQLAlchemy engine."""
        return self._engine

    @contextmanager
    def read(self) -> Iterator[OrmSession]:
        """Open a session for reading.

        Yields
        ------
        sqlalchemy.orm.Session
        """
        with OrmSession(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[OrmSession]:
        """Open a session for writing, in a transaction that is rolled back if an error occurs.

        On SQLite, the transaction holds the write lock from its start, so that no other connection
        can change the rows that the transaction has read.

        Yields
        ------
        sqlalchemy.orm.Session
        """
        engine = self._engine.execution_options(writes=True)
        with (
            self._writer_lock,
            OrmSession(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def upgrade(self) -> None:
        """Upgrade the tables to the schema that this version of deepsky requires.

        Raises
        ------
        StorageError
            If the database cannot be reached, or a newer version of deepsky has upgraded it.
        """
        with (
            self.storage_errors("The database cannot be upgraded"),
            self._migration() as connection,
        ):
            if not self._is_upgraded(connection):
                config = _alembic()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def revision(self, connection: Connection) -> str | None:
        """Return the id of the current migration, or None if the tables have not been created.

        Parameters
        ----------
        connection : sqlalchemy.Connection
        """
        return MigrationContext.configure(connection).get_current_revision()

    @staticmethod
    def newest_revision() -> str | None:
        """Return the id of the migration that this version of deepsky requires."""
        return ScriptDirectory.from_config(_alembic()).get_current_head()

    def require_upgraded(self) -> None:
        """Check that the tables are up to date.

        Raises
        ------
        StorageError
            If the tables are not at the migration that this version of deepsky requires.
        """
        with (
            self.storage_errors("The database cannot be reached"),
            self._engine.connect() as connection,
        ):
            if not self._is_upgraded(connection):
                msg = (
                    f"The database {self.address} is at migration "
                    f"{self.revision(connection) or 'none'}, but this version of deepsky requires "
                    f"migration {self.newest_revision()}. Run: deepsky db upgrade"
                )
                raise StorageError(msg)

    def prepare(self) -> None:
        """Upgrade the tables on SQLite; on PostgreSQL, check that they are up to date.

        Because several servers can share a PostgreSQL database, the operator must upgrade it with
        ``deepsky db upgrade``.

        Raises
        ------
        StorageError
            If the tables are not up to date.
        """
        if self.is_sqlite:
            self.upgrade()
        else:
            self.require_upgraded()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def storage_errors(self, what: str) -> Iterator[None]:
        """Convert database errors in a ``with`` block to StorageError.

        Parameters
        ----------
        what : str
            Start of the error message, such as "The database cannot be read".
        """
        try:
            yield
        except (SQLAlchemyError, CommandError) as error:
            cause = getattr(error, "orig", None) or error
            msg = f"{what} ({self.address}): {str(cause).strip()}"
            raise StorageError(msg) from error

    @contextmanager
    def _migration(self) -> Iterator[Connection]:
        """Open a connection for a migration, and prevent concurrent migrations."""
        with self._engine.execution_options(writes=True).connect() as connection:
            if self.is_sqlite:
                # A migration replaces a table with a copy. With foreign keys enabled, dropping the
                # old table would delete the rows that refer to it. Foreign keys must be disabled
                # before the transaction starts. The connection is detached from the pool, so that
                # foreign keys remain enabled for all other connections.
                connection.detach()
                connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                if not self.is_sqlite:
                    connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                yield connection

    def _is_upgraded(self, connection: Connection) -> bool:
        found, migrations = self.revision(connection), ScriptDirectory.from_config(_alembic())
        if found and found not in {each.revision for each in migrations.walk_revisions()}:
            msg = (
                f"The database {self.address} is at migration {found}, which requires a newer "
                "version of deepsky. Install that version, or use another database."
            )
            raise StorageError(msg)
        return found == migrations.get_current_head()


def insert_into(
    session: OrmSession, table: type[DeclarativeBase]
) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT statement with support for ON CONFLICT.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Session whose database determines the SQL dialect.
    table : type
        Mapped class of the table.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are started by _begin_on_sqlite
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _use_wal(connection)
    connection.execute(
        "PRAGMA synchronous = FULL"
    )  # committed transactions survive a power failure
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Enable write-ahead logging; retry if the database is locked.

    Retries are needed because this PRAGMA ignores ``busy_timeout``.
    """
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.02)
        else:
            return


def _begin_on_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
