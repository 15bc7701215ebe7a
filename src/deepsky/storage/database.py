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
"""How long a writer waits for another on SQLite."""
MIGRATION_LOCK: Final = 0x6465657073  # "deeps"
"""Number of the lock that a program holds on PostgreSQL while it changes tables."""


class Database:
    """Where answers and corrections are kept. Safe to use from several threads.

    Parameters
    ----------
    url : str
        As SQLAlchemy writes it: ``sqlite:////folder/deepsky.db`` or
        ``postgresql+psycopg://user:password@host/name``.

    Raises
    ------
    StorageError
        If the address is of no database that deepsky knows, or its driver is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            if self.is_sqlite and parsed.database in (None, "", ":memory:"):
                msg = "it names no file"
                raise ValueError(msg)
            self._engine = create_engine(
                parsed,
                # A server may have closed a connection that was long idle; a file does not.
                pool_pre_ping=not self.is_sqlite,
                # The connection last used again, not each in turn: each keeps pages in memory.
                pool_use_lifo=True,
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
            msg = (
                f"The database address is not usable ({error}). Write sqlite:////folder/deepsky.db "
                "or postgresql+psycopg://user:password@host/name; PostgreSQL needs "
                "pip install 'deepsky[postgresql]'."
            )
            raise StorageError(msg) from error
        self.address = parsed.render_as_string(hide_password=True)
        # SQLite has its writers look again after ever longer naps; a lock wakes the next at once.
        self._turn: AbstractContextManager[object] = Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            event.listen(self._engine, "connect", _set_up_sqlite)
            event.listen(self._engine, "begin", _begin_on_sqlite)

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine."""
        return self._engine

    @contextmanager
    def read(self) -> Iterator[OrmSession]:
        """Lend a session that reads."""
        with OrmSession(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[OrmSession]:
        """Lend a session whose changes are kept, all or none, when the block ends well.

        On SQLite there is one writer at a time, from the start of the block on: what it reads
        cannot change before it writes.
        """
        engine = self._engine.execution_options(writes=True)
        with (
            self._turn,
            OrmSession(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def upgrade(self) -> None:
        """Bring the tables to what this version of deepsky works with.

        Raises
        ------
        StorageError
            If the database cannot be reached, or was made by a newer deepsky.
        """
        with self.told("The database cannot be upgraded"), self._migration() as connection:
            if not self._is_upgraded(connection):
                config = _alembic()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def revision(self, connection: Connection) -> str | None:
        """Tell which migration the tables stand at; None where there are none yet."""
        return MigrationContext.configure(connection).get_current_revision()

    @staticmethod
    def newest_revision() -> str | None:
        """Tell which migration this version of deepsky works with."""
        return ScriptDirectory.from_config(_alembic()).get_current_head()

    def require_upgraded(self) -> None:
        """Raise StorageError unless the tables are those that this deepsky works with."""
        with self.told("The database cannot be reached"), self._engine.connect() as connection:
            if not self._is_upgraded(connection):
                msg = (
                    f"The database {self.address} stands at "
                    f"{self.revision(connection) or 'nothing'}, this deepsky works with "
                    f"{self.newest_revision()}. Run: deepsky db upgrade"
                )
                raise StorageError(msg)

    def make_ready(self) -> None:
        """Bring SQLite's tables up to date, and raise StorageError unless PostgreSQL's are.

        Other servers may be at work on those: ``deepsky db upgrade`` is for whoever runs them.
        """
        if self.is_sqlite:
            self.upgrade()
        else:
            self.require_upgraded()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Tell the database's own complaints as a StorageError that begins with ``what``."""
        try:
            yield
        except (SQLAlchemyError, CommandError) as error:
            cause = getattr(error, "orig", None) or error
            msg = f"{what} ({self.address}): {str(cause).strip()}"
            raise StorageError(msg) from error

    @contextmanager
    def _migration(self) -> Iterator[Connection]:
        """Lend a connection that changes tables, to one program at a time."""
        with self._engine.execution_options(writes=True).connect() as connection:
            if self.is_sqlite:
                # It changes a table by writing it anew, and dropping the old one would take along
                # whatever refers to it. This cannot be set once a transaction has begun, and is
                # for no other use of the connection, which is therefore closed in the end.
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
                f"The database {self.address} stands at {found}, which only a newer deepsky "
                "knows. Install that version, or use another database."
            )
            raise StorageError(msg)
        return found == migrations.get_current_head()


def insert_into(
    session: OrmSession, table: type[DeclarativeBase]
) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT that may say ON CONFLICT, which both databases write alike."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, see below
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")  # what is acknowledged survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; unlike other statements, this one does not wait its turn."""
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
