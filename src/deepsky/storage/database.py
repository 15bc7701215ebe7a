"""Connect to the SQLite or PostgreSQL database, and upgrade its tables."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, Final, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as OrmSession

from deepsky.errors import StorageError
from deepsky.storage.circuit_breaker import CircuitBreaker
from deepsky.storage.postgresql import lift_limits, limit_waits
from deepsky.storage.sqlite import DatabaseFile
from deepsky.storage.tables import Identity

__all__ = ["Database", "insert_into", "is_unavailable"]

T = TypeVar("T")

MIGRATIONS: Final = Path(__file__).parent / "migrations"
PATIENT_SECONDS: Final = 30
"""Default of `Database.seconds`, for programs in which nobody waits for a response."""
MIGRATION_LOCK: Final = 0x6465657073  # ASCII codes of the letters "deeps"
"""Number of the PostgreSQL advisory lock that a migration holds."""


class Database:
    """Thread-safe access to an SQLite or PostgreSQL database.

    Parameters
    ----------
    url : str
        URL of the database in SQLAlchemy's format: ``sqlite:////folder/deepsky.db`` or
        ``postgresql+psycopg://user:password@host/name``.
    seconds : float
        Maximum time to wait for a connection, for a lock and for each statement.
    users : int, optional
        Maximum number of sessions that are open or waiting. By default, the number is not limited.

    Raises
    ------
    StorageError
        If the URL is not valid for SQLite or PostgreSQL, or the driver is not installed.
    """

    def __init__(
        self, url: str, *, seconds: float = PATIENT_SECONDS, users: int | None = None
    ) -> None:
        self._seconds = seconds
        self._file: DatabaseFile | None = None
        options: dict[str, Any] = {}
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "sqlite":
                if parsed.database in (None, "", ":memory:"):
                    msg = "the file name is missing"
                    raise ValueError(msg)
                self._file = DatabaseFile(Path(str(parsed.database)), seconds)
                options["creator"] = self._file.connect
            self._engine = create_engine(
                parsed,
                # The database server may have closed an idle connection, so test it before use.
                pool_pre_ping=self._file is None,
                # Reuse as few connections as possible; each connection caches data in memory.
                pool_use_lifo=True,
                pool_timeout=seconds,
                hide_parameters=True,  # error messages must not contain file names and comments
                **options,
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
            msg = (
                f"The database URL is invalid ({error}). Use sqlite:////folder/deepsky.db or "
                "postgresql+psycopg://user:password@host/name. PostgreSQL requires "
                "pip install 'deepsky[postgresql]'."
            )
            raise StorageError(msg) from error
        self.address = parsed.render_as_string(hide_password=True)
        self.identity: str | None = None
        """Id of the database; if it is set, each transaction that writes checks it."""
        self._users = BoundedSemaphore(users) if users is not None else None
        # SQLite polls for its write lock at increasing intervals. With this additional lock, the
        # next writer in this process continues immediately.
        self._writer_lock = Lock()
        self._breaker = CircuitBreaker()
        if self._file is not None:
            self._file.listen(self._engine)
        else:
            limit_waits(self._engine, parsed, seconds, self._breaker)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is an SQLite database."""
        return self._file is not None

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

        Raises
        ------
        StorageError
            If too many sessions are open, the database file has been deleted or replaced, or the
            database server does not respond.
        """
        with self._user(), OrmSession(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[OrmSession]:
        """Open a session for writing, in a transaction that is rolled back if an error occurs.

        On SQLite, the transaction holds the write lock from its start, so that no other connection
        can change the rows that the transaction has read. When the ``with`` block has ended without
        an exception, the changes survive a crash of the program or a power failure.

        Yields
        ------
        sqlalchemy.orm.Session

        Raises
        ------
        StorageError
            If the database is locked, has been deleted, replaced or truncated, or too many sessions
            are open.
        """
        engine = self._engine.execution_options(writes=True)
        with self._user(), self._writer():
            with (
                OrmSession(engine, expire_on_commit=False, info={"writes": True}) as session,
                session.begin(),
            ):
                self._require_identity(session)
                yield session
            if self._file is not None:
                # If the files were deleted in the meantime, the transaction has been lost.
                self._file.require_intact()
                self._file.limit_wal()

    def require_usable(self) -> None:
        """Check that the database responds, and that it is still the same database.

        Raises
        ------
        StorageError
            If the database has been deleted, replaced or truncated.
        sqlalchemy.exc.SQLAlchemyError
            If the database does not respond.
        """
        with self.read() as session:
            self._require_identity(session)

    def erase_deleted(self) -> bool:
        """Remove deleted content from the files of an SQLite database.

        SQLite overwrites deleted content with zeros in the database file, but it remains in the
        write-ahead log until the log is truncated. On PostgreSQL, this method does nothing.

        Returns
        -------
        bool
            False if other connections prevented it; try again later.
        """
        if self._file is None:
            return True
        with self._writer():
            return self._file.empty_wal()

    def run_on_full_disk(self, work: Callable[[], T]) -> T:
        """Run a transaction that deletes data; on SQLite, it succeeds even if the disk is full.

        SQLite needs disk space to delete data. If the disk is full, first the space of the
        write-ahead log is used again, and then a file that reserves space is removed.

        Parameters
        ----------
        work : callable
            Function that runs the transaction. It is called again if the disk is full.

        Returns
        -------
        object
            Result of `work`.
        """
        if self._file is None:
            return work()
        for make_room in (self._file.reuse_wal, self._file.release_reserve):
            try:
                return work()
            except OperationalError as error:
                if not self._file.is_full(error.orig):
                    raise
            with self._writer():
                make_room()
        return work()

    def reserve_space(self) -> None:
        """Reserve disk space for `run_on_full_disk`, if enough space is free."""
        if self._file is not None:
            self._file.reserve_space()

    def read_identity(self) -> str:
        """Return the id of the database, or an empty string if there are no tables yet.

        Raises
        ------
        StorageError
            If the database cannot be read.
        """
        with self.storage_errors("The database cannot be read"):
            if self._file is not None and not self._file.path.exists():
                return ""
            with self.read() as session:
                if self.revision(session.connection()) is None:
                    return ""
                return session.scalars(select(Identity.id)).one()

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
            if self._is_upgraded(connection):
                return
            had_tables = self.revision(connection) is not None
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        if self._file is not None and had_tables:
            self._file.rewrite()

    def current_revision(self) -> str | None:
        """Return the id of the current migration, or None if the tables have not been created.

        Raises
        ------
        StorageError
            If the database cannot be reached.
        """
        if self._file is not None and not self._file.path.exists():
            return None
        with (
            self.storage_errors("The database cannot be reached"),
            self._engine.connect() as connection,
        ):
            return self.revision(connection)

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
        found = None
        if self._file is None or self._file.path.exists():
            with (
                self.storage_errors("The database cannot be reached"),
                self._engine.connect() as connection,
            ):
                if self._is_upgraded(connection):
                    return
                found = self.revision(connection)
        msg = (
            f"The database {self.address} is at migration {found or 'none'}, but this version of "
            f"deepsky requires migration {self.newest_revision()}. Run: deepsky db upgrade"
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
        if self._file is not None:
            self._file.close()

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
    def _user(self) -> Iterator[None]:
        """Count an open session, and check that the database can be used."""
        with ExitStack() as stack:
            if self._users is not None:
                if not self._users.acquire(blocking=False):
                    msg = "Too many requests are waiting for the database. Try again in a moment."
                    raise StorageError(msg)
                stack.callback(self._users.release)
            if self._file is not None:
                self._file.require_intact()
            self._breaker.check()
            yield

    @contextmanager
    def _writer(self) -> Iterator[None]:
        """Let the writers of this process take turns on SQLite."""
        if self._file is None:
            yield
            return
        if not self._writer_lock.acquire(timeout=self._seconds):
            msg = f"The database {self.address} is locked. Try again in a moment."
            raise StorageError(msg)
        try:
            yield
        finally:
            self._writer_lock.release()

    def _require_identity(self, session: OrmSession) -> None:
        if self.identity is None:
            session.execute(select(1))
            return
        try:
            found = session.scalars(select(Identity.id)).one_or_none()
        except (OperationalError, ProgrammingError) as error:
            if not _lacks_table(error):
                raise
            found = None
        if found != self.identity:
            msg = (
                f"The database {self.address} is empty, or is not the one with which the server "
                "was started. Nothing is stored until this is corrected: restore the original "
                "database, and start the server again."
            )
            raise StorageError(msg)

    @contextmanager
    def _migration(self) -> Iterator[Connection]:
        """Open a connection for a migration, and prevent concurrent migrations."""
        if self._file is not None:
            self._file.create()
            self._file.restrict_access()
        with self._engine.execution_options(writes=True).connect() as connection:
            if self.is_sqlite:
                # A migration replaces a table with a copy. With foreign keys enabled, dropping the
                # old table would delete the rows that refer to it. Foreign keys must be disabled
                # before the transaction starts. The connection is detached from the pool, so that
                # foreign keys remain enabled for all other connections.
                connection.detach()
                connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            else:
                connection.detach()
                raw: Any = connection.connection.dbapi_connection
                lift_limits(raw)
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


def is_unavailable(error: SQLAlchemyError) -> bool:
    """Return whether an error is caused by the state of the database, not by a bug in deepsky.

    Parameters
    ----------
    error : sqlalchemy.exc.SQLAlchemyError
        For example, the database is locked, full, damaged or unreachable, or its tables are
        missing.
    """
    if isinstance(error, IntegrityError | DataError):
        return False
    if isinstance(error, ProgrammingError):
        return _lacks_table(error)
    return isinstance(error, DatabaseError | InterfaceError | PoolTimeoutError)


def _lacks_table(error: OperationalError | ProgrammingError) -> bool:
    text = str(error.orig)
    return "no such table" in text or getattr(error.orig, "sqlstate", None) == "42P01"
