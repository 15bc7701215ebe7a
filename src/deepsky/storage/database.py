"""The database: SQLite in one file, or PostgreSQL."""

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
"""How long a connection waits for the write lock of another process on SQLite."""
MIGRATION_LOCK: Final = 0x6465657073  # "deeps"
"""Number of the advisory lock that is held on PostgreSQL during migrations."""


class Database:
    """Connections to the database. Safe to use from several threads.

    Parameters
    ----------
    url : str
        SQLAlchemy's form: ``sqlite:////folder/deepsky.db`` or
        ``postgresql+psycopg://user:password@host/name``.

    Raises
    ------
    StorageError
        If the address is not one of SQLite or PostgreSQL, or the driver is not installed.
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
                # A database server may have closed an idle connection.
                pool_pre_ping=not self.is_sqlite,
                # Reuse few connections: each one caches pages in memory.
                pool_use_lifo=True,
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
            msg = (
                f"The database address is invalid ({error}). Use sqlite:////folder/deepsky.db "
                "or postgresql+psycopg://user:password@host/name; PostgreSQL needs "
                "pip install 'deepsky[postgresql]'."
            )
            raise StorageError(msg) from error
        self.address = parsed.render_as_string(hide_password=True)
        # SQLite polls for its write lock at growing intervals; this lock wakes a writer at once.
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
        """Open a session in a transaction, committed at the end, or rolled back on an error.

        On SQLite, the transaction holds the write lock from its start: what it reads cannot
        change before it writes.

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
        """Upgrade the tables to the version that this deepsky needs.

        Raises
        ------
        StorageError
            If the database cannot be reached, or was upgraded by a newer deepsky.
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
        """Return the migration that the tables are at; None if there are no tables yet.

        Parameters
        ----------
        connection : sqlalchemy.Connection
        """
        return MigrationContext.configure(connection).get_current_revision()

    @staticmethod
    def newest_revision() -> str | None:
        """Return the migration that this version of deepsky needs."""
        return ScriptDirectory.from_config(_alembic()).get_current_head()

    def require_upgraded(self) -> None:
        """Check that the tables are at the migration that this deepsky needs.

        Raises
        ------
        StorageError
            If not.
        """
        with (
            self.storage_errors("The database cannot be reached"),
            self._engine.connect() as connection,
        ):
            if not self._is_upgraded(connection):
                msg = (
                    f"The database {self.address} is at migration "
                    f"{self.revision(connection) or 'none'}, but this deepsky needs "
                    f"{self.newest_revision()}. Run: deepsky db upgrade"
                )
                raise StorageError(msg)

    def prepare(self) -> None:
        """Upgrade the tables on SQLite; on PostgreSQL, check that they are up to date.

        Several servers may share a PostgreSQL database, so it is upgraded by its operator, with
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
        """Raise errors of the database as StorageError.

        Parameters
        ----------
        what : str
            Start of the message, such as "The database cannot be read".
        """
        try:
            yield
        except (SQLAlchemyError, CommandError) as error:
            cause = getattr(error, "orig", None) or error
            msg = f"{what} ({self.address}): {str(cause).strip()}"
            raise StorageError(msg) from error

    @contextmanager
    def _migration(self) -> Iterator[Connection]:
        """Open a connection that changes tables; one process at a time has one."""
        with self._engine.execution_options(writes=True).connect() as connection:
            if self.is_sqlite:
                # Migrations replace a table by a copy, and dropping the old table would delete
                # the rows that refer to it. The setting cannot change inside a transaction and
                # must not affect other uses, so the connection leaves the pool.
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
                f"The database {self.address} is at migration {found}, which belongs to a newer "
                "deepsky. Install that version, or use another database."
            )
            raise StorageError(msg)
        return found == migrations.get_current_head()


def insert_into(
    session: OrmSession, table: type[DeclarativeBase]
) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT statement that supports ON CONFLICT, for the session's database.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    table : type
        A mapped class.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, see _begin_on_sqlite
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _use_wal(connection)
    connection.execute(
        "PRAGMA synchronous = FULL"
    )  # committed transactions survive a power failure
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; this statement ignores ``busy_timeout``, hence the loop."""
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
